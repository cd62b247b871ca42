#include "planner/rule_change.h"

#include "planner/published_date.h"
#include "planner/rule_report.h"

/* "eol 2031-03-31 → 2030-03-31", behind what `text` has. */
static void tell(const RuleFacts *facts, int i, GString *text)
{
  char was[DAY_TEXT_SIZE], now[DAY_TEXT_SIZE];

  g_string_append_printf(text, "%s%s %s → %s", text->len == 0 ? "" : ", ", published_date_key(i),
                         rule_report_date(published_date_of(facts->in_force, i), was),
                         rule_report_date(published_date_of(facts->plan, i), now));
}

RuleOutcome rule_change_chg_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  g_autoptr(GString) changes = g_string_new(NULL);

  for (int i = 0; facts->in_force != NULL && i < PUBLISHED_DATES; i++) {
    PlanDate was = published_date_of(facts->in_force, i);

    if (was.state == DATE_KNOWN && !plan_date_equal(was, published_date_of(facts->plan, i)))
      tell(facts, i, changes);
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

  for (int i = 0; facts->in_force != NULL && i < PUBLISHED_DATES; i++) {
    Day now = DAY_NONE;

    if (!published_date_moves_earlier(facts->in_force, facts->plan, i, facts->today, &now))
      continue;
    earlier = true;
    if (day_months_between(facts->today, now) < policy->lead_months)
      tell(facts, i, changes);
  }
  if (changes->len > 0)
    return rule_report_broken(ret_detail, "%s", changes->str);
  return earlier ? RULE_OK : RULE_NOT_APPLICABLE;
}
