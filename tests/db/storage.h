#ifndef KIGEN_TESTS_DB_STORAGE_H
#define KIGEN_TESTS_DB_STORAGE_H

/* What the tests of files, locks, crashes and disks do with a store. */

#include "tests/db/scratch.h"

/* Opens the store of that name. */
Db *storage_open(const char *name, DbMode mode);

/* `done` is false, and `error` (freed by the caller) is `expected` and says `word`. */
void storage_check_error(bool done, GError *error, DbError expected, const char *word);

/* The call fails and sets `error` (which it names). */
#define assert_fails(call, error, expected, word)                                                            \
  do {                                                                                                       \
    bool fails_done = (call);                                                                                \
    storage_check_error(fails_done, error, expected, word);                                                  \
  } while (0)

/* Inserts `n` rows of about `size` bytes, in a transaction of their own. */
bool storage_insert(Db *db, int n, int size, GError **error);
/* How many there are. */
gint64 storage_rows(Db *db);

void storage_assert_integrity(Db *db);

#endif
