#include "db/audit.h"
#include "db/audit_check.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

#define ROWS 6

static AuditContext context;

static void setup(void)
{
  scratch_setup();
  context = (AuditContext){ "山田花子", day_from_ymd(2031, 3, 31), "2031-03-30T22:15:00Z" };
}

static Db *store_with(int n)
{
  Db *db = scratch_store("kigen.db");

  assert_done(db_begin(db, ERR));
  for (int i = 1; i <= n; i++) {
    g_autofree char *payload = g_strdup_printf("{\"what\":\"plan %d\"}", i);

    assert_done(audit_append(db, &context, "plan.publish", payload, ERR));
  }
  assert_done(db_commit(db, ERR));
  return db;
}

static void tamper(const char *sql)
{
  g_autofree char *script =
      g_strconcat("DROP TRIGGER audit_insert; DROP TRIGGER audit_update; DROP TRIGGER audit_delete;"
                  "DROP TRIGGER audit_payload_update; PRAGMA ignore_check_constraints = ON;",
                  sql, ";", NULL);
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", sql, said);
}

#define SWAP(a, b)                                                                                           \
  "UPDATE audit SET id = 900 WHERE id = " #a "; UPDATE audit SET id = " #a " WHERE id = " #b                 \
  "; UPDATE audit SET id = " #b " WHERE id = 900;"                                                           \
  "UPDATE audit_payload SET audit = 900 WHERE audit = " #a "; UPDATE audit_payload SET audit = " #a          \
  " WHERE audit = " #b "; UPDATE audit_payload SET audit = " #b " WHERE audit = 900"
#define SHIFT(from, by)                                                                                      \
  "UPDATE audit SET id = -id WHERE id >= " #from "; UPDATE audit SET id = -id + (" #by ") WHERE id < 0;"     \
  "UPDATE audit_payload SET audit = -audit WHERE audit >= " #from                                            \
  "; UPDATE audit_payload SET audit = -audit + (" #by ") WHERE audit < 0"
#define REMOVE(list)                                                                                         \
  "DELETE FROM audit WHERE id IN (" list "); DELETE FROM audit_payload WHERE audit IN (" list ")"

static const struct {
  const char *sql;
  AuditVerdict verdict;
  gint64 id, seen;
  const char *detail; /* a part of it */
} tamperings[] = {
  { "SELECT 1", AUDIT_HOLDS, 0, 0, NULL },
  { "DELETE FROM audit_payload WHERE audit = 3", AUDIT_HOLDS, 0, 0, NULL },
  { "UPDATE audit SET at = '2030-01-01T00:00:00Z' WHERE id = 2", AUDIT_EDITED, 2, 2, "row 2 was edited" },
  { "UPDATE audit SET action = action || char(0) WHERE id = 6", AUDIT_EDITED, 6, 6, "row 6 was edited" },
  { "UPDATE audit SET hash = zeroblob(32) WHERE id = 4", AUDIT_EDITED, 4, 4, "row 4 was edited" },
  { "UPDATE audit SET digest = zeroblob(31) WHERE id = 4", AUDIT_EDITED, 4, 4, "a field is missing" },
  { "UPDATE audit SET version = 2 WHERE id = 5", AUDIT_EDITED, 5, 5, "row 5 was edited" },
  { "UPDATE audit_payload SET payload = replace(payload, 'plan 1', 'plan 9')", AUDIT_EDITED, 1, 1,
    "payload of row 1 was edited" },
  { "UPDATE audit_payload SET salt = zeroblob(32) WHERE audit = 2", AUDIT_EDITED, 2, 2, "payload of row 2" },
  { "UPDATE audit_payload SET audit = 90 WHERE audit = 2; UPDATE audit_payload SET audit = 2 WHERE audit = 5;"
    "UPDATE audit_payload SET audit = 5 WHERE audit = 90",
    AUDIT_REORDERED, 2, 2, "row 2 holds the payload of row 5" },
  { REMOVE("1"), AUDIT_REMOVED, 1, 2, "row 1 is missing" },
  { REMOVE("3"), AUDIT_REMOVED, 3, 4, "row 3 is missing" },
  { REMOVE("3, 4"), AUDIT_REMOVED, 3, 5, "rows 3 to 4 are missing" },
  { REMOVE("3") ";" SHIFT(4, -1), AUDIT_REMOVED, 3, 3, "1 row was removed before row 3" },
  { REMOVE("1, 2") ";" SHIFT(3, -2), AUDIT_REMOVED, 1, 1, "2 rows were removed before row 1" },
  { SWAP(2, 3), AUDIT_REORDERED, 2, 2, "appended as row 2 now stands as row 3" },
  { SWAP(2, 5), AUDIT_REORDERED, 2, 2, "appended as row 2 now stands as row 5" },
  { SWAP(5, 6), AUDIT_REORDERED, 5, 5, "appended as row 5 now stands as row 6" },
  { "UPDATE audit SET id = 7 WHERE id = 2; UPDATE audit_payload SET audit = 7 WHERE audit = 2",
    AUDIT_REORDERED, 2, 3, "appended as row 2 now stands as row 7" },
  { SHIFT(3, 1) "; INSERT INTO audit SELECT 3, 1, at, day, action, digest, hash FROM audit WHERE id = 2",
    AUDIT_REORDERED, 3, 3, "appended as row 3 now stands as row 4" },
  { "INSERT INTO audit SELECT 0, 1, at, day, action, digest, hash FROM audit WHERE id = 6", AUDIT_INSERTED, 0,
    0, "row 0 stands where row 1 belongs" },
};

START_TEST(test_check_says_in_what_way)
{
  g_autoptr(Db) db = store_with(ROWS);
  g_auto(AuditResult) result = { 0 };
  const char *sql = tamperings[_i].sql;

  tamper(sql);
  assert_done(audit_check_store(db, NULL, NULL, &result, ERR));
  ck_assert_msg(result.verdict == tamperings[_i].verdict && result.id == tamperings[_i].id &&
                    result.seen == tamperings[_i].seen,
                "%s: %s, row %d, seen %d: %s", sql, audit_verdict_key(result.verdict), (int)result.id,
                (int)result.seen, result.detail);
  ck_assert_msg(tamperings[_i].detail == NULL
                    ? result.detail == NULL
                    : strstr(result.detail != NULL ? result.detail : "", tamperings[_i].detail) != NULL,
                "%s: %s", sql, result.detail);
}
END_TEST

/* A forger who knows the documented bytes makes the chain anew; only a head tells. */
START_TEST(test_check_against_a_head)
{
  g_autoptr(Db) db = store_with(ROWS);
  AuditPoint fourth = { 4, { 0 } }, end, before = { 0 };
  g_autofree char *hash = scratch_text(db, "SELECT hex(hash) FROM audit WHERE id = 4");
  gsize size = strlen(hash) / 2;

  ck_assert_uint_eq(size, AUDIT_HASH_SIZE);
  for (gsize i = 0; i < size; i++)
    fourth.hash[i] = (guint8)(g_ascii_xdigit_value(hash[2 * i]) << 4 | g_ascii_xdigit_value(hash[2 * i + 1]));
  assert_done(audit_load_end(db, &end, ERR));

  AuditPoint other = fourth, ahead = { ROWS + 3, { 0 } };

  other.hash[31] ^= 1;

  const struct {
    const AuditPoint *head;
    AuditVerdict verdict;
    gint64 id;
  } cases[] = { { &before, AUDIT_HOLDS, 0 },
                { &fourth, AUDIT_HOLDS, 0 },
                { &end, AUDIT_HOLDS, 0 },
                { &other, AUDIT_REWRITTEN, 4 },
                { &ahead, AUDIT_TRUNCATED, ROWS + 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(AuditResult) result = { 0 };

    assert_done(audit_check_store(db, cases[i].head, NULL, &result, ERR));
    ck_assert_msg(result.verdict == cases[i].verdict && result.id == cases[i].id, "case %d: %s row %d: %s",
                  (int)i, audit_verdict_key(result.verdict), (int)result.id, result.detail);
    ck_assert_int_eq(result.rows, ROWS);
  }
}
END_TEST

START_TEST(test_check_cut_off_at_every_row)
{
  for (int last = 0; last < ROWS; last++) {
    Db *db = store_with(ROWS);
    g_autofree char *sql = g_strdup_printf("DELETE FROM audit WHERE id > %d;"
                                           "DELETE FROM audit_payload WHERE audit > %d",
                                           last, last);
    g_auto(AuditResult) result = { 0 };
    AuditPoint end;

    assert_done(audit_load_end(db, &end, ERR));
    tamper(sql);
    assert_done(audit_check_store(db, &end, NULL, &result, ERR));
    ck_assert_int_eq(result.verdict, AUDIT_TRUNCATED);
    ck_assert_int_eq(result.id, last + 1);
    ck_assert_int_eq(result.rows, last);
    db_discard(db);
  }
}
END_TEST

START_TEST(test_check_counts_what_was_erased)
{
  g_autoptr(Db) db = store_with(ROWS);
  g_auto(AuditResult) result = { 0 };

  tamper("DELETE FROM audit_payload WHERE audit IN (1, 4)");
  assert_done(audit_check_store(db, NULL, NULL, &result, ERR));
  ck_assert_int_eq(result.verdict, AUDIT_HOLDS);
  ck_assert_int_eq(result.erased, 2);
  ck_assert_int_eq(result.end.id, ROWS);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("audit_check");
  TCase *tests = tcase_create("audit_check");

  tcase_add_checked_fixture(tests, setup, scratch_teardown);
  tcase_add_loop_test(tests, test_check_says_in_what_way, 0, G_N_ELEMENTS(tamperings));
  tcase_add_test(tests, test_check_against_a_head);
  tcase_add_test(tests, test_check_cut_off_at_every_row);
  tcase_add_test(tests, test_check_counts_what_was_erased);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
