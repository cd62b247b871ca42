#ifndef KIGEN_DB_PLAN_REVISIONS_H
#define KIGEN_DB_PLAN_REVISIONS_H

/* The revisions of one plan that were ever published. */

#include "db/plan_store.h"

/* Of (release, market), oldest first: published, superseded and withdrawn ones. GPtrArray of PlanRow with
 * free function. */
bool plan_revisions_published(Db *db, gint64 release, const char *market, GPtrArray **ret_rows,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
