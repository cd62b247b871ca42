#include "db/held_store.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;

/* A corporation (1) whose sites lie in a circle, in two countries; a lessor, who uses what does not concern
 * him; a regulator; two hospitals of one country. Rows do not come in the order of ids. */
static const char *const store[] = {
  "INSERT INTO organization (id, code, name_ja, name_en, role, country, language, parent) VALUES"
  " (1, 'C', '法人', 'Corp.', 'hospital', 'JP', 'ja', NULL), (3, 'J', '病院', NULL, 'clinic', 'JP', 'ja', 1),"
  " (2, 'U', '米国院', 'US Hospital', 'hospital', 'US', 'en', 3),"
  " (4, 'L', 'リース', NULL, 'lessor', 'JP', 'ja', NULL), (5, 'G', '当局', NULL, 'regulator', 'JP', 'ja', "
  "NULL),"
  " (6, 'H6', '六病院', NULL, 'hospital', 'JP', 'ja', NULL), (7, 'H7', '七病院', NULL, 'hospital', 'JP', "
  "'ja', NULL)",
  "UPDATE organization SET parent = 2 WHERE id = 1",
  "INSERT INTO product (id, code, name_ja, successor) VALUES (2, 'CT', 'CT装置', 'MON'),"
  " (1, 'MON', 'モニタ', NULL), (3, 'NEW', '新製品', NULL)",
  "INSERT INTO release (id, product, name, kind) VALUES (3, 1, 'M1', 'hardware'), (2, 2, '2.0', 'software'),"
  " (1, 2, 'X100', 'hardware'), (4, 3, 'N1', 'hardware')",
  "INSERT INTO holding (release, organization, role, count, version, uid, since, ended_on, changed_at) VALUES"
  " (2, 3, 'user', 1, 1, 'j2', '2025-01-01', NULL, 'a'), (1, 3, 'user', 2, 3, 'j1', '2025-01-02', NULL, 'b'),"
  " (1, 2, 'user', 4, 1, 'u1', '2025-01-01', NULL, 'c'),"
  " (3, 2, 'user', 1, 1, 'u3', '2025-01-01', '2026-06-01', 'd'),"
  " (1, 3, 'owner', 9, 1, 'x3', '2025-01-01', NULL, 'e'), (2, 4, 'owner', 3, 1, 'l2', '2025-01-01', NULL, "
  "'f'),"
  " (1, 4, 'user', 1, 1, 'x4', '2025-01-01', NULL, 'g'), (1, 5, 'user', 1, 1, 'x5', '2025-01-01', NULL, 'h'),"
  " (1, 6, 'user', 6, 1, 'h6', '2025-01-01', NULL, 'i'), (1, 7, 'user', 7, 1, 'h7', '2025-01-01', NULL, 'j')",
  "INSERT INTO holding_pair (organization, role, hardware, software, count, version, changed_at) VALUES"
  " (3, 'user', 1, 2, 1, 5, 'k'), (3, 'owner', 1, 2, 8, 1, 'l'), (2, 'user', 1, 2, 0, 2, 'm')",
  "INSERT INTO device (id, product, release, serial, serial_key, organization, status) VALUES"
  " (1, 2, 1, 'S1', 'S1', 3, 'in-use'), (2, 2, 1, 'S2', 'S2', 3, 'in-use'),"
  " (3, 2, 1, 'S3', 'S3', 3, 'in-use'), (4, 2, 1, 'S4', 'S4', 3, 'in-use')",
  "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"
  " created_by, created_on, created_at) VALUES"
  " (1, 3, 1, '2039-03-31', '2038-03-31', 1, 1, '2026-02-01', 'r', 'T', '2026-01-01', 'x'),"
  " (1, 3, 2, '2039-03-31', '2037-03-31', 2, 2, '2026-04-01', 'r', 'T', '2026-01-01', 'x'),"
  " (1, 3, 3, '2039-03-31', '2035-03-31', 0, 4, '2026-03-01', 'r', 'T', '2026-01-01', 'x'),"
  " (1, 3, 4, '2039-03-31', '2037-03-31', 3, 8, '2026-01-01', 'r', 'T', '2026-01-01', 'x'),"
  " (1, 2, NULL, '2036-03-31', '2036-03-31', NULL, 1, '2026-05-01', 'r', 'T', '2026-01-01', 'x')",
};

typedef struct {
  int id, release;
  const char *market;
  int revision;
  const char *state, *eos, *day, *withdrawn_on, *successor;
} Plan;

static const Plan plans_of_store[] = {
  { 4, 1, "*", 1, "superseded", "2031-03-31", "2026-01-01" },
  { 5, 1, "*", 2, "published", "2032-03-31", "2026-03-01" },
  { 6, 1, "JP", 1, "published", "2033-03-31", "2026-05-01", NULL, "次の装置" },
  { 7, 2, "*", 1, "withdrawn", "2034-03-31", "2026-01-01", "2026-02-02" },
  { 8, 2, "*", 2, "draft", "2035-03-31", "2026-02-01" },
  { 9, 4, "JP", 1, "draft", "2035-03-31", "2026-02-01" },
};

static char *quoted(const char *text)
{
  return text != NULL ? g_strdup_printf("'%s'", text) : g_strdup("NULL");
}

/* With a service line; its state last, for a published plan takes no more lines. */
static void add_plan(const Plan *plan)
{
  g_autofree char *successor = quoted(plan->successor), *withdrawn_on = quoted(plan->withdrawn_on);
  g_autofree char *insert = g_strdup_printf(
      "INSERT INTO support_plan (id, release, market, revision, state, eol, eos, limited_support_doc, author,"
      " created_at, published_on, published_at, successor, withdrawn_on) VALUES"
      " (%d, %d, '%s', %d, 'draft', '2029-03-31', '%s', 'LS', 'T', 'x', '%s', '%sT00:00:00Z', %s, %s)",
      plan->id, plan->release, plan->market, plan->revision, plan->eos, plan->day, plan->day, successor,
      withdrawn_on);
  g_autofree char *line = g_strdup_printf(
      "INSERT INTO service_line (plan, kind, until, terms_ja) VALUES (%d, 'parts', '%s', '部品%d')", plan->id,
      plan->eos, plan->id);
  g_autofree char *state =
      g_strdup_printf("UPDATE support_plan SET state = '%s' WHERE id = %d", plan->state, plan->id);

  scratch_sql(db, insert);
  scratch_sql(db, line);
  scratch_sql(db, state);
}

static void setup(void)
{
  scratch_setup();
  db = scratch_store("kigen.db");
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(store); i++)
    scratch_sql(db, store[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(plans_of_store); i++)
    add_plan(&plans_of_store[i]);
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static void put_day(GString *text, const char *before, Day day)
{
  char formatted[DAY_TEXT_SIZE];

  if (day != DAY_NONE)
    g_string_append_printf(text, "%s%s", before, day_format(day, formatted));
}

static void put_revision(GString *text, const HeldRevision *revision)
{
  const ServiceLine *line = &revision->plan->limited_support.line[SERVICE_PARTS];

  g_string_append_printf(text, " %s%d #%d", revision->own_market ? "own" : "*", revision->revision,
                         (int)revision->id);
  put_day(text, " eos ", revision->plan->date[MILESTONE_EOS].day);
  g_string_append_printf(text, " %s", line->terms_ja);
  put_day(text, "/", line->until);
  if (revision->successor_ja != NULL)
    g_string_append_printf(text, " → %s", revision->successor_ja);
  put_day(text, " withdrawn ", revision->withdrawn ? revision->withdrawn_on : DAY_NONE);
  g_string_append_c(text, ';');
}

static void put_release(GString *text, const HeldRelease *release)
{
  g_string_append_printf(text, "%s %s:", release->product, release->name);
  for (guint i = 0; i < release->revisions->len; i++)
    put_revision(text, release->revisions->pdata[i]);
  g_string_append_c(text, '\n');
}

static void put_extensions(GString *text, const Holding *holding)
{
  put_day(text, " until ", holding->extension.until);
  g_string_append_printf(text, " changes %d %d", (int)holding->extension_changes.version,
                         (int)holding->own_changes.version);
  if (holding->own_changes.changed_at != NULL)
    g_string_append_printf(text, " %s", holding->own_changes.changed_at);
  for (guint i = 0; holding->own_extensions != NULL && i < holding->own_extensions->len; i++) {
    const HeldExtension *own = &g_array_index(holding->own_extensions, HeldExtension, i);

    g_string_append_printf(text, " %d", (int)own->units);
    put_day(text, "→", own->until);
  }
}

static void put_holding(GString *text, const Holding *holding)
{
  g_string_append_printf(text, "%s %d×%s %s v%d %s", holding->organization_name_ja, (int)holding->count,
                         holding->release->name, holding->uid, (int)holding->version, holding->changed_at);
  put_day(text, " since ", holding->since);
  put_day(text, " ended ", holding->ended_on);
  put_extensions(text, holding);
  for (guint i = 0; holding->pairs != NULL && i < holding->pairs->len; i++) {
    const HeldPair *pair = holding->pairs->pdata[i];

    g_string_append_printf(text, " %d with %s v%d", (int)pair->count,
                           pair->other != NULL ? pair->other->release->name : "what is gone",
                           (int)pair->version);
  }
  g_string_append_c(text, '\n');
}

/* All of a set, own string. */
static char *describe(const HeldSet *set)
{
  GString *text = g_string_new(NULL);

  if (set == NULL)
    return g_string_free(g_string_append(text, "none"), FALSE);
  g_string_append_printf(text, "%s %s\n", set->name_ja, set->language);
  for (guint i = 0; i < set->releases->len; i++)
    put_release(text, set->releases->pdata[i]);
  for (guint i = 0; i < set->holdings->len; i++)
    put_holding(text, set->holdings->pdata[i]);
  return g_string_free(text, FALSE);
}

static HeldSet *load(gint64 organization, HeldPlans *plans)
{
  HeldSet *set = NULL;

  assert_done(held_store_load(db, organization, day_from_ymd(2026, 5, 31), plans, &set, ERR));
  return set;
}

static void assert_set(const HeldSet *set, const char *expected)
{
  g_autofree char *text = describe(set);

  ck_assert_str_eq(text, expected);
}

#define OF_EVERY_MARKET                                                                                      \
  "CT X100: *1 #4 eos 2031-03-31 部品4/2031-03-31 → モニタ; *2 #5 eos 2032-03-31 部品5/2032-03-31 → モニタ;"
#define OF_JAPAN OF_EVERY_MARKET " own3 #6 eos 2033-03-31 部品6/2033-03-31 → 次の装置;\n"
#define OF_SOFTWARE "CT 2.0: *1 #7 eos 2034-03-31 部品7/2034-03-31 → モニタ withdrawn 2026-02-02;\n"

static const struct {
  gint64 organization;
  const char *expected;
} organizations[] = {
  { 1, "法人 ja\n" OF_JAPAN OF_EVERY_MARKET "\n" OF_SOFTWARE "MON M1:\n"
       "米国院 4×X100 u1 v1 c since 2025-01-01 until 2036-03-31 changes 1 0 0 with what is gone v2\n"
       "病院 2×X100 j1 v3 b since 2025-01-02 changes 0 15 2026-04-01 2→2037-03-31 3→2037-03-31 1→2038-03-31"
       " 1 with 2.0 v5\n"
       "病院 1×2.0 j2 v1 a since 2025-01-01 changes 0 0 1 with X100 v5\n"
       "米国院 1×M1 u3 v1 d since 2025-01-01 ended 2026-06-01 changes 0 0\n" },
  { 4, "リース ja\n" OF_SOFTWARE "リース 3×2.0 l2 v1 f since 2025-01-01 changes 0 0\n" },
  { 5, "当局 ja\n" },
  { 6, "六病院 ja\n" OF_JAPAN "六病院 6×X100 h6 v1 i since 2025-01-01 changes 0 0\n" },
  { 7, "七病院 ja\n" OF_JAPAN "七病院 7×X100 h7 v1 j since 2025-01-01 changes 0 0\n" },
  { 99, "none" },
};

START_TEST(test_what_an_organization_holds)
{
  for (gsize i = 0; i < G_N_ELEMENTS(organizations); i++) {
    g_autoptr(HeldSet) set = load(organizations[i].organization, NULL);

    assert_set(set, organizations[i].expected);
  }
}
END_TEST

/* In one go, forth and back, so that each is asked for before and after every other. */
START_TEST(test_the_same_when_remembered)
{
  const gsize n = G_N_ELEMENTS(organizations);
  g_autoptr(HeldPlans) plans = held_plans_new();

  assert_done(db_begin_read(db, ERR));
  for (gsize i = 0; i < 2 * n; i++) {
    gsize at = i < n ? i : 2 * n - 1 - i;
    g_autoptr(HeldSet) set = load(organizations[at].organization, plans);

    assert_set(set, organizations[at].expected);
  }
  db_end_read(db);
}
END_TEST

static const HeldRelease *first_release(const HeldSet *set)
{
  return set->releases->pdata[0];
}

START_TEST(test_one_for_all_of_a_country)
{
  g_autoptr(HeldPlans) plans = held_plans_new();

  assert_done(db_begin_read(db, ERR));

  g_autoptr(HeldSet) six = load(6, plans), seven = load(7, plans), us = load(2, plans), alone = load(6, NULL);

  ck_assert_ptr_eq(first_release(six), first_release(seven));
  ck_assert_ptr_ne(first_release(six), first_release(alone));
  ck_assert_ptr_eq(first_release(us), first_release(six)); /* its sites close the circle: Japan's first */
  ck_assert_ptr_ne(us->releases->pdata[1], first_release(six));
  db_end_read(db);
}
END_TEST

/* A set stays as it is when what it was made with is gone. */
START_TEST(test_sets_outlive_what_is_remembered)
{
  HeldPlans *plans = held_plans_new();

  assert_done(db_begin_read(db, ERR));

  g_autoptr(HeldSet) set = load(6, plans);

  db_end_read(db);
  held_plans_free(plans);
  assert_set(set, organizations[3].expected);
}
END_TEST

static const char *last_state(const HeldSet *set)
{
  const GPtrArray *revisions = first_release(set)->revisions;
  const HeldRevision *last = revisions->pdata[revisions->len - 1];

  return last->withdrawn ? "withdrawn" : "published";
}

static void assert_state(HeldPlans *plans, const char *expected)
{
  g_autoptr(HeldSet) set = load(6, plans);

  ck_assert_str_eq(last_state(set), expected);
}

#define WITHDRAW "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-01-01' WHERE id = 6;"
#define WITHDRAW_OTHER                                                                                       \
  "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-01-01' WHERE id = 5;"

/* Nothing is remembered over a commit of another program … */
START_TEST(test_another_program_writes)
{
  g_autoptr(HeldPlans) plans = held_plans_new();

  assert_done(db_begin_read(db, ERR));
  assert_state(plans, "published");
  ck_assert_int_eq(scratch_shell("kigen.db", WITHDRAW WITHDRAW_OTHER, NULL), 0);
  assert_state(plans, "published"); /* one state until the end */
  db_end_read(db);
  assert_done(db_begin_read(db, ERR));
  assert_state(plans, "withdrawn");
  db_end_read(db);
}
END_TEST

/* … or of a write of the own transaction, or where there is no transaction. */
START_TEST(test_own_writes)
{
  g_autoptr(HeldPlans) plans = held_plans_new();

  assert_done(db_begin(db, ERR));
  assert_state(plans, "published");
  scratch_sql(db, WITHDRAW_OTHER);
  scratch_sql(db, WITHDRAW);
  assert_state(plans, "withdrawn");
  db_rollback(db);
  assert_state(plans, "published");
  ck_assert_int_eq(scratch_shell("kigen.db", WITHDRAW WITHDRAW_OTHER, NULL), 0);
  assert_state(plans, "withdrawn");
}
END_TEST

#define MANY 4100 /* a few more than are remembered */

/* The releases of one set are one for each, and when they are too many they are forgotten afterwards. */
START_TEST(test_no_more_than_so_many)
{
  g_autoptr(HeldPlans) plans = held_plans_new();

  assert_done(db_begin(db, ERR));
  scratch_sql(db,
              "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 9 + " G_STRINGIFY(
                  MANY) ") INSERT INTO release (id, product, name) SELECT i, 1, 'R' || i FROM n");
  scratch_sql(db, "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
                  " SELECT id, 7, 'user', 1, 1, 'r' || id, '2025-01-01', 'x' FROM release WHERE id >= 10");
  assert_done(db_commit(db, ERR));
  assert_done(db_begin_read(db, ERR));

  g_autoptr(HeldSet) first = load(7, plans), second = load(7, plans), six = load(6, plans);

  ck_assert_uint_eq(first->releases->len, MANY + 1);
  ck_assert_uint_eq(second->releases->len, MANY + 1);
  ck_assert_ptr_ne(first_release(first), first_release(second));
  ck_assert_ptr_ne(first_release(second), first_release(six));
  db_end_read(db);
}
END_TEST

START_TEST(test_release_that_is_none)
{
  HeldSet *set = NULL;
  g_autoptr(GError) error = NULL;

  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "PRAGMA foreign_keys = OFF; UPDATE holding SET release = 77"
                                 " WHERE uid = 'h6'",
                                 NULL),
                   0);
  ck_assert(!held_store_load(db, 6, day_from_ymd(2026, 5, 31), NULL, &set, &error));
  ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_CORRUPT));
  ck_assert_msg(strstr(error->message, "release 77") != NULL, "%s", error->message);
  ck_assert_ptr_null(set);
}
END_TEST

START_TEST(test_products)
{
  static const char *const cases[][2] = {
    { "CT", "CT装置 ja\n" OF_EVERY_MARKET "\n"
            "CT X100 (JP): *1 #4 eos 2031-03-31 部品4/2031-03-31 → モニタ; *2 #5 eos 2032-03-31"
            " 部品5/2032-03-31 → モニタ; own3 #6 eos 2033-03-31 部品6/2033-03-31 → 次の装置;\n" OF_SOFTWARE
            "CT装置 0×X100 release-1 v0  changes 0 0\nCT装置 0×X100 (JP) release-1-JP v0  changes 0 0\n"
            "CT装置 0×2.0 release-2 v0  changes 0 0\n" },
    { "MON", "none" }, /* no plan … */
    { "NEW", "none" }, /* … none that was published … */
    { "X", "none" },   /* … no product */
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(HeldSet) set = NULL;

    assert_done(held_store_load_product(db, cases[i][0], &set, ERR));
    assert_set(set, cases[i][1]);
    ck_assert(set == NULL || set->is_product);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("held_store");
  TCase *held = tcase_create("held");

  tcase_add_checked_fixture(held, setup, teardown);
  tcase_add_test(held, test_what_an_organization_holds);
  tcase_add_test(held, test_the_same_when_remembered);
  tcase_add_test(held, test_one_for_all_of_a_country);
  tcase_add_test(held, test_sets_outlive_what_is_remembered);
  tcase_add_test(held, test_another_program_writes);
  tcase_add_test(held, test_own_writes);
  tcase_add_test(held, test_no_more_than_so_many);
  tcase_add_test(held, test_release_that_is_none);
  tcase_add_test(held, test_products);
  suite_add_tcase(suite, held);
  return run_suite(suite);
}
