#ifndef KIGEN_DB_REPORT_STORE_LIFECYCLE_H
#define KIGEN_DB_REPORT_STORE_LIFECYCLE_H

/* What was promised on a day: the revision of each release that was in force then. */

#include "db/report_store.h"
#include "planner/plan.h"

typedef struct {
  char *product, *release;
  char *market;   /* NULL: nothing was published by that day */
  int revision;   /* 0: nothing */
  bool withdrawn; /* it was withdrawn by that day: nothing was promised any more */
  Day published_on;
  char *published_by;
  PlanDate date[MILESTONE_COUNT];
  char *limited_support_doc, *limited_support_lines; /* the latter as "kind:until;…"; or NULL */
} LifecycleRow;

void lifecycle_row_free(LifecycleRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LifecycleRow, lifecycle_row_free)

/* Every release that `pattern` means, by product, release, market. GPtrArray of LifecycleRow with free
 * function. */
bool report_store_lifecycle(Db *db, const char *pattern, Day as_of, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
