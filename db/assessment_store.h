#ifndef KIGEN_DB_ASSESSMENT_STORE_H
#define KIGEN_DB_ASSESSMENT_STORE_H

/* Assessments of the support of a release: the plan in force was looked at again, and stands. Rule STALE-1
 * asks for them; a publication is one too, without a row here. */

#include "db/audit.h"

#define ASSESSMENT_STORE_ERROR (assessment_store_error_quark())
typedef enum {
  ASSESSMENT_STORE_ERROR_NONE, /* no plan of the release is in force: there is nothing to assess */
  ASSESSMENT_STORE_ERROR_TWICE /* that day has one already */
} AssessmentStoreError;
GQuark assessment_store_error_quark(void);

/* Keeps that `release` was assessed on `day`, with an audit row, inside the open write transaction. `name` is
 * its PRODUCT/RELEASE. Errors: ASSESSMENT_STORE_ERROR, DB_ERROR. */
bool assessment_store_add(Db *db, const AuditContext *context, gint64 release, const char *name, Day day,
                          const char *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
