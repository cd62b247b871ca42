#ifndef KIGEN_DB_CHECK_APPROVALS_H
#define KIGEN_DB_CHECK_APPROVALS_H

/* The doctor's step about the two people behind a plan: whether what stands there is what was approved and
 * signed for, and by somebody who did not write it. */

#include "db/check.h"

bool check_approvals(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
