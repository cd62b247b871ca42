/* What the store promises about files, connections and statements (architecture.md, Storage). */

#include "tests/db/storage.h"
#include "tests/support/run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(test_connection_settings)
{
  static const struct {
    const char *sql;
    gint64 expected;
  } cases[] = {
    { "PRAGMA foreign_keys", 1 },       { "PRAGMA synchronous", 2 },     { "PRAGMA wal_autocheckpoint", 0 },
    { "PRAGMA trusted_schema", 0 },     { "PRAGMA cell_size_check", 1 }, { "PRAGMA busy_timeout", 10000 },
    { "PRAGMA recursive_triggers", 0 }, { "PRAGMA query_only", 0 },
  };
  g_autoptr(Db) created = scratch_store("kigen.db");
  g_autoptr(Db) writer = storage_open("kigen.db", DB_WRITE);
  g_autoptr(Db) reader = storage_open("kigen.db", DB_READ);
  Db *connections[] = { created, writer, reader };
  g_autofree char *journal = NULL;

  ck_assert_int_eq(scratch_shell("kigen.db", "PRAGMA journal_mode;", &journal), 0);
  ck_assert_str_eq(journal, "wal\n");
  for (gsize c = 0; c < G_N_ELEMENTS(connections); c++) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
      gint64 value = scratch_number(connections[c], cases[i].sql);

      ck_assert_msg(value == cases[i].expected, "%s: %d", cases[i].sql, (int)value);
    }
    ck_assert_int_le(scratch_number(connections[c], "PRAGMA mmap_size"), 0);
  }
}
END_TEST

START_TEST(test_files_are_the_owners_alone)
{
  static const char *const names[] = { "kigen.db", "kigen.db-wal", "kigen.db.lock" };
  g_autoptr(Db) db = scratch_store("kigen.db");

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = scratch_path(names[i]);
    struct stat info;

    ck_assert_msg(stat(path, &info) == 0, "%s", names[i]);
    ck_assert_msg((info.st_mode & 0777) == 0600, "%s: %o", names[i], info.st_mode);
  }
}
END_TEST

START_TEST(test_rollback_and_close)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
  db_rollback(db);
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO maker VALUES ('phone', 'x')");
  db_close(g_steal_pointer(&db));
  db = storage_open("kigen.db", DB_WRITE);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM maker"), 0);
  db_rollback(db); /* nothing without a transaction */
}
END_TEST

START_TEST(test_reader_sees_one_state)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = storage_open("kigen.db", DB_READ);
  gint64 before, during, after;

  assert_done(db_data_version(reader, &before, ERR));
  assert_done(db_begin_read(reader, ERR));
  ck_assert_int_eq(storage_rows(reader), 0);
  assert_done(storage_insert(db, 2, 10, ERR));
  ck_assert_int_eq(storage_rows(reader), 0);
  assert_done(db_data_version(reader, &during, ERR));
  db_end_read(reader);
  ck_assert_int_eq(storage_rows(reader), 2);
  assert_done(db_data_version(reader, &after, ERR));
  ck_assert_int_eq(before, during);
  ck_assert_int_ne(before, after);
  db_end_read(reader);
}
END_TEST

START_TEST(test_read_connection_refuses_to_write)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(Db) reader = storage_open("kigen.db", DB_READ);
  g_autoptr(GError) error = NULL;

  assert_fails(db_begin(reader, &error), error, DB_ERROR_READ_ONLY, "reading only");
}
END_TEST

/* Stops the program: a write outside db_begin would race a checkpoint. */
START_TEST(test_write_outside_a_transaction_is_a_bug)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

  /* GLib says "Bail out!" on standard output, which is ours for TAP. */
  ck_assert(dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0);
  scratch_sql(db, "INSERT INTO maker VALUES ('url', 'x')");
}
END_TEST

START_TEST(test_statements_survive_schema_changes)
{
  static const DbQuery by_name = { "SELECT id FROM organization WHERE name_ja = $1" };
  static const DbQuery insert = {
    "INSERT INTO organization (code, name_ja, role) VALUES ($1, $2, 'hospital')"
  };
  g_autoptr(Db) db = scratch_store("kigen.db");
  DbStatement *find, *put;
  bool row;

  assert_done(db_begin(db, ERR));
  assert_done(db_prepare(db, &insert, &put, ERR));
  assert_done(db_prepare(db, &by_name, &find, ERR));
  db_bind_text(put, 1, "H1");
  db_bind_text(put, 2, "A病院");
  assert_done(db_run(put, ERR));
  scratch_sql(db, "CREATE INDEX organization_name ON organization (name_ja)");
  db_bind_text(put, 1, "H2");
  assert_done(db_run(put, ERR)); /* $2 is still bound */
  db_bind_text(find, 1, "A病院");
  assert_done(db_step(find, &row, ERR));
  ck_assert(row);
  db_reset(find);
  scratch_sql(db, "DROP INDEX organization_name");
  scratch_sql(db, "DROP INDEX contact_order");
  assert_done(db_step(find, &row, ERR));
  ck_assert(row);
  ck_assert_int_eq(db_int(find, 0), 1);
  db_reset(find);
  db_rollback(db); /* the schema comes back too */
  assert_done(db_begin(db, ERR));
  db_bind_text(put, 1, "H3");
  db_bind_text(put, 2, "C病院");
  assert_done(db_run(put, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM organization"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM sqlite_master WHERE name = 'contact_order'"), 1);
}
END_TEST

START_TEST(test_binds_and_columns)
{
  static const DbQuery query = { "SELECT $2, $1, $3, $4, $5, $2, NULL" };
  static const unsigned char bytes[] = { 0, 255, 7 };
  g_autoptr(Db) db = scratch_store("kigen.db");
  DbStatement *statement;
  bool row;
  gsize size;

  assert_done(db_prepare(db, &query, &statement, ERR));
  db_bind_text(statement, 1, "一");
  db_bind_int(statement, 2, G_MININT64);
  db_bind_blob(statement, 3, bytes, sizeof bytes);
  db_bind_text_static(statement, 4, "abcdef", 3);
  db_bind_text(statement, 5, NULL);
  assert_done(db_step(statement, &row, ERR));
  ck_assert(row);
  ck_assert_int_eq(db_int(statement, 0), G_MININT64);
  ck_assert_str_eq(db_text(statement, 1), "一");
  ck_assert_mem_eq(db_blob(statement, 2, &size), bytes, sizeof bytes);
  ck_assert_uint_eq(size, sizeof bytes);
  ck_assert_str_eq(db_text(statement, 3), "abc");
  ck_assert(db_is_null(statement, 4));
  ck_assert_ptr_null(db_text(statement, 4));
  ck_assert_int_eq(db_int(statement, 5), G_MININT64);
  ck_assert_ptr_null(db_dup_text(statement, 6));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(!row);
  /* Prepared again: nothing bound. */
  assert_done(db_prepare(db, &query, &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(db_is_null(statement, 0) && db_is_null(statement, 1));
  db_reset(statement);
}
END_TEST

START_TEST(test_constraint_ends_the_statement_alone)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  static const DbQuery twice = { "INSERT INTO product (code, name_ja) VALUES ('P', 'x')" };
  static const DbQuery orphan = { "INSERT INTO release (product, name) VALUES (99, 'x')" };
  g_autoptr(GError) unique = NULL;
  g_autoptr(GError) foreign = NULL;

  assert_done(db_begin(db, ERR));
  assert_done(db_exec(db, &twice, ERR));
  assert_fails(db_exec(db, &twice, &unique), unique, DB_ERROR_CONSTRAINT, "product.code");
  assert_fails(db_exec(db, &orphan, &foreign), foreign, DB_ERROR_CONSTRAINT, "FOREIGN KEY");
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM product"), 1);
}
END_TEST

START_TEST(test_bulk_checks_references_at_the_end)
{
  static const struct {
    const char *tables[3];
    bool taken;
  } cases[] = {
    { { NULL }, false },
    { { "release", NULL }, false },
    { { "product", "device", NULL }, true }, /* the caller said what it wrote */
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Db) db = scratch_store("kigen.db");
    g_autoptr(GError) error = NULL;

    assert_done(db_begin_bulk(db, ERR));
    if (cases[i].tables[0] != NULL) {
      db_set_bulk_tables(db, cases[i].tables);
    }
    scratch_sql(db, "INSERT INTO release (id, product, name) VALUES (7, 99, 'x')");
    bool done = db_commit(db, &error);

    ck_assert_msg(done == cases[i].taken, "case %d", (int)i);
    if (!done) {
      assert_fails(done, error, DB_ERROR_CONSTRAINT, "row 7 of release refers to a row of product");
    }
    ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), cases[i].taken ? 1 : 0);
    ck_assert_int_eq(scratch_number(db, "PRAGMA foreign_keys"), 1);
    db_discard(g_steal_pointer(&db));
  }
}
END_TEST

START_TEST(test_bulk_commits_whole_references)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  assert_done(db_begin_bulk(db, ERR));
  scratch_sql(db, "INSERT INTO release (id, product, name) VALUES (7, 99, 'x')");
  scratch_sql(db, "INSERT INTO product (id, code, name_ja) VALUES (99, 'P', 'x')");
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM release"), 1);
}
END_TEST

START_TEST(test_trusted_references)
{
  static const DbQuery orphan = { "INSERT INTO release (product, name) VALUES (99, hex(randomblob(8)))" };
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  db_trust_references(db, true);
  assert_done(db_exec(db, &orphan, ERR));
  db_trust_references(db, false);
  assert_fails(db_exec(db, &orphan, &error), error, DB_ERROR_CONSTRAINT, "FOREIGN KEY");
  db_trust_references(db, true);
  db_rollback(db); /* ends the trust too */
  ck_assert_int_eq(scratch_number(db, "PRAGMA foreign_keys"), 1);
  assert_done(db_begin_bulk(db, ERR));
  db_trust_references(db, false); /* a bulk load trusts until its end */
  assert_done(db_exec(db, &orphan, ERR));
  db_rollback(db);
}
END_TEST

/* A long-running program notices that a newer kigen has been at work. */
START_TEST(test_newer_schema_under_an_open_connection)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(storage_insert(db, 1, 1, ERR));
  ck_assert_int_eq(scratch_shell("kigen.db", "INSERT INTO migration VALUES (9999, 'future', '');", NULL), 0);
  assert_fails(db_begin(db, &error), error, DB_ERROR_NEWER_SCHEMA, "newer kigen");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("storage");
  TCase *connections = tcase_create("connections");
  TCase *statements = tcase_create("statements");
  TCase *all[] = { connections, statements };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    tcase_set_timeout(all[i], 60);
    tcase_add_checked_fixture(all[i], scratch_setup, scratch_teardown);
    suite_add_tcase(suite, all[i]);
  }
  tcase_add_test(connections, test_connection_settings);
  tcase_add_test(connections, test_files_are_the_owners_alone);
  tcase_add_test(connections, test_rollback_and_close);
  tcase_add_test(connections, test_reader_sees_one_state);
  tcase_add_test(connections, test_read_connection_refuses_to_write);
  tcase_add_test_raise_signal(connections, test_write_outside_a_transaction_is_a_bug, SIGABRT);
  tcase_add_test(connections, test_newer_schema_under_an_open_connection);
  tcase_add_test(statements, test_statements_survive_schema_changes);
  tcase_add_test(statements, test_binds_and_columns);
  tcase_add_test(statements, test_constraint_ends_the_statement_alone);
  tcase_add_test(statements, test_bulk_checks_references_at_the_end);
  tcase_add_test(statements, test_bulk_commits_whole_references);
  tcase_add_test(statements, test_trusted_references);
  return run_suite(suite);
}
