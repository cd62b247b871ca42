#ifndef KIGEN_DB_REPORT_STORE_ADVISORY_H
#define KIGEN_DB_REPORT_STORE_ADVISORY_H

/* Coverage of advisories: whom each notice of one reached, the advisory's own and its withdrawal's apart. */

#include "db/report_store.h"

/* A notice. Who is affected: those it was made for and, of an advisory in force, everyone with an open
 * holding of one of its releases in its market. */
typedef struct {
  char *number;
  int revision;
  char *kind;  /* "security-advisory" … or "withdrawal" */
  char *state; /* of the revision: "published", "superseded", "withdrawn" */
  Day due_on;  /* when it was told */
  gint64 affected;
  gint64 reach[REACH_COUNT]; /* organizations, each counted once, by the best of its messages */
  gint64 acknowledged;
  gint64 unreached; /* neither reached nor acknowledged */
} AdvisoryCoverage;

void advisory_coverage_free(AdvisoryCoverage *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AdvisoryCoverage, advisory_coverage_free)

/* Every notice of advisory `number` (NULL: of all), by number, revision and day: GPtrArray of
 * AdvisoryCoverage with free function. */
bool report_store_advisory(Db *db, const char *number, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One affected organization. */
typedef struct {
  char *number;
  int revision;
  char *kind;
  char *organization, *name; /* code, Japanese name */
  Reach reach;
  bool acknowledged;
} AdvisoryCoverageName;

void advisory_coverage_name_free(AdvisoryCoverageName *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AdvisoryCoverageName, advisory_coverage_name_free)

/* Who they are: the same notices, those not reached first. GPtrArray of AdvisoryCoverageName with free
 * function.
 */
bool report_store_advisory_names(Db *db, const char *number, GPtrArray **ret_names, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
