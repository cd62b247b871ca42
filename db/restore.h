#ifndef KIGEN_DB_RESTORE_H
#define KIGEN_DB_RESTORE_H

/* Brings a backup back into a store that may be in use. The backup is first copied beside the store, checked,
 * brought to this program's schema, and given its audit row; then its pages are copied into the store under
 * the write lock, in one transaction: a crash leaves the old store or the new one. The file is never
 * exchanged by name: other programs have it open. */

#include "db/audit.h"
#include "db/audit_check.h"

typedef struct {
  const char *store;  /* URL of the store to restore into; one is made where there is none */
  const char *backup; /* path of the backup */
  const char *reason; /* or NULL */
  bool replace;       /* a store that holds data may be replaced */
  bool broken_trail;  /* a backup may be restored although its audit trail does not hold */
  bool given_day;     /* context->today is not the real day: only for a simulation */
  const volatile sig_atomic_t *interrupt; /* or NULL */
} RestoreTerms;

typedef struct {
  AuditResult trail;   /* of the backup */
  AuditPoint replaced; /* end of the trail that was in the store; id 0: there was none */
  gint64 waiting;      /* messages that wait to be sent now: some may have gone since the backup */
  bool made;           /* there was no store */
  GPtrArray *returned; /* people ("ORGANIZATION NAME") who were erased since the backup and are there again */
} RestoreReport;

void restore_report_clear(RestoreReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RestoreReport, restore_report_clear)

/* Restores. The store then holds an audit row "restore": which file (name, size, SHA-256), up to which row it
 * reached, which trail it replaced. Errors: DB_ERROR (EXISTS: `replace` is needed; CONSTRAINT: the trail does
 * not hold, or the day was given); on any error the store is as it was. */
bool restore_run(const RestoreTerms *terms, const AuditContext *context, const DbProgress *progress,
                 RestoreReport *ret_report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
