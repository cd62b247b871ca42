#include "notifier/cli/plan_field.h"

#include "planner/date_text.h"

#include <stddef.h>
#include <string.h>

typedef enum { KIND_DATE, KIND_TEXT, KIND_LINES } FieldKind;

struct PlanField {
  const char *name;
  const char *short_name; /* or NULL */
  FieldKind kind;
  size_t offset; /* in SupportPlan */
};

#define DATE_FIELD(name, milestone)                                                                          \
  {                                                                                                          \
    name, NULL, KIND_DATE, offsetof(SupportPlan, date[milestone])                                            \
  }

static const PlanField fields[] = {
  DATE_FIELD("general_availability", MILESTONE_GENERAL_AVAILABILITY),
  DATE_FIELD("end_of_sale", MILESTONE_END_OF_SALE),
  DATE_FIELD("security_support_end", MILESTONE_SECURITY_SUPPORT_END),
  DATE_FIELD("eol", MILESTONE_EOL),
  DATE_FIELD("eos", MILESTONE_EOS),
  DATE_FIELD("parts_until", MILESTONE_PARTS_UNTIL),
  DATE_FIELD("repair_until", MILESTONE_REPAIR_UNTIL),
  { "limited_support_doc", "doc", KIND_TEXT, offsetof(SupportPlan, limited_support.doc) },
  { "limited_support_duties", "duties", KIND_TEXT, offsetof(SupportPlan, limited_support.duties_ja) },
  { "limited_support_duties_en", "duties_en", KIND_TEXT, offsetof(SupportPlan, limited_support.duties_en) },
  { "limited_support_lines", "lines", KIND_LINES, offsetof(SupportPlan, limited_support) },
  { "announced_on", NULL, KIND_DATE, offsetof(SupportPlan, announced_on) },
  { "presented_on", NULL, KIND_DATE, offsetof(SupportPlan, presented_on) },
};

const PlanField *plan_field_at(guint i)
{
  return i < G_N_ELEMENTS(fields) ? &fields[i] : NULL;
}

const PlanField *plan_field_find(const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    if (strcmp(fields[i].name, name) == 0 || g_strcmp0(fields[i].short_name, name) == 0)
      return &fields[i];
  return NULL;
}

const char **plan_field_names(void)
{
  const char **names = g_new0(const char *, G_N_ELEMENTS(fields) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    names[i] = fields[i].name;
  return names;
}

const char *plan_field_name(const PlanField *field)
{
  return field->name;
}

static const void *member(const PlanField *field, const SupportPlan *plan)
{
  return (const char *)plan + field->offset;
}

static char *show_date(const PlanDate *date)
{
  char buffer[DAY_TEXT_SIZE];

  if (date->state == DATE_TBA)
    return g_strdup("not announced");
  return g_strdup(date->state == DATE_KNOWN ? day_format(date->day, buffer) : "");
}

char *plan_field_show(const PlanField *field, const SupportPlan *plan)
{
  const char *text = NULL;

  if (field->kind == KIND_DATE)
    return show_date(member(field, plan));
  if (field->kind == KIND_LINES)
    return limited_support_format_lines(member(field, plan));
  memcpy(&text, member(field, plan), sizeof text);
  return g_strdup(text != NULL ? text : "");
}

bool plan_field_set(const PlanField *field, SupportPlan *plan, const char *value, char **ret_warning,
                    GError **error)
{
  void *target = (char *)plan + field->offset;

  *ret_warning = NULL;
  if (field->kind == KIND_DATE)
    return date_text_parse(value, target, ret_warning, error);
  if (field->kind == KIND_LINES)
    return limited_support_parse_lines(value, target, error);

  char *text = value[0] != '\0' ? g_strdup(value) : NULL;
  char *old = NULL;

  memcpy(&old, target, sizeof old);
  memcpy(target, &text, sizeof text);
  g_free(old);
  return true;
}
