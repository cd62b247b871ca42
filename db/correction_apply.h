#ifndef KIGEN_DB_CORRECTION_APPLY_H
#define KIGEN_DB_CORRECTION_APPLY_H

/* Does what a customer's correction says, once somebody of the maker has approved it: through the same
 * functions as an import, so that custody, holdings and calendars follow. */

#include "db/correction_store.h"
#include "db/link_key.h"

/* What the customer could not say. */
typedef struct {
  gint64 organization;     /* of CORRECTION_HANDED_ON: row id of whose it is now; 0: not told */
  const char *serial_key;  /* of CORRECTION_NUMBER with a serial: what equality means of it; or NULL */
  const LinkKey *link_key; /* to know people again who were erased (db/contact_erased.h); NULL: it cannot */
} CorrectionTerms;

/* Approves and does `row` inside the open write transaction in which it was loaded, with an audit row.
 * Errors: CORRECTION_STORE_ERROR_DECIDED; CORRECTION_STORE_ERROR_CONFLICT, which says what changed since, or
 * stands in its way; DB_ERROR. */
bool correction_apply(Db *db, const AuditContext *context, const CorrectionRow *row,
                      const CorrectionTerms *terms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
