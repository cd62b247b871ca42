#ifndef KIGEN_DB_AUDIT_FAULT_H
#define KIGEN_DB_AUDIT_FAULT_H

/* In what way the first row that does not hold fails: edited, removed, inserted or moved. The walk has no
 * room for such questions, so the chain is read a second time. Only audit_check.c uses this. */

#include "db/audit_check.h"

/* Where the walk stopped. */
typedef struct {
  gint64 place;                     /* of the row, counted from 1: the id that should stand there */
  gint64 id;                        /* that stands there */
  bool well_formed;                 /* every field is there, in its size */
  bool linked;                      /* its hash follows: then its payload does not fit its digest */
  guint8 previous[AUDIT_HASH_SIZE]; /* hash of the row before */
  guint8 hash[AUDIT_HASH_SIZE];     /* that the row says it has */
  guint8 payload[AUDIT_HASH_SIZE];  /* digest of the payload it has, when linked */
} AuditFault;

/* Reads `reader` again and sets *ret_result's verdict, id, seen and detail. */
bool audit_fault_explain(const AuditFault *fault, AuditReader *reader, AuditResult *ret_result,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
