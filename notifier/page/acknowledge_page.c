#include "notifier/page/acknowledge_page.h"

#include "db/outbox_store.h"
#include "db/page_scope.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/template/context_part.h"

/* The page being made. */
typedef struct {
  Db *db;
  const PageFrame *frame;
  const PageForm *form;
  json_t *context, *sections;
  char *anchor; /* of the form that was sent, or NULL */
} Making;

bool acknowledge_page_is_gone(const AcknowledgementRequest *request)
{
  return request->state == OUTBOX_SUPERSEDED;
}

static json_t *day_json(const Making *making, Day day)
{
  return page_date_json(plan_date_known(day), making->frame->today, making->frame->language);
}

/* What an item is called: "plan-announcement" as a flag, product, release, its day, the EOS that it tells. */
static json_t *item_json(const Making *making, const AcknowledgementItem *item)
{
  const PageFrame *frame = making->frame;
  json_t *object = json_object();

  page_json_text(object, "kind_name", notice_kind_name(item->kind, frame->language));
  page_json_text(object, "product", page_frame_choose(frame, item->product_name_ja, item->product_name_en));
  page_json_text(object, "release", item->release);
  if (item->due_on != DAY_NONE)
    json_object_set_new(object, "told", day_json(making, item->due_on));
  if (item->eos != DAY_NONE)
    json_object_set_new(object, "eos", day_json(making, item->eos));
  return object;
}

/* Of `items` those of `organization` that are open for `kind`; an empty array: none. A receipt is asked where
 * the notice asks for it, and can be given of any. */
static json_t *open_items(const Making *making, const GPtrArray *items, gint64 organization,
                          AcknowledgementKind kind)
{
  json_t *list = json_array();

  for (guint i = 0; i < items->len; i++) {
    const AcknowledgementItem *item = items->pdata[i];

    if (item->organization == organization && acknowledgement_request_is_open(item, kind))
      json_array_append_new(list, item_json(making, item));
  }
  return list;
}

/* The form of one kind, where anything is open: { anchor, values, wrong, items, organization }. */
static void set_form(Making *making, json_t *section, const GPtrArray *items, gint64 organization,
                     AcknowledgementKind kind)
{
  const char *key = acknowledgement_kind_key(kind);
  json_t *list = open_items(making, items, organization, kind), *form;
  bool own = page_form_is_number(making->form, "organization", organization) &&
             page_form_is(making->form, "kind", key);
  g_autofree char *anchor = g_strdup_printf("%s%" G_GINT64_FORMAT, key, organization);

  if (json_array_size(list) == 0) {
    json_decref(list);
    return;
  }
  if (own && making->anchor == NULL)
    making->anchor = g_strdup(anchor);
  form = page_form_json(making->form, anchor, own);
  json_object_set_new(form, "items", list);
  json_object_set_new(form, "organization", json_integer(organization));
  json_object_set_new(section, key, form);
}

/* The section of `organization`, with what is asked of it among `items`. */
static json_t *section_json(Making *making, const GPtrArray *items, gint64 organization, const char *name)
{
  json_t *section = json_object();

  page_json_text(section, "name", name);
  page_json_take(section, "anchor", g_strdup_printf("o%" G_GINT64_FORMAT, organization));
  for (AcknowledgementKind kind = 0; kind < ACKNOWLEDGEMENT_KIND_COUNT; kind++)
    set_form(making, section, items, organization, kind);
  page_json_flag(section, "any", json_object_size(section) > 2);
  return section;
}

static json_t *given_json(const Making *making, const Acknowledgement *given)
{
  json_t *object = json_object();

  page_json_flag(object, acknowledgement_kind_key(given->kind), true);
  page_json_text(object, "notice", notice_kind_name(given->notice, making->frame->language));
  page_json_text(object, "product", given->product);
  page_json_text(object, "release", given->release);
  page_json_text(object, "organization", given->organization_name);
  page_json_text(object, "person", given->person);
  page_json_text(object, "title", given->title);
  page_json_text(object, "note", given->note);
  if (given->day != DAY_NONE)
    json_object_set_new(object, "day", day_json(making, given->day));
  json_object_set_new(object, "number", json_integer(given->id));
  return object;
}

static void set_given(Making *making, const GPtrArray *list)
{
  json_t *given = json_array();

  for (guint i = 0; i < list->len; i++)
    json_array_append_new(given, given_json(making, list->pdata[i]));
  page_json_flag(making->context, "any_given", list->len > 0);
  json_object_set_new(making->context, "given", given);
}

static void making_end(Making *making)
{
  json_decref(making->context);
  json_decref(making->sections);
  g_free(making->anchor);
}

static bool finish(Making *making, const char *tail, GBytes **ret_bytes, GError **error)
{
  bool any = false;
  json_t *section;
  size_t i;

  json_array_foreach(making->sections, i, section)
  {
    any |= json_object_get(section, "any") != NULL;
  }
  page_json_flag(making->context, "any_open", any);
  page_json_flag(making->context, "several", json_array_size(making->sections) > 1);
  json_object_set(making->context, "sections", making->sections);
  page_form_set(making->context, making->frame, making->form, tail, making->anchor);
  return page_frame_render(making->frame, "acknowledge", making->context, ret_bytes, error);
}

static bool begin(Making *making, GError **error)
{
  if (!page_frame_context(making->db, making->frame, &making->context, error))
    return false;
  making->sections = json_array();
  return true;
}

/* What the message said, as it was kept (templates/CONTEXT.md, a mail template's notices): in its language,
 * with its devices. Nothing where it was not rendered yet, was erased, or is not whole any more. */
static bool set_told(Making *making, gint64 message, GError **error)
{
  g_autoptr(OutboxContext) kept = NULL;
  json_t *root, *notices;
  bool whole = false;

  if (!outbox_store_load_context(making->db, message, &kept, error))
    return false;
  root = kept != NULL ? context_part_parse(kept, &whole) : NULL;
  notices = whole ? json_object_get(root, "notices") : NULL;
  if (json_is_array(notices) && json_array_size(notices) > 0) {
    json_object_set(making->context, "told", notices);
    page_json_text(making->context, "told_language", json_string_value(json_object_get(root, "language")));
    page_json_flag(making->context, "any_told", true);
    page_json_text(making->context, "document_no", json_string_value(json_object_get(root, "document_no")));
    page_json_text(making->context, "sent_on", json_string_value(json_object_get(root, "sent_on")));
  }
  json_decref(root);
  return true;
}

/* Items come by organization. */
static void add_sections(Making *making, const GPtrArray *items)
{
  gint64 last = 0;

  for (guint i = 0; i < items->len; i++) {
    const AcknowledgementItem *item = items->pdata[i];

    if (item->organization == last)
      continue;
    last = item->organization;
    json_array_append_new(making->sections,
                          section_json(making, items, last,
                                       page_frame_choose(making->frame, item->organization_name_ja,
                                                         item->organization_name_en)));
  }
}

static bool fill_message(Making *making, const AcknowledgementRequest *request, GError **error)
{
  g_autoptr(GPtrArray) given = NULL;

  if (!set_told(making, request->message, error) ||
      !acknowledgement_store_of_message(making->db, request->message, &given, error))
    return false;
  set_given(making, given);
  page_json_flag(making->context, "by_link", true);
  page_json_flag(making->context, "gone", acknowledge_page_is_gone(request));
  if (!acknowledge_page_is_gone(request))
    add_sections(making, request->items);
  return true;
}

bool acknowledge_page_render_message(Db *db, const PageFrame *frame, const PageForm *form,
                                     const AcknowledgementRequest *request, GBytes **ret_bytes,
                                     GError **error)
{
  Making making = { db, frame, form, NULL, NULL, NULL };

  if (!begin(&making, error))
    return false;

  bool done = fill_message(&making, request, error) && finish(&making, "", ret_bytes, error);

  making_end(&making);
  return done;
}

static bool fill_open(Making *making, const GPtrArray *organizations, GError **error)
{
  for (guint i = 0; i < organizations->len; i++) {
    const PageScopeOrganization *organization = organizations->pdata[i];
    g_autoptr(AcknowledgementRequest) request = NULL;

    if (!acknowledgement_request_of_organization(making->db, organization->id, &request, error))
      return false;
    if (request->items->len > 0)
      add_sections(making, request->items);
  }
  page_json_text(making->context, "back", making->frame->path);
  return true;
}

bool acknowledge_page_render_open(Db *db, const PageFrame *frame, const PageForm *form,
                                  const GPtrArray *organizations, GBytes **ret_bytes, GError **error)
{
  Making making = { db, frame, form, NULL, NULL, NULL };

  if (!begin(&making, error))
    return false;

  bool done = fill_open(&making, organizations, error) && finish(&making, "/acknowledge", ret_bytes, error);

  making_end(&making);
  return done;
}
