#include "notifier/cli/impact_report.h"

#include "db/user_store.h"
#include "notifier/cli/due.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/plan_ready.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/terms.h"
#include "planner/revision.h"

#include <string.h>

#define NAMES_SHOWN 20

void impact_report_free(ImpactReport *report)
{
  if (report == NULL)
    return;
  plan_row_free(report->row);
  plan_row_free(report->in_force);
  g_free(report->base);
  g_free(report->refused_by);
  g_free(report->reason_for);
  impact_counts_free(report->counts);
  g_clear_pointer(&report->reminders, g_array_unref);
  g_clear_pointer(&report->findings, g_ptr_array_unref);
  g_clear_pointer(&report->changes, json_decref);
  g_free(report);
}

static bool is_state(const PlanRow *row, const char *state)
{
  return row->plan != 0 && strcmp(row->state, state) == 0;
}

static bool is_open(const PlanRow *row)
{
  return is_state(row, "draft") || is_state(row, "submitted") || is_state(row, "approved");
}

/* Makes report->row, which is the latest revision, the one that would be published: with the words of the
 * command line, and where it is none that is open, the next one. */
static bool edit(const Args *args, ImpactReport *report, GError **error)
{
  PlanRow *row = report->row;
  g_autoptr(SupportPlan) plan = support_plan_copy(row->dates);

  if (args_count(args) == 1 && !is_open(row) && !is_state(row, "published")) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s/%s: no draft is open and no plan is in force: say what it would be (FIELD=VALUE)",
                row->product, row->name);
    return false;
  }
  if (!plan_edit_apply(args, 1, plan, error))
    return false;
  report->base = plan_view_revision(row);
  report->edited = !support_plan_equal(plan, row->dates);
  report->idle = !report->edited && is_state(row, "published");
  if (report->idle || (is_open(row) && !report->edited))
    return true;
  if (!is_open(row))
    row->revision++;
  /* What was approved or signed was so for other words. */
  row->plan = 0;
  g_free(row->state);
  row->state = g_strdup("draft");
  support_plan_free(row->dates);
  row->dates = g_steal_pointer(&plan);
  return true;
}

static bool find(Db *db, const Args *args, ImpactReport *report, GError **error)
{
  const char *market = args_text(args, "market") != NULL ? args_text(args, "market") : "*";
  g_autoptr(SupportPlan) nothing = support_plan_new();

  if (!plan_edit_find(db, args_word(args, 0), market, &report->row, error) || !edit(args, report, error) ||
      !plan_store_replaced(db, report->row->release, market, &report->in_force, error))
    return false;
  report->changes =
      plan_edit_changes(report->in_force != NULL ? report->in_force->dates : nothing, report->row->dates);
  return true;
}

/* True when `rule` stands in the way, whatever reason is given. */
static bool refuses(const GPtrArray *findings, const Rule *rule)
{
  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (finding->rule == rule && rule_finding_blocks(finding, true))
      return true;
  }
  return false;
}

/* Names what stands in the way: of a publication with a reason (`findings`), and only of one without (of
 * `unreasoned`), unless that is `given`. */
static void sum_up(ImpactReport *report, const GPtrArray *unreasoned, bool given)
{
  g_autoptr(GString) refused_by = g_string_new(NULL);
  g_autoptr(GString) reason_for = g_string_new(NULL);

  for (guint i = 0; i < unreasoned->len; i++) {
    const RuleFinding *finding = unreasoned->pdata[i];
    GString *ids = refuses(report->findings, finding->rule) ? refused_by : reason_for;

    if (rule_finding_blocks(finding, false))
      g_string_append_printf(ids, "%s%s", ids->len > 0 ? ", " : "", finding->rule->id);
  }
  report->refused_by = g_strdup(refused_by->str);
  report->reason_for = g_strdup(given ? "" : reason_for->str);
}

/* Asks the rules, about a publication that comes with a reason and about one that does not. */
static bool judge(Db *db, ImpactReport *report, GError **error)
{
  g_autoptr(PlanFacts) owner = NULL;
  g_autoptr(GPtrArray) unreasoned = NULL;
  bool given = false, two_people = false;

  if (!plan_store_facts(db, report->row, report->today, false, &owner, error) ||
      !plan_ready_reason_given(db, report->row, NULL, &given, error) ||
      !user_store_any(db, &two_people, error))
    return false;

  RuleFacts facts = *plan_facts_get(owner);

  unreasoned = rule_check(&facts, report->policy);
  facts.reason_given = true;
  report->findings = rule_check(&facts, report->policy);
  sum_up(report, unreasoned, given);
  report->problem = report->idle ? NULL : plan_ready_problem(report->row, two_people);
  report->installed_base = facts.affected_organizations >= 0;
  if (report->idle)
    facts.in_force = facts.plan; /* the rules see it replace nothing, but it is what is there */
  impact_compare(&facts, report->policy, &report->impact);
  return true;
}

static bool count(Db *db, const Args *args, ImpactReport *report, GError **error)
{
  const ImpactDate *eol = &report->impact.date[MILESTONE_EOL], *eos = &report->impact.date[MILESTONE_EOS];
  ImpactTerms terms = { .release = report->row->release,
                        .market = report->row->market,
                        .revision = report->row->revision,
                        .today = report->today,
                        .names = args_flag(args, "all-names") ? G_MAXUINT : NAMES_SHOWN,
                        .eos = eos->now,
                        .was_eos = eos->was,
                        .eol_changes = !plan_date_equal(eol->was, eol->now),
                        .but_extended = !impact_is_short(&report->impact, true) };

  return impact_store_count(db, &terms, &report->counts, error);
}

static bool schedule(Db *db, const BusinessCalendar *calendar, ImpactReport *report, GError **error)
{
  g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));
  g_autoptr(GArray) after = NULL;
  guint months = 0;

  for (int month = 1; month <= 12; month++)
    if (report->counts->budget_month[month] > 0)
      months |= 1u << month;
  if (report->in_force != NULL) {
    g_clear_pointer(&before, g_array_unref);
    if (!due_list_months(db, report->in_force, report->policy, calendar, report->today, months, &before,
                         error))
      return false;
  }
  if (report->idle)
    after = g_array_ref(before);
  else if (!due_if_published(db, report->row, report->policy, calendar, report->today, months, &after, error))
    return false;
  report->reminders = impact_reminders(before, after);
  return true;
}

bool impact_report_make(Cli *cli, const Args *args, ImpactReport **ret_report, GError **error)
{
  g_autoptr(ImpactReport) report = g_new0(ImpactReport, 1);
  g_autoptr(BusinessCalendar) calendar = NULL;
  Db *db = NULL;

  if (!cli_today(cli, &report->today, error) || !cli_store(cli, DB_READ, &db, error) ||
      !db_begin_read(db, error) || !terms_load(cli, db, report->today, &report->policy, &calendar, error))
    return false;
  if (!find(db, args, report, error) || !judge(db, report, error) || !count(db, args, report, error) ||
      !schedule(db, calendar, report, error))
    return false;
  db_end_read(db);
  *ret_report = g_steal_pointer(&report);
  return true;
}

gint64 impact_report_events_of(const ImpactReport *report, int i, CalendarEventChange change)
{
  CalendarEventChange event = report->impact.date[i].event;
  gint64 still = i == MILESTONE_EOS && event == CALENDAR_EVENT_MOVES ? report->counts->still : 0;

  if (event == change)
    return report->counts->events - still;
  return change == CALENDAR_EVENT_CHANGES ? still : 0; /* the day stays, but not the plan's that it says */
}

gint64 impact_report_paired(const ImpactReport *report)
{
  return report->counts->paired_eol + report->counts->paired_eos;
}

gint64 impact_report_events(const ImpactReport *report, CalendarEventChange change)
{
  gint64 events = change == CALENDAR_EVENT_CHANGES ? impact_report_paired(report) : 0;

  for (int i = 0; i < MILESTONE_COUNT; i++)
    events += impact_report_events_of(report, i, change);
  return events;
}

gint64 impact_report_messages(const ImpactReport *report)
{
  gint64 messages = 0;

  for (int i = 0; i < IMPACT_CHANNEL_COUNT && !report->idle; i++)
    messages += report->counts->made[i];
  return messages;
}

const ImpactNames *impact_report_short(const ImpactReport *report)
{
  static const ImpactNames nobody = { 0, NULL };

  return impact_is_short(&report->impact, false) ? &report->counts->customers : &nobody;
}

/* Of those whose EOS a contract extended to that day. */
static gint64 extended_reminded(const ImpactCounts *counts, const ScheduledNotice *notice)
{
  gint64 n = 0;

  for (guint i = 0; i < counts->extensions->len; i++) {
    const ImpactExtended *extended = &g_array_index(counts->extensions, ImpactExtended, i);

    if (extended->until == notice->extended_eos &&
        (notice->budget_month == 0 || extended->budget_month == notice->budget_month))
      n += notice->kind == NOTICE_EOS_REMINDER ? extended->asked : extended->organizations;
  }
  return n;
}

gint64 impact_report_reminded(const ImpactReport *report, const ScheduledNotice *notice)
{
  const ImpactCounts *counts = report->counts;

  if (notice->extended_eos != DAY_NONE)
    return extended_reminded(counts, notice);
  if (notice->kind == NOTICE_EOS_REACHED)
    return counts->eos_ends;
  if (notice->kind == NOTICE_EOS_REMINDER)
    return counts->eos_asked[notice->budget_month];
  return notice->budget_month != 0 ? counts->budget_month[notice->budget_month] : counts->organizations;
}
