#include "notifier/cli/plan_field.h"

#include "notifier/exchange/values.h"
#include "planner/date_text.h"
#include "planner/service_terms.h"

#include <stddef.h>
#include <string.h>

/* How a member of SupportPlan is shown, and set from what people write. */
typedef struct {
  char *(*show)(const void *member);
  bool (*set)(void *member, const char *value, char **ret_warning, GError **error);
} FieldKind;

struct PlanField {
  const char *name;
  const char *short_name; /* or NULL */
  const FieldKind *kind;
  size_t offset; /* of the member */
};

static char *show_date(const void *member)
{
  const PlanDate *date = member;
  char buffer[DAY_TEXT_SIZE];

  if (date->state == DATE_TBA)
    return g_strdup("not announced");
  return g_strdup(date->state == DATE_KNOWN ? day_format(date->day, buffer) : "");
}

static bool set_date(void *member, const char *value, char **ret_warning, GError **error)
{
  return date_text_parse(value, member, ret_warning, error);
}

static char *show_text(const void *member)
{
  const char *text = NULL;

  memcpy(&text, member, sizeof text);
  return g_strdup(text != NULL ? text : "");
}

/* Sets a text from `value` as `parse`, the parser of the column of that name, takes it; blank: unknown. */
static bool set_parsed(void *member, const char *value, ValueParser parse, GError **error)
{
  ValueSink sink = { .chunk = g_string_chunk_new(256) };
  const char *taken = values_trim(value, sink.chunk);
  bool good = taken[0] == '\0' || parse(taken, NULL, &sink, &taken, error);

  if (good) {
    char *text = taken != NULL && taken[0] != '\0' ? g_strdup(taken) : NULL;
    char *old = NULL;

    memcpy(&old, member, sizeof old);
    memcpy(member, &text, sizeof text);
    g_free(old);
  }
  g_string_chunk_free(sink.chunk);
  return good;
}

static bool set_text(void *member, const char *value, char **ret_warning, GError **error)
{
  return set_parsed(member, value, values_text, error);
}

static bool set_short(void *member, const char *value, char **ret_warning, GError **error)
{
  return set_parsed(member, value, values_line, error);
}

static bool set_url(void *member, const char *value, char **ret_warning, GError **error)
{
  return set_parsed(member, value, values_url, error);
}

static char *show_line(const void *member)
{
  const ServiceLine *line = member;
  char buffer[DAY_TEXT_SIZE];

  return g_strdup(line->until != DAY_NONE ? day_format(line->until, buffer) : "");
}

/* A line's last day; without one the line goes, and its terms with it. */
static bool set_line(void *member, const char *value, char **ret_warning, GError **error)
{
  ServiceLine *line = member;
  PlanDate date;

  if (!date_text_parse(value, &date, ret_warning, error))
    return false;
  if (date.state == DATE_TBA) {
    g_set_error(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM,
                "a service line goes on until a day; give its last day, or nothing to remove the line");
    return false;
  }
  line->until = date.state == DATE_KNOWN ? date.day : DAY_NONE;
  if (line->until == DAY_NONE) {
    g_clear_pointer(&line->terms_ja, g_free);
    g_clear_pointer(&line->terms_en, g_free);
  }
  return true;
}

static char *show_terms(const void *member)
{
  const ServiceLine *line = member;

  return g_strdup(line->terms_ja != NULL ? line->terms_ja : "");
}

static bool set_terms(void *member, const char *value, char **ret_warning, GError **error)
{
  return service_terms_set(member, "ja", value, error);
}

static char *show_terms_en(const void *member)
{
  const ServiceLine *line = member;

  return g_strdup(line->terms_en != NULL ? line->terms_en : "");
}

static bool set_terms_en(void *member, const char *value, char **ret_warning, GError **error)
{
  return service_terms_set(member, "en", value, error);
}

static char *show_lines(const void *member)
{
  return limited_support_format_lines(member);
}

static bool set_lines(void *member, const char *value, char **ret_warning, GError **error)
{
  return limited_support_parse_lines(value, member, error);
}

static char *show_all_terms(const void *member)
{
  return service_terms_format(member, "ja");
}

static bool set_all_terms(void *member, const char *value, char **ret_warning, GError **error)
{
  return service_terms_parse(value, "ja", member, error);
}

static char *show_all_terms_en(const void *member)
{
  return service_terms_format(member, "en");
}

static bool set_all_terms_en(void *member, const char *value, char **ret_warning, GError **error)
{
  return service_terms_parse(value, "en", member, error);
}

static const FieldKind date_kind = { show_date, set_date }, text_kind = { show_text, set_text },
                       short_kind = { show_text, set_short }, url_kind = { show_text, set_url },
                       line_kind = { show_line, set_line }, terms_kind = { show_terms, set_terms },
                       terms_en_kind = { show_terms_en, set_terms_en },
                       lines_kind = { show_lines, set_lines },
                       all_terms_kind = { show_all_terms, set_all_terms },
                       all_terms_en_kind = { show_all_terms_en, set_all_terms_en };

#define DATE_FIELD(name, milestone)                                                                          \
  {                                                                                                          \
    name, NULL, &date_kind, offsetof(SupportPlan, date[milestone])                                           \
  }
#define TEXT_FIELD(name, short_name, kind, member)                                                           \
  {                                                                                                          \
    name, short_name, kind, offsetof(SupportPlan, limited_support.member)                                    \
  }
/* One service line: its day, and its terms in both languages. */
#define LINE_FIELDS(key, kind)                                                                               \
  { "line." key, NULL, &line_kind, offsetof(SupportPlan, limited_support.line[kind]) },                      \
      { "terms." key, NULL, &terms_kind, offsetof(SupportPlan, limited_support.line[kind]) },                \
  {                                                                                                          \
    "terms_en." key, NULL, &terms_en_kind, offsetof(SupportPlan, limited_support.line[kind])                 \
  }

static const PlanField fields[] = {
  DATE_FIELD("general_availability", MILESTONE_GENERAL_AVAILABILITY),
  DATE_FIELD("end_of_sale", MILESTONE_END_OF_SALE),
  DATE_FIELD("security_support_end", MILESTONE_SECURITY_SUPPORT_END),
  DATE_FIELD("eol", MILESTONE_EOL),
  DATE_FIELD("eos", MILESTONE_EOS),
  DATE_FIELD("parts_until", MILESTONE_PARTS_UNTIL),
  DATE_FIELD("repair_until", MILESTONE_REPAIR_UNTIL),
  TEXT_FIELD("limited_support_doc", "doc", &short_kind, doc),
  TEXT_FIELD("limited_support_url", "url", &url_kind, url),
  TEXT_FIELD("limited_support_duties", "duties", &text_kind, duties_ja),
  TEXT_FIELD("limited_support_duties_en", "duties_en", &text_kind, duties_en),
  LINE_FIELDS("security-updates", SERVICE_SECURITY_UPDATES),
  LINE_FIELDS("parts", SERVICE_PARTS),
  LINE_FIELDS("on-site-repair", SERVICE_ON_SITE_REPAIR),
  LINE_FIELDS("telephone", SERVICE_TELEPHONE),
  LINE_FIELDS("compensating-controls", SERVICE_COMPENSATING_CONTROLS),
  LINE_FIELDS("migration-path", SERVICE_MIGRATION_PATH),
  TEXT_FIELD("successor", NULL, &short_kind, successor),
  TEXT_FIELD("limited_support_rationale", "rationale", &text_kind, rationale),
  { "announced_on", NULL, &date_kind, offsetof(SupportPlan, announced_on) },
  { "presented_on", NULL, &date_kind, offsetof(SupportPlan, presented_on) },
};

/* Set all lines at once, as a cell of an import does. */
static const PlanField wholes[] = {
  { "limited_support_lines", "lines", &lines_kind, offsetof(SupportPlan, limited_support) },
  { "limited_support_terms", "terms", &all_terms_kind, offsetof(SupportPlan, limited_support) },
  { "limited_support_terms_en", "terms_en", &all_terms_en_kind, offsetof(SupportPlan, limited_support) },
};

const PlanField *plan_field_at(guint i)
{
  return i < G_N_ELEMENTS(fields) ? &fields[i] : NULL;
}

static const PlanField *find(const PlanField *table, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp(table[i].name, name) == 0 || g_strcmp0(table[i].short_name, name) == 0)
      return &table[i];
  return NULL;
}

const PlanField *plan_field_find(const char *name)
{
  const PlanField *field = find(fields, G_N_ELEMENTS(fields), name);

  return field != NULL ? field : find(wholes, G_N_ELEMENTS(wholes), name);
}

const char **plan_field_names(void)
{
  const char **names = g_new0(const char *, G_N_ELEMENTS(fields) + G_N_ELEMENTS(wholes) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    names[i] = fields[i].name;
  for (gsize i = 0; i < G_N_ELEMENTS(wholes); i++)
    names[G_N_ELEMENTS(fields) + i] = wholes[i].name;
  return names;
}

const char *plan_field_name(const PlanField *field)
{
  return field->name;
}

bool plan_field_is_of_line(const PlanField *field)
{
  return field->kind == &line_kind || field->kind == &terms_kind || field->kind == &terms_en_kind;
}

char *plan_field_show(const PlanField *field, const SupportPlan *plan)
{
  return field->kind->show((const char *)plan + field->offset);
}

bool plan_field_set(const PlanField *field, SupportPlan *plan, const char *value, char **ret_warning,
                    GError **error)
{
  *ret_warning = NULL;
  return field->kind->set((char *)plan + field->offset, value, ret_warning, error);
}
