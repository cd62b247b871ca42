/* A thousand random lives of a plan: whatever is tried, by whomever, the program does what the model does,
 * and the store never holds what must not be. A failure prints its seed and its script; KIGEN_PROPERTY_SEED
 * runs that one life alone. */

#include "tests/db/people.h"
#include "tests/db/plan_model.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include "planner/date_text.h"

#include <stdio.h>
#include <string.h>

#define LIVES 1000
#define STEPS 40
#define FIRST_SEED 20310331u

/* One life. */
typedef struct {
  Db *db;
  GRand *random;
  gint64 release;
  Model *model;
  GString *script;
  guint32 seed;
  Day today;
} Life;

static const ModelPerson persons[PEOPLE_END] = {
  [SATO] = { SATO, false, false }, [TANAKA] = { TANAKA, true, false }, [SUZUKI] = { SUZUKI, true, false },
  [ABE] = { ABE, true, true },     [MORI] = { MORI, false, false },
};

/* Leap days, the year 2100, which is no leap year, days that are none, before general availability. */
static const char *const dates[] = {
  "",           "未定",       "2028-02-29", "2031-02-29", "2100-02-29", "2100-02-28", "2100-12-31",
  "2096-02-29", "2031-03-31", "2031-12-31", "2032-02-29", "2033-04-01", "2034-03-31", "2034-03-31",
  "2034-04-01", "2035-03-31", "1999-12-31", "2400-02-29", "2300-02-29", "2031-04-31",
};

static const char *pick(Life *life, const char *const *words, gsize n)
{
  return words[g_rand_int_range(life->random, 0, (gint32)n)];
}

static bool chance(Life *life, int percent)
{
  return g_rand_int_range(life->random, 0, 100) < percent;
}

static ModelDate model_date(PlanDate date)
{
  int year, month, day;

  if (date.state != DATE_KNOWN)
    return date.state == DATE_TBA ? MODEL_TBA : MODEL_UNKNOWN;
  day_to_ymd(date.day, &year, &month, &day);
  return year * 10000 + month * 100 + day;
}

static ModelDate model_today(const Life *life)
{
  return model_date(plan_date_known(life->today));
}

#define fail_life(life, ...)                                                                                 \
  do {                                                                                                       \
    g_autofree char *fail_said = g_strdup_printf(__VA_ARGS__);                                               \
    ck_abort_msg("KIGEN_PROPERTY_SEED=%u: %s\n%s", (life)->seed, fail_said, (life)->script->str);            \
  } while (0)

/* Reads `text` as an import does; checked against the model's own calendar. False: it is no date. */
static bool read_date(Life *life, const char *text, PlanDate *ret_date)
{
  int year, month, day;
  bool known = sscanf(text, "%d-%d-%d", &year, &month, &day) == 3;
  bool read = date_text_parse(text, ret_date, NULL, NULL);

  if (read != (!known || model_day_exists(year, month, day)))
    fail_life(life, "%s was %s", text, read ? "read" : "refused");
  return read;
}

/* EOL and EOS, most of which can be published: else nothing would ever be. */
static const char *const sound[][2] = {
  { "2034-03-31", "2038-03-31" }, { "2033-04-01", "2034-03-31" }, { "2034-03-31", "2034-03-31" },
  { "2034-04-01", "2034-04-01" }, { "2031-12-31", "2034-03-31" }, { "2100-02-28", "2100-12-31" },
  { "2032-02-29", "2036-02-29" }, { "2035-03-31", "未定" },       { "2096-02-29", "2100-02-28" },
};

/* What somebody wants to write. */
static void choose(Life *life, const char **ret_available, const char **ret_eol, const char **ret_eos,
                   bool *ret_declared)
{
  gint32 i = g_rand_int_range(life->random, 0, G_N_ELEMENTS(sound));
  bool is_sound = chance(life, 65);

  *ret_available = is_sound || chance(life, 60) ? "2020-04-01" : pick(life, dates, G_N_ELEMENTS(dates));
  *ret_eol = is_sound ? sound[i][0] : pick(life, dates, G_N_ELEMENTS(dates));
  *ret_eos = is_sound ? sound[i][1] : chance(life, 25) ? *ret_eol : pick(life, dates, G_N_ELEMENTS(dates));
  *ret_declared = is_sound ? chance(life, 95) : chance(life, 50);
}

/* Declares, or now and then seems to. */
static void declare(Life *life, SupportPlan *plan, ModelContent *content)
{
  const char *parts = chance(life, 80) ? "2034-03-31" : "2032-03-31";
  LimitedSupport *support = &plan->limited_support;

  if (!content->declared) {
    support->doc = chance(life, 50) ? g_strdup("調整中") : NULL;
    return;
  }
  support->doc = g_strdup("LSP-1");
  support->duties_ja = g_strdup("分離");
  ck_assert(day_parse(parts, &support->line[SERVICE_PARTS].until));
  content->parts = model_date(plan_date_known(support->line[SERVICE_PARTS].until));
  g_string_append_printf(life->script, " parts=%s", parts);
}

/* False: a date of it is none, and nothing is written. */
static bool make_content(Life *life, SupportPlan *plan, ModelContent *content)
{
  const char *available, *eol, *eos;

  choose(life, &available, &eol, &eos, &content->declared);
  g_string_append_printf(life->script, " ga=%s eol=%s eos=%s", available, eol, eos);
  if (!read_date(life, eol, &plan->date[MILESTONE_EOL]) ||
      !read_date(life, eos, &plan->date[MILESTONE_EOS]) ||
      !read_date(life, available, &plan->date[MILESTONE_GENERAL_AVAILABILITY]))
    return false;
  content->eol = model_date(plan->date[MILESTONE_EOL]);
  content->eos = model_date(plan->date[MILESTONE_EOS]);
  content->available = model_date(plan->date[MILESTONE_GENERAL_AVAILABILITY]);
  declare(life, plan, content);
  return true;
}

static gint64 plan_of(Life *life, const char *states)
{
  g_autofree char *sql =
      g_strdup_printf("SELECT id FROM support_plan WHERE release = %" G_GINT64_FORMAT " AND state IN (%s)",
                      life->release, states);

  return MAX(scratch_number(life->db, sql), 0);
}

/* Asks the rules about `plan` as plan submit and plan publish do, a reason being given. `liftable`: errors
 * that can be signed for do not count. */
static bool rules_let(Life *life, gint64 plan, bool liftable)
{
  g_autoptr(PlanRow) row = NULL;
  g_autoptr(PlanFacts) facts = NULL;

  assert_done(plan_store_find(life->db, plan, &row, ERR));
  assert_done(plan_store_facts(life->db, row, life->today, true, &facts, ERR));
  g_autoptr(GPtrArray) findings = rule_check(plan_facts_get(facts), policy_for(PROFILE_JP));

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (rule_finding_blocks(finding, true) && !(liftable && finding->rule->override_en != NULL))
      return false;
  }
  return true;
}

static bool is_broken(Life *life, gint64 plan, const char *rule)
{
  g_autoptr(PlanRow) row = NULL;
  g_autoptr(PlanFacts) facts = NULL;

  assert_done(plan_store_find(life->db, plan, &row, ERR));
  assert_done(plan_store_facts(life->db, row, life->today, true, &facts, ERR));
  g_autoptr(GPtrArray) findings = rule_check(plan_facts_get(facts), policy_for(PROFILE_JP));

  for (guint i = 0; i < findings->len; i++) {
    const RuleFinding *finding = findings->pdata[i];

    if (strcmp(finding->rule->id, rule) == 0 && finding->outcome == RULE_BROKEN)
      return true;
  }
  return false;
}

typedef bool (*Attempt)(Life *life, const AuditContext *context, gint64 plan, GError **error);

static bool try_submit(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return rules_let(life, plan, true) && plan_review_submit(life->db, context, plan, "理由", error);
}

static bool try_approve(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return plan_review_approve(life->db, context, plan, policy_for(PROFILE_JP), NULL, error);
}

static bool try_reject(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return plan_review_reject(life->db, context, plan, policy_for(PROFILE_JP), "理由", error);
}

static bool sign(Life *life, const AuditContext *context, gint64 plan, const char *rule, GError **error)
{
  return is_broken(life, plan, rule) &&
         plan_review_override(life->db, context, plan, policy_for(PROFILE_JP), rule_find(rule),
                              "全施設の更新を期日までに当社の費用で完了する", error);
}

static bool try_lsp_3(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return sign(life, context, plan, "LSP-3", error);
}

static bool try_chg_2(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return sign(life, context, plan, "CHG-2", error);
}

static bool try_publish(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  PlanTelling telling;

  return rules_let(life, plan, false) && plan_publish(life->db, context, plan, NULL, &telling, error);
}

static bool try_withdraw(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  PlanWithdrawal withdrawal;

  return plan_withdraw(life->db, context, plan, policy_for(PROFILE_JP), "理由", &withdrawal, error);
}

static bool try_discard(Life *life, const AuditContext *context, gint64 plan, GError **error)
{
  return plan_review_discard(life->db, context, plan, NULL, error);
}

static bool model_lsp_3(Model *model, ModelPerson person, ModelDate today)
{
  return model_override(model, person, today, MODEL_LSP_3);
}

static bool model_chg_2(Model *model, ModelPerson person, ModelDate today)
{
  return model_override(model, person, today, MODEL_CHG_2);
}

#define OPEN "'draft', 'submitted', 'approved'"

static const struct {
  const char *name;
  const char *states; /* of the revision it is tried on */
  Attempt attempt;
  bool (*model)(Model *model, ModelPerson person, ModelDate today);
  int weight;
  gint64 who; /* who may, as a rule: else hardly anything would ever come through */
} steps[] = {
  { "submit", OPEN, try_submit, model_submit, 20, SATO },
  { "approve", OPEN, try_approve, model_approve, 22, SUZUKI },
  { "reject", OPEN, try_reject, model_reject, 3, SUZUKI },
  { "LSP-3", OPEN, try_lsp_3, model_lsp_3, 8, ABE },
  { "CHG-2", OPEN, try_chg_2, model_chg_2, 8, ABE },
  { "publish", OPEN, try_publish, model_publish, 18, SATO },
  { "withdraw", "'published'", try_withdraw, model_withdraw, 3, ABE },
  { "discard", OPEN, try_discard, model_discard, 3, SATO },
};

/* In a transaction of its own, as a command is. */
static bool run_step(Life *life, int i, const AuditContext *context)
{
  gint64 plan = plan_of(life, steps[i].states);

  if (plan == 0)
    return false;
  assert_done(db_begin(life->db, ERR));
  if (!steps[i].attempt(life, context, plan, NULL)) {
    db_rollback(life->db);
    return false;
  }
  assert_done(db_commit(life->db, ERR));
  return true;
}

static bool run_set(Life *life, const AuditContext *context, const SupportPlan *plan)
{
  bool changed;

  if (rule_store_gate(plan) != NULL)
    return false;
  assert_done(db_begin(life->db, ERR));
  assert_done(plan_store_put_draft(life->db, context, life->release, "*", plan, "理由", &changed, ERR));
  assert_done(db_commit(life->db, ERR));
  return true;
}

static void expect(Life *life, const char *what, bool done, bool expected)
{
  g_string_append(life->script, done ? "\n" : "  (refused)\n");
  if (done != expected)
    fail_life(life, "%s was %s, and is to be %s", what, done ? "done" : "refused",
              expected ? "done" : "refused");
}

static void step_set(Life *life)
{
  gint64 user = g_rand_int_range(life->random, SATO, chance(life, 80) ? TANAKA + 1 : MORI);
  AuditContext context = people_context(user);
  g_autoptr(SupportPlan) plan = support_plan_new();
  ModelContent content = { 0 };

  g_string_append_printf(life->script, "%s set", context.actor);
  if (!make_content(life, plan, &content)) {
    g_string_append(life->script, "  (no date)\n");
    return;
  }
  bool done = run_set(life, &context, plan);

  expect(life, "set", done, model_set(life->model, persons[user], &content));
}

static void step_other(Life *life)
{
  int total = 0, i = 0, at;

  for (gsize k = 0; k < G_N_ELEMENTS(steps); k++)
    total += steps[k].weight;
  at = g_rand_int_range(life->random, 0, total);
  while (at >= steps[i].weight)
    at -= steps[i++].weight;

  gint64 user = chance(life, 60) ? steps[i].who : g_rand_int_range(life->random, SATO, MORI + 1);
  AuditContext context = people_context(user);

  g_string_append_printf(life->script, "%s %s", context.actor, steps[i].name);
  bool done = run_step(life, i, &context);

  expect(life, steps[i].name, done, steps[i].model(life->model, persons[user], model_today(life)));
}

/* What must never be, asked of the store alone. Each query's rows are faults. */
static const char *const faults[] = {
  "SELECT 'EOL = EOS undeclared ' || id FROM support_plan WHERE eol = eos AND eol <> 'tba'"
  " AND trim(coalesce(limited_support_doc, '')) IN ('', '調整中')",
  "SELECT 'EOL after EOS ' || id FROM support_plan WHERE eol > eos AND eol <> 'tba' AND eos <> 'tba'",
  "SELECT 'no day ' || id FROM support_plan WHERE eol IN ('2100-02-29', '2300-02-29', '2031-02-29', "
  "'2031-04-31')"
  " OR eos IN ('2100-02-29', '2300-02-29', '2031-02-29', '2031-04-31')",
  "SELECT 'two published ' || release FROM support_plan WHERE state = 'published' GROUP BY release, market"
  " HAVING count(*) > 1",
  "SELECT 'two open ' || release FROM support_plan WHERE state IN (" OPEN ") GROUP BY release, market"
  " HAVING count(*) > 1",
  "SELECT 'published without another person ' || s.id FROM support_plan s WHERE s.published_on IS NOT NULL"
  " AND NOT EXISTS (SELECT 1 FROM plan_event a WHERE a.plan = s.id AND a.event = 'approve' AND NOT EXISTS"
  "  (SELECT 1 FROM plan_event w WHERE w.plan = s.id AND w.event IN ('set', 'submit') AND w.user = a.user))",
  "SELECT 'not as approved ' || p.plan FROM plan_event p WHERE p.event = 'publish' AND p.content IS NOT"
  " (SELECT a.content FROM plan_event a WHERE a.plan = p.plan AND a.event = 'approve' ORDER BY a.id DESC "
  "LIMIT 1)",
  "SELECT 'EOL = EOS published, and nobody signed ' || s.id FROM support_plan s WHERE s.published_on IS NOT "
  "NULL"
  " AND s.eol = s.eos AND s.eol <> 'tba' AND NOT EXISTS (SELECT 1 FROM plan_event o WHERE o.plan = s.id"
  "  AND o.event = 'override' AND o.rule = 'LSP-3')",
  "SELECT 'a revision number fell ' || b.plan FROM plan_event a JOIN support_plan p ON p.id = a.plan"
  " JOIN support_plan q ON q.release = p.release AND q.market = p.market JOIN plan_event b ON b.plan = q.id"
  " WHERE a.event = 'publish' AND b.event = 'publish' AND b.id > a.id AND q.revision <= p.revision",
};

static void assert_no_fault(Life *life)
{
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autofree char *fault = scratch_text(life->db, faults[i]);

    if (fault != NULL)
      fail_life(life, "%s", fault);
  }
}

static void assert_as_model(Life *life)
{
  g_autofree char *sql =
      g_strdup_printf("SELECT group_concat(x, ', ') FROM (SELECT state || ' ' || revision AS x"
                      " FROM support_plan WHERE release = %" G_GINT64_FORMAT " ORDER BY revision)",
                      life->release);
  g_autofree char *stored = scratch_text(life->db, sql);
  g_autofree char *expected = model_describe(life->model);

  if (g_strcmp0(stored != NULL ? stored : "", expected) != 0)
    fail_life(life, "the store holds %s, the model %s", stored, expected);
}

static void take_step(Life *life)
{
  Day real;
  char day[DAY_TEXT_SIZE];

  if (chance(life, 20))
    life->today += (Day)g_rand_int_range(life->random, 0, 40);
  real = life->today;
  if (chance(life, 5)) /* a clock that was set back */
    life->today -= (Day)g_rand_int_range(life->random, 1, 90);
  base_context.today = life->today;
  g_string_append_printf(life->script, "%s ", day_format(life->today, day));
  if (plan_of(life, OPEN) != 0 ? chance(life, 12) : chance(life, 60))
    step_set(life);
  else
    step_other(life);
  life->today = real;
  assert_as_model(life);
}

static void live(Db *db, guint32 seed, gint64 release)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  g_autoptr(Model) model = model_new();
  g_autoptr(GString) script = g_string_new(NULL);
  Life life = { db, random, release, model, script, seed, day_from_ymd(2031, 3, 31) };

  for (int i = 0; i < STEPS; i++)
    take_step(&life);
  if (seed % 50 == 0)
    assert_no_fault(&life);
}

static void add_releases(Db *db)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)"
                  " INSERT INTO release (id, product, name) SELECT i, 1, 'R' || i FROM n");
  assert_done(db_commit(db, ERR));
}

/* The first lives, one after the other, or the one that failed. */
START_TEST(test_lives)
{
  const char *one = g_getenv("KIGEN_PROPERTY_SEED");
  g_autoptr(Db) db = base_store();
  guint64 seed = 0;

  people_add(db);
  add_releases(db);
  if (one != NULL) {
    ck_assert(g_ascii_string_to_unsigned(one, 10, 0, G_MAXUINT32, &seed, NULL));
    live(db, (guint32)seed, 10);
    return;
  }
  for (int i = 0; i < LIVES; i++)
    live(db, FIRST_SEED + (guint32)i, 10 + i);
  Life all = { .db = db, .script = g_string_new("all lives"), .seed = FIRST_SEED };

  assert_no_fault(&all);
  g_string_free(all.script, TRUE);
  /* it would prove nothing if hardly anything came through */
  ck_assert_int_ge(scratch_number(db, "SELECT count(*) FROM support_plan WHERE published_on IS NOT NULL"),
                   500);
  ck_assert_int_ge(scratch_number(db, "SELECT count(*) FROM support_plan WHERE revision > 1"), 200);
  ck_assert_int_ge(
      scratch_number(db, "SELECT count(*) FROM support_plan WHERE published_on IS NOT NULL AND eol = eos"
                         " AND eol <> 'tba'"),
      10);
  ck_assert_int_ge(scratch_number(db, "SELECT count(*) FROM plan_event WHERE rule = 'CHG-2'"), 10);
  ck_assert_int_ge(scratch_number(db, "SELECT count(*) FROM support_plan WHERE state = 'withdrawn'"), 20);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_property");
  TCase *lives = tcase_create("lives");

  /* forty thousand transactions: kept in memory, they need no disk to prove anything */
  if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv("TMPDIR", "/dev/shm", FALSE);
  tcase_set_timeout(lives, 300);
  tcase_add_checked_fixture(lives, scratch_setup, scratch_teardown);
  tcase_add_test(lives, test_lives);
  suite_add_tcase(suite, lives);
  return run_suite(suite);
}
