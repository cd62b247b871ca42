#ifndef KIGEN_DB_CHECK_FILES_H
#define KIGEN_DB_CHECK_FILES_H

/* The step of db/check.h about what lies beside the store: key files, the write-ahead log, modes. Only
 * check.c uses this. */

#include "db/check.h"

bool check_files(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
