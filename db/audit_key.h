#ifndef KIGEN_DB_AUDIT_KEY_H
#define KIGEN_DB_AUDIT_KEY_H

/* The trail tells which key signs its heads, so that a key exchanged in silence shows. */

#include "db/audit.h"
#include "db/sign_key.h"

/* Makes the key file at `path` and appends the audit row "audit.key" with its public half, inside the open
 * write transaction. When the transaction fails later, remove the file. Errors: SIGN_KEY_ERROR, DB_ERROR. */
bool audit_key_make(Db *db, const AuditContext *context, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The public key that the last such row tells. *ret_row = its id, 0: there is none that says. */
bool audit_key_find(Db *db, gint64 *ret_row, SignKeyPublic *ret_public, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
