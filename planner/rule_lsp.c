#include "planner/rule_lsp.h"

#include "planner/rule_report.h"

#define EOL_AND_EOS (MILESTONE_BIT(MILESTONE_EOL) | MILESTONE_BIT(MILESTONE_EOS))

static PlanDate eol(const RuleFacts *facts)
{
  return facts->plan->date[MILESTONE_EOL];
}

static PlanDate eos(const RuleFacts *facts)
{
  return facts->plan->date[MILESTONE_EOS];
}

RuleOutcome rule_lsp_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail)
{
  RuleOutcome dates = rule_report_need(facts->plan, EOL_AND_EOS, ret_detail);
  char day[DAY_TEXT_SIZE];

  if (dates != RULE_OK || !plan_date_coincide(eol(facts), eos(facts)))
    return dates;

  g_autofree char *missing = limited_support_missing(&facts->plan->limited_support);

  if (missing == NULL)
    return RULE_OK;
  return rule_report_broken(ret_detail, "EOL = EOS = %s; 未記入 / missing: %s",
                            rule_report_date(eol(facts), day), missing);
}

RuleOutcome rule_lsp_2a(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail)
{
  char eol_text[DAY_TEXT_SIZE], eos_text[DAY_TEXT_SIZE];

  if (eol(facts).state != DATE_KNOWN && eos(facts).state != DATE_KNOWN)
    return rule_report_need(facts->plan, EOL_AND_EOS, ret_detail);

  g_autofree char *missing = limited_support_missing(&facts->plan->limited_support);

  if (missing == NULL)
    return RULE_OK;
  return rule_report_broken(ret_detail, "EOL %s, EOS %s; 未記入 / missing: %s",
                            rule_report_date(eol(facts), eol_text), rule_report_date(eos(facts), eos_text),
                            missing);
}

RuleOutcome rule_lsp_2b(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail)
{
  RuleOutcome date = rule_report_need(facts->plan, MILESTONE_BIT(MILESTONE_EOS), ret_detail);
  char eol_text[DAY_TEXT_SIZE], eos_text[DAY_TEXT_SIZE];

  if (date != RULE_OK || eol(facts).state == DATE_KNOWN)
    return date;
  return rule_report_broken(ret_detail, "EOS %s, EOL %s", rule_report_date(eos(facts), eos_text),
                            rule_report_date(eol(facts), eol_text));
}

RuleOutcome rule_lsp_2c(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                        char **ret_detail)
{
  RuleOutcome date = rule_report_need(facts->plan, MILESTONE_BIT(MILESTONE_EOL), ret_detail);
  char day[DAY_TEXT_SIZE];

  if (date != RULE_OK || eos(facts).state == DATE_KNOWN)
    return date;
  if (eos(facts).state == DATE_UNKNOWN)
    return rule_report_unknown(ret_detail, milestone_key(MILESTONE_EOS));
  if (facts->today >= eol(facts).day)
    *severity = SEVERITY_ERROR;
  return rule_report_broken(ret_detail, "EOL %s, EOS tba", rule_report_date(eol(facts), day));
}

RuleOutcome rule_lsp_3(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail)
{
  RuleOutcome dates = rule_report_need(facts->plan, EOL_AND_EOS, ret_detail);
  char day[DAY_TEXT_SIZE];

  if (dates != RULE_OK || !plan_date_coincide(eol(facts), eos(facts)))
    return dates;
  if (!limited_support_is_declared(&facts->plan->limited_support))
    return RULE_NOT_APPLICABLE; /* LSP-1 speaks */
  return rule_report_broken(ret_detail, "EOL = EOS = %s", rule_report_date(eol(facts), day));
}

/* Imported history: presented in time, or late and with a reason. */
static bool presented_before_kigen(const RuleFacts *facts)
{
  PlanDate presented = facts->plan->presented_on;

  return presented.state == DATE_KNOWN && presented.day <= facts->today &&
         (presented.day <= eol(facts).day || facts->reason_given);
}

static RuleOutcome not_presented(const RuleFacts *facts, char **ret_detail)
{
  const char *names = facts->not_presented_names;
  char eol_text[DAY_TEXT_SIZE], presented[DAY_TEXT_SIZE];

  return rule_report_broken(
      ret_detail, "EOL %s, presented_on %s; 未提示 / not presented to: %" G_GINT64_FORMAT "%s%s%s",
      rule_report_date(eol(facts), eol_text), rule_report_date(facts->plan->presented_on, presented),
      facts->not_presented, names != NULL ? " (" : "", names != NULL ? names : "", names != NULL ? ")" : "");
}

/* What counts for one hospital, planner/presentation.h says. 「あらかじめ提示」 cannot be made good for by a
 * mere date, but a presentation that came too late and says why cures the finding, as a late presented_on
 * with a reason does (domain.md, LSP-4: «cured by»): what remains to be done is done, and the record says
 * that it was late. A late message says nothing of why, and cures nothing. From EOL on it is an error, unless
 * all who are left got their first unit lately and have days left. */
RuleOutcome rule_lsp_4(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                       char **ret_detail)
{
  RuleOutcome date = rule_report_need(facts->plan, MILESTONE_BIT(MILESTONE_EOL), ret_detail);

  if (date != RULE_OK)
    return date;
  if (facts->affected_organizations == 0)
    return RULE_NOT_APPLICABLE;
  if (presented_before_kigen(facts) || facts->not_presented == 0)
    return RULE_OK;
  if (facts->not_presented < 0)
    return rule_report_unknown(ret_detail, "医療機関への提示記録 / presentations to hospitals");
  if (facts->today >= eol(facts).day && facts->not_presented > facts->presentation_pending)
    *severity = SEVERITY_ERROR;
  return not_presented(facts, ret_detail);
}
