#ifndef KIGEN_TESTS_EXCHANGE_IMPORTING_H
#define KIGEN_TESTS_EXCHANGE_IMPORTING_H

/* Imports of CSV text into a store of the test's own. */

#include "notifier/exchange/import.h"
#include "tests/exchange/temp.h"

/* Options as the tests want them: 2026-04-01, by "test". */
ImportOptions importing_options(void);

/* Imports `csv` as file "KIND.csv"; fails the test on an error. The caller frees the report. */
ImportReport *importing(Db *db, ImportKind kind, const char *csv, const ImportOptions *options);
/* The same with the usual options, and every row must be stored. */
void importing_all(Db *db, ImportKind kind, const char *csv);
/* Expects an error and returns it. */
GError *importing_fails(Db *db, ImportKind kind, const char *csv, gssize size, const ImportOptions *options);

/* "KIND.csv:2: …" of every problem, one a line (own string). */
char *importing_problems(const ImportReport *report);

#endif
