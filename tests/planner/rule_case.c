#include "tests/planner/rule_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "planner/conformity.h"

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

static void apply(RuleCase *made, const char *words)
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

void rule_case_make(RuleCase *made, const char *words)
{
  *made = (RuleCase){ .plan = support_plan_new() };
  made->facts.plan = made->plan;
  apply(made, SOUND);
  apply(made, words);
}

void rule_case_clear(RuleCase *made)
{
  support_plan_free(made->plan);
  support_plan_free(made->in_force);
}

const RuleFinding *rule_case_finding(const GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (strcmp(finding->rule->id, id) == 0)
      return finding;
  }
  return NULL;
}
