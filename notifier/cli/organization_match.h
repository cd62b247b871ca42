#ifndef KIGEN_CLI_ORGANIZATION_MATCH_H
#define KIGEN_CLI_ORGANIZATION_MATCH_H

/* Finding an organization by the code that a user gives. */

#include "db/db.h"

/* The row id of the organization with code `code`; refused with the nearest known code where there is none.
 * Errors: CLI_ERROR_REFUSED, DB_ERROR. */
bool organization_match_find(Db *db, const char *code, gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
