#include "planner/rule_dates.h"

#include "planner/rule_report.h"

#define EU_NOTICE_MONTHS 6 /* MDR art. 10a */

static PlanDate date_of(const RuleFacts *facts, Milestone milestone)
{
  return facts->plan->date[milestone];
}

static RuleOutcome need(const RuleFacts *facts, Milestone milestone, char **ret_detail)
{
  return rule_report_need(facts->plan, MILESTONE_BIT(milestone), ret_detail);
}

/* Appends "eol 2031-03-31 > eos 2030-03-31" when both are known and `first` is the later one. */
static void compare(const RuleFacts *facts, Milestone first, Milestone second, GString *wrong)
{
  PlanDate a = date_of(facts, first), b = date_of(facts, second);
  char a_text[DAY_TEXT_SIZE], b_text[DAY_TEXT_SIZE];

  if (a.state == DATE_KNOWN && b.state == DATE_KNOWN && a.day > b.day)
    g_string_append_printf(wrong, "%s%s %s > %s %s", wrong->len == 0 ? "" : ", ", milestone_key(first),
                           rule_report_date(a, a_text), milestone_key(second), rule_report_date(b, b_text));
}

RuleOutcome rule_dates_ord_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                             char **ret_detail)
{
  g_autoptr(GString) wrong = g_string_new(NULL);

  compare(facts, MILESTONE_EOL, MILESTONE_EOS, wrong);
  if (wrong->len > 0)
    return rule_report_broken(ret_detail, "%s", wrong->str);
  return rule_report_need(facts->plan, MILESTONE_BIT(MILESTONE_EOL) | MILESTONE_BIT(MILESTONE_EOS),
                          ret_detail);
}

RuleOutcome rule_dates_ord_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                             char **ret_detail)
{
  static const Milestone chain[] = { MILESTONE_GENERAL_AVAILABILITY, MILESTONE_END_OF_SALE, MILESTONE_EOL,
                                     MILESTONE_EOS };
  g_autoptr(GString) wrong = g_string_new(NULL);
  Milestone before = chain[0];

  /* A gap in the chain does not hide a wrong order: each known date against the known one before it. */
  for (gsize i = 1; i < G_N_ELEMENTS(chain); i++) {
    if (before != MILESTONE_EOL) /* EOL after EOS is ORD-1 */
      compare(facts, before, chain[i], wrong);
    if (date_of(facts, chain[i]).state == DATE_KNOWN)
      before = chain[i];
  }
  compare(facts, MILESTONE_SECURITY_SUPPORT_END, MILESTONE_EOS, wrong);
  if (wrong->len > 0)
    return rule_report_broken(ret_detail, "%s", wrong->str);
  return rule_report_rest(facts->plan,
                          MILESTONE_BIT(MILESTONE_GENERAL_AVAILABILITY) |
                              MILESTONE_BIT(MILESTONE_END_OF_SALE) |
                              MILESTONE_BIT(MILESTONE_SECURITY_SUPPORT_END) | MILESTONE_BIT(MILESTONE_EOL) |
                              MILESTONE_BIT(MILESTONE_EOS),
                          ret_detail);
}

Day rule_dates_told_on(const RuleFacts *facts, Milestone milestone)
{
  return facts->told[milestone] != DAY_NONE ? facts->told[milestone] : facts->today;
}

RuleOutcome rule_dates_lead_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  static const Milestone ends[] = { MILESTONE_EOL, MILESTONE_EOS };
  g_autoptr(GString) wrong = g_string_new(NULL);
  char told_text[DAY_TEXT_SIZE], end_text[DAY_TEXT_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    PlanDate end = date_of(facts, ends[i]);

    if (end.state != DATE_KNOWN)
      continue;

    Day told = rule_dates_told_on(facts, ends[i]);
    int months = day_months_between(told, end.day);

    if (months < policy->lead_months)
      g_string_append_printf(wrong, "%s公表 / announced %s, %s %s: %d < %d か月 / months",
                             wrong->len == 0 ? "" : "; ", day_format(told, told_text), milestone_key(ends[i]),
                             day_format(end.day, end_text), months, policy->lead_months);
  }
  if (wrong->len > 0)
    return rule_report_broken(ret_detail, "%s", wrong->str);
  return rule_report_rest(facts->plan, MILESTONE_BIT(MILESTONE_EOL) | MILESTONE_BIT(MILESTONE_EOS),
                          ret_detail);
}

RuleOutcome rule_dates_lead_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  RuleOutcome date = need(facts, MILESTONE_EOS, ret_detail);
  char day[DAY_TEXT_SIZE];

  if (date != RULE_OK)
    return date;

  if (facts->affected_organizations == 0)
    return RULE_NOT_APPLICABLE; /* nobody to transfer it to */

  Day eos = date_of(facts, MILESTONE_EOS).day;

  if (facts->transfer == TRANSFER_BEGUN ||
      facts->today < day_add_months(eos, -policy->transfer_warning_months))
    return RULE_OK;
  if (facts->transfer == TRANSFER_UNKNOWN && rule_report_is_announced(facts))
    return rule_report_unknown(ret_detail, "責任移転の開始 / begin of the transfer of responsibility");
  if (facts->today >= day_add_months(eos, -policy->transfer_error_months))
    *severity = SEVERITY_ERROR;
  return rule_report_broken(ret_detail, "EOS %s: 残り / left %d か月 / months", day_format(eos, day),
                            day_months_between(facts->today, eos));
}

RuleOutcome rule_dates_parts_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail)
{
  RuleOutcome date = need(facts, MILESTONE_EOS, ret_detail);
  g_autoptr(GString) wrong = g_string_new(NULL);
  char day[DAY_TEXT_SIZE], eos_text[DAY_TEXT_SIZE];

  if (date != RULE_OK)
    return date;

  Day eos = date_of(facts, MILESTONE_EOS).day;

  for (int i = MILESTONE_PARTS_UNTIL; i <= MILESTONE_REPAIR_UNTIL; i++) {
    PlanDate until = date_of(facts, (Milestone)i);

    if (until.state == DATE_KNOWN && until.day > eos)
      g_string_append_printf(wrong, ", %s %s", milestone_key((Milestone)i), day_format(until.day, day));
  }
  for (int i = 0; i < SERVICE_COUNT; i++) {
    Day until = facts->plan->limited_support.line[i].until;

    if (until != DAY_NONE && until > eos)
      g_string_append_printf(wrong, ", %s %s", service_kind_key((ServiceKind)i), day_format(until, day));
  }
  if (wrong->len > 0)
    return rule_report_broken(ret_detail, "EOS %s%s", day_format(eos, eos_text), wrong->str);
  return rule_report_rest(
      facts->plan, MILESTONE_BIT(MILESTONE_PARTS_UNTIL) | MILESTONE_BIT(MILESTONE_REPAIR_UNTIL), ret_detail);
}

RuleOutcome rule_dates_parts_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail)
{
  RuleOutcome dates = rule_report_need(
      facts->plan, MILESTONE_BIT(MILESTONE_EOS) | MILESTONE_BIT(MILESTONE_PARTS_UNTIL), ret_detail);
  g_autoptr(GString) wrong = g_string_new(NULL);

  if (dates != RULE_OK)
    return dates;
  if (date_of(facts, MILESTONE_PARTS_UNTIL).day >= date_of(facts, MILESTONE_EOS).day)
    return RULE_OK;
  compare(facts, MILESTONE_EOS, MILESTONE_PARTS_UNTIL, wrong);
  return rule_report_broken(ret_detail, "%s", wrong->str);
}

RuleOutcome rule_dates_life_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  RuleOutcome dates = rule_report_need(
      facts->plan, MILESTONE_BIT(MILESTONE_EOL) | MILESTONE_BIT(MILESTONE_END_OF_SALE), ret_detail);
  char eol_text[DAY_TEXT_SIZE], sale_text[DAY_TEXT_SIZE];

  if (dates != RULE_OK)
    return dates;
  if (facts->useful_life_years < 0)
    return rule_report_unknown(ret_detail, "useful_life_years");

  Day eol = date_of(facts, MILESTONE_EOL).day, sale = date_of(facts, MILESTONE_END_OF_SALE).day;
  Day life_end = day_add_months(sale, MIN(facts->useful_life_years, 9999) * 12);

  if (life_end != DAY_NONE && eol >= life_end)
    return RULE_OK;
  return rule_report_broken(ret_detail, "EOL %s < end_of_sale %s + %d 年 / years", day_format(eol, eol_text),
                            day_format(sale, sale_text), facts->useful_life_years);
}

RuleOutcome rule_dates_lease_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail)
{
  RuleOutcome date = need(facts, MILESTONE_EOS, ret_detail);
  char eos_text[DAY_TEXT_SIZE], contract_text[DAY_TEXT_SIZE];

  if (date != RULE_OK)
    return date;
  if (facts->latest_contract_end == DAY_NONE)
    return rule_report_unknown(ret_detail, "contract_until, lease_end");

  Day eos = date_of(facts, MILESTONE_EOS).day;

  if (eos >= facts->bare_contract_end) /* every other one ends by the EOS that its customer has */
    return RULE_OK;
  return rule_report_broken(ret_detail, "EOS %s < 契約終了 / contract end %s", day_format(eos, eos_text),
                            day_format(facts->bare_contract_end, contract_text));
}

RuleOutcome rule_dates_eu_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                            char **ret_detail)
{
  RuleOutcome date = need(facts, MILESTONE_END_OF_SALE, ret_detail);
  char told_text[DAY_TEXT_SIZE], end_text[DAY_TEXT_SIZE];

  if (date != RULE_OK)
    return date;

  Day told = rule_dates_told_on(facts, MILESTONE_END_OF_SALE);
  Day end = date_of(facts, MILESTONE_END_OF_SALE).day;
  int months = day_months_between(told, end);

  if (facts->serious_harm == HARM_NO || months >= EU_NOTICE_MONTHS)
    return RULE_OK;
  if (facts->serious_harm == HARM_UNKNOWN)
    return rule_report_unknown(ret_detail, "serious_harm");
  return rule_report_broken(ret_detail, "公表 / announced %s, end_of_sale %s: %d < %d か月 / months",
                            day_format(told, told_text), day_format(end, end_text), months, EU_NOTICE_MONTHS);
}
