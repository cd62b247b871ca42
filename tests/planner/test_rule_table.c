/* The table of rules itself: severities, profiles, overrides, and the store gate over real lifecycles. */

#include "planner/rule.h"

#include <stdio.h>
#include <string.h>

#include "planner/conformity.h"
#include "planner/date_text.h"
#include "tests/planner/rule_case.h"
#include "tests/support/run.h"

START_TEST(test_rule_check_profiles)
{
  RuleCase made;

  rule_case_make(&made, "");
  for (int profile = 0; profile < PROFILE_COUNT; profile++) {
    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for((Profile)profile));
    gsize n, on = 0;
    const Rule *rules = rule_table(&n);

    for (gsize i = 0; i < n; i++) {
      const RuleFinding *finding = rule_case_finding(findings, rules[i].id);

      ck_assert_msg((finding != NULL) == (rules[i].severity[profile] != SEVERITY_OFF), "%s", rules[i].id);
      on += finding != NULL ? 1 : 0;
    }
    ck_assert_uint_eq(findings->len, on);
  }
  rule_case_clear(&made);
}
END_TEST

/* An own profile: what it says of a rule holds, LSP-1 and ORD-1 stay as they are. */
START_TEST(test_rule_set_severity)
{
  Policy policy = *policy_for(PROFILE_JP);
  gsize n;
  const Rule *rules = rule_table(&n);
  RuleCase made;

  for (gsize i = 0; i < n; i++) {
    bool store = rules[i].gate == GATE_STORE;

    ck_assert_int_eq(rule_severity(&rules[i], &policy), rules[i].severity[PROFILE_JP]);
    ck_assert_msg(rule_set_severity(&policy, &rules[i], SEVERITY_WARNING) != store, "%s", rules[i].id);
    ck_assert_msg(rule_set_severity(&policy, &rules[i], SEVERITY_OFF) != store, "%s", rules[i].id);
    ck_assert(rule_set_severity(&policy, &rules[i], SEVERITY_ERROR));
    ck_assert_int_eq(rule_severity(&rules[i], &policy), SEVERITY_ERROR);
    ck_assert_int_eq(rule_severity(&rules[i], policy_for(PROFILE_JP)), rules[i].severity[PROFILE_JP]);
  }
  ck_assert(rule_set_severity(&policy, rule_find("LEAD-1"), SEVERITY_OFF));
  ck_assert(rule_set_severity(&policy, rule_find("DOC-1"), SEVERITY_WARNING));
  rule_case_make(&made, "today=2029-04-01 told=- contract_end=2035-01-01 security_contact=-");

  g_autoptr(GPtrArray) findings = rule_check(&made.facts, &policy);

  ck_assert_ptr_null(rule_case_finding(findings, "LEAD-1"));
  ck_assert_int_eq(rule_case_finding(findings, "LEASE-1")->severity, SEVERITY_ERROR);
  ck_assert_int_eq(rule_case_finding(findings, "DOC-1")->severity, SEVERITY_WARNING);
  ck_assert(rule_needs_reason(findings));
  rule_case_clear(&made);
}
END_TEST

/* A milder rule that hardens with time hardens all the same. */
START_TEST(test_rule_set_severity_is_at_its_mildest)
{
  Policy policy = *policy_for(PROFILE_JP);
  RuleCase made;

  ck_assert(rule_set_severity(&policy, rule_find("LSP-2c"), SEVERITY_WARNING));
  rule_case_make(&made, "eos=tba today=2031-03-31");

  g_autoptr(GPtrArray) findings = rule_check(&made.facts, &policy);

  ck_assert_int_eq(rule_case_finding(findings, "LSP-2c")->severity, SEVERITY_ERROR);
  rule_case_clear(&made);
}
END_TEST

START_TEST(test_rule_publication)
{
  static const struct {
    const char *words;
    bool blocks, reason;
  } cases[] = {
    { "", false, false },
    { "doc=-", true, false },
    { "eos=2031-03-31 doc=-", true, false },
    { "eos=tba", false, true },
    { "eos=tba today=2031-03-31", true, false },
    { "unreachable=1", false, true },
    { "unreachable=1 security_contact=-", true, true },
    { "update_policy_doc=- not_presented=1", false, false }, /* findings stop nothing */
    { "eol=- eos=-", false, false },                         /* nor does what is unknown */
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    RuleCase made;

    rule_case_make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(PROFILE_JP));

    ck_assert_msg(rule_blocks_publication(findings) == cases[i].blocks, "\"%s\"", cases[i].words);
    ck_assert_msg(rule_needs_reason(findings) == cases[i].reason, "\"%s\"", cases[i].words);
    rule_case_clear(&made);
  }
}
END_TEST

/* A signed override lifts its own rule, where that is broken and can be lifted at all; it never makes it ok.
 */
START_TEST(test_rule_overridden)
{
  static const struct {
    const char *rule, *signed_for;
    RuleOutcome outcome;
  } cases[] = {
    { "LSP-3", "LSP-3", RULE_OVERRIDDEN }, { "LSP-3", "lsp-3", RULE_OVERRIDDEN },
    { "LSP-3", "CHG-2", RULE_BROKEN },     { "LEAD-1", "LEAD-1", RULE_BROKEN },
    { "ORD-1", "ORD-1", RULE_OK },
  };
  g_autoptr(SupportPlan) plan = support_plan_new();
  const RuleOverride override = { cases[_i].signed_for, "鈴木 花子", "quality", "全施設の更新",
                                  day_from_ymd(2031, 1, 1) };
  const RuleFacts facts = { .today = day_from_ymd(2031, 1, 1),
                            .plan = plan,
                            .security_contact = "psirt@maker.example",
                            .overrides = &override,
                            .n_overrides = 1 };

  plan->date[MILESTONE_EOL] = plan->date[MILESTONE_EOS] = plan_date_known(day_from_ymd(2031, 12, 31));
  plan->limited_support.doc = g_strdup("LSP-1");
  plan->limited_support.duties_ja = g_strdup("分離");
  plan->limited_support.line[SERVICE_PARTS].until = day_from_ymd(2031, 12, 31);
  g_autoptr(GPtrArray) findings = rule_check(&facts, policy_for(PROFILE_JP));

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (strcmp(finding->rule->id, cases[_i].rule) != 0)
      continue;
    ck_assert_msg(finding->outcome == cases[_i].outcome, "%s: %s", cases[_i].rule,
                  rule_outcome_key(finding->outcome));
    ck_assert(!rule_finding_blocks(finding, true) || finding->outcome == RULE_BROKEN);
    if (finding->outcome == RULE_OVERRIDDEN) {
      ck_assert_ptr_nonnull(strstr(finding->detail, "EOL = EOS = 2031-12-31"));
      ck_assert_ptr_nonnull(strstr(finding->detail, "鈴木 花子 (quality) 2031-01-01: 全施設の更新"));
    }
    return;
  }
  ck_abort_msg("no finding of %s", cases[_i].rule);
}
END_TEST

START_TEST(test_rule_override_reason_counts)
{
  static const struct {
    const char *reason;
    bool counts;
  } cases[] = { { NULL, false },
                { "", false },
                { "　", false },
                { "未定", false },
                { "調整中", false },
                { "N/A", false },
                { "承認します", false },
                { "全施設を年内に交換する", true },
                { "every hospital by May", true } };

  ck_assert_int_eq(rule_override_reason_counts(cases[_i].reason), cases[_i].counts);
}
END_TEST

START_TEST(test_rule_store_gate_cases)
{
  static const struct {
    const char *words, *rule;
  } cases[] = {
    { "", NULL },
    { "eos=2031-03-31", NULL },
    { "eos=2031-03-31 doc=-", "LSP-1" },
    { "eos=2031-03-31 doc=TBD", "LSP-1" },
    { "eos=2031-03-30", "ORD-1" },
    { "eos=2031-03-30 doc=-", "ORD-1" },
    { "eol=tba eos=tba doc=-", NULL },
    { "eol=- eos=- doc=-", NULL },
    { "eol=- doc=-", NULL },
    { "end_of_sale=2040-01-01", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    RuleCase made;

    rule_case_make(&made, cases[i].words);

    const Rule *rule = rule_store_gate(made.plan);

    ck_assert_msg(g_strcmp0(rule != NULL ? rule->id : NULL, cases[i].rule) == 0, "\"%s\"", cases[i].words);
    rule_case_clear(&made);
  }
}
END_TEST

/* product,name,release,general_availability,end_of_sale,eol,eos: the file quotes nothing. */
static SupportPlan *lifecycle_plan(const char *line)
{
  static const Milestone columns[] = { MILESTONE_GENERAL_AVAILABILITY, MILESTONE_END_OF_SALE, MILESTONE_EOL,
                                       MILESTONE_EOS };
  g_auto(GStrv) fields = g_strsplit(line, ",", -1);
  SupportPlan *plan = support_plan_new();

  ck_assert_msg(g_strv_length(fields) == 7, "%s", line);
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    ck_assert_msg(date_text_parse(fields[3 + i], &plan->date[columns[i]], NULL, NULL), "%s", line);
  return plan;
}

/* 8,351 real releases: exactly those 547 whose EOL and EOS coincide do not get in. */
START_TEST(test_rule_store_gate_real_lifecycles)
{
  g_autofree char *path = run_shared_path("data/lifecycles/endoflife-date.csv");
  g_autofree char *text = NULL;
  int releases = 0, refused = 0;

  if (path == NULL) {
    printf("# skipped: ../shared/data/lifecycles is not here\n");
    return;
  }
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));

  g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);

  for (char **line = lines + 1; *line != NULL; line++) {
    g_autoptr(SupportPlan) plan = lifecycle_plan(g_strchomp(*line));
    const Rule *rule = rule_store_gate(plan);

    releases++;
    refused += rule != NULL ? 1 : 0;
    ck_assert_msg(rule == NULL || strcmp(rule->id, "LSP-1") == 0, "%s", *line);
  }
  ck_assert_int_eq(releases, 8351);
  ck_assert_int_eq(refused, 547);
}
END_TEST

/* domain.md names these, in this order. */
START_TEST(test_rule_table_is_complete)
{
  static const char *const ids[] = { "LSP-1",   "LSP-2a",  "LSP-2b", "LSP-2c", "LSP-3",   "LSP-4",   "ORD-1",
                                     "ORD-2",   "LEAD-1",  "LEAD-2", "CHG-1",  "CHG-2",   "PLAN-1",  "DOC-1",
                                     "DOC-2",   "SBOM-1",  "CMP-1",  "TRN-1",  "PARTS-1", "PARTS-2", "LIFE-1",
                                     "LEASE-1", "REACH-1", "EU-1",   "ACK-1",  "STALE-1" };
  gsize n;
  const Rule *rules = rule_table(&n);

  ck_assert_uint_eq(n, G_N_ELEMENTS(ids));
  for (gsize i = 0; i < n; i++) {
    const char *texts[] = { rules[i].text_ja, rules[i].text_en, rules[i].source, rules[i].remedy_ja,
                            rules[i].remedy_en };
    g_autofree char *lower = g_ascii_strdown(ids[i], -1);
    bool on = false;

    ck_assert_str_eq(rules[i].id, ids[i]);
    ck_assert_ptr_eq(rule_find(lower), &rules[i]);
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++)
      ck_assert_msg(texts[t] != NULL && *texts[t] != '\0' && strchr(texts[t], '\n') == NULL, "%s text %zu",
                    ids[i], t);
    for (int profile = 0; profile < PROFILE_COUNT; profile++)
      on = on || rules[i].severity[profile] != SEVERITY_OFF;
    ck_assert_msg(on, "%s is off everywhere", ids[i]);
  }
  ck_assert_ptr_null(rule_find("LSP-9"));
  ck_assert_ptr_null(rule_find(NULL));
}
END_TEST

START_TEST(test_rule_keys)
{
  ck_assert_str_eq(rule_gate_key(GATE_STORE), "store");
  ck_assert_str_eq(rule_gate_key(GATE_PUBLISH), "publish");
  ck_assert_str_eq(rule_gate_key(GATE_FINDING), "finding");
  ck_assert_str_eq(rule_severity_key(SEVERITY_OFF), "off");
  ck_assert_str_eq(rule_severity_key(SEVERITY_WARNING), "warning");
  ck_assert_str_eq(rule_severity_key(SEVERITY_ERROR), "error");
  for (int i = SEVERITY_OFF; i <= SEVERITY_ERROR; i++) {
    RuleSeverity severity;

    ck_assert(rule_severity_parse(rule_severity_key((RuleSeverity)i), &severity) && (int)severity == i);
    ck_assert(!rule_severity_parse("OFF", &severity) && !rule_severity_parse(NULL, &severity));
  }
  ck_assert_str_eq(rule_outcome_key(RULE_OK), "ok");
  ck_assert_str_eq(rule_outcome_key(RULE_BROKEN), "broken");
  ck_assert_str_eq(rule_outcome_key(RULE_UNKNOWN), "unknown");
  ck_assert_str_eq(rule_outcome_key(RULE_NOT_APPLICABLE), "not-applicable");
}
END_TEST

START_TEST(test_policy_profiles)
{
  static const char *const keys[] = { "jp", "us", "eu" };
  Profile profile = PROFILE_COUNT;

  for (int i = 0; i < PROFILE_COUNT; i++) {
    const Policy *policy = policy_for((Profile)i);

    ck_assert_str_eq(policy->key, keys[i]);
    ck_assert(profile_parse(keys[i], &profile) && (int)profile == i);
    for (int lead = 1; lead < POLICY_LEADS_MAX; lead++) {
      ck_assert(policy->eol_leads[lead] == 0 || policy->eol_leads[lead] < policy->eol_leads[lead - 1]);
      ck_assert(policy->eos_leads[lead] == 0 || policy->eos_leads[lead] < policy->eos_leads[lead - 1]);
    }
    ck_assert_int_eq(policy->stale_months, 24);
    ck_assert_int_eq(policy_escalation_days(policy, NOTICE_EOS_REMINDER), 14);
    ck_assert_int_eq(policy_escalation_days(policy, NOTICE_SECURITY_ADVISORY), 2);
    ck_assert(policy_for_product(policy, "CT-100").eos_leads[0] == policy->eos_leads[0]);
    ck_assert_int_eq(policy->retention_months_contact, 36);
    ck_assert_int_eq(policy->retention_years_proof, 15);
  }
  ck_assert(!profile_parse("JP", &profile) && !profile_parse(NULL, &profile) && !profile_parse("", &profile));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("rule_table");
  TCase *table = tcase_create("table");

  tcase_add_test(table, test_rule_check_profiles);
  tcase_add_test(table, test_rule_set_severity);
  tcase_add_test(table, test_rule_set_severity_is_at_its_mildest);
  tcase_add_test(table, test_rule_publication);
  tcase_add_loop_test(table, test_rule_overridden, 0, 5);
  tcase_add_loop_test(table, test_rule_override_reason_counts, 0, 9);
  tcase_add_test(table, test_rule_store_gate_cases);
  tcase_add_test(table, test_rule_store_gate_real_lifecycles);
  tcase_add_test(table, test_rule_table_is_complete);
  tcase_add_test(table, test_rule_keys);
  tcase_add_test(table, test_policy_profiles);
  suite_add_tcase(suite, table);
  return run_suite(suite);
}
