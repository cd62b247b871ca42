#include "planner/rule_report.h"

RuleOutcome rule_report_unknown(char **ret_detail, const char *missing)
{
  *ret_detail = g_strdup_printf("データなし / no data: %s", missing);
  return RULE_UNKNOWN;
}

RuleOutcome rule_report_need(const SupportPlan *plan, guint milestones, char **ret_detail)
{
  g_autoptr(GString) unknown = g_string_new(NULL);
  RuleOutcome outcome = RULE_OK;

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if ((milestones & MILESTONE_BIT(i)) == 0 || plan->date[i].state == DATE_KNOWN)
      continue;
    outcome = RULE_NOT_APPLICABLE;
    if (plan->date[i].state == DATE_UNKNOWN)
      g_string_append_printf(unknown, "%s%s", unknown->len == 0 ? "" : ", ", milestone_key((Milestone)i));
  }
  return unknown->len == 0 ? outcome : rule_report_unknown(ret_detail, unknown->str);
}

RuleOutcome rule_report_rest(const SupportPlan *plan, guint milestones, char **ret_detail)
{
  RuleOutcome outcome = rule_report_need(plan, milestones, ret_detail);

  for (int i = 0; outcome == RULE_NOT_APPLICABLE && i < MILESTONE_COUNT; i++) {
    if ((milestones & MILESTONE_BIT(i)) != 0 && plan->date[i].state == DATE_KNOWN)
      outcome = RULE_OK;
  }
  return outcome;
}

RuleOutcome rule_report_broken(char **ret_detail, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  *ret_detail = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return RULE_BROKEN;
}

const SupportPlan *rule_report_in_force(const RuleFacts *facts)
{
  return facts->published ? facts->plan : facts->in_force;
}

bool rule_report_is_announced(const RuleFacts *facts)
{
  PlanDate announced = facts->plan->announced_on;

  return rule_report_in_force(facts) != NULL ||
         (announced.state == DATE_KNOWN && announced.day <= facts->today);
}

const char *rule_report_date(PlanDate date, char buffer[static DAY_TEXT_SIZE])
{
  const char *stored = plan_date_to_store(date, buffer);

  return stored != NULL ? stored : "-";
}
