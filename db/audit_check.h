#ifndef KIGEN_DB_AUDIT_CHECK_H
#define KIGEN_DB_AUDIT_CHECK_H

/* Walks an audit chain and says whether it holds, and if not, where and in what way. A chain that was made
 * anew from the first row on, or cut off at its end, holds in itself: only a head that left the house
 * (db/audit_head.h) shows that. */

#include "db/audit_chain.h"
#include "db/db.h"

typedef enum {
  AUDIT_HOLDS,
  AUDIT_EDITED,
  AUDIT_REMOVED,   /* rows are missing, their ids too or the rest renumbered */
  AUDIT_INSERTED,  /* a row stands in it that was never appended */
  AUDIT_REORDERED, /* a row, its content or its payload stands in another's place */
  AUDIT_TRUNCATED, /* the head names a row behind the end */
  AUDIT_REWRITTEN  /* it holds in itself, but the head names another hash */
} AuditVerdict;

/* "holds", "edited", "removed" … */
const char *audit_verdict_key(AuditVerdict verdict);

typedef struct {
  gint64 rows;
  gint64 erased;  /* rows whose payload was erased: they hold */
  AuditPoint end; /* the last row, as it says itself */
  AuditVerdict verdict;
  gint64 id;    /* the first row that does not hold: where it should stand */
  gint64 seen;  /* the row that stands there, or behind it */
  char *detail; /* in what way, with row numbers; NULL when it holds */
} AuditResult;

void audit_result_clear(AuditResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuditResult, audit_result_clear)

/* Checks the rows of `reader` against `head` (may be NULL: only in themselves). `progress` (may be NULL) is
 * called with the rows done. Errors: the reader's. */
bool audit_check(AuditReader *reader, const AuditPoint *head, const DbProgress *progress,
                 AuditResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a store's trail, as one state of it. */
bool audit_check_store(Db *db, const AuditPoint *head, const DbProgress *progress, AuditResult *ret_result,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
