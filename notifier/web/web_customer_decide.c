#include "notifier/web/web_customer_form.h"

#include "db/decision_store.h"
#include "db/page_scope.h"
#include "notifier/page/decide_page.h"
#include "notifier/web/web_post.h"

static const char *const fields[] = { WEB_POST_SIGNED, "target", "decision", "replace_by",
                                      "controls",      "person", "title",    NULL };

static void check_replace_by(const WebForm *form, Day today, GArray *errors)
{
  Day day = DAY_NONE;

  if (*web_form_get(form, "replace_by") == '\0')
    web_customer_form_wrong(errors, "replace_by", "day_missing");
  else if (!web_customer_form_day(form, "replace_by", &day))
    web_customer_form_wrong(errors, "replace_by", "day_wrong");
  else if (day < today)
    web_customer_form_wrong(errors, "replace_by", "day_past");
}

static void check(const WebForm *form, Day today, GArray *errors)
{
  DecisionKind kind = DECISION_ISOLATE;
  gint64 organization, release, device;

  if (!decide_page_parse_target(web_form_get(form, "target"), &organization, &release, &device))
    web_customer_form_wrong(errors, "target", "target_missing");
  if (!decision_kind_parse(web_form_get(form, "decision"), &kind))
    web_customer_form_wrong(errors, "decision", "decision_missing");
  if (kind == DECISION_REPLACE)
    check_replace_by(form, today, errors);
  web_customer_form_check_text(form, "controls", kind == DECISION_CONTINUE ? "controls_missing" : NULL,
                               errors);
  web_customer_form_check_line(form, "person", "person_missing", errors);
  web_customer_form_check_line(form, "title", NULL, errors);
}

/* Of a day that is left over from another choice nothing is kept. */
static void fill(const WebForm *form, DecisionEntry *entry)
{
  bool read = decide_page_parse_target(web_form_get(form, "target"), &entry->organization, &entry->release,
                                       &entry->device) &&
              decision_kind_parse(web_form_get(form, "decision"), &entry->kind);

  entry->replace_by = DAY_NONE;
  if (entry->kind == DECISION_REPLACE)
    read &= web_customer_form_day(form, "replace_by", &entry->replace_by);
  g_assert(read); /* check() has read them */
  entry->controls = web_customer_form_text(form, "controls");
  entry->person = web_form_get(form, "person");
  entry->title = web_customer_form_text(form, "title");
}

static bool keep(Db *db, const AuditContext *context, const WebCustomerPage *page, const WebForm *form,
                 GArray *errors, GError **error)
{
  g_autoptr(GError) cause = NULL;
  DecisionEntry entry = { 0 };
  gint64 id;

  fill(form, &entry);
  if (page_scope_find(page->organizations, entry.organization) == NULL) {
    web_customer_form_wrong(errors, "target", "target_gone");
    return true;
  }
  if (decision_store_add(db, context, &entry, &id, &cause))
    return true;
  if (g_error_matches(cause, DECISION_STORE_ERROR, DECISION_STORE_ERROR_HELD)) {
    web_customer_form_wrong(errors, "target", "target_gone");
    return true;
  }
  g_propagate_error(error, g_steal_pointer(&cause));
  return false;
}

static bool render(Db *db, const PageFrame *frame, const PageForm *form, const WebCustomerPage *page,
                   GBytes **ret_bytes, GError **error)
{
  return decide_page_render(db, frame, form, page->organizations, ret_bytes, error);
}

const WebCustomerForm web_customer_decide_form = { "decide", "/decide", fields, check, keep, render };
