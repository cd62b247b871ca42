#include "notifier/web/web_opened.h"

#include <jansson.h>
#include <string.h>

#include "db/presentation_store.h"
#include "notifier/page/hospital_page.h"

static bool has_word(const char *text, const char *word)
{
  g_autofree char *lower = g_ascii_strdown(text, -1);

  return strstr(lower, word) != NULL;
}

/* Programs name themselves, and browsers all begin alike. */
static bool is_browser(const char *user_agent)
{
  static const char *const machines[] = { "bot",      "crawl",   "spider",  "preview", "scan", "monitor",
                                          "headless", "fetcher", "archive", "curl",    "wget", "python" };

  if (user_agent == NULL || !g_str_has_prefix(user_agent, "Mozilla/"))
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS(machines); i++)
    if (has_word(user_agent, machines[i]))
      return false;
  return true;
}

static bool is(const char *said, const char *expected)
{
  return said == NULL || g_ascii_strcasecmp(said, expected) == 0;
}

bool web_opened_is_by_hand(const WebOpenedBy *by)
{
  return !by->is_head && by->accept != NULL && has_word(by->accept, "text/html") &&
         is_browser(by->user_agent) && by->purpose == NULL && is(by->mode, "navigate") &&
         is(by->dest, "document");
}

static const char *purpose_of(const WebCall *call)
{
  static const char *const names[] = { "Sec-Purpose", "Purpose", "X-Purpose", "X-Moz" };
  const char *purpose = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(names) && purpose == NULL; i++)
    purpose = web_call_header(call, names[i]);
  return purpose;
}

static WebOpenedBy who_asks(const WebCall *call)
{
  return (WebOpenedBy){ .is_head = call->is_head,
                        .accept = web_call_header(call, MHD_HTTP_HEADER_ACCEPT),
                        .user_agent = web_call_header(call, MHD_HTTP_HEADER_USER_AGENT),
                        .purpose = purpose_of(call),
                        .mode = web_call_header(call, "Sec-Fetch-Mode"),
                        .dest = web_call_header(call, "Sec-Fetch-Dest") };
}

/* *ret_added: it was recorded. Not the revision that is in force any more, nothing declared, no unit in use:
 * then nothing was presented. */
static bool put(Db *db, const AuditContext *context, const HospitalPageShown *shown, bool *ret_added,
                GError **error)
{
  g_autoptr(GError) cause = NULL;
  PresentationTarget target;
  UpsertResult result;

  *ret_added = false;
  if (!presentation_store_find(db, shown->release, shown->organization, context->today, context->today,
                               &target, &cause)) {
    if (g_error_matches(cause, PRESENTATION_STORE_ERROR, PRESENTATION_STORE_ERROR_NO_PLAN))
      return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
  }
  if (target.plan != shown->plan || !target.uses)
    return true;
  if (!presentation_store_put(db, context, target.plan, shown->organization, PRESENTATION_PAGE,
                              context->today, NULL, &result, error))
    return false;
  *ret_added = result == UPSERT_ADDED;
  return true;
}

static bool audit(Db *db, const AuditContext *context, json_t *presented, GError **error)
{
  json_t *payload =
      json_pack("{s:s, s:O}", "how", presentation_way_key(PRESENTATION_PAGE), "presented", presented);
  char *text = json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS);
  bool done = audit_append(db, context, "page.open", text, error);

  free(text);
  json_decref(payload);
  return done;
}

static bool write_all(Db *db, const AuditContext *context, const GArray *shown, json_t *presented,
                      GError **error)
{
  for (guint i = 0; i < shown->len; i++) {
    const HospitalPageShown *one = &g_array_index(shown, HospitalPageShown, i);
    bool added;

    if (!put(db, context, one, &added, error))
      return false;
    if (added)
      json_array_append_new(presented, json_pack("{s:I, s:I}", "plan", (json_int_t)one->plan, "organization",
                                                 (json_int_t)one->organization));
  }
  return json_array_size(presented) == 0 || audit(db, context, presented, error);
}

/* A WebWriteWork. */
static bool write_shown(Db *db, const AuditContext *context, gpointer data, GError **error)
{
  json_t *presented = json_array();
  bool done = write_all(db, context, data, presented, error);

  json_decref(presented);
  return done;
}

static void free_shown(gpointer data)
{
  g_array_unref(data);
}

static void done(gpointer data)
{
  web_write_free(data);
}

void web_opened_record(const WebCall *call, const GArray *shown)
{
  const WebOpenedBy by = who_asks(call);
  WebWrite *write;

  if (shown->len == 0 || !web_opened_is_by_hand(&by))
    return;
  write = g_new0(WebWrite, 1);
  write->work = write_shown;
  write->data = g_array_copy((GArray *)(gsize)shown);
  write->free_data = free_shown;
  write->done = done;
  write->done_data = write;
  if (!web_writer_give(call->site->writer, write))
    web_write_free(write);
}
