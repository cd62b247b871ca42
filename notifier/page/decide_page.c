#include "notifier/page/decide_page.h"

#include "db/decision_store.h"
#include "db/page_scope.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"

#define FORM_ANCHOR "decide"

bool decide_page_parse_target(const char *value, gint64 *ret_organization, gint64 *ret_release,
                              gint64 *ret_device)
{
  g_auto(GStrv) parts = g_strsplit(value, ":", -1);
  gint64 numbers[3];

  if (g_strv_length(parts) != G_N_ELEMENTS(numbers))
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (!g_ascii_string_to_signed(parts[i], 10, i < 2 ? 1 : 0, G_MAXINT64, &numbers[i], NULL))
      return false;
  *ret_organization = numbers[0];
  *ret_release = numbers[1];
  *ret_device = numbers[2];
  return true;
}

static json_t *option_json(const PageFrame *frame, const PageForm *form, gint64 organization,
                           const PageScopeUnit *unit)
{
  g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                                           organization, unit->release, unit->device);
  json_t *object = json_object();

  page_json_text(object, "value", value);
  page_json_flag(object, "all", unit->device == 0);
  json_object_set_new(object, "units", json_integer(unit->units));
  page_json_text(object, "product", page_frame_choose(frame, unit->product_ja, unit->product_en));
  page_json_text(object, "release", unit->release_name);
  page_json_text(object, "serial", unit->serial);
  page_json_text(object, "asset_no", unit->asset_no);
  page_json_text(object, "department", unit->department);
  page_json_flag(object, "chosen", page_form_is(form, "target", value));
  return object;
}

bool decide_page_options(Db *db, const PageFrame *frame, const PageForm *form, gint64 organization,
                         const char *name, bool devices, json_t **ret_group, GError **error)
{
  g_autoptr(GPtrArray) units = NULL;
  json_t *group, *options;

  if (!page_scope_units(db, organization, DECIDE_PAGE_UNITS_MAX, &units, error))
    return false;
  options = json_array();
  for (guint i = 0; i < units->len; i++) {
    const PageScopeUnit *unit = units->pdata[i];

    if (!devices || unit->device != 0)
      json_array_append_new(options, option_json(frame, form, organization, unit));
  }
  if (json_array_size(options) == 0) {
    json_decref(options);
    *ret_group = NULL;
    return true;
  }
  group = json_object();
  page_json_text(group, "name", name);
  json_object_set_new(group, "options", options);
  *ret_group = group;
  return true;
}

static json_t *decision_json(const PageFrame *frame, const DecisionRow *row)
{
  json_t *object = json_object();

  page_json_text(object, "organization", row->organization_name);
  page_json_text(object, "product", row->product);
  page_json_text(object, "release", row->release);
  page_json_flag(object, "all", row->device == 0);
  page_json_text(object, "serial", row->serial);
  page_json_text(object, "asset_no", row->asset_no);
  page_json_flag(object, decision_kind_key(row->kind), true);
  page_json_text(object, "controls", row->controls);
  page_json_text(object, "person", row->person);
  page_json_text(object, "title", row->title);
  page_json_flag(object, "in_force", row->in_force);
  if (row->replace_by != DAY_NONE)
    json_object_set_new(object, "replace_by",
                        page_date_json(plan_date_known(row->replace_by), frame->today, frame->language));
  if (row->day != DAY_NONE)
    json_object_set_new(object, "day",
                        page_date_json(plan_date_known(row->day), frame->today, frame->language));
  return object;
}

/* The newest first. */
static bool add_decisions(Db *db, const PageFrame *frame, gint64 organization, json_t *list, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!decision_store_list(db, organization, NULL, true, &rows, error))
    return false;
  for (guint i = rows->len; i > 0; i--)
    json_array_append_new(list, decision_json(frame, rows->pdata[i - 1]));
  return true;
}

static json_t *own_form(const PageForm *form)
{
  json_t *object = page_form_json(form, FORM_ANCHOR, true);

  for (DecisionKind kind = 0; kind < DECISION_KIND_COUNT; kind++)
    page_json_flag(object, decision_kind_key(kind), page_form_is(form, "decision", decision_kind_key(kind)));
  return object;
}

static bool fill(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                 json_t *context, GError **error)
{
  json_t *groups = json_array(), *decisions = json_array();
  bool done = true;

  for (guint i = 0; done && i < organizations->len; i++) {
    const PageScopeOrganization *organization = organizations->pdata[i];
    json_t *group = NULL;

    done = decide_page_options(db, frame, form, organization->id,
                               page_frame_choose(frame, organization->name_ja, organization->name_en), false,
                               &group, error) &&
           add_decisions(db, frame, organization->id, decisions, error);
    if (group != NULL)
      json_array_append_new(groups, group);
  }
  page_json_flag(context, "any", json_array_size(groups) > 0);
  page_json_flag(context, "several", organizations->len > 1);
  page_json_flag(context, "any_decision", json_array_size(decisions) > 0);
  json_object_set_new(context, "groups", groups);
  json_object_set_new(context, "decisions", decisions);
  json_object_set_new(context, "form", own_form(form));
  page_json_text(context, "back", frame->path);
  page_form_set(context, frame, form, "/decide", FORM_ANCHOR);
  return done;
}

bool decide_page_render(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                        GBytes **ret_bytes, GError **error)
{
  json_t *context;

  if (!page_frame_context(db, frame, &context, error))
    return false;

  bool done = fill(db, frame, form, organizations, context, error) &&
              page_frame_render(frame, "decide", context, ret_bytes, error);

  json_decref(context);
  return done;
}
