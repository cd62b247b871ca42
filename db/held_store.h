#ifndef KIGEN_DB_HELD_STORE_H
#define KIGEN_DB_HELD_STORE_H

/* Reads what an organization holds (db/held_set.h): a few simple queries for each site and each release,
 * however many devices there are. */

#include "db/db.h"
#include "db/held_plans.h"
#include "db/held_set.h"

/* What the organization with row id `organization` and those below it (parent; a circle ends where it
 * closes) hold, or held until after `ended_after`. Each counts by its role: hospitals and clinics what they
 * use, lessors what they own, distributors what they sold, repairers what they repair, regulators nothing.
 * Of a release's plans count those of market '*' and of the holder's own country, the latter as long as one
 * is in force there (db/held_market.h). `plans` remembers them for other organizations; NULL: nothing is
 * remembered. Inside a read transaction, so that the queries see one state. *ret_set is NULL when there is no
 * such organization. Errors: DB_ERROR. */
bool held_store_load(Db *db, gint64 organization, Day ended_after, HeldPlans *plans, HeldSet **ret_set,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The published plans of the product with code `product`, for everybody: of each of its releases and each
 * market that ever had a plan in force one holding, as if it had always been held. A market of its own stands
 * behind the release's name: "X100 (JP)". *ret_set is NULL when there is no such product, or none of its
 * plans was ever published. Inside a read transaction. Errors: DB_ERROR. */
bool held_store_load_product(Db *db, const char *product, HeldSet **ret_set, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
