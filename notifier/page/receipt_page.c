#include "notifier/page/receipt_page.h"

#include "db/told_list.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/page/page_site.h"

typedef struct {
  Db *db;
  const PageFrame *frame;
  json_t *organizations;
} Maker;

/* A word of the store's in both languages. */
typedef struct {
  const char *key, *ja, *en;
} Word;

static const Word channels[] = {
  { "mail", "電子メール", "mail" },
  { "letter", "書面", "letter" },
  { "fax", "ファクス", "fax" },
  { "hand", "手渡し", "by hand" },
  { "relay", "販売業者経由", "through the distributor" },
  { "webhook", "システム連携", "webhook" },
};
static const Word states[] = {
  { "accepted", "送信済み", "delivered to your mail server" },
  { "sent", "発送済み", "sent" },
  { "handed", "お渡し済み", "handed over" },
  { "bounced", "不達", "came back" },
  { "returned", "返戻", "came back" },
};
static const Word ways[] = {
  { "page", "このページの閲覧", "this page was opened" },
  { "hand-over", "手渡し", "by hand" },
  { "letter", "書面", "letter" },
  { "fax", "ファクス", "fax" },
  { "phone", "電話", "telephone" },
  { "hand", "対面", "in person" },
  { "mail", "電子メール", "mail" },
  { "link", "ウェブ", "web" },
};

/* What is none of `words` stays as it is. */
static const char *word(const Word *words, gsize n, const char *key, const PageFrame *frame)
{
  for (gsize i = 0; i < n; i++)
    if (g_strcmp0(words[i].key, key) == 0)
      return page_frame_is_english(frame) ? words[i].en : words[i].ja;
  return key;
}

#define WORD(words, key, frame) word(words, G_N_ELEMENTS(words), key, frame)

static void set_day(json_t *object, const char *key, Day day, const PageFrame *frame)
{
  if (day != DAY_NONE)
    json_object_set_new(object, key, page_date_json(plan_date_known(day), frame->today, frame->language));
}

/* { by, title, how, day }; NULL: not confirmed. */
static json_t *confirmation_json(const PageFrame *frame, const ToldConfirmation *confirmation)
{
  json_t *object;

  if (confirmation->by == NULL)
    return NULL;
  object = json_object();
  page_json_text(object, "by", confirmation->by);
  page_json_text(object, "title", confirmation->title);
  page_json_text(object, "how", WORD(ways, confirmation->how, frame));
  set_day(object, "day", confirmation->day, frame);
  return object;
}

static json_t *told_json(const PageFrame *frame, const ToldRow *row)
{
  bool plan = row->advisory == NULL;
  json_t *object = json_object();
  json_t *receipt = confirmation_json(frame, &row->confirmed[ACKNOWLEDGEMENT_RECEIPT]);
  json_t *transfer = confirmation_json(frame, &row->confirmed[ACKNOWLEDGEMENT_TRANSFER]);

  page_json_text(object, "kind", notice_kind_name(row->kind, frame->language));
  page_json_text(object, "product", page_frame_choose(frame, row->product_ja, row->product_en));
  page_json_text(object, "release", row->release);
  json_object_set_new(object, "revision", json_integer(row->revision));
  page_json_text(object, "advisory", row->advisory);
  page_json_text(object, "advisory_title", page_frame_choose(frame, row->advisory_ja, row->advisory_en));
  if (plan)
    json_object_set_new(object, "eol", page_date_json(row->eol, frame->today, frame->language));
  if (plan)
    json_object_set_new(object, "eos", page_date_json(row->eos, frame->today, frame->language));
  page_json_text(object, "channel", WORD(channels, row->channel, frame));
  page_json_text(object, "state", WORD(states, outbox_state_key(row->state), frame));
  set_day(object, "day", row->day, frame);
  page_json_text(object, "person", row->person);
  page_json_text(object, "department", row->department);
  if (receipt != NULL)
    json_object_set_new(object, "receipt", receipt);
  if (transfer != NULL)
    json_object_set_new(object, "transfer", transfer);
  page_json_flag(object, "confirmed", receipt != NULL || transfer != NULL);
  return object;
}

static json_t *presentation_json(const PageFrame *frame, const ToldPresentation *row)
{
  json_t *object = json_object();

  page_json_text(object, "product", page_frame_choose(frame, row->product_ja, row->product_en));
  page_json_text(object, "release", row->release);
  json_object_set_new(object, "revision", json_integer(row->revision));
  page_json_text(object, "doc", row->doc);
  page_json_text(object, "how", WORD(ways, row->how, frame));
  set_day(object, "day", row->day, frame);
  return object;
}

static bool load(const Maker *maker, gint64 organization, GPtrArray **ret_told, GPtrArray **ret_shown,
                 GError **error)
{
  g_autoptr(GPtrArray) told = NULL;

  if (!told_list_load(maker->db, organization, RECEIPT_PAGE_ROWS_MAX, &told, error) ||
      !told_list_presentations(maker->db, organization, RECEIPT_PAGE_ROWS_MAX, ret_shown, error))
    return false;
  *ret_told = g_steal_pointer(&told);
  return true;
}

/* A PageSiteVisit. */
static bool add_site(const PageSite *site, gpointer data, GError **error)
{
  const Maker *maker = data;
  g_autoptr(GPtrArray) told = NULL;
  g_autoptr(GPtrArray) shown = NULL;
  json_t *object, *told_list, *shown_list;

  if (!load(maker, site->id, &told, &shown, error))
    return false;
  object = json_object();
  told_list = json_array();
  shown_list = json_array();
  for (guint i = 0; i < told->len; i++)
    json_array_append_new(told_list, told_json(maker->frame, told->pdata[i]));
  for (guint i = 0; i < shown->len; i++)
    json_array_append_new(shown_list, presentation_json(maker->frame, shown->pdata[i]));
  page_json_text(object, "name", site->name);
  page_json_take(object, "anchor", g_strdup_printf("o%" G_GINT64_FORMAT, site->id));
  page_json_flag(object, "any_told", told->len > 0);
  page_json_flag(object, "any_shown", shown->len > 0);
  page_json_flag(object, "cut", told->len == RECEIPT_PAGE_ROWS_MAX);
  json_object_set_new(object, "told", told_list);
  json_object_set_new(object, "shown", shown_list);
  json_array_append_new(maker->organizations, object);
  return true;
}

bool receipt_page_render(Db *db, const PageFrame *frame, const PageRow *page, GBytes **ret_bytes,
                         GError **error)
{
  Maker maker = { db, frame, NULL };
  json_t *context;
  bool done;

  if (!page_frame_context(db, frame, &context, error))
    return false;
  maker.organizations = json_array();
  json_object_set_new(context, "organizations", maker.organizations);
  done = page_site_each(db, frame, page, 0, add_site, &maker, error) &&
         page_frame_render(frame, "receipt", context, ret_bytes, error);
  json_decref(context);
  return done;
}
