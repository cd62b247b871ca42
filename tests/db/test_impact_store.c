#include "db/impact_store.h"
#include "db/plan_publish.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* What another program does to the store of the test. */
static void change(const char *sql)
{
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", sql, &said) == 0, "%s: %s", sql, said);
}

static ImpactCounts *count(Db *db, const char *market, int revision, guint names)
{
  ImpactTerms terms = {
    .release = 1, .market = market, .revision = revision, .today = base_context.today, .names = names
  };
  ImpactCounts *counts = NULL;

  assert_done(db_begin_read(db, ERR));
  assert_done(impact_store_count(db, &terms, &counts, ERR));
  db_end_read(db);
  return counts;
}

/* What is counted before, in one line. */
static char *foretold(const ImpactCounts *counts)
{
  GString *text = g_string_new(NULL);

  g_string_append_printf(text, "%d announced, %d changed", (int)counts->announced, (int)counts->changed);
  for (int i = 0; i < IMPACT_CHANNEL_COUNT; i++) {
    if (counts->made[i] + counts->joined[i] > 0)
      g_string_append_printf(text, ", %s %d+%d", impact_channel_key((ImpactChannel)i), (int)counts->made[i],
                             (int)counts->joined[i]);
  }
  g_string_append_printf(text, ", %d superseded, %d thinned", (int)counts->superseded, (int)counts->thinned);
  return g_string_free(text, FALSE);
}

/* Publishes what is open for `market`, and says in the same words what that did. */
static char *publish(Db *db, const char *market)
{
  static const char *const channels[] = { "mail", "webhook", "fax", "letter", "hand", "relay" };
  g_autofree char *open = g_strdup_printf("SELECT id FROM support_plan WHERE release = 1 AND market = '%s'"
                                          " AND state = 'draft'",
                                          market);
  gint64 plan = scratch_number(db, open),
         last = scratch_number(db, "SELECT coalesce(max(id), 0) FROM outbox");
  gint64 superseded = scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'superseded'");
  gint64 thinned = scratch_number(db, "SELECT count(*) FROM outbox_event WHERE state = 'pending'");
  GString *text = g_string_new(NULL);
  PlanTelling telling;

  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, plan, "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));
  g_string_append_printf(text, "%d announced, %d changed", (int)telling.announced, (int)telling.changed);
  for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
    g_autofree char *told =
        g_strdup_printf("SELECT count(DISTINCT o.id) FROM outbox o JOIN outbox_notice x ON x.outbox = o.id "
                        "JOIN notice n ON n.id ="
                        " x.notice WHERE n.plan = %d AND o.channel = '%s' AND (o.id > %d) = ",
                        (int)plan, channels[i], (int)last);
    g_autofree char *made_sql = g_strconcat(told, "1", NULL), *joined_sql = g_strconcat(told, "0", NULL);
    gint64 made = scratch_number(db, made_sql), joined = scratch_number(db, joined_sql);

    if (made + joined > 0)
      g_string_append_printf(text, ", %s %d+%d", channels[i], (int)made, (int)joined);
  }
  g_string_append_printf(
      text, ", %d superseded, %d thinned",
      (int)(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'superseded'") - superseded),
      (int)(scratch_number(db, "SELECT count(*) FROM outbox_event WHERE state = 'pending'") - thinned));
  return g_string_free(text, FALSE);
}

static void draft(Db *db, const char *market, const char *eol)
{
  g_autoptr(SupportPlan) plan = base_plan(eol, "2038-03-31");
  bool changed;

  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, 1, market, plan, "理由", &changed, ERR));
  assert_done(db_commit(db, ERR));
}

/* Before each publication of a draft for `market`: what happens to the store first, and what is then said. It
 * is asked of what is not stored, and again of the draft, and comes true. */
typedef struct {
  const char *market, *sql;
  const char *expected;
  int days; /* go by first */
} Step;

#define NOBODY "0 superseded, 0 thinned"
#define OTHER_COUNTRIES                                                                                      \
  "UPDATE organization SET country = 'US' WHERE id IN (1, 2); UPDATE organization SET country = 'DE' WHERE " \
  "id = 3"

static const Step steps[][5] = {
  /* a first plan; the next one before anything went out; after everything did */
  { { "*", NULL, "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, " NOBODY },
    { "*", NULL, "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, 7 superseded, 0 thinned" },
    { "*", "UPDATE outbox SET state = 'accepted', attempt = 1 WHERE state = 'pending'",
      "0 announced, 8 changed, mail 3+0, fax 1+0, letter 3+0, " NOBODY, 1 } },
  /* told and untold: what failed, was never sent, came back, or was acknowledged all the same */
  { { "*", NULL, "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, " NOBODY },
    { "*",
      "UPDATE outbox SET state = 'failed', attempt = 3 WHERE contact = 2;"
      "UPDATE outbox SET state = 'bounced', attempt = 1 WHERE contact = 3;"
      "UPDATE outbox SET state = 'deferred', attempt = 1 WHERE contact = 4;"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (1, 3, 'receipt', 'a',"
      " 'telephone', '2031-04-01T00:00:00Z')",
      "4 announced, 4 changed, mail 3+0, fax 1+0, letter 3+0, 5 superseded, 0 thinned" } },
  /* another plan's messages wait for the same people, today and tomorrow */
  { { "*", NULL, "8 announced, 0 changed, mail 0+3, fax 0+1, letter 0+3, " NOBODY },
    { "*", NULL, "8 announced, 0 changed, mail 0+3, fax 0+1, letter 0+3, 0 superseded, 7 thinned" },
    { "*", NULL, "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, 0 superseded, 7 thinned", 1 },
    { "*", "UPDATE outbox SET attempt = 1 WHERE state = 'pending'",
      "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, 7 superseded, 0 thinned" } },
  /* markets: one of its own later leaves the rest to the one for every market */
  { { "*", OTHER_COUNTRIES, "8 announced, 0 changed, mail 3+0, fax 1+0, letter 3+0, " NOBODY },
    { "US", NULL, "2 announced, 0 changed, mail 1+1, 1 superseded, 1 thinned" },
    { "*", "UPDATE outbox SET state = 'accepted', attempt = 1 WHERE state = 'pending'",
      "0 announced, 6 changed, mail 2+0, fax 1+0, letter 3+0, " NOBODY, 1 },
    { "DE", NULL, "0 announced, 1 changed, letter 1+0, 1 superseded, 0 thinned" },
    { "US", "UPDATE organization SET country = 'US'",
      "0 announced, 8 changed, mail 3+0, fax 1+0, letter 2+1, 5 superseded, 0 thinned" } },
  /* nobody holds it */
  { { "*", "UPDATE holding SET ended_on = '2031-01-01' WHERE release = 1",
      "0 announced, 0 changed, " NOBODY },
    { "*", "UPDATE holding SET ended_on = NULL WHERE release = 1 AND organization = 1",
      "1 announced, 0 changed, mail 1+0, " NOBODY } },
};

/* The other plan of the third case. */
static void prepare(Db *db, int i)
{
  if (i == 2)
    base_publish(db, 2, "2035-03-31");
}

START_TEST(test_comes_true)
{
  g_autoptr(Db) db = base_installed();

  prepare(db, _i);
  for (gsize k = 0; k < G_N_ELEMENTS(steps[0]) && steps[_i][k].market != NULL; k++) {
    const Step *step = &steps[_i][k];
    g_autofree char *eol = g_strdup_printf("2035-%02d-28", (int)k + 1);
    g_autofree char *latest = g_strdup_printf(
        "SELECT coalesce(max(revision), 0) FROM support_plan WHERE release = 1 AND market = '%s'",
        step->market);

    base_context.today += (Day)step->days;
    if (step->sql != NULL)
      change(step->sql);

    int revision = (int)scratch_number(db, latest) + 1;
    g_autoptr(ImpactCounts) imagined = count(db, step->market, revision, 0);
    g_autofree char *before = foretold(imagined);

    ck_assert_msg(strcmp(before, step->expected) == 0, "case %d.%d: %s", _i, (int)k, before);
    draft(db, step->market, eol);

    g_autoptr(ImpactCounts) drafted = count(db, step->market, revision, 0);
    g_autofree char *of_draft = foretold(drafted), *after = publish(db, step->market);

    ck_assert_str_eq(of_draft, before);
    ck_assert_msg(strcmp(after, before) == 0, "case %d.%d: said %s, did %s", _i, (int)k, before, after);
  }
}
END_TEST

START_TEST(test_who)
{
  g_autoptr(Db) db = base_installed();

  change("UPDATE organization SET role = 'lessor' WHERE id = 2; UPDATE holding SET role = 'owner' WHERE "
         "organization ="
         " 2; UPDATE organization SET role = 'repairer' WHERE id = 3");
  g_autoptr(ImpactCounts) counts = count(db, "*", 1, 0);

  ck_assert_int_eq(counts->organizations, 8);
  ck_assert_int_eq(counts->devices, 12); /* 2 at each of the users; 4 sold, 2 owned by the lessor besides */
  ck_assert_int_eq(counts->role[IMPACT_HOSPITAL], 4);
  ck_assert_int_eq(counts->role[IMPACT_CLINIC], 1);
  ck_assert_int_eq(counts->role[IMPACT_DISTRIBUTOR], 1);
  ck_assert_int_eq(counts->role[IMPACT_LESSOR], 1);
  ck_assert_int_eq(counts->role[IMPACT_REPAIRER], 1);
  ck_assert_int_eq(counts->role_units[IMPACT_HOSPITAL], 8);
  ck_assert_int_eq(counts->role_units[IMPACT_DISTRIBUTOR], 2);
  ck_assert_int_eq(counts->role_units[IMPACT_LESSOR], 2);
  ck_assert_int_eq(counts->role_units[IMPACT_REPAIRER], 2); /* that it uses itself */
  ck_assert_int_eq(counts->events, 7);                      /* a repairer's feed shows what it repairs */
  ck_assert_int_eq(counts->contacts, 4);
  ck_assert_int_eq(counts->budget_month[9], 2);
  ck_assert_int_eq(counts->budget_month[12], 1);
  ck_assert_int_eq(counts->customers.count, 6);
}
END_TEST

static char *names_of(const ImpactNames *names)
{
  GString *text = g_string_new(NULL);

  g_string_append_printf(text, "%d:", (int)names->count);
  for (guint i = 0; i < names->names->len; i++) {
    const ImpactName *name = names->names->pdata[i];

    g_string_append_printf(text, " %s %s", name->code, name->name);
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_names)
{
  static const struct {
    guint names;
    const char *unreachable, *customers;
  } rows[] = {
    { 0, "3:", "7:" },
    { 2, "3: H3 C病院 H7 G病院", "7: H1 A病院 H10 J病院" },
    { 3, "3: H3 C病院 H7 G病院 H8 H病院", "7: H1 A病院 H10 J病院 H2 B病院" },
    { G_MAXUINT, "3: H3 C病院 H7 G病院 H8 H病院",
      "7: H1 A病院 H10 J病院 H2 B病院 H3 C病院 H6 F病院 H7 G病院 H8 H病院" },
  };
  g_autoptr(Db) db = base_installed();

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(ImpactCounts) counts = count(db, "*", 1, rows[i].names);
    g_autofree char *unreachable = names_of(&counts->unreachable), *customers = names_of(&counts->customers);

    ck_assert_str_eq(unreachable, rows[i].unreachable);
    ck_assert_str_eq(customers, rows[i].customers);
  }
}
END_TEST

/* Customers whose every unit lasts beyond the plan, by contract. */
START_TEST(test_extended)
{
  static const struct {
    const char *eos;
    bool but_extended;
    int extended, customers;
  } rows[] = {
    { NULL, true, 0, 7 },
    { "2038-03-31", false, 1, 7 },
    { "2038-03-31", true, 1, 6 },
    { "2040-03-31", true, 0, 7 }, /* the plan has passed it */
  };
  g_autoptr(Db) db = base_installed();

  change(
      "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"
      " created_by, created_on, created_at) VALUES (1, 1, NULL, '2039-03-31', '2039-03-31', NULL, 0, 'x', "
      "'契約',"
      " 'a', '2031-03-01', 'x')");
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    ImpactTerms terms = { .release = 1,
                          .market = "*",
                          .revision = 1,
                          .today = base_context.today,
                          .but_extended = rows[i].but_extended };
    g_autoptr(ImpactCounts) counts = NULL;

    ck_assert(plan_date_from_store(rows[i].eos, &terms.eos));
    assert_done(db_begin_read(db, ERR));
    assert_done(impact_store_count(db, &terms, &counts, ERR));
    db_end_read(db);
    ck_assert_int_eq(counts->extended, rows[i].extended);
    ck_assert_int_eq(counts->customers.count, rows[i].customers);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("impact_store");
  TCase *impact = tcase_create("impact");

  tcase_add_checked_fixture(impact, scratch_setup, scratch_teardown);
  tcase_add_loop_test(impact, test_comes_true, 0, G_N_ELEMENTS(steps));
  tcase_add_test(impact, test_who);
  tcase_add_test(impact, test_names);
  tcase_add_test(impact, test_extended);
  suite_add_tcase(suite, impact);
  return run_suite(suite);
}
