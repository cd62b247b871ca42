#ifndef KIGEN_DB_CHECK_PLANS_H
#define KIGEN_DB_CHECK_PLANS_H

/* Steps of db/check.h about published plans. Only check.c uses this. */

#include "db/check.h"

/* Every published plan asks every rule; broken errors of the store and publish gates are findings (those of
 * the finding gate are `kigen check`'s). */
bool check_plans_rules(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every published plan says what the audit trail says was published. */
bool check_plans_promises(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
