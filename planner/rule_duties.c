#include "planner/rule_duties.h"

#include "planner/conformity.h"
#include "planner/rule_report.h"

static bool is_over(PlanDate date, Day today)
{
  return date.state == DATE_KNOWN && date.day < today;
}

/* PLAN, DOC, SBOM and TRN rules concern products in scope of 基本要件基準12条3項 that ship since 2024-04-01.
 * What is not known of either frees no plan. */
static bool concerned(const RuleFacts *facts)
{
  bool sold_before = facts->plan->date[MILESTONE_GENERAL_AVAILABILITY].state == DATE_KNOWN &&
                     is_over(facts->plan->date[MILESTONE_END_OF_SALE], day_from_ymd(2024, 4, 1));

  return facts->art12_3 != SCOPE_NO && !sold_before;
}

/* Why such a rule does not apply. Whoever takes a product out of the scope has to say why. */
static RuleOutcome not_concerned(const RuleFacts *facts, char **ret_detail)
{
  if (facts->art12_3 == SCOPE_NO && !limited_support_doc_counts(facts->art12_3_reason))
    *ret_detail = g_strdup("art12_3: no; 理由未記入 / no reason given: art12_3_reason");
  return RULE_NOT_APPLICABLE;
}

static RuleOutcome no_data_yet(const RuleFacts *facts, const char *what, char **ret_detail)
{
  return concerned(facts) ? rule_report_unknown(ret_detail, what) : not_concerned(facts, ret_detail);
}

/* RULE_OK: on sale today; RULE_NOT_APPLICABLE: not yet or no more. Sale has ended by EOL. */
static RuleOutcome on_sale(const RuleFacts *facts, char **ret_detail)
{
  PlanDate available = facts->plan->date[MILESTONE_GENERAL_AVAILABILITY];

  if (is_over(facts->plan->date[MILESTONE_END_OF_SALE], facts->today) ||
      is_over(facts->plan->date[MILESTONE_EOL], facts->today) ||
      is_over(facts->plan->date[MILESTONE_EOS], facts->today))
    return RULE_NOT_APPLICABLE;
  if (available.state == DATE_KNOWN && available.day > facts->today)
    return RULE_NOT_APPLICABLE;
  return rule_report_need(facts->plan, MILESTONE_BIT(MILESTONE_GENERAL_AVAILABILITY), ret_detail);
}

/* An internal document is named for the requirement that vulnerabilities are monitored. */
static bool monitors(const RuleFacts *facts)
{
  int item = conformity_find("1(3)");

  g_assert(item >= 0);
  return (facts->documents & 1u << item) != 0;
}

RuleOutcome rule_duties_plan_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail)
{
  g_autoptr(GString) missing = g_string_new(NULL);
  RuleOutcome sale = concerned(facts) ? on_sale(facts, ret_detail) : not_concerned(facts, ret_detail);

  if (sale != RULE_OK)
    return sale;
  if (!rule_report_is_announced(facts))
    g_string_append(missing, ", サポート計画の公開 / a published support plan");
  if (facts->plan->date[MILESTONE_EOL].state == DATE_UNKNOWN)
    g_string_append(missing, ", eol");
  if (!limited_support_doc_counts(facts->update_policy_doc))
    g_string_append(missing, ", update_policy_doc");
  if (missing->len > 0)
    return rule_report_broken(ret_detail, "未記入 / missing: %s", missing->str + 2);
  if (!monitors(facts))
    return rule_report_unknown(ret_detail,
                               "脆弱性の監視の社内文書 / document on vulnerability monitoring: 1(3)");
  return RULE_OK;
}

RuleOutcome rule_duties_doc_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  if (!concerned(facts))
    return not_concerned(facts, ret_detail);
  if (limited_support_doc_counts(facts->security_contact))
    return RULE_OK;
  return rule_report_broken(ret_detail, "未記入 / missing: security_contact");
}

/* RULE_BROKEN with a line for each item of `missing`, RULE_OK without any. */
static RuleOutcome name_missing(guint32 missing, char **ret_detail)
{
  g_autoptr(GString) lines = g_string_new(NULL);
  gsize n;
  const ConformityItem *items = conformity_table(&n);

  for (gsize i = 0; i < n; i++) {
    if ((missing & 1u << i) != 0)
      g_string_append_printf(lines, "%s社内文書なし / no document: %s", lines->len > 0 ? "\n" : "",
                             items[i].id);
  }
  return lines->len > 0 ? rule_report_broken(ret_detail, "%s", lines->str) : RULE_OK;
}

RuleOutcome rule_duties_doc_2(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  if (!concerned(facts))
    return not_concerned(facts, ret_detail);
  if (facts->art12_3 == SCOPE_UNKNOWN && facts->documents == 0)
    return rule_report_unknown(ret_detail, "art12_3, 社内文書の一覧 / list of internal documents");
  return name_missing(conformity_required(facts->transition) & ~facts->documents, ret_detail);
}

RuleOutcome rule_duties_sbom_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                               char **ret_detail)
{
  return no_data_yet(facts, "SBOM", ret_detail);
}

RuleOutcome rule_duties_cmp_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  return rule_report_unknown(ret_detail, "構成部品のEOS / the components' EOS");
}

RuleOutcome rule_duties_trn_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  if (!facts->transition)
    return RULE_NOT_APPLICABLE;
  if (!concerned(facts))
    return not_concerned(facts, ret_detail);
  return name_missing(conformity_annex_f() & ~facts->documents, ret_detail);
}

RuleOutcome rule_duties_reach_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                                char **ret_detail)
{
  if (facts->affected_organizations == 0)
    return RULE_NOT_APPLICABLE;
  if (facts->unreachable_organizations < 0)
    return rule_report_unknown(ret_detail, "連絡先 / contacts");
  if (facts->unreachable_organizations == 0)
    return facts->affected_organizations > 0 ? RULE_OK
                                             : rule_report_unknown(ret_detail, "対象機関 / organizations");
  return rule_report_broken(ret_detail, "連絡不可 / unreachable: %" G_GINT64_FORMAT "%s%s",
                            facts->unreachable_organizations, facts->unreachable_names != NULL ? ": " : "",
                            facts->unreachable_names != NULL ? facts->unreachable_names : "");
}

/* Asked from the first notice of that EOS on; where none was due (a plan taken over late), once the transfer
 * should have begun. */
RuleOutcome rule_duties_ack_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                              char **ret_detail)
{
  const SupportPlan *plan = rule_report_in_force(facts);
  RuleOutcome date =
      plan != NULL ? rule_report_need(plan, MILESTONE_BIT(MILESTONE_EOS), ret_detail) : RULE_NOT_APPLICABLE;
  char day[DAY_TEXT_SIZE];

  if (date != RULE_OK)
    return date;

  Day eos = plan->date[MILESTONE_EOS].day;

  if (facts->users == 0 ||
      (!facts->eos_told && facts->today < day_add_months(eos, -policy->transfer_warning_months)))
    return RULE_NOT_APPLICABLE;
  if (facts->users < 0)
    return rule_report_unknown(ret_detail, "使用機関 / organizations that use it");
  if (facts->not_confirmed == 0)
    return RULE_OK;
  return rule_report_broken(ret_detail,
                            "EOS %s; 未確認 / not confirmed: %" G_GINT64_FORMAT " / %" G_GINT64_FORMAT,
                            day_format(eos, day), facts->not_confirmed, facts->users);
}

RuleOutcome rule_duties_stale_1(const RuleFacts *facts, const Policy *policy, RuleSeverity *severity,
                                char **ret_detail)
{
  const SupportPlan *plan = rule_report_in_force(facts);
  char day[DAY_TEXT_SIZE];

  if (plan == NULL || is_over(plan->date[MILESTONE_EOS], facts->today))
    return RULE_NOT_APPLICABLE;
  if (facts->assessed_on == DAY_NONE)
    return rule_report_unknown(ret_detail, "サポート評価の日付 / day of the support assessment");
  if (facts->today <= day_add_months(facts->assessed_on, policy->stale_months))
    return RULE_OK;
  return rule_report_broken(ret_detail, "最終評価 / last assessed %s: %d か月超 / more than %d months ago",
                            day_format(facts->assessed_on, day), policy->stale_months, policy->stale_months);
}
