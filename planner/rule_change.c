#include "planner/rule_change.h"

#include "planner/rule_report.h"

/* One published date, as it was and as it shall be. */
typedef struct {
  const char *name;
  PlanDate was, now;
  bool starts; /* begins something, or ends only its sale: a customer loses nothing when it comes earlier */
} Change;

#define DATES (MILESTONE_COUNT + SERVICE_COUNT)

static PlanDate line_date(const SupportPlan *plan, int kind)
{
  Day until = plan->limited_support.line[kind].until;

  return until == DAY_NONE ? (PlanDate){ DATE_UNKNOWN, DAY_NONE } : plan_date_known(until);
}

/* The i-th published date. */
static Change change_of(const RuleFacts *facts, int i)
{
  if (i < MILESTONE_COUNT)
    return (Change){ milestone_key((Milestone)i), facts->in_force->date[i], facts->plan->date[i],
                     i == MILESTONE_GENERAL_AVAILABILITY || i == MILESTONE_END_OF_SALE };
  i -= MILESTONE_COUNT;
  return (Change){ service_kind_key((ServiceKind)i), line_date(facts->in_force, i), line_date(facts->plan, i),
                   false };
}

/* A service line that is dropped ends today; a milestone whose date is taken back ends at no day. */
static bool moves_earlier(const Change *change, int i, Day today, Day *ret_now)
{
  bool dropped = i >= MILESTONE_COUNT && change->now.state != DATE_KNOWN;

  if (change->was.state != DATE_KNOWN || change->starts || (change->now.state != DATE_KNOWN && !dropped))
    return false;
  *ret_now = dropped ? today : change->now.day;
  return *ret_now < change->was.day;
}

static void tell(GString *text, const Change *change)
{
  char was[DAY_TEXT_SIZE], now[DAY_TEXT_SIZE];

  g_string_append_printf(text, "%s%s %s → %s", text->len == 0 ? "" : ", ", change->name,
                         rule_report_date(change->was, was), rule_report_date(change->now, now));
}

RuleOutcome rule_change_chg_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  g_autoptr(GString) changes = g_string_new(NULL);

  for (int i = 0; facts->in_force != NULL && i < DATES; i++) {
    Change change = change_of(facts, i);

    if (change.was.state == DATE_KNOWN && !plan_date_equal(change.was, change.now))
      tell(changes, &change);
  }
  if (changes->len == 0)
    return RULE_NOT_APPLICABLE;
  return facts->reason_given ? RULE_OK : rule_report_broken(ret_detail, "%s", changes->str);
}

RuleOutcome rule_change_chg_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  g_autoptr(GString) changes = g_string_new(NULL);
  bool earlier = false;

  for (int i = 0; facts->in_force != NULL && i < DATES; i++) {
    Change change = change_of(facts, i);
    Day now = DAY_NONE;

    if (!moves_earlier(&change, i, facts->today, &now))
      continue;
    earlier = true;
    if (day_months_between(facts->today, now) < policy->lead_months)
      tell(changes, &change);
  }
  if (changes->len > 0)
    return rule_report_broken(ret_detail, "%s", changes->str);
  return earlier ? RULE_OK : RULE_NOT_APPLICABLE;
}
