#ifndef KIGEN_DB_CHECK_ROWS_H
#define KIGEN_DB_CHECK_ROWS_H

/* The step of db/check.h that asks every invariant of the schema anew. Only check.c uses this. */

#include "db/check.h"

bool check_rows(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
