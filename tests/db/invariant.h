#ifndef KIGEN_TESTS_DB_INVARIANT_H
#define KIGEN_TESTS_DB_INVARIANT_H

/* What test_invariant.c and test_invariant_random.c share: a store to attack through the sqlite3 shell, and
 * how its rows are looked at. */

#include "tests/db/scratch.h"

/* SQL that fills it. Plan 1 superseded, 2 published (both PUMP/1.0), 3 withdrawn (PUMP/2.0), 4 a draft of
 * PUMP/1.0, 5 a draft of VIEW/A, 6 published in the EU market with EOL = EOS and a plan. */
extern const char invariant_fill[];

/* A row that has EOL = EOS without a document that shows something, EOL after EOS, or a date that is none: by
 * planner's own reading of it, not by the store's. Own string; NULL: there is none. */
char *invariant_fault(Db *db);

#endif
