#ifndef KIGEN_DB_AUDIT_SEARCH_H
#define KIGEN_DB_AUDIT_SEARCH_H

/* Rows of the audit trail whose payload names a person. The maker's own people
 * are no persons here: rows about users, and the members of a payload that say who of them acted ("actor",
 * "author" …) are passed by, so that a namesake's erasing takes no proof away. */

#include "db/db.h"

typedef struct {
  gint64 id;    /* of the audit row */
  guint person; /* the first of them that it names */
} AuditHit;

/* Reads the whole trail once. `persons`: of Person (planner/person.h). *ret_hits: GArray of AuditHit, by row.
 */
bool audit_search(Db *db, const GPtrArray *persons, GArray **ret_hits, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
