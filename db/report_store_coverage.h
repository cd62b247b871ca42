#ifndef KIGEN_DB_REPORT_STORE_COVERAGE_H
#define KIGEN_DB_REPORT_STORE_COVERAGE_H

/* Coverage: whom a published revision reached (domain.md, Proof of notice). */

#include "db/report_store.h"

/* A revision. Who is affected: those it was told to and, while it is in force, everyone with an open holding
 * of its release whom it concerns (db/market.h). */
typedef struct {
  char *product, *release, *market;
  int revision;
  char *state; /* "published", "superseded", "withdrawn" */
  Day published_on;
  gint64 affected;           /* organizations */
  gint64 reach[REACH_COUNT]; /* of them, each counted once, by the best of its messages */
  gint64 acknowledged;       /* by link, reply or hand: receipt or transfer */
  gint64 unreached;          /* neither accepted nor acknowledged */
} CoverageRow;

void coverage_row_free(CoverageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CoverageRow, coverage_row_free)

/* Every published revision of what `pattern` means (as plan_store_list; NULL: all), by product, release,
 * market, revision. GPtrArray of CoverageRow with free function. */
bool report_store_coverage(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One affected organization. */
typedef struct {
  char *product, *release, *market;
  int revision;
  char *organization, *name; /* code, Japanese name */
  Reach reach;
  bool acknowledged;
} CoverageName;

void coverage_name_free(CoverageName *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CoverageName, coverage_name_free)

/* Who they are: the same revisions, those not reached first. GPtrArray of CoverageName with free function. */
bool report_store_coverage_names(Db *db, const char *pattern, GPtrArray **ret_names, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
