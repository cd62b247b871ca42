#ifndef KIGEN_DB_EXTENSION_LIST_H
#define KIGEN_DB_EXTENSION_LIST_H

/* Extensions as people look at them. Reads only. */

#include "db/db.h"
#include "planner/plan_date.h"

/* How it stands on a day. */
typedef enum {
  EXTENSION_HOLDS,
  EXTENSION_IDLE,      /* nothing that it is for is theirs now */
  EXTENSION_OVERTAKEN, /* the plan's EOS is as late, or later */
  EXTENSION_WAITS,     /* no plan that says EOS is in force: nothing to be later than */
  EXTENSION_RUN_OUT,   /* its day is over */
  EXTENSION_ENDED,
  EXTENSION_REPLACED,
  EXTENSION_STATE_COUNT
} ExtensionState;

/* "holds", "idle", "overtaken", "waits", "run out", "ended", "replaced". */
const char *extension_state_key(ExtensionState state);

typedef struct {
  gint64 id;
  char *product, *release;                /* codes */
  char *organization, *organization_name; /* code, Japanese name */
  char *serial;                           /* NULL: all that it has of the release */
  gint64 units;                           /* that it is for; of a device's: 0 while that is not theirs */
  Day eos;                                /* as agreed */
  Day until;         /* last day on which it holds; DAY_NONE: another one took its place */
  PlanDate plan_eos; /* of the plan in force for the organization */
  ExtensionState state;
  char *reference; /* or NULL */
  char *reason, *created_by;
  Day created_on;
  char *ended_by, *ended_reason; /* NULL: neither ended nor replaced */
  Day ended_on;
} ExtensionRow;

void extension_row_free(ExtensionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExtensionRow, extension_row_free)

/* Extensions made by day `on`, as they stood then, of the organization with code `organization` (NULL: of
 * all) and the releases that `pattern` means (release_pattern.h), by organization, release, device and age.
 * Without `all` those that were over, ended or replaced by then are left out. The plan's EOS is today's.
 * GPtrArray of ExtensionRow with free function. */
bool extension_list_rows(Db *db, const char *organization, const char *pattern, Day on, bool all,
                         GPtrArray **ret_rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
