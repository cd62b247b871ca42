#include "notifier/cli/impact_view.h"

#include "notifier/cli/due.h"
#include "notifier/cli/impact_verdict.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/table.h"

#include <stdlib.h>
#include <string.h>

#define REMINDERS_SHOWN 12

static void print_title(const char *title)
{
  printf("\n%s%s%s\n", term_begin(stdout, STYLE_BOLD), title, term_end(stdout, STYLE_BOLD));
}

static const char *plural(gint64 n, const char *one, const char *many)
{
  return n == 1 ? one : many;
}

/* What would be published, and in whose place. */
static void print_head(const ImpactReport *report)
{
  const PlanRow *row = report->row, *in_force = report->in_force;
  g_autofree char *name = plan_view_name(row);
  char day[DAY_TEXT_SIZE];

  printf("%s%s%s  %s\n", term_begin(stdout, STYLE_BOLD), name, term_end(stdout, STYLE_BOLD),
         row->product_name_ja != NULL ? row->product_name_ja : "");
  if (report->idle) {
    printf("%s is in force and no draft is open: nothing would change\n", report->base);
    return;
  }
  printf("%s%s would be revision %d", report->base, report->edited ? ", changed as given," : "",
         row->revision);
  if (in_force == NULL)
    printf(", the first plan in force\n");
  else
    printf(", in place of revision %d%s (published %s)\n", in_force->revision,
           g_str_equal(in_force->market, row->market) ? "" : " for every market",
           day_format(in_force->published_on, day));
  if (report->impact.nothing)
    printf("nothing would change: it says what is in force\n");
}

/* Date `i`, as `plan show` has it; a service line that there is not is none. */
static void put_date(Table *table, int i, PlanDate date, TermStyle style)
{
  const char *unknown = i < MILESTONE_COUNT ? "unknown" : "none";
  char buffer[DAY_TEXT_SIZE];

  if (date.state == DATE_KNOWN)
    table_cell_styled(table, day_format(date.day, buffer), style);
  else
    table_cell_styled(table, date.state == DATE_TBA ? "not announced" : unknown, STYLE_DIM);
}

static char *moves_text(const ImpactDate *date)
{
  if (date->moves == 0)
    return g_strdup("");
  return g_strdup_printf("%d %s %s", abs(date->moves), plural(abs(date->moves), "day", "days"),
                         date->moves > 0 ? "later" : "earlier");
}

/* "120 move, 2 change their words". Own string. */
static char *events_text(const ImpactReport *report, int i)
{
  static const char *const words[CALENDAR_EVENT_CHANGE_COUNT][2] = {
    { "", "" },          { "stays as it is", "stay as they are" },      { "appears", "appear" },
    { "moves", "move" }, { "changes its words", "change their words" }, { "is cancelled", "are cancelled" }
  };
  g_autoptr(GString) text = g_string_new(NULL);
  CalendarEventChange event = report->impact.date[i].event;

  for (int k = CALENDAR_EVENT_STAYS; event != CALENDAR_EVENT_NONE && k < CALENDAR_EVENT_CHANGE_COUNT; k++) {
    gint64 n = impact_report_events_of(report, i, (CalendarEventChange)k);

    if (n > 0 || k == (int)event)
      g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s", text->len > 0 ? ", " : "", n,
                             words[k][n == 1 ? 0 : 1]);
  }
  return g_strdup(text->str);
}

static void print_dates(const ImpactReport *report)
{
  g_autoptr(Table) table = table_new("DATE|WAS|WOULD BE|MOVES|EVENTS IN CALENDARS");
  gint64 paired = impact_report_paired(report);

  for (int i = 0; i < PUBLISHED_DATES; i++) {
    const ImpactDate *date = &report->impact.date[i];
    bool same = plan_date_equal(date->was, date->now);
    g_autofree char *moves = moves_text(date), *events = events_text(report, i);

    if (date->was.state == DATE_UNKNOWN && date->now.state == DATE_UNKNOWN)
      continue;
    table_cell(table, published_date_key(i));
    put_date(table, i, date->was, STYLE_PLAIN);
    put_date(table, i, date->now, same ? STYLE_PLAIN : STYLE_BOLD);
    table_cell_styled(table, moves, date->is_short ? STYLE_RED : STYLE_PLAIN);
    table_cell_styled(table, events, date->event == CALENDAR_EVENT_STAYS ? STYLE_DIM : STYLE_PLAIN);
  }
  putchar('\n');
  table_print(table, stdout);
  if (paired > 0)
    printf("%" G_GINT64_FORMAT " %s when units end that are made of this release too, and %s\n", paired,
           plural(paired, "event of another release says", "events of other releases say"),
           plural(paired, "changes its words", "change their words"));
}

/* True for the field of a date that print_dates shows. */
static bool is_shown(const char *field)
{
  const char *kind = g_str_has_prefix(field, "line.") ? field + strlen("line.") : "";
  Milestone milestone;
  ServiceKind service;

  return milestone_parse(field, &milestone) || service_kind_parse(kind, &service);
}

/* What changes besides the dates, by name. */
static void print_other_fields(const ImpactReport *report)
{
  g_autoptr(GString) names = g_string_new(NULL);
  const char *field = NULL;
  json_t *pair = NULL;

  json_object_foreach(report->changes, field, pair)
  {
    if (!is_shown(field))
      g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", field);
  }
  if (names->len > 0 && report->in_force != NULL)
    printf("changed besides: %s\n", names->str);
}

static void print_who(const ImpactReport *report)
{
  const ImpactCounts *counts = report->counts;
  g_autoptr(Table) table = table_new("CONCERNED|>ORGANIZATIONS|>DEVICES");

  if (!report->installed_base) {
    printf("\nwhom it concerns is not known: the store holds no installed base yet (kigen import devices "
           "FILE)\n");
    return;
  }
  for (int i = 0; i < IMPACT_ROLE_COUNT; i++) {
    if (counts->role[i] == 0)
      continue;
    table_cell(table, impact_role_key((ImpactRole)i));
    table_cell_int(table, counts->role[i]);
    table_cell_int(table, counts->role_units[i]);
  }
  table_cell_styled(table, "all, each once", STYLE_BOLD);
  table_cell_int(table, counts->organizations);
  table_cell_int(table, counts->devices);
  putchar('\n');
  table_print(table, stdout);
}

static void print_names(const ImpactNames *names)
{
  g_autoptr(Table) table = table_new("CODE|NAME");
  guint shown = names->names != NULL ? names->names->len : 0;

  for (guint i = 0; i < shown; i++) {
    const ImpactName *name = names->names->pdata[i];

    table_cell(table, name->code);
    table_cell(table, name->name);
  }
  table_print_body(table, 2, stdout);
  if (names->count > shown)
    printf("  … and %" G_GINT64_FORMAT " more: --all-names lists them\n", names->count - shown);
}

static void print_unreachable(const ImpactCounts *counts)
{
  if (counts->unreachable.count == 0)
    return;
  printf("%s%" G_GINT64_FORMAT " %s no contact that can be reached, and would get a letter:%s\n",
         term_begin(stdout, STYLE_YELLOW), counts->unreachable.count,
         plural(counts->unreachable.count, "organization has", "organizations have"),
         term_end(stdout, STYLE_YELLOW));
  print_names(&counts->unreachable);
}

static void print_messages(const ImpactReport *report)
{
  const ImpactCounts *counts = report->counts;
  g_autoptr(Table) table = table_new("GOES OUT TODAY|>NEW MESSAGES|>INTO ONE THAT WAITS");

  if (report->idle || counts->organizations == 0)
    return;
  for (int i = 0; i < IMPACT_CHANNEL_COUNT; i++) {
    if (counts->made[i] + counts->joined[i] == 0)
      continue;
    table_cell(table, impact_channel_key((ImpactChannel)i));
    table_cell_int(table, counts->made[i]);
    table_cell_int(table, counts->joined[i]);
  }
  putchar('\n');
  table_print(table, stdout);
  printf("to %" G_GINT64_FORMAT " %s: the announcement to %" G_GINT64_FORMAT " %s, the change notice to"
         " %" G_GINT64_FORMAT "\n",
         counts->contacts, plural(counts->contacts, "contact", "contacts"), counts->announced,
         plural(counts->announced, "organization", "organizations"), counts->changed);
  if (counts->superseded > 0)
    printf("%" G_GINT64_FORMAT " %s and would not go any more: overtaken\n", counts->superseded,
           plural(counts->superseded, "message waits", "messages wait"));
  if (counts->thinned > 0)
    printf("%" G_GINT64_FORMAT " %s for something else too, and would go without what is overtaken\n",
           counts->thinned, plural(counts->thinned, "message waits", "messages wait"));
  print_unreachable(counts);
}

static void put_reminder(Table *table, const ImpactReport *report, const ImpactReminder *reminder)
{
  const ScheduledNotice *notice = &reminder->notice;
  g_autofree char *lead = due_lead_text(notice);
  char was[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];

  table_cell(table, notice_kind_key(notice->kind));
  table_cell(table, lead);
  table_cell(table, reminder->was != DAY_NONE ? day_format(reminder->was, was) : "-");
  table_cell(table, reminder->change != IMPACT_REMINDER_GOES ? day_format(notice->due, due) : "-");
  table_cell(table, impact_reminder_change_key(reminder->change));
  if (reminder->change != IMPACT_REMINDER_GOES)
    table_cell_int(table, impact_report_reminded(report, notice));
  else
    table_cell(table, "-");
}

/* The next that come, go or move. */
static void print_reminders(const ImpactReport *report)
{
  g_autoptr(Table) table = table_new("REMINDER|LEAD TIME|WAS DUE|WOULD BE DUE|SO IT|>ORGANIZATIONS");
  guint changed = 0;

  for (guint i = 0; i < report->reminders->len; i++) {
    const ImpactReminder *reminder = &g_array_index(report->reminders, ImpactReminder, i);

    if (reminder->change == IMPACT_REMINDER_STAYS)
      continue;
    if (changed++ < REMINDERS_SHOWN)
      put_reminder(table, report, reminder);
  }
  if (changed == 0)
    return;
  putchar('\n');
  table_print(table, stdout);
  if (changed > REMINDERS_SHOWN)
    printf("… and %u more, later\n", changed - REMINDERS_SHOWN);
}

/* Who would learn of an end too late. */
static void print_short(const ImpactReport *report)
{
  const ImpactNames *customers = impact_report_short(report);
  g_autofree char *title = NULL;
  char day[DAY_TEXT_SIZE];

  if (customers->count == 0)
    return;
  title =
      g_strdup_printf("%" G_GINT64_FORMAT " %s left with less than %d months", customers->count,
                      plural(customers->count, "customer is", "customers are"), report->policy->lead_months);
  print_title(title);
  for (int i = 0; i < PUBLISHED_DATES; i++) {
    const ImpactDate *date = &report->impact.date[i];
    int left = (int)date->ends - (int)report->today;

    if (date->is_short && left >= 0)
      printf("  %s %s: %d %s left\n", published_date_key(i), day_format(date->ends, day), left,
             plural(left, "day", "days"));
    else if (date->is_short)
      printf("  %s %s: over since %d %s\n", published_date_key(i), day_format(date->ends, day), -left,
             plural(-left, "day", "days"));
  }
  print_names(customers);
  if (report->counts->extended > 0)
    printf("  %" G_GINT64_FORMAT " %s a later EOS by contract\n", report->counts->extended,
           plural(report->counts->extended, "customer has", "customers have"));
}

void impact_view_print(const ImpactReport *report)
{
  print_head(report);
  print_dates(report);
  print_other_fields(report);
  print_who(report);
  print_messages(report);
  print_reminders(report);
  print_short(report);
  impact_verdict_print(report);
}
