#ifndef KIGEN_DB_CHECK_USERS_H
#define KIGEN_DB_CHECK_USERS_H

/* The doctor's step about people: whether each user is one whom kigen could have made, and somebody can still
 * add others. */

#include "db/check.h"

bool check_users(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
