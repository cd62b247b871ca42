#include "planner/rule.h"

#include <string.h>

#include "planner/conformity.h"
#include "tests/planner/rule_case.h"
#include "tests/support/run.h"

typedef enum { OK, WARN, ERR, UNK, NA } Want;

static Want got(const RuleFinding *finding)
{
  static const Want wants[] = { [RULE_OK] = OK, [RULE_UNKNOWN] = UNK, [RULE_NOT_APPLICABLE] = NA };

  if (finding->outcome == RULE_BROKEN)
    return finding->severity == SEVERITY_ERROR ? ERR : WARN;
  return wants[finding->outcome];
}

typedef struct {
  const char *rule, *words;
  Want want;
  const char *says; /* a part of the detail, or NULL */
} Row;

static void check_cases(const Row *cases, gsize n, Profile profile)
{
  for (gsize i = 0; i < n; i++) {
    RuleCase made;

    rule_case_make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(profile));
    const RuleFinding *finding = rule_case_finding(findings, cases[i].rule);

    ck_assert_msg(finding != NULL, "%s is off", cases[i].rule);
    ck_assert_msg(got(finding) == cases[i].want, "%s with \"%s\": %s %s, %s", cases[i].rule, cases[i].words,
                  rule_outcome_key(finding->outcome), rule_severity_key(finding->severity), finding->detail);
    ck_assert_msg(cases[i].says == NULL ||
                      (finding->detail != NULL && strstr(finding->detail, cases[i].says)),
                  "%s with \"%s\" says: %s", cases[i].rule, cases[i].words, finding->detail);
    rule_case_clear(&made);
  }
}

START_TEST(test_rule_limited_support)
{
  static const Row cases[] = {
    { "LSP-1", "", OK, NULL },
    { "LSP-1", "eos=2031-03-31 doc=-", ERR, "EOL = EOS = 2031-03-31; 未記入 / missing: limited_support_doc" },
    { "LSP-1", "eos=2031-03-31 doc=未定", ERR, NULL },
    { "LSP-1", "eos=2031-03-31 duties=-", ERR, NULL },
    { "LSP-1", "eos=2031-03-31 lines=-", ERR, NULL },
    { "LSP-1", "eos=2031-03-31", OK, NULL },
    { "LSP-1", "eos=2031-04-01 doc=-", OK, NULL },
    { "LSP-1", "eos=2031-03-30 doc=-", OK, NULL }, /* ORD-1 */
    { "LSP-1", "eol=tba eos=tba doc=-", NA, NULL },
    { "LSP-1", "eos=tba doc=-", NA, NULL },
    { "LSP-1", "eol=- eos=2031-03-31 doc=-", UNK, "eol" },
    { "LSP-1", "eol=- eos=- doc=-", UNK, "eol, eos" },
    { "LSP-2a", "", OK, NULL },
    { "LSP-2a", "doc=-", ERR, "limited_support_doc" },
    { "LSP-2a", "doc=－", ERR, "limited_support_doc" },
    { "LSP-2a", "duties=- lines=-", ERR, "limited_support_duties, limited_support_lines" },
    { "LSP-2a", "eos=tba doc=-", ERR, "EOS tba" },
    { "LSP-2a", "eol=- doc=-", ERR, "EOL -" },
    { "LSP-2a", "eol=tba eos=tba doc=-", NA, NULL },
    { "LSP-2a", "eol=- eos=- doc=-", UNK, NULL },
    { "LSP-2a", "eol=- eos=-", UNK, NULL },
    { "LSP-2b", "", OK, NULL },
    { "LSP-2b", "eol=-", ERR, "EOS 2033-03-31" },
    { "LSP-2b", "eol=tba", ERR, "EOL tba" },
    { "LSP-2b", "eos=tba", NA, NULL },
    { "LSP-2b", "eos=-", UNK, "eos" },
    { "LSP-2c", "", OK, NULL },
    { "LSP-2c", "eos=tba", WARN, "EOL 2031-03-31" },
    { "LSP-2c", "eos=tba today=2031-03-30", WARN, NULL },
    { "LSP-2c", "eos=tba today=2031-03-31", ERR, NULL },
    { "LSP-2c", "eos=tba today=2035-01-01", ERR, NULL },
    { "LSP-2c", "eos=-", UNK, "eos" },
    { "LSP-2c", "eol=tba eos=tba", NA, NULL },
    { "LSP-2c", "eol=- eos=tba", UNK, "eol" },
    { "LSP-3", "", OK, NULL },
    { "LSP-3", "eos=2031-03-31", ERR, "2031-03-31" },
    { "LSP-3", "eos=2031-03-31 doc=-", NA, NULL },
    { "LSP-3", "eos=tba", NA, NULL },
    { "LSP-3", "eol=-", UNK, NULL },
    { "LSP-4", "", OK, NULL },
    { "LSP-4", "not_presented=2", WARN, "2" },
    { "LSP-4", "not_presented=2 today=2031-03-30", WARN, NULL },
    { "LSP-4", "not_presented=2 today=2031-03-31", ERR, NULL },
    { "LSP-4", "not_presented=7 names=1", WARN, "not presented to: 7 (A病院, B病院 …)" },
    { "LSP-4", "not_presented=2 pending=1 today=2031-06-01", ERR, NULL },
    { "LSP-4", "not_presented=2 pending=2 today=2031-06-01", WARN, "not presented to: 2" }, /* days left */
    { "LSP-4", "not_presented=-1", UNK, NULL },
    { "LSP-4", "not_presented=2 affected=0", NA, NULL },
    { "LSP-4", "not_presented=2 presented_on=2026-01-01", OK, NULL },
    { "LSP-4", "not_presented=2 presented_on=2027-01-01", WARN, NULL }, /* not yet */
    { "LSP-4", "not_presented=2 presented_on=tba", WARN, NULL },
    { "LSP-4", "not_presented=2 presented_on=2031-05-01 today=2031-06-01", ERR, "presented_on 2031-05-01" },
    { "LSP-4", "not_presented=2 presented_on=2031-05-01 today=2031-06-01 reason=1", OK, NULL },
    { "LSP-4", "not_presented=2 eol=-", UNK, "eol" },
    { "LSP-4", "not_presented=2 eol=tba", NA, NULL },
  };

  check_cases(cases, G_N_ELEMENTS(cases), PROFILE_JP);
}
END_TEST

START_TEST(test_rule_dates)
{
  static const Row cases[] = {
    { "ORD-1", "", OK, NULL },
    { "ORD-1", "eos=2031-03-31", OK, NULL },
    { "ORD-1", "eos=2031-03-30", ERR, "eol 2031-03-31 > eos 2031-03-30" },
    { "ORD-1", "eos=tba", NA, NULL },
    { "ORD-1", "eos=-", UNK, "eos" },
    { "ORD-2", "", OK, NULL },
    { "ORD-2", "end_of_sale=2031-04-01", ERR, "end_of_sale 2031-04-01 > eol 2031-03-31" },
    { "ORD-2", "end_of_sale=2031-03-31", OK, NULL },
    { "ORD-2", "general_availability=2029-04-01", ERR, "general_availability" },
    { "ORD-2", "end_of_sale=- general_availability=2031-04-01", ERR,
      "general_availability 2031-04-01 > eol" },
    { "ORD-2", "end_of_sale=tba eol=tba general_availability=2033-04-01", ERR, "> eos 2033-03-31" },
    { "ORD-2", "eol=tba end_of_sale=2033-04-01", ERR, "end_of_sale 2033-04-01 > eos" },
    { "ORD-2", "security_support_end=2033-04-01", ERR, "security_support_end 2033-04-01 > eos 2033-03-31" },
    { "ORD-2", "eol=2033-04-01", OK, NULL }, /* ORD-1 */
    { "ORD-2", "end_of_sale=-", UNK, "end_of_sale" },
    { "ORD-2", "security_support_end=-", UNK, "security_support_end" },
    { "ORD-2", "security_support_end=tba", OK, NULL },
    { "LEAD-1", "", OK, NULL },
    { "LEAD-1", "told=2029-03-31", OK, NULL },
    { "LEAD-1", "told=2029-04-01", WARN, "eol 2031-03-31: 23 < 24" },
    { "LEAD-1", "told=-", OK, NULL }, /* told today */
    { "LEAD-1", "told=- today=2029-04-01", WARN, "2029-04-01" },
    { "LEAD-1", "told=- today=2031-04-01", WARN, "eos 2033-03-31: 23 < 24" },
    { "LEAD-1", "told=- today=2040-01-01", WARN, NULL },
    { "LEAD-1", "eos=tba", OK, NULL },
    { "LEAD-1", "eos=-", UNK, "eos" },
    { "LEAD-1", "eol=tba eos=tba", NA, NULL },
    { "LEAD-2", "", OK, NULL },
    { "LEAD-2", "today=2030-03-30", OK, NULL },
    { "LEAD-2", "today=2030-03-31", WARN, "EOS 2033-03-31" },
    { "LEAD-2", "today=2031-03-30", WARN, NULL },
    { "LEAD-2", "today=2031-03-31", ERR, NULL },
    { "LEAD-2", "today=2035-01-01", ERR, NULL },
    { "LEAD-2", "today=2031-03-31 transfer=begun", OK, NULL },
    { "LEAD-2", "today=2031-03-31 transfer=unknown", UNK, NULL },
    { "LEAD-2", "today=2031-03-31 transfer=unknown published=0", ERR, NULL }, /* nobody was told */
    { "LEAD-2", "today=2031-03-31 transfer=unknown published=0 announced_on=2029-01-01", UNK, NULL },
    { "LEAD-2", "today=2031-03-31 transfer=unknown published=0 announced_on=2031-04-01", ERR, NULL },
    { "LEAD-2", "today=2031-03-31 transfer=unknown published=0 was.eos=2033-03-31", UNK, NULL },
    { "LEAD-2", "today=2031-03-31 affected=0", NA, NULL },
    { "LEAD-2", "today=2031-03-31 affected=-1", ERR, NULL },
    { "LEAD-2", "eos=tba", NA, NULL },
    { "LEAD-2", "eos=-", UNK, NULL },
    { "PARTS-1", "", OK, NULL },
    { "PARTS-1", "parts_until=2035-03-31", WARN, "parts_until 2035-03-31" },
    { "PARTS-1", "repair_until=2035-03-31", WARN, "repair_until" },
    { "PARTS-1", "lines=parts:2033-04-01", WARN, "parts 2033-04-01" },
    { "PARTS-1", "repair_until=-", UNK, "repair_until" },
    { "PARTS-1", "repair_until=tba", OK, NULL },
    { "PARTS-1", "eos=-", UNK, NULL },
    { "PARTS-1", "eos=tba", NA, NULL },
    { "PARTS-2", "", OK, NULL },
    { "PARTS-2", "parts_until=2033-03-30", WARN, "eos 2033-03-31 > parts_until 2033-03-30" },
    { "PARTS-2", "parts_until=-", UNK, NULL },
    { "PARTS-2", "parts_until=tba", NA, NULL },
    { "LIFE-1", "", OK, NULL },
    { "LIFE-1", "life=3", WARN, "end_of_sale 2029-03-31 + 3" },
    { "LIFE-1", "life=0", OK, NULL },
    { "LIFE-1", "life=-1", UNK, "useful_life_years" },
    { "LIFE-1", "life=2147483647", WARN, NULL },
    { "LIFE-1", "end_of_sale=-", UNK, NULL },
    { "LEASE-1", "", OK, NULL },
    { "LEASE-1", "contract_end=2033-04-01", WARN, "2033-04-01" },
    { "LEASE-1", "contract_end=2033-03-31", OK, NULL },
    { "LEASE-1", "contract_end=2034-03-31 bare_contract_end=-", OK, NULL }, /* extended for all of them */
    { "LEASE-1", "contract_end=2034-03-31 bare_contract_end=2033-04-01", WARN, "2033-04-01" },
    { "LEASE-1", "contract_end=2034-03-31 bare_contract_end=2030-04-01", OK, NULL },
    { "LEASE-1", "contract_end=-", UNK, NULL },
    { "LEASE-1", "eos=-", UNK, NULL },
  };

  check_cases(cases, G_N_ELEMENTS(cases), PROFILE_JP);
}
END_TEST

START_TEST(test_rule_changes)
{
  static const Row cases[] = {
    { "CHG-1", "", NA, NULL },
    { "CHG-1", "was.eol=2031-03-31", NA, NULL },
    { "CHG-1", "was.eol=2032-03-31", ERR, "eol 2032-03-31 → 2031-03-31" },
    { "CHG-1", "was.eol=2030-03-31", ERR, "eol 2030-03-31" },
    { "CHG-1", "was.eol=2032-03-31 reason=1", OK, NULL },
    { "CHG-1", "was.eol=tba", NA, NULL }, /* an announcement, no change */
    { "CHG-1", "was.eos=2033-03-31 eos=tba", ERR, "→ tba" },
    { "CHG-1", "was.parts_until=2034-03-31", ERR, "parts_until" },
    { "CHG-1", "was.lines=security-updates:2034-03-31", ERR, "security-updates 2034-03-31 → 2033-03-31" },
    { "CHG-1", "was.doc=LS-0", NA, NULL },
    { "CHG-2", "", NA, NULL },
    { "CHG-2", "was.eol=2030-03-31", NA, NULL },
    { "CHG-2", "was.eol=2032-03-31", OK, NULL },
    { "CHG-2", "was.eol=2032-03-31 today=2029-03-31", OK, NULL },
    { "CHG-2", "was.eol=2032-03-31 today=2029-04-01", ERR, "eol 2032-03-31 → 2031-03-31" },
    { "CHG-2", "was.eol=2032-03-31 today=2029-04-01 reason=1", ERR, NULL },
    { "CHG-2", "was.eos=2034-03-31 today=2032-01-01", ERR, "eos" },
    { "CHG-2", "was.repair_until=2034-03-31 today=2032-01-01", ERR, "repair_until" },
    { "CHG-2", "was.lines=security-updates:2034-03-31 today=2032-01-01", ERR, "security-updates" },
    { "CHG-2", "was.lines=security-updates:2033-03-31;parts:2032-03-31", ERR, "parts 2032-03-31 → -" },
    { "CHG-2", "was.general_availability=2024-05-01", NA, NULL },
    { "CHG-2", "was.eos=2033-03-31 eos=tba", NA, NULL },
  };

  check_cases(cases, G_N_ELEMENTS(cases), PROFILE_JP);
}
END_TEST

START_TEST(test_rule_duties)
{
  static const Row cases[] = {
    { "PLAN-1", "", OK, NULL },
    { "PLAN-1", "documents=1(3)", OK, NULL },
    { "PLAN-1", "without=1(3)", UNK, "1(3)" }, /* what is there is not all that it takes */
    { "PLAN-1", "documents=-", UNK, "monitoring" },
    { "PLAN-1", "documents=- update_policy_doc=-", ERR, "update_policy_doc" },
    { "PLAN-1", "update_policy_doc=-", ERR, "update_policy_doc" },
    { "PLAN-1", "eol=- eos=-", ERR, "eol" },
    { "PLAN-1", "published=0", ERR, "published" },
    { "PLAN-1", "published=0 was.eol=2031-03-31", OK, NULL },
    { "PLAN-1", "published=0 announced_on=2025-01-01", OK, NULL },
    { "PLAN-1", "published=0 announced_on=2027-01-01", ERR, NULL },
    { "PLAN-1", "update_policy_doc=- scope=unknown", ERR, NULL },
    { "PLAN-1", "update_policy_doc=- scope=no", NA, "art12_3_reason" },
    { "PLAN-1", "update_policy_doc=- scope=no scope_reason=?", NA, "no reason given" },
    { "PLAN-1", "update_policy_doc=- today=2029-04-01", NA, NULL },
    { "PLAN-1", "update_policy_doc=- today=2024-03-31", NA, NULL },
    { "PLAN-1", "update_policy_doc=- general_availability=-", UNK, NULL },
    { "PLAN-1", "update_policy_doc=- end_of_sale=- today=2031-04-01", NA, NULL },
    { "DOC-1", "", OK, NULL },
    { "DOC-1", "security_contact=-", ERR, "security_contact" },
    { "DOC-1", "security_contact=- scope=unknown", ERR, NULL },
    { "DOC-1", "security_contact=- scope=no", NA, "art12_3_reason" },
    { "DOC-1", "security_contact=- general_availability=2020-01-01 end_of_sale=2024-03-31", NA, NULL },
    { "DOC-1", "security_contact=- general_availability=2020-01-01 end_of_sale=2024-04-01", ERR, NULL },
    { "DOC-1", "security_contact=- general_availability=- end_of_sale=2024-03-31", ERR, NULL },
    { "DOC-1", "security_contact=- general_availability=2020-01-01 end_of_sale=-", ERR, NULL },
    { "DOC-2", "", OK, NULL },
    { "DOC-2", "documents=-", ERR, "1(1)a" },
    { "DOC-2", "without=1(2)c", ERR, "1(2)c" },
    { "DOC-2", "without=2(4)", ERR, "2(4)" },
    { "DOC-2", "without=F.3", OK, NULL }, /* annex F is for transition releases, and TRN-1's */
    { "DOC-2", "without=1(2)a,1(2)c,1(2)d transition=1", OK, NULL },
    { "DOC-2", "without=1(2)b transition=1", ERR, "1(2)b" },
    { "DOC-2", "documents=- scope=unknown", UNK, "art12_3" },
    { "DOC-2", "without=1(3) scope=unknown", ERR, "1(3)" },
    { "DOC-2", "documents=- scope=no", NA, "art12_3_reason" },
    { "DOC-2", "documents=- general_availability=2020-01-01 end_of_sale=2024-03-31", NA, NULL },
    { "SBOM-1", "", UNK, NULL },
    { "SBOM-1", "scope=unknown", UNK, NULL },
    { "SBOM-1", "scope=no", NA, "art12_3_reason" },
    { "CMP-1", "", UNK, NULL },
    { "TRN-1", "", NA, NULL },
    { "TRN-1", "documents=-", NA, NULL },
    { "TRN-1", "transition=1", OK, NULL },
    { "TRN-1", "transition=1 without=F.2,F.4", OK, NULL },
    { "TRN-1", "transition=1 without=F.3a", ERR, "F.3a" },
    { "TRN-1", "transition=1 without=F.3b scope=unknown", ERR, "F.3b" },
    { "TRN-1", "transition=1 documents=- scope=no", NA, "art12_3_reason" },
    { "REACH-1", "", OK, NULL },
    { "REACH-1", "unreachable=2", WARN, "2" },
    { "REACH-1", "unreachable=-1", UNK, NULL },
    { "REACH-1", "affected=0", NA, NULL },
    { "REACH-1", "affected=-1", UNK, NULL },
    { "ACK-1", "", NA, NULL },
    { "ACK-1", "today=2030-03-30", NA, NULL },
    { "ACK-1", "today=2030-03-31", WARN, "EOS 2033-03-31; 未確認 / not confirmed: 3 / 3" },
    { "ACK-1", "eos_told=1 not_confirmed=1", WARN, "1 / 3" },
    { "ACK-1", "eos_told=1 not_confirmed=0", OK, NULL },
    { "ACK-1", "eos_told=1 not_confirmed=1 today=2034-01-01", WARN, NULL }, /* domain.md: a warning */
    { "ACK-1", "eos_told=1 users=0 not_confirmed=0", NA, NULL },
    { "ACK-1", "eos_told=1 users=-1 not_confirmed=-1", UNK, "organizations" },
    { "ACK-1", "eos_told=1 published=0", NA, NULL }, /* nothing is in force */
    { "ACK-1", "eos_told=1 published=0 was.eos=2032-03-31", WARN, "EOS 2032-03-31" },
    { "ACK-1", "eos=tba", NA, NULL },
    { "ACK-1", "eos=-", UNK, "eos" },
    { "STALE-1", "", OK, NULL },
    { "STALE-1", "assessed=2024-11-22", OK, NULL },
    { "STALE-1", "assessed=2024-11-21", WARN, "2024-11-21" },
    { "STALE-1", "assessed=-", UNK, NULL },
    { "STALE-1", "assessed=2010-01-01 published=0", NA, NULL },
    { "STALE-1", "assessed=2010-01-01 published=0 was.eos=2033-03-31", WARN, NULL },
    { "STALE-1", "assessed=2010-01-01 today=2033-03-31", WARN, NULL },
    { "STALE-1", "assessed=2010-01-01 today=2033-04-01", NA, NULL }, /* it ended */
    { "STALE-1", "assessed=2010-01-01 eos=tba", WARN, NULL },
  };

  check_cases(cases, G_N_ELEMENTS(cases), PROFILE_JP);
}
END_TEST

/* An error per missing item. */
START_TEST(test_rule_finding_per_item)
{
  static const struct {
    const char *words;
    guint doc_2, trn_1;
  } cases[] = {
    { "", 1, 1 }, /* OK and not applicable are findings too */
    { "documents=-", 16, 1 },
    { "documents=- transition=1", 13, 2 },
    { "documents=1(2) transition=1", 11, 2 },
    { "without=1(1)", 3, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    RuleCase made;
    guint doc_2 = 0, trn_1 = 0;

    rule_case_make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(PROFILE_JP));

    for (guint f = 0; f < findings->len; f++) {
      const RuleFinding *finding = findings->pdata[f];

      doc_2 += strcmp(finding->rule->id, "DOC-2") == 0;
      trn_1 += strcmp(finding->rule->id, "TRN-1") == 0;
      ck_assert_msg(finding->detail == NULL || strchr(finding->detail, '\n') == NULL, "%s", cases[i].words);
    }
    ck_assert_msg(doc_2 == cases[i].doc_2 && trn_1 == cases[i].trn_1, "%s: %u, %u", cases[i].words, doc_2,
                  trn_1);
    rule_case_clear(&made);
  }
}
END_TEST

START_TEST(test_rule_eu)
{
  static const Row cases[] = {
    { "EU-1", "", OK, NULL },
    { "EU-1", "told_end_of_sale=2028-09-30", OK, NULL },
    { "EU-1", "told_end_of_sale=2028-10-01", UNK, "serious_harm" },
    { "EU-1", "told_end_of_sale=2028-10-01 harm=yes", ERR, "end_of_sale 2029-03-31: 5 < 6" },
    { "EU-1", "told_end_of_sale=2028-10-01 harm=no", OK, NULL },
    { "EU-1", "told_end_of_sale=2028-09-30 harm=yes", OK, NULL },
    { "EU-1", "told_end_of_sale=- today=2028-10-01 harm=yes", ERR, NULL },
    { "EU-1", "end_of_sale=- harm=no", UNK, "end_of_sale" },
    { "EU-1", "end_of_sale=-", UNK, NULL },
    { "EU-1", "end_of_sale=tba", NA, NULL },
  };

  check_cases(cases, G_N_ELEMENTS(cases), PROFILE_EU);
}
END_TEST

/* A plan of which nothing is known: no rule is content with it. */
START_TEST(test_rule_no_data_is_never_ok)
{
  g_autoptr(SupportPlan) plan = support_plan_new();
  RuleFacts facts = { .today = day_from_ymd(2026, 11, 22),
                      .plan = plan,
                      .useful_life_years = -1,
                      .affected_organizations = -1,
                      .unreachable_organizations = -1,
                      .not_presented = -1,
                      .users = -1,
                      .not_confirmed = -1 };

  for (int profile = 0; profile < PROFILE_COUNT; profile++) {
    g_autoptr(GPtrArray) findings = rule_check(&facts, policy_for((Profile)profile));

    for (guint i = 0; i < findings->len; i++) {
      const RuleFinding *finding = findings->pdata[i];

      ck_assert_msg(finding->outcome != RULE_OK, "%s", finding->rule->id);
      ck_assert_msg(finding->outcome == RULE_NOT_APPLICABLE || finding->detail != NULL, "%s",
                    finding->rule->id);
    }
  }
}
END_TEST

/* Taking one datum away from a sound plan never turns a rule that was not OK into one that is, and never
 * makes an OK out of the missing datum of a rule that needs it. */
START_TEST(test_rule_taking_data_away_makes_nothing_ok)
{
  static const char *const gone[] = { "general_availability=-",
                                      "end_of_sale=-",
                                      "security_support_end=-",
                                      "eol=-",
                                      "eos=-",
                                      "parts_until=-",
                                      "repair_until=-",
                                      "life=-1",
                                      "affected=-1",
                                      "unreachable=-1",
                                      "not_presented=-1",
                                      "contract_end=-",
                                      "told=-",
                                      "users=-1 not_confirmed=-1",
                                      "assessed=-",
                                      "documents=-",
                                      "scope=unknown" };
  RuleCase sound;

  rule_case_make(&sound, "");

  g_autoptr(GPtrArray) before = rule_check(&sound.facts, policy_for(PROFILE_EU));

  for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
    RuleCase made;

    rule_case_make(&made, gone[i]);

    g_autoptr(GPtrArray) after = rule_check(&made.facts, policy_for(PROFILE_EU));

    for (guint f = 0; f < after->len; f++) {
      const RuleFinding *then = before->pdata[f], *now = after->pdata[f];

      ck_assert_msg(now->outcome != RULE_OK || then->outcome == RULE_OK, "%s without %s", now->rule->id,
                    gone[i]);
    }
    rule_case_clear(&made);
  }
  rule_case_clear(&sound);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("rule");
  TCase *checks = tcase_create("checks");

  tcase_add_test(checks, test_rule_limited_support);
  tcase_add_test(checks, test_rule_dates);
  tcase_add_test(checks, test_rule_changes);
  tcase_add_test(checks, test_rule_duties);
  tcase_add_test(checks, test_rule_finding_per_item);
  tcase_add_test(checks, test_rule_eu);
  tcase_add_test(checks, test_rule_no_data_is_never_ok);
  tcase_add_test(checks, test_rule_taking_data_away_makes_nothing_ok);
  suite_add_tcase(suite, checks);
  return run_suite(suite);
}
