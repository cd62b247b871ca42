#include "db/held_store.h"
#include "db/held_unit.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;

#define HOLDING(release, organization, role, count, uid)                                                     \
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at) VALUES"         \
  " (" release ", " organization ", '" role "', " count ", 1, '" uid                                         \
  "', '2025-01-01', '2026-01-01T00:00:00Z')"
#define DEVICE(id, serial, status, software)                                                                 \
  "INSERT INTO device (id, product, release, software_release, serial, serial_key, organization, "           \
  "department,"                                                                                              \
  " asset_no, status) VALUES (" id ", 1, 1, " software ", '" serial "', '" serial "', 1, 'ICU', 'A-" id      \
  "', '" status "')"

/* A hospital's four units, one of them with software that ends earlier, one of them gone; a lessor owns one.
 */
static const char *const store[] = {
  "INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'),"
  " (2, 'L1', 'リース', 'lessor'), (3, 'R1', '当局', 'regulator')",
  "INSERT INTO product (id, code, name_ja) VALUES (1, 'CT', 'CT装置')",
  "INSERT INTO release (id, product, name, kind) VALUES (1, 1, 'X100', 'hardware'), (2, 1, '2.0', "
  "'software')",
  "INSERT INTO support_plan (id, release, revision, state, eol, eos, author, created_at, published_on,"
  " published_at) VALUES"
  " (1, 1, 1, 'published', '2029-03-31', '2031-03-31', 'T', '2026-04-01T00:00:00Z', '2026-04-01', "
  "'2026-04-01T00:00:00Z'),"
  " (2, 2, 1, 'published', '2028-03-31', '2032-03-31', 'T', '2026-04-01T00:00:00Z', '2026-04-01', "
  "'2026-04-01T00:00:00Z')",
  HOLDING("1", "1", "user", "3", "h1"),
  HOLDING("2", "1", "user", "1", "h2"),
  HOLDING("1", "2", "owner", "1", "h3"),
  DEVICE("1", "S1", "in-use", "NULL"),
  DEVICE("2", "S2", "spare", "2"),
  DEVICE("3", "S3", "disposed", "NULL"),
  DEVICE("4", "S4", "isolated", "NULL"),
  "INSERT INTO custody (device, role, organization, since, until) VALUES (1, 'owner', 2, '2025-01-01', NULL),"
  " (2, 'owner', 2, '2025-01-01', '2026-05-31')",
  "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"
  " created_by, created_on, created_at) VALUES (1, 1, 4, '2033-03-31', '2033-03-31', 1, 1,"
  " '2026-05-01T00:00:00Z', '契約', 'T', '2026-05-01', '2026-05-01T00:00:00Z')",
};

static void setup(void)
{
  scratch_setup();
  db = scratch_store("kigen.db");
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(store); i++)
    scratch_sql(db, store[i]);
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static GPtrArray *load(gint64 organization, guint max, gint64 *ret_more)
{
  const Day today = day_from_ymd(2026, 6, 1);
  g_autoptr(HeldSet) set = NULL;
  GPtrArray *units = NULL;

  assert_done(held_store_load(db, organization, today, NULL, &set, ERR));
  assert_done(held_unit_load(db, set, organization, today, max, &units, ret_more, ERR));
  return units;
}

static void assert_ends(const HeldUnit *unit, const char *serial, Day eol, Day eos)
{
  ck_assert_str_eq(unit->serial, serial);
  ck_assert_uint_eq(unit->end.eol.date.day, eol);
  ck_assert_uint_eq(unit->end.eos.date.day, eos);
}

START_TEST(test_what_a_hospital_uses)
{
  gint64 more = -1;
  g_autoptr(GPtrArray) units = load(1, 100, &more);

  ck_assert_uint_eq(units->len, 3); /* what is disposed of is gone */
  ck_assert_int_eq(more, 0);
  assert_ends(units->pdata[0], "S1", day_from_ymd(2029, 3, 31), day_from_ymd(2031, 3, 31));
  assert_ends(units->pdata[1], "S2", day_from_ymd(2028, 3, 31), day_from_ymd(2031, 3, 31));
  assert_ends(units->pdata[2], "S4", day_from_ymd(2029, 3, 31), day_from_ymd(2033, 3, 31));
  ck_assert_str_eq(((HeldUnit *)units->pdata[1])->software, "2.0");
  ck_assert_str_eq(((HeldUnit *)units->pdata[0])->asset_no, "A-1");
}
END_TEST

START_TEST(test_by_custody)
{
  gint64 more = -1;
  g_autoptr(GPtrArray) owned = load(2, 100, &more);
  g_autoptr(GPtrArray) none = load(3, 100, &more);

  ck_assert_uint_eq(owned->len, 1); /* the other custody is over */
  ck_assert_str_eq(((HeldUnit *)owned->pdata[0])->serial, "S1");
  ck_assert_uint_eq(none->len, 0);
}
END_TEST

static void assert_place(gint64 organization, const char *department, const char *location,
                         const char *asset_no)
{
  gint64 more = -1;
  g_autoptr(GPtrArray) units = load(organization, 100, &more);
  const HeldUnit *unit = units->pdata[0];

  ck_assert_str_eq(unit->serial, "S1");
  ck_assert_pstr_eq(unit->department, department);
  ck_assert_pstr_eq(unit->location, location);
  ck_assert_pstr_eq(unit->asset_no, asset_no);
}

START_TEST(test_an_undisclosed_users_place_is_its_own)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE device SET location = '新棟' WHERE id = 1");
  assert_done(db_commit(db, ERR));
  assert_place(2, "ICU", "新棟", "A-1");
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE organization SET disclosed = 0 WHERE id = 1");
  assert_done(db_commit(db, ERR));
  assert_place(2, NULL, NULL, NULL);
  assert_place(1, "ICU", "新棟", "A-1");
}
END_TEST

START_TEST(test_bounded)
{
  gint64 more = -1;
  g_autoptr(GPtrArray) units = load(1, 2, &more);

  ck_assert_uint_eq(units->len, 2);
  ck_assert_int_eq(more, 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("held_unit");
  TCase *tcase = tcase_create("held_unit");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_what_a_hospital_uses);
  tcase_add_test(tcase, test_by_custody);
  tcase_add_test(tcase, test_an_undisclosed_users_place_is_its_own);
  tcase_add_test(tcase, test_bounded);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
