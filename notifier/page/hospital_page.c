#include "notifier/page/hospital_page.h"

#include <string.h>

#include "db/feed_store.h"
#include "db/presentation_store.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/page/page_plan.h"
#include "notifier/page/page_site.h"
#include "notifier/page/page_timeline.h"
#include "notifier/page/page_todo.h"
#include "notifier/page/page_unit.h"

/* A page being made. */
typedef struct {
  Db *db;
  const PageFrame *frame;
  json_t *organizations; /* of the context */
  GArray *shown;         /* HospitalPageShown */
} Maker;

static gint64 units_of(const HeldUnit *unit)
{
  return unit->quantity;
}

/* [ { stage …, count } ] of the units in each stage, the most urgent first. */
static json_t *stages_json(const Maker *maker, const PageSite *section)
{
  static const Stage order[] = { STAGE_END_OF_SUPPORT, STAGE_LIMITED_SUPPORT, STAGE_UNKNOWN, STAGE_SUPPORT,
                                 STAGE_DEVELOPMENT };
  gint64 count[G_N_ELEMENTS(order)] = { 0 };
  json_t *list = json_array();

  for (guint i = 0; i < section->units->len; i++) {
    const HeldUnit *unit = section->units->pdata[i];

    count[page_unit_stage(unit, maker->frame->today)] += units_of(unit);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
    json_t *object;

    if (count[order[i]] == 0)
      continue;
    object = page_plan_stage_json(order[i], maker->frame->language);
    json_object_set_new(object, "count", json_integer(count[order[i]]));
    json_array_append_new(list, object);
  }
  return list;
}

/* The next last day of any unit. */
typedef struct {
  const HeldUnit *unit;
  Milestone milestone;
  Day day;
} Next;

static void consider(Next *next, const HeldUnit *unit, Milestone milestone, EffectiveDate date, Day today)
{
  if (date.date.state != DATE_KNOWN || date.date.day < today ||
      (next->unit != NULL && next->day <= date.date.day))
    return;
  *next = (Next){ unit, milestone, date.date.day };
}

/* { milestone, product, release, date } of the next last day; NULL: none. */
static json_t *next_json(const Maker *maker, const PageSite *section)
{
  const PageFrame *frame = maker->frame;
  Next next = { 0 };
  json_t *object;

  for (guint i = 0; i < section->units->len; i++) {
    const HeldUnit *unit = section->units->pdata[i];

    consider(&next, unit, MILESTONE_EOL, unit->end.eol, frame->today);
    consider(&next, unit, MILESTONE_EOS, unit->end.eos, frame->today);
  }
  if (next.unit == NULL)
    return NULL;
  object = json_object();
  page_json_text(object, "milestone", milestone_name(next.milestone, frame->language));
  page_json_text(object, "product",
                 page_frame_choose(frame, next.unit->product_name_ja, next.unit->product_name_en));
  page_json_text(object, "release", next.unit->model);
  json_object_set_new(object, "date",
                      page_date_json(plan_date_known(next.day), frame->today, frame->language));
  return object;
}

static bool is_declared(const HeldRevision *revision)
{
  return revision != NULL && limited_support_is_declared(&revision->plan->limited_support);
}

static bool note_shown(const Maker *maker, const Holding *holding, GError **error)
{
  const HeldRevision *revision = held_end_in_force(holding);
  const HospitalPageShown shown = { holding->release->id, holding->organization,
                                    revision != NULL ? revision->id : 0 };
  bool known = true;

  if (is_declared(revision) && !presentation_store_is_known(maker->db, shown.plan, shown.organization,
                                                            PRESENTATION_PAGE, &known, error))
    return false;
  if (!known)
    g_array_append_val(maker->shown, shown);
  return true;
}

static int compare_holdings(gconstpointer a, gconstpointer b)
{
  const Holding *first = *(const Holding *const *)a, *second = *(const Holding *const *)b;
  int order = strcmp(first->release->product, second->release->product);

  return order != 0 ? order : strcmp(first->release->name, second->release->name);
}

/* What the organization holds now, by product and release: Holding of the set. */
static GPtrArray *holdings_of(const PageSite *section)
{
  GPtrArray *list = g_ptr_array_new();

  for (guint i = 0; i < section->set->holdings->len; i++)
    if (page_site_holds(section, section->set->holdings->pdata[i]))
      g_ptr_array_add(list, section->set->holdings->pdata[i]);
  g_ptr_array_sort(list, compare_holdings);
  return list;
}

static void set_picture(json_t *object, const Maker *maker, const PageSite *section,
                        const GPtrArray *holdings)
{
  g_autofree char *name = g_strdup_printf("o%" G_GINT64_FORMAT "-time", section->id);

  page_json_take(object, "picture", page_timeline_svg(maker->frame, holdings, name));
}

/* The releases with their plans; `limited` is set where any declares limited support. */
static bool set_plans(json_t *object, const Maker *maker, const PageSite *section, GError **error)
{
  g_autoptr(GPtrArray) holdings = holdings_of(section);
  json_t *list = json_array();

  json_object_set_new(object, "plans", list);
  set_picture(object, maker, section, holdings);

  for (guint i = 0; i < holdings->len; i++) {
    const Holding *holding = holdings->pdata[i];
    json_t *plan = page_plan_json(maker->frame, holding);

    page_json_text(plan, "product",
                   page_frame_choose(maker->frame, holding->release->product_name_ja,
                                     holding->release->product_name_en));
    json_object_set_new(plan, "count", json_integer(holding->count));
    json_array_append_new(list, plan);
    page_json_flag(object, "limited", is_declared(held_end_in_force(holding)));
    if (!note_shown(maker, holding, error))
      return false;
  }
  return true;
}

static json_t *units_json(const Maker *maker, GPtrArray *units)
{
  json_t *list = json_array();
  Day today = maker->frame->today;

  g_ptr_array_sort_with_data(units, page_unit_compare, &today);
  for (guint i = 0; i < units->len; i++)
    json_array_append_new(list, page_unit_json(maker->frame, units->pdata[i]));
  return list;
}

static const char *security_contact(const PageSite *section, const char *product)
{
  for (guint i = 0; i < section->set->releases->len; i++) {
    const HeldRelease *release = section->set->releases->pdata[i];

    if (strcmp(release->product, product) == 0)
      return release->security_contact;
  }
  return NULL;
}

/* One product with its units, which are taken out of `units`. */
static json_t *product_json(const Maker *maker, const PageSite *section, GPtrArray *units)
{
  const HeldUnit *first = units->pdata[0];
  g_autofree char *escaped = g_uri_escape_string(first->product, NULL, false);
  json_t *object = json_object();

  page_json_text(object, "code", first->product);
  page_json_text(object, "name",
                 page_frame_choose(maker->frame, first->product_name_ja, first->product_name_en));
  page_json_take(object, "path", g_strconcat("/p/", escaped, NULL));
  page_json_contact(object, "security_contact", security_contact(section, first->product));
  json_object_set_new(object, "units", units_json(maker, units));
  return object;
}

/* The units come by product. */
static json_t *products_json(const Maker *maker, const PageSite *section)
{
  g_autoptr(GPtrArray) group = g_ptr_array_new();
  json_t *list = json_array();

  for (guint i = 0; i < section->units->len; i++) {
    const HeldUnit *unit = section->units->pdata[i];
    const HeldUnit *next = i + 1 < section->units->len ? section->units->pdata[i + 1] : NULL;

    g_ptr_array_add(group, section->units->pdata[i]);
    if (next != NULL && strcmp(next->product, unit->product) == 0)
      continue;

    json_t *product = product_json(maker, section, group);

    page_json_take(product, "id",
                   g_strdup_printf("o%" G_GINT64_FORMAT "-p%zu", section->id, json_array_size(list)));
    json_array_append_new(list, product);
    g_ptr_array_set_size(group, 0);
  }
  return list;
}

/* Fills `object`, that of the section. */
static bool fill_section(json_t *object, const Maker *maker, const PageSite *section, GError **error)
{
  json_t *next = next_json(maker, section);

  page_json_text(object, "name", section->name);
  page_json_take(object, "anchor", g_strdup_printf("o%" G_GINT64_FORMAT, section->id));
  page_json_flag(object, "site", section->below);
  page_json_flag(object, "any", section->units->len > 0);
  if (next != NULL)
    json_object_set_new(object, "next", next);
  json_object_set_new(object, "stages", stages_json(maker, section));
  json_object_set_new(object, "products", products_json(maker, section));
  if (section->more > 0)
    json_object_set_new(object, "more", json_integer(section->more));
  return set_plans(object, maker, section, error);
}

/* A PageSiteVisit. */
static bool add_site(const PageSite *site, gpointer data, GError **error)
{
  Maker *maker = data;
  json_t *object = json_object();

  json_array_append_new(maker->organizations, object);
  return fill_section(object, maker, site, error);
}

/* { name, ics, https, webcal, google } of a calendar. */
static json_t *feed_json(const PageFrame *frame, const FeedRow *row, const char *token)
{
  const char *rest = strstr(frame->base_url, "://");
  g_autofree char *path = g_strdup_printf("/feeds/%s.ics", token);
  g_autofree char *webcal = g_strconcat("webcal", rest != NULL ? rest : "://", path, NULL);
  g_autofree char *escaped = g_uri_escape_string(webcal, NULL, false);
  json_t *object = json_object();

  page_json_text(object, "name", row->organization_name);
  page_json_text(object, "ics", path);
  page_json_take(object, "https", g_strconcat(frame->base_url, path, NULL));
  page_json_text(object, "webcal", webcal);
  page_json_take(object, "google", g_strconcat("https://calendar.google.com/calendar/r?cid=", escaped, NULL));
  return object;
}

/* The page's own calendars, in its language. Their addresses are made again from row and key. */
static bool set_feeds(const Maker *maker, const PageRow *page, json_t *context, GError **error)
{
  const PageFrame *frame = maker->frame;
  g_autoptr(GPtrArray) rows = NULL;
  json_t *list;

  if (!feed_store_list_page(maker->db, page->id, &rows, error))
    return false;
  list = json_array();
  for (guint i = 0; frame->key != NULL && i < rows->len; i++) {
    const FeedRow *row = rows->pdata[i];
    g_autofree char *token =
        strcmp(row->language, frame->language) == 0 ? feed_store_token(frame->key, row) : NULL;

    if (token != NULL)
      json_array_append_new(list, feed_json(frame, row, token));
  }
  page_json_flag(context, "any_feed", json_array_size(list) > 0);
  json_object_set_new(context, "feeds", list);
  return true;
}

static bool fill(Maker *maker, const PageRow *page, json_t *context, GError **error)
{
  if (!page_site_each(maker->db, maker->frame, page, HOSPITAL_PAGE_UNITS_MAX, add_site, maker, error))
    return false;
  page_json_flag(context, "several", json_array_size(maker->organizations) > 1);
  json_object_set(context, "organizations", maker->organizations);
  return page_todo_set(maker->db, page, context, error) && set_feeds(maker, page, context, error);
}

bool hospital_page_render(Db *db, const PageFrame *frame, const PageRow *page, GBytes **ret_bytes,
                          GArray **ret_shown, GError **error)
{
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(HospitalPageShown));
  Maker maker = { db, frame, NULL, shown };
  json_t *context;
  bool done;

  if (!page_frame_context(db, frame, &context, error))
    return false;
  maker.organizations = json_array();
  done =
      fill(&maker, page, context, error) && page_frame_render(frame, "hospital", context, ret_bytes, error);
  json_decref(maker.organizations);
  json_decref(context);
  if (done)
    *ret_shown = g_steal_pointer(&shown);
  return done;
}
