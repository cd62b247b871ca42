#ifndef KIGEN_DB_CHECK_BASE_H
#define KIGEN_DB_CHECK_BASE_H

/* Steps of db/check.h about the file, its schema and the audit trail. Only check.c and backup.c use this. */

#include "db/check.h"

bool check_base_integrity(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool check_base_references(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Compares with a new store, made for a moment in the directory for temporary files. */
bool check_base_schema(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool check_base_audit(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
