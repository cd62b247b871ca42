#include "planner/rule.h"

#include <stdio.h>
#include <string.h>

#include "planner/conformity.h"
#include "planner/date_text.h"
#include "tests/support/run.h"

/* A plan and its facts, written as words over a sound plan: "eol=2031-03-31 eos=tba doc=-". "-" empties;
 * "was.eol=…" makes a published plan that differs from what the words before it made. */
typedef struct {
  SupportPlan *plan, *in_force;
  RuleFacts facts;
} Case;

static PlanDate date(const char *text)
{
  PlanDate read;

  ck_assert_msg(plan_date_from_store(strcmp(text, "-") == 0 ? NULL : text, &read), "the test's own date %s",
                text);
  return read;
}

static void set_text(char **field, const char *value)
{
  g_free(*field);
  *field = strcmp(value, "-") == 0 ? NULL : g_strdup(value);
}

static bool set_plan(SupportPlan *plan, const char *key, const char *value)
{
  LimitedSupport *limited = &plan->limited_support;
  Milestone milestone;

  if (milestone_parse(key, &milestone))
    plan->date[milestone] = date(value);
  else if (strcmp(key, "announced_on") == 0)
    plan->announced_on = date(value);
  else if (strcmp(key, "presented_on") == 0)
    plan->presented_on = date(value);
  else if (strcmp(key, "doc") == 0)
    set_text(&limited->doc, value);
  else if (strcmp(key, "duties") == 0)
    set_text(&limited->duties_ja, value);
  else if (strcmp(key, "lines") == 0)
    ck_assert(limited_support_parse_lines(strcmp(value, "-") == 0 ? "" : value, limited, NULL));
  else
    return false;
  return true;
}

/* The index of `value` among `words` (n of them). */
static int word_index(const char *const *words, int n, const char *value)
{
  for (int i = 0; i < n; i++) {
    if (strcmp(words[i], value) == 0)
      return i;
  }
  ck_abort_msg("the test's own word %s", value);
  return -1;
}

/* "all", "-", or items: "1(1),F.3a". */
static guint32 documents_of(const char *value)
{
  g_auto(GStrv) parts = g_strsplit(value, ",", -1);
  guint32 documents = 0;

  for (char **part = parts; *part != NULL; part++)
    documents |= strcmp(*part, "all") == 0 ? G_MAXUINT32 : conformity_parse(*part);
  return documents;
}

static bool set_fact(RuleFacts *facts, const char *key, const char *value)
{
  static const char *const transfers[] = { "unknown", "not-begun", "begun" };
  static const char *const scopes[] = { "unknown", "yes", "no" };
  gint64 number = g_ascii_strtoll(value, NULL, 10);

  if (strcmp(key, "today") == 0)
    facts->today = date(value).day;
  else if (strcmp(key, "told") == 0)
    for (int i = 0; i < MILESTONE_COUNT; i++)
      facts->told[i] = date(value).day;
  else if (strcmp(key, "told_end_of_sale") == 0)
    facts->told[MILESTONE_END_OF_SALE] = date(value).day;
  else if (strcmp(key, "harm") == 0)
    facts->serious_harm = (SeriousHarm)word_index(scopes, 3, value);
  else if (strcmp(key, "scope_reason") == 0)
    facts->art12_3_reason = *value == '-' ? NULL : value[0] == '?' ? "未定" : "ネットワーク接続なし";
  else if (strcmp(key, "eos_told") == 0)
    facts->eos_told = number != 0;
  else if (strcmp(key, "users") == 0)
    facts->users = number;
  else if (strcmp(key, "not_confirmed") == 0)
    facts->not_confirmed = number;
  else if (strcmp(key, "assessed") == 0)
    facts->assessed_on = date(value).day;
  else if (strcmp(key, "contract_end") == 0)
    facts->latest_contract_end = facts->bare_contract_end = date(value).day;
  else if (strcmp(key, "bare_contract_end") == 0)
    facts->bare_contract_end = date(value).day;
  else if (strcmp(key, "reason") == 0)
    facts->reason_given = number != 0;
  else if (strcmp(key, "published") == 0)
    facts->published = number != 0;
  else if (strcmp(key, "security_contact") == 0)
    facts->security_contact = *value == '-' ? NULL : "psirt@maker.example";
  else if (strcmp(key, "update_policy_doc") == 0)
    facts->update_policy_doc = *value == '-' ? NULL : "UP-1";
  else if (strcmp(key, "life") == 0)
    facts->useful_life_years = (int)number;
  else if (strcmp(key, "affected") == 0)
    facts->affected_organizations = number;
  else if (strcmp(key, "unreachable") == 0)
    facts->unreachable_organizations = number;
  else if (strcmp(key, "not_presented") == 0)
    facts->not_presented = number;
  else if (strcmp(key, "pending") == 0)
    facts->presentation_pending = number;
  else if (strcmp(key, "names") == 0)
    facts->not_presented_names = "A病院, B病院 …";
  else if (strcmp(key, "transition") == 0)
    facts->transition = number != 0;
  else if (strcmp(key, "scope") == 0)
    facts->art12_3 = (Scope12_3)word_index(scopes, 3, value);
  else if (strcmp(key, "documents") == 0)
    facts->documents = documents_of(value);
  else if (strcmp(key, "without") == 0)
    facts->documents &= ~documents_of(value);
  else if (strcmp(key, "transfer") == 0)
    facts->transfer = (TransferState)word_index(transfers, 3, value);
  else
    return false;
  return true;
}

static void apply(Case *made, const char *words)
{
  g_auto(GStrv) parts = g_strsplit(words, " ", -1);

  for (char **part = parts; *part != NULL; part++) {
    char *value = strchr(*part, '=');

    if (**part == '\0')
      continue;
    ck_assert_msg(value != NULL, "the test's own word %s", *part);
    *value++ = '\0';
    if (g_str_has_prefix(*part, "was.")) {
      if (made->in_force == NULL)
        made->in_force = support_plan_copy(made->plan);
      ck_assert_msg(set_plan(made->in_force, *part + 4, value), "the test's own word %s", *part);
    } else {
      ck_assert_msg(set_plan(made->plan, *part, value) || set_fact(&made->facts, *part, value),
                    "the test's own word %s", *part);
    }
  }
  made->facts.in_force = made->in_force;
}

#define SOUND                                                                                                \
  "today=2026-11-22 general_availability=2024-04-01 end_of_sale=2029-03-31 security_support_end=2033-03-31 " \
  "eol=2031-03-31 eos=2033-03-31 parts_until=2033-03-31 repair_until=2033-03-31 doc=LS-1 duties=隔離 "     \
  "lines=security-updates:2033-03-31 told=2025-04-01 security_contact=x update_policy_doc=x "                \
  "life=2 scope=yes affected=3 unreachable=0 not_presented=0 contract_end=2030-03-31 published=1 "           \
  "transfer=not-begun documents=all harm=unknown scope_reason=- eos_told=0 users=3 not_confirmed=3 "         \
  "assessed=2025-04-01 "

static void make(Case *made, const char *words)
{
  *made = (Case){ .plan = support_plan_new() };
  made->facts.plan = made->plan;
  apply(made, SOUND);
  apply(made, words);
}

static void clear(Case *made)
{
  support_plan_free(made->plan);
  support_plan_free(made->in_force);
}

static const RuleFinding *finding_of(const GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (strcmp(finding->rule->id, id) == 0)
      return finding;
  }
  return NULL;
}

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
} RuleCase;

static void check_cases(const RuleCase *cases, gsize n, Profile profile)
{
  for (gsize i = 0; i < n; i++) {
    Case made;

    make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(profile));
    const RuleFinding *finding = finding_of(findings, cases[i].rule);

    ck_assert_msg(finding != NULL, "%s is off", cases[i].rule);
    ck_assert_msg(got(finding) == cases[i].want, "%s with \"%s\": %s %s, %s", cases[i].rule, cases[i].words,
                  rule_outcome_key(finding->outcome), rule_severity_key(finding->severity), finding->detail);
    ck_assert_msg(cases[i].says == NULL ||
                      (finding->detail != NULL && strstr(finding->detail, cases[i].says)),
                  "%s with \"%s\" says: %s", cases[i].rule, cases[i].words, finding->detail);
    clear(&made);
  }
}

START_TEST(test_rule_limited_support)
{
  static const RuleCase cases[] = {
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
  static const RuleCase cases[] = {
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
  static const RuleCase cases[] = {
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
  static const RuleCase cases[] = {
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
    Case made;
    guint doc_2 = 0, trn_1 = 0;

    make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(PROFILE_JP));

    for (guint f = 0; f < findings->len; f++) {
      const RuleFinding *finding = findings->pdata[f];

      doc_2 += strcmp(finding->rule->id, "DOC-2") == 0;
      trn_1 += strcmp(finding->rule->id, "TRN-1") == 0;
      ck_assert_msg(finding->detail == NULL || strchr(finding->detail, '\n') == NULL, "%s", cases[i].words);
    }
    ck_assert_msg(doc_2 == cases[i].doc_2 && trn_1 == cases[i].trn_1, "%s: %u, %u", cases[i].words, doc_2,
                  trn_1);
    clear(&made);
  }
}
END_TEST

START_TEST(test_rule_eu)
{
  static const RuleCase cases[] = {
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

START_TEST(test_rule_check_profiles)
{
  Case made;

  make(&made, "");
  for (int profile = 0; profile < PROFILE_COUNT; profile++) {
    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for((Profile)profile));
    gsize n, on = 0;
    const Rule *rules = rule_table(&n);

    for (gsize i = 0; i < n; i++) {
      const RuleFinding *finding = finding_of(findings, rules[i].id);

      ck_assert_msg((finding != NULL) == (rules[i].severity[profile] != SEVERITY_OFF), "%s", rules[i].id);
      on += finding != NULL ? 1 : 0;
    }
    ck_assert_uint_eq(findings->len, on);
  }
  clear(&made);
}
END_TEST

/* An own profile: what it says of a rule holds, LSP-1 and ORD-1 stay as they are. */
START_TEST(test_rule_set_severity)
{
  Policy policy = *policy_for(PROFILE_JP);
  gsize n;
  const Rule *rules = rule_table(&n);
  Case made;

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
  make(&made, "today=2029-04-01 told=- contract_end=2035-01-01 security_contact=-");

  g_autoptr(GPtrArray) findings = rule_check(&made.facts, &policy);

  ck_assert_ptr_null(finding_of(findings, "LEAD-1"));
  ck_assert_int_eq(finding_of(findings, "LEASE-1")->severity, SEVERITY_ERROR);
  ck_assert_int_eq(finding_of(findings, "DOC-1")->severity, SEVERITY_WARNING);
  ck_assert(rule_needs_reason(findings));
  clear(&made);
}
END_TEST

/* A milder rule that hardens with time hardens all the same. */
START_TEST(test_rule_set_severity_is_at_its_mildest)
{
  Policy policy = *policy_for(PROFILE_JP);
  Case made;

  ck_assert(rule_set_severity(&policy, rule_find("LSP-2c"), SEVERITY_WARNING));
  make(&made, "eos=tba today=2031-03-31");

  g_autoptr(GPtrArray) findings = rule_check(&made.facts, &policy);

  ck_assert_int_eq(finding_of(findings, "LSP-2c")->severity, SEVERITY_ERROR);
  clear(&made);
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
    Case made;

    make(&made, cases[i].words);

    g_autoptr(GPtrArray) findings = rule_check(&made.facts, policy_for(PROFILE_JP));

    ck_assert_msg(rule_blocks_publication(findings) == cases[i].blocks, "\"%s\"", cases[i].words);
    ck_assert_msg(rule_needs_reason(findings) == cases[i].reason, "\"%s\"", cases[i].words);
    clear(&made);
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
    Case made;

    make(&made, cases[i].words);

    const Rule *rule = rule_store_gate(made.plan);

    ck_assert_msg(g_strcmp0(rule != NULL ? rule->id : NULL, cases[i].rule) == 0, "\"%s\"", cases[i].words);
    clear(&made);
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
  Case sound;

  make(&sound, "");

  g_autoptr(GPtrArray) before = rule_check(&sound.facts, policy_for(PROFILE_EU));

  for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
    Case made;

    make(&made, gone[i]);

    g_autoptr(GPtrArray) after = rule_check(&made.facts, policy_for(PROFILE_EU));

    for (guint f = 0; f < after->len; f++) {
      const RuleFinding *then = before->pdata[f], *now = after->pdata[f];

      ck_assert_msg(now->outcome != RULE_OK || then->outcome == RULE_OK, "%s without %s", now->rule->id,
                    gone[i]);
    }
    clear(&made);
  }
  clear(&sound);
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
  Suite *suite = suite_create("rule");
  TCase *checks = tcase_create("checks"), *table = tcase_create("table");

  tcase_add_test(checks, test_rule_limited_support);
  tcase_add_test(checks, test_rule_dates);
  tcase_add_test(checks, test_rule_changes);
  tcase_add_test(checks, test_rule_duties);
  tcase_add_test(checks, test_rule_finding_per_item);
  tcase_add_test(checks, test_rule_eu);
  tcase_add_test(checks, test_rule_no_data_is_never_ok);
  tcase_add_test(checks, test_rule_taking_data_away_makes_nothing_ok);
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
  suite_add_tcase(suite, checks);
  suite_add_tcase(suite, table);
  return run_suite(suite);
}
