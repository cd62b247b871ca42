#ifndef KIGEN_CLI_PLAN_MATCH_H
#define KIGEN_CLI_PLAN_MATCH_H

/* Finding plans by the patterns that a user gives. */

#include "db/plan_store.h"
#include "notifier/cli/cli.h"

/* Every plan that one of the words of `args` matches (none given: all), each once, in the store's order. A
 * pattern that no release at all matches is refused, with the nearest product. */
bool plan_match_list(Db *db, const Args *args, PlanWhich which, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for the words from `first` on. */
bool plan_match_list_from(Db *db, const Args *args, guint first, PlanWhich which, GPtrArray **ret_rows,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when a word of `args` from `first` on names the release of `row`, rather than being a pattern that it
 * fits. */
bool plan_match_is_named(const Args *args, guint first, const PlanRow *row);

/* The one revision of `release` in `market`, or *ret_row NULL. `product` and `name` are its codes. */
bool plan_match_one(Db *db, const char *product, const char *name, const char *market, PlanWhich which,
                    PlanRow **ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The releases that `pattern` means, with a plan or without, as PLAN_LATEST; a pattern that means none is
 * refused with the nearest name. Errors: CLI_ERROR_REFUSED, DB_ERROR. */
bool plan_match_releases(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
