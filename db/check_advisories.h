#ifndef KIGEN_DB_CHECK_ADVISORIES_H
#define KIGEN_DB_CHECK_ADVISORIES_H

/* The step of `kigen doctor` that asks about advisories: who approved them, whether they still say what was
 * approved or published, and whether those in force were told. */

#include "db/check.h"

bool check_advisories(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
