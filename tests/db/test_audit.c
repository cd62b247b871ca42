#include "db/audit.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static AuditContext context;

static void setup(void)
{
  scratch_setup();
  context = (AuditContext){ "山田花子", day_from_ymd(2031, 3, 31), "2031-03-30T22:15:00Z" };
}

/* A store with `n` audit rows. */
static Db *store_with(int n)
{
  Db *db = scratch_store("kigen.db");

  assert_done(db_begin(db, ERR));
  for (int i = 0; i < n; i++) {
    g_autofree char *payload = g_strdup_printf("{\"what\":\"plan %d\",\"why\":\"部品の供給終了\"}", i);

    assert_done(audit_append(db, &context, "plan.publish", payload, ERR));
  }
  assert_done(db_commit(db, ERR));
  return db;
}

static void assert_verifies(Db *db, gint64 expected_rows, gint64 expected_bad, const char *what)
{
  gint64 rows = -1, bad = -1;

  assert_done(audit_verify(db, &rows, &bad, ERR));
  ck_assert_msg(rows == expected_rows && bad == expected_bad,
                "%s: %" G_GINT64_FORMAT " rows, bad %" G_GINT64_FORMAT, what, rows, bad);
}

START_TEST(test_chain_holds)
{
  g_autoptr(Db) db = store_with(5);

  assert_verifies(db, 5, 0, "untouched");
  db_close(g_steal_pointer(&db));
  g_autofree char *path = scratch_path("kigen.db");

  assert_done(db_open(path, DB_READ, &db, ERR));
  assert_verifies(db, 5, 0, "read again");
}
END_TEST

START_TEST(test_empty_chain_holds)
{
  g_autoptr(Db) db = store_with(0);

  assert_verifies(db, 0, 0, "empty");
}
END_TEST

START_TEST(test_row_holds_no_person)
{
  g_autoptr(Db) db = store_with(1);
  g_autofree char *row = scratch_text(db, "SELECT at || day || action FROM audit");
  g_autofree char *payload = scratch_text(db, "SELECT payload FROM audit_payload");

  ck_assert_str_eq(row, "2031-03-30T22:15:00Z2031-03-31plan.publish");
  ck_assert_str_eq(payload, "{\"actor\":\"山田花子\",\"what\":\"plan 0\",\"why\":\"部品の供給終了\"}");
}
END_TEST

START_TEST(test_same_payload_other_digest)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  assert_done(db_begin(db, ERR));
  assert_done(audit_append(db, &context, "init", "{}", ERR));
  assert_done(audit_append(db, &context, "init", "{}", ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(DISTINCT digest) FROM audit"), 2);
}
END_TEST

START_TEST(test_payload_must_be_an_object)
{
  static const char *const payloads[] = {
    "", "[]", "\"text\"", "{", "{\"why\":\"\xff\"}", "{\"a\":1,\"a\":2}"
  };
  g_autoptr(Db) db = store_with(1);

  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(payloads); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert_msg(!audit_append(db, &context, "plan.publish", payloads[i], &error), "%s", payloads[i]);
    ck_assert_msg(g_error_matches(error, DB_ERROR, DB_ERROR_FAILED), "%s", payloads[i]);
  }
  assert_done(db_commit(db, ERR));
  assert_verifies(db, 1, 0, "after refusals");
}
END_TEST

START_TEST(test_erased_payload_holds)
{
  g_autoptr(Db) db = store_with(5);

  ck_assert_int_eq(scratch_shell("kigen.db", "DELETE FROM audit_payload WHERE audit = 3;", NULL), 0);
  assert_verifies(db, 5, 0, "erased");
}
END_TEST

/* The shell drops the triggers first: a forger has the file. */
START_TEST(test_tampering_shows)
{
  static const struct {
    const char *sql;
    gint64 rows;
    gint64 bad;
  } cases[] = {
    { "UPDATE audit SET at = '2030-01-01T00:00:00Z' WHERE id = 2", 5, 2 },
    { "UPDATE audit SET day = '2030-01-01' WHERE id = 3", 5, 3 },
    { "UPDATE audit SET action = 'plan.withdraw' WHERE id = 5", 5, 5 },
    { "UPDATE audit SET action = 'plan.publish' || char(10) WHERE id = 1", 5, 1 },
    { "UPDATE audit SET digest = zeroblob(32) WHERE id = 4", 5, 4 },
    { "UPDATE audit SET hash = zeroblob(32) WHERE id = 4", 5, 4 },
    { "DELETE FROM audit WHERE id = 1", 4, 2 },
    { "DELETE FROM audit WHERE id = 3", 4, 4 },
    { "DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3", 4, 3 },
    { "UPDATE audit_payload SET payload = replace(payload, 'plan 1', 'plan 9')", 5, 2 },
    { "UPDATE audit_payload SET salt = zeroblob(32) WHERE audit = 2", 5, 2 },
    { "UPDATE audit_payload SET audit = 90 WHERE audit = 2; UPDATE audit_payload SET audit = 2 WHERE audit = "
      "3;"
      " UPDATE audit_payload SET audit = 3 WHERE audit = 90",
      5, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = store_with(5);
    g_autofree char *script = g_strconcat(
        "DROP TRIGGER audit_update; DROP TRIGGER audit_delete; DROP TRIGGER audit_payload_update;",
        cases[i].sql, ";", NULL);
    g_autofree char *said = NULL;

    ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", cases[i].sql, said);
    assert_verifies(db, cases[i].rows, cases[i].bad, cases[i].sql);
    db_discard(db);
  }
}
END_TEST

/* The bytes are a promise to whoever verifies an export with other tools: compared with a chain that Python's
 * hashlib made. */
START_TEST(test_bytes_are_as_documented)
{
  static const char sql[] = "INSERT INTO audit VALUES (1, 1, '2031-03-30T22:15:00Z', '2031-03-31', 'init',"
                            " x'83bcb496c798b0465e9e70a1dd2acacca0af231449bfa1f162a2e6c8268efd1c', "
                            "x'0a4f3d8baf5bf980064bce0d9286d50b634679094b580620360b28852074a34d');"
                            "INSERT INTO audit_payload VALUES (1, "
                            "x'0707070707070707070707070707070707070707070707070707070707070707',"
                            " '{\"actor\":\"a\"}');";
  g_autoptr(Db) db = store_with(0);

  ck_assert_int_eq(scratch_shell("kigen.db", sql, NULL), 0);
  assert_verifies(db, 1, 0, "made elsewhere");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("audit");
  TCase *chain = tcase_create("chain");

  tcase_add_checked_fixture(chain, setup, scratch_teardown);
  tcase_add_test(chain, test_chain_holds);
  tcase_add_test(chain, test_empty_chain_holds);
  tcase_add_test(chain, test_row_holds_no_person);
  tcase_add_test(chain, test_same_payload_other_digest);
  tcase_add_test(chain, test_payload_must_be_an_object);
  tcase_add_test(chain, test_erased_payload_holds);
  tcase_add_test(chain, test_tampering_shows);
  tcase_add_test(chain, test_bytes_are_as_documented);
  suite_add_tcase(suite, chain);
  return run_suite(suite);
}
