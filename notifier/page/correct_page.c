#include "notifier/page/correct_page.h"

#include <string.h>

#include "db/correction_store.h"
#include "db/page_scope.h"
#include "notifier/page/decide_page.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"

#define FORM_ANCHOR "correct"

/* "contact-new" as a flag that a template can name: "contact_new". */
static void set_kind(json_t *object, CorrectionKind kind)
{
  g_autofree char *key = g_strdelimit(g_strdup(correction_kind_key(kind)), "-", '_');

  page_json_flag(object, key, true);
}

static json_t *day_json(const PageFrame *frame, Day day)
{
  return page_date_json(plan_date_known(day), frame->today, frame->language);
}

/* What it says, field by field: { is { <field>: true }, said }. Who is told of a contact sees no more than
 * that. */
static json_t *fields_json(const CorrectionRow *row)
{
  json_t *list = json_array();

  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];
    json_t *object = json_object(), *is = json_object();

    page_json_flag(is, field->field, true);
    json_object_set_new(object, "is", is);
    page_json_text(object, "said", field->said);
    json_array_append_new(list, object);
  }
  return list;
}

static json_t *correction_json(const PageFrame *frame, const CorrectionRow *row)
{
  json_t *object = json_object(), *kind = json_object();

  set_kind(kind, row->kind);
  json_object_set_new(object, "kind", kind);
  json_object_set_new(object, "number", json_integer(row->id));
  page_json_flag(object, correction_state_key(row->state), true);
  page_json_text(object, "organization", row->organization_name);
  page_json_text(object, "product", row->product);
  page_json_text(object, "release", row->release);
  page_json_text(object, "serial", row->serial);
  page_json_text(object, "contact", row->contact_name);
  page_json_text(object, "person", row->person);
  page_json_text(object, "reason", row->reason);
  json_object_set_new(object, "fields", fields_json(row));
  if (row->day != DAY_NONE)
    json_object_set_new(object, "day", day_json(frame, row->day));
  if (row->decided_on != DAY_NONE)
    json_object_set_new(object, "decided_on", day_json(frame, row->decided_on));
  return object;
}

/* The newest first. */
static bool add_corrections(Db *db, const PageFrame *frame, gint64 organization, json_t *list, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!correction_store_list(db, organization, true, &rows, error))
    return false;
  for (guint i = rows->len; i > 0; i--)
    json_array_append_new(list, correction_json(frame, rows->pdata[i - 1]));
  return true;
}

/* { name, options [ { value "ORGANIZATION:CONTACT", name, department, title, chosen } ] }. */
static bool add_contacts(Db *db, const PageFrame *frame, const PageForm *form,
                         const PageScopeOrganization *organization, json_t *groups, GError **error)
{
  g_autoptr(GPtrArray) contacts = NULL;
  json_t *group, *options;

  if (!page_scope_contacts(db, organization->id, frame->today, &contacts, error))
    return false;
  options = json_array();
  for (guint i = 0; i < contacts->len; i++) {
    const PageScopeContact *contact = contacts->pdata[i];
    g_autofree char *value =
        g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, organization->id, contact->id);
    json_t *option = json_object();

    page_json_text(option, "value", value);
    page_json_text(option, "name", contact->name);
    page_json_text(option, "department", contact->department);
    page_json_text(option, "title", contact->title);
    page_json_flag(option, "chosen", page_form_is(form, "target", value));
    json_array_append_new(options, option);
  }
  if (json_array_size(options) == 0) {
    json_decref(options);
    return true;
  }
  group = json_object();
  page_json_text(group, "name", page_frame_choose(frame, organization->name_ja, organization->name_en));
  json_object_set_new(group, "options", options);
  json_array_append_new(groups, group);
  return true;
}

static bool add_devices(Db *db, const PageFrame *frame, const PageForm *form,
                        const PageScopeOrganization *organization, json_t *groups, GError **error)
{
  json_t *group = NULL;

  if (!decide_page_options(db, frame, form, organization->id,
                           page_frame_choose(frame, organization->name_ja, organization->name_en), true,
                           &group, error))
    return false;
  if (group != NULL)
    json_array_append_new(groups, group);
  return true;
}

/* The organizations themselves, for somebody new. */
static void add_itself(const PageFrame *frame, const PageForm *form,
                       const PageScopeOrganization *organization, json_t *groups)
{
  json_t *object = json_object();

  json_object_set_new(object, "value", json_integer(organization->id));
  page_json_text(object, "name", page_frame_choose(frame, organization->name_ja, organization->name_en));
  page_json_flag(object, "chosen", page_form_is_number(form, "target", organization->id));
  json_array_append_new(groups, object);
}

static bool add_targets(Db *db, const PageFrame *frame, const PageForm *form, CorrectionKind kind,
                        const PageScopeOrganization *organization, json_t *groups, GError **error)
{
  if (kind == CORRECTION_CONTACT_NEW) {
    add_itself(frame, form, organization, groups);
    return true;
  }
  return correction_is_of_contact(kind) ? add_contacts(db, frame, form, organization, groups, error)
                                        : add_devices(db, frame, form, organization, groups, error);
}

/* The role that was chosen, as a flag: "role_it_security". */
static void set_role(json_t *object, const PageForm *form)
{
  const char *role = form->sent != NULL ? form->value(form->sent, "role") : "";
  g_autofree char *key = g_strdelimit(g_strconcat("role_", role, NULL), "-", '_');

  page_json_flag(object, key, *role != '\0');
}

/* The form of `kind`: its flag, kind_key, groups to choose from, and what page_form_json has. */
static bool set_form(Db *db, const PageFrame *frame, const PageForm *form, CorrectionKind kind,
                     const GPtrArray *organizations, json_t *context, GError **error)
{
  json_t *object = page_form_json(form, FORM_ANCHOR, true), *groups = json_array();

  set_kind(object, kind);
  set_role(object, form);
  page_json_text(object, "kind_key", correction_kind_key(kind));
  page_json_flag(object, "of_contact", correction_is_of_contact(kind));
  json_object_set_new(object, "groups", groups);
  json_object_set_new(context, "form", object);
  for (guint i = 0; i < organizations->len; i++)
    if (!add_targets(db, frame, form, kind, organizations->pdata[i], groups, error))
      return false;
  page_json_flag(object, "any", json_array_size(groups) > 0);
  return true;
}

static bool fill(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                 json_t *context, GError **error)
{
  json_t *corrections = json_array();
  CorrectionKind kind;

  json_object_set_new(context, "corrections", corrections);
  for (guint i = 0; i < organizations->len; i++)
    if (!add_corrections(db, frame, ((const PageScopeOrganization *)organizations->pdata[i])->id, corrections,
                         error))
      return false;
  page_json_flag(context, "any_correction", json_array_size(corrections) > 0);
  page_json_flag(context, "several", organizations->len > 1);
  page_json_text(context, "back", frame->path);
  page_form_set(context, frame, form, "/correct", FORM_ANCHOR);
  return !correction_kind_parse(form->chosen, &kind) ||
         set_form(db, frame, form, kind, organizations, context, error);
}

bool correct_page_render(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                         GBytes **ret_bytes, GError **error)
{
  json_t *context;

  if (!page_frame_context(db, frame, &context, error))
    return false;

  bool done = fill(db, frame, form, organizations, context, error) &&
              page_frame_render(frame, "correct", context, ret_bytes, error);

  json_decref(context);
  return done;
}
