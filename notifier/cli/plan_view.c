#include "notifier/cli/plan_view.h"

#include "notifier/cli/plan_field.h"
#include "notifier/cli/table.h"
#include "planner/revision.h"

static const TermStyle stage_styles[] = { [STAGE_UNKNOWN] = STYLE_DIM,
                                          [STAGE_DEVELOPMENT] = STYLE_BLUE,
                                          [STAGE_SUPPORT] = STYLE_GREEN,
                                          [STAGE_LIMITED_SUPPORT] = STYLE_YELLOW,
                                          [STAGE_END_OF_SUPPORT] = STYLE_RED };

/* A withdrawn plan says nothing of where the release stands. */
static Stage stage_of(const PlanRow *row, Day today)
{
  bool withdrawn = g_strcmp0(row->state, revision_state_key(REVISION_WITHDRAWN)) == 0;

  return withdrawn ? STAGE_UNKNOWN : support_plan_stage(row->dates, today);
}

char *plan_view_name(const PlanRow *row)
{
  bool everywhere = g_strcmp0(row->market, "*") == 0 || row->market == NULL;

  return g_strconcat(row->product, "/", row->name, everywhere ? NULL : " (", row->market, ")", NULL);
}

char *plan_view_revision(const PlanRow *row)
{
  return row->plan != 0 ? g_strdup_printf("%s %d", row->state, row->revision) : g_strdup("no plan");
}

/* A line that goes on in neither revision says nothing. */
static bool says_nothing(const PlanField *field, const char *now, const char *was)
{
  return plan_field_is_of_line(field) && now[0] == '\0' && (was == NULL || was[0] == '\0');
}

static void print_fields(const PlanRow *latest, const PlanRow *in_force)
{
  g_autofree char *headers = NULL;
  g_autofree char *revision = plan_view_revision(latest);
  g_autofree char *published = in_force != NULL ? plan_view_revision(in_force) : NULL;

  headers = g_strconcat("FIELD|", published != NULL ? published : revision, published != NULL ? "|" : NULL,
                        revision, NULL);

  g_autoptr(Table) table = table_new(headers);

  for (guint i = 0; plan_field_at(i) != NULL; i++) {
    g_autofree char *now = plan_field_show(plan_field_at(i), latest->dates);
    g_autofree char *was = in_force != NULL ? plan_field_show(plan_field_at(i), in_force->dates) : NULL;

    if (says_nothing(plan_field_at(i), now, was))
      continue;
    table_cell(table, plan_field_name(plan_field_at(i)));
    if (was != NULL)
      table_cell_styled(table, was[0] != '\0' ? was : "unknown", was[0] != '\0' ? STYLE_PLAIN : STYLE_DIM);
    table_cell_styled(table, now[0] != '\0' ? now : "unknown",
                      now[0] == '\0'                            ? STYLE_DIM
                      : was != NULL && g_strcmp0(was, now) != 0 ? STYLE_BOLD
                                                                : STYLE_PLAIN);
  }
  table_print(table, stdout);
}

bool plan_view_overrides(Db *db, const PlanRow *row, GPtrArray **ret_overrides, GError **error)
{
  guint8 content[PLAN_EVENT_CONTENT_SIZE];

  plan_event_content(row->dates, content);
  return plan_event_store_overrides(db, row->plan, content, ret_overrides, error);
}

Json *plan_view_overrides_json(const GPtrArray *overrides)
{
  Json *list = json_array();

  for (guint i = 0; i < overrides->len; i++) {
    const PlanEvent *event = overrides->pdata[i];

    json_array_append_new(list,
                          json_pack("{s:o, s:o, s:o, s:o, s:o}", "rule", cli_json_text(event->rule), "by",
                                    cli_json_text(plan_event_who(event)), "role", cli_json_text(event->role),
                                    "reason", cli_json_text(event->reason), "day", cli_json_day(event->day)));
  }
  return list;
}

/* ": why", or "". */
static void print_why(const char *reason)
{
  printf("%s%s\n", reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* Who did what to `row`, in a line or two. */
static void print_people(const PlanRow *row)
{
  bool open = row->published_on == DAY_NONE;
  char day[DAY_TEXT_SIZE];

  if (row->plan == 0) {
    printf("no revision yet\n");
    return;
  }
  if (open && g_strcmp0(row->state, revision_state_key(REVISION_DRAFT)) == 0)
    printf("revision %d is a draft by %s", row->revision, row->author);
  else if (open && row->approved_by != NULL)
    printf("revision %d by %s", row->revision, row->author);
  else if (open)
    printf("revision %d by %s is %s", row->revision, row->author, row->state);
  else
    printf("revision %d published %s by %s", row->revision, day_format(row->published_on, day),
           row->published_by);
  if (row->approved_by != NULL)
    printf(", approved %s by %s", day_format(row->approved_on, day), row->approved_by);
  print_why(row->reason);
  if (row->withdrawn_on != DAY_NONE) {
    printf("revision %d withdrawn %s by %s", row->revision, day_format(row->withdrawn_on, day),
           row->withdrawn_by != NULL ? row->withdrawn_by : "nobody known");
    print_why(row->withdrawn_reason);
  }
}

static void print_overrides(const PlanRow *row, const GPtrArray *overrides)
{
  for (guint i = 0; i < overrides->len; i++) {
    const PlanEvent *event = overrides->pdata[i];
    char day[DAY_TEXT_SIZE];

    printf("%srevision %d overrides %s%s, signed %s by %s (%s)", term_begin(stdout, STYLE_YELLOW),
           row->revision, event->rule, term_end(stdout, STYLE_YELLOW), day_format(event->day, day),
           plan_event_who(event), event->role != NULL ? event->role : "no role");
    print_why(event->reason);
  }
}

void plan_view_print(const PlanRow *latest, const PlanRow *in_force, const GPtrArray *overrides, Day today)
{
  g_autofree char *name = plan_view_name(latest);
  const PlanRow *acting = in_force != NULL ? in_force : latest;
  Stage stage = stage_of(acting, today);
  char buffer[DAY_TEXT_SIZE];

  if (in_force != NULL && in_force->plan == latest->plan)
    in_force = NULL;
  printf("%s%s%s  %s\n", term_begin(stdout, STYLE_BOLD), name, term_end(stdout, STYLE_BOLD),
         latest->product_name_ja);
  printf("stage on %s: %s%s%s\n", day_format(today, buffer), term_begin(stdout, stage_styles[stage]),
         stage_key(stage), term_end(stdout, stage_styles[stage]));
  if (in_force != NULL)
    print_people(in_force);
  print_people(latest);
  print_overrides(latest, overrides);
  putchar('\n');
  print_fields(latest, in_force);
}

static void put_date(Table *table, const PlanRow *row, const char *field)
{
  g_autofree char *text = plan_field_show(plan_field_find(field), row->dates);

  table_cell_styled(table, text[0] != '\0' ? text : "unknown", text[0] != '\0' ? STYLE_PLAIN : STYLE_DIM);
}

void plan_view_print_list(const GPtrArray *rows, Day today)
{
  g_autoptr(Table) table = table_new("PRODUCT/RELEASE|REVISION|STAGE|EOL|EOS|LIMITED SUPPORT");

  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    Stage stage = stage_of(row, today);
    g_autofree char *name = plan_view_name(row);
    g_autofree char *revision = plan_view_revision(row);
    bool declared = limited_support_is_declared(&row->dates->limited_support);

    table_cell(table, name);
    table_cell(table, revision);
    table_cell_styled(table, stage_key(stage), stage_styles[stage]);
    put_date(table, row, "eol");
    put_date(table, row, "eos");
    table_cell_styled(table, declared ? row->dates->limited_support.doc : "not declared",
                      declared ? STYLE_PLAIN : STYLE_DIM);
  }
  table_print(table, stdout);
}

static void set_if_any(Json *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_new(object, key, cli_json_text(text));
}

static Json *limited_support_json(const LimitedSupport *plan)
{
  Json *lines = json_object(), *terms = json_object(), *terms_en = json_object();

  for (ServiceKind kind = 0; kind < SERVICE_COUNT; kind++) {
    const ServiceLine *line = &plan->line[kind];

    if (line->until != DAY_NONE)
      json_object_set_new(lines, service_kind_key(kind), cli_json_day(line->until));
    set_if_any(terms, service_kind_key(kind), line->terms_ja);
    set_if_any(terms_en, service_kind_key(kind), line->terms_en);
  }
  return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "declared",
                   limited_support_is_declared(plan), "doc", cli_json_text(plan->doc), "url",
                   cli_json_text(plan->url), "duties", cli_json_text(plan->duties_ja), "duties_en",
                   cli_json_text(plan->duties_en), "lines", lines, "terms", terms, "terms_en", terms_en,
                   "successor", cli_json_text(plan->successor), "rationale", cli_json_text(plan->rationale));
}

Json *plan_view_json(const PlanRow *row, Day today)
{
  Json *document =
      json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:o}", "product", row->product, "release",
                row->name, "market", row->market != NULL ? row->market : "*", "name", row->product_name_ja,
                "revision", row->revision, "state", cli_json_text(row->plan != 0 ? row->state : NULL),
                "stage", stage_key(stage_of(row, today)), "author", cli_json_text(row->author), "reason",
                cli_json_text(row->reason), "published_by", cli_json_text(row->published_by), "published_on",
                cli_json_day(row->published_on));
  json_object_set_new(document, "approved_by", cli_json_text(row->approved_by));
  json_object_set_new(document, "approved_on", cli_json_day(row->approved_on));
  json_object_set_new(document, "withdrawn_by", cli_json_text(row->withdrawn_by));
  json_object_set_new(document, "withdrawn_on", cli_json_day(row->withdrawn_on));
  json_object_set_new(document, "withdrawn_reason", cli_json_text(row->withdrawn_reason));

  for (Milestone milestone = 0; milestone < MILESTONE_COUNT; milestone++)
    json_object_set_new(document, milestone_key(milestone), cli_json_date(row->dates->date[milestone]));
  json_object_set_new(document, "announced_on", cli_json_date(row->dates->announced_on));
  json_object_set_new(document, "presented_on", cli_json_date(row->dates->presented_on));
  json_object_set_new(document, "limited_support", limited_support_json(&row->dates->limited_support));
  return document;
}
