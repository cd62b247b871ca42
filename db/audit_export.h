#ifndef KIGEN_DB_AUDIT_EXPORT_H
#define KIGEN_DB_AUDIT_EXPORT_H

/* The audit trail as JSON Lines, to be kept elsewhere and verified without the store. A line a row:
 *
 *   {"id":1,"version":1,"at":"…","day":"…","action":"…","digest":HEX,"hash":HEX,"salt":HEX,"payload":"…"}
 *
 * payload is a text, so that its very bytes come through; salt and payload are null where they were erased.
 * The last line is {"head":"kigen-head …","public_key":"…"}: an export without it was cut off. */

#include "db/audit_head.h"
#include "db/db.h"

#include <stdio.h>

#define AUDIT_EXPORT_ERROR (audit_export_error_quark())
typedef enum {
  AUDIT_EXPORT_ERROR_FILE, /* cannot be read or written */
  AUDIT_EXPORT_ERROR_FORM  /* a line that is none of an export's; the message names it */
} AuditExportError;
GQuark audit_export_error_quark(void);

/* Writes the trail of `db`, as one state of it, and its head, signed at the UTC instant `now`. Errors: the
 * store's, AUDIT_EXPORT_ERROR_FILE. */
bool audit_export_write(Db *db, const SignKey *key, const char *now, FILE *stream, gint64 *ret_rows,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same inside the caller's read transaction, with payload and salt only of rows whose payload has `about`
 * in it: the others are as erased, so that the chain still holds and who gets the export reads what concerns
 * it alone. */
bool audit_export_write_about(Db *db, const SignKey *key, const char *now, const char *about, FILE *stream,
                              gint64 *ret_rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An export as rows for audit_check. */
typedef struct AuditExport AuditExport;

/* Opens the file at `path`, which must be seekable. Errors: AUDIT_EXPORT_ERROR_FILE. */
bool audit_export_open(const char *path, AuditExport **ret_export, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_export_free(AuditExport *export);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditExport, audit_export_free)

/* Its rows; the reader belongs to `export`. A line that is none sets AUDIT_EXPORT_ERROR_FORM. */
AuditReader *audit_export_reader(AuditExport *export);

/* After the rows were read: the head and public key of the last line. False when there was none. */
bool audit_export_head(const AuditExport *export, AuditHead *ret_head, SignKeyPublic *ret_public);

#endif
