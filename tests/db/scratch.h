#ifndef KIGEN_TESTS_DB_SCRATCH_H
#define KIGEN_TESTS_DB_SCRATCH_H

/* A directory of its own for each test, and what the tests of db/ do in it. */

#include "db/db.h"

#include <check.h>

/* Fails the test with the error's message. */
#define assert_done(call)                                                                                    \
  do {                                                                                                       \
    GError *done_error = NULL;                                                                               \
    bool done_ok = (call);                                                                                   \
    ck_assert_msg(done_ok, "%s: %s", #call, done_error != NULL ? done_error->message : "no error set");      \
  } while (0)
/* What assert_done's call passes as its GError **. */
#define ERR (&done_error)

/* Checked fixture: makes the directory and removes it with all it holds. */
void scratch_setup(void);
void scratch_teardown(void);

/* A path in it; free it. */
char *scratch_path(const char *name);
/* A new store of that name. */
Db *scratch_store(const char *name);

/* Runs one SQL text of a test, values and all; fails the test on an error. */
void scratch_sql(Db *db, const char *sql);
/* The first column of its first row; -1 without a row. */
gint64 scratch_number(Db *db, const char *sql);
/* As text, own string; NULL without a row. */
char *scratch_text(Db *db, const char *sql);

/* Runs the sqlite3 shell on `name` with `sql` on its standard input: what another program does to the store.
 * Returns its exit status; *ret_output (may be NULL) gets what it printed, errors included. */
int scratch_shell(const char *name, const char *sql, char **ret_output);

#endif
