#ifndef KIGEN_DB_REPORT_STORE_READINESS_H
#define KIGEN_DB_REPORT_STORE_READINESS_H

/* EOS readiness, customer by customer: who has confirmed the transfer of responsibility (domain.md, Proof of
 * notice). */

#include "db/report_store.h"
#include "planner/effective.h"

/* A customer, a user with an open holding, a release whose EOS is published, and a day on which units of it
 * end for that customer: the plan's EOS, or one that a contract extended. */
typedef struct {
  char *product, *release, *market;
  char *organization, *name; /* code, Japanese name */
  gint64 count;              /* units that end then */
  Day eos;
  Day plan_eos;
  EffectiveDate
      first_end;    /* … or when the other release that some of the customer's units are made of does */
  Day asked_on;     /* due day of the last request that was accepted; DAY_NONE: never */
  Day confirmed_on; /* DAY_NONE: not known, or not confirmed */
  char *confirmed_by, *confirmed_title; /* person; NULL: not confirmed; title may be NULL */
  char *confirmed_how;
} ReadinessRow;

void readiness_row_free(ReadinessRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReadinessRow, readiness_row_free)

/* By customer, then EOS. A confirmation counts for the EOS it was given for: a revision, or a contract, that
 * moves EOS asks again. `until`: only where EOS is not after it (DAY_NONE: all). GPtrArray of ReadinessRow
 * with free function. */
bool report_store_readiness(Db *db, const char *pattern, Day until, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
