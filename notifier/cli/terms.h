#ifndef KIGEN_CLI_TERMS_H
#define KIGEN_CLI_TERMS_H

/* By which terms notices are planned: the policy in force and the business days. */

#include "db/db.h"
#include "notifier/cli/cli.h"

/* Both as kigen.conf says; *ret_policy belongs to `cli`. Warns of what may be amiss on `today`: a list of
 * holidays that has ended, lead times of a product that the store `db` does not have. Errors:
 * CLI_ERROR_ENVIRONMENT, DB_ERROR. */
bool terms_load(Cli *cli, Db *db, Day today, const Policy **ret_policy, BusinessCalendar **ret_calendar,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
