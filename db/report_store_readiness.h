#ifndef KIGEN_DB_REPORT_STORE_READINESS_H
#define KIGEN_DB_REPORT_STORE_READINESS_H

/* EOS readiness, customer by customer: who has confirmed the transfer of responsibility (domain.md, Proof of
 * notice). */

#include "db/report_store.h"

/* A customer, a user with an open holding, and a release whose EOS is published. */
typedef struct {
  char *product, *release, *market;
  char *organization, *name; /* code, Japanese name */
  gint64 count;              /* units */
  Day eos;
  Day asked_on;                         /* due day of the last request that was accepted; DAY_NONE: never */
  Day confirmed_on;                     /* DAY_NONE: not known, or not confirmed */
  char *confirmed_by, *confirmed_title; /* person; NULL: not confirmed; title may be NULL */
  char *confirmed_how;
} ReadinessRow;

void readiness_row_free(ReadinessRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadinessRow, readiness_row_free)

/* By customer, then EOS. A confirmation counts for the EOS it was given for: a revision that moves EOS asks
 * again. `until`: only releases whose EOS is not after it (DAY_NONE: all). GPtrArray of ReadinessRow with
 * free function. */
bool report_store_readiness(Db *db, const char *pattern, Day until, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
