#ifndef KIGEN_CLI_ORGANIZATION_MATCH_H
#define KIGEN_CLI_ORGANIZATION_MATCH_H

/* Finding an organization by the code that a user gives. */

#include "db/db.h"

/* The row id of the organization with code `code`, or whose whole name it is where no other has that name;
 * refused with the nearest known code where there is none, with their codes where several have it. Errors:
 * CLI_ERROR_REFUSED, DB_ERROR. */
bool organization_match_find(Db *db, const char *code, gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
