#ifndef KIGEN_DB_REPORT_STORE_STALE_H
#define KIGEN_DB_REPORT_STORE_STALE_H

/* Who still holds a wrong date: told an older revision, and neither mail nor acknowledgement says that the
 * one in force arrived (CHG-1). */

#include "db/report_store.h"
#include "planner/plan_date.h"

typedef struct {
  char *product, *release, *market;
  char *organization, *name; /* code, Japanese name */
  int known_revision;        /* the last one that reached it */
  PlanDate known_eol, known_eos;
  int revision; /* in force; 0: none any more, for it was withdrawn */
  PlanDate eol, eos;
  Day since;                     /* published, or withdrawn, on; DAY_NONE: not known */
  Reach reach;                   /* of the messages that tell it */
  char *contact, *email, *phone; /* who would be called: the first contact of the organization; or NULL */
} StaleRow;

void stale_row_free(StaleRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaleRow, stale_row_free)

/* Organizations with an open holding of a release of which any date, not only EOL and EOS (a service line's
 * too), differs from what they were told last, by organization, product, release. GPtrArray of StaleRow with
 * free function. */
bool report_store_stale(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
