#ifndef KIGEN_DB_ADVISORY_AUDIENCE_H
#define KIGEN_DB_ADVISORY_AUDIENCE_H

/* Whom an advisory goes to: every organization with an open holding of one of its releases, along all routes
 * (who uses the devices, owns, sold or repairs them), in its market; a correction also to whoever was told an
 * older revision, and a withdrawal to them alone. Only advisory_telling.c uses this. */

#include "db/audience.h"
#include "db/outbox_reach.h"

/* In SQL, the organizations that advisory `v` concerns now, "FROM … WHERE …" over holding h. */
#define ADVISORY_HOLDERS(v)                                                                                  \
  " FROM advisory hv JOIN advisory_release hw ON hw.advisory = hv.id JOIN holding h"                         \
  " ON h.release = hw.release AND h.ended_on IS NULL JOIN organization hg ON hg.id = h.organization"         \
  " WHERE hv.id = " v " AND (hv.market = '*' OR hg.country = hv.market)"

/* In SQL, whether organization `o` was told of the advisory with row id `a`, as far as can be known: as
 * AUDIENCE_TOLD_SQL of a plan. */
#define ADVISORY_TOLD_SQL(a, o)                                                                              \
  "(EXISTS (SELECT 1 FROM notice tn JOIN outbox_notice tx ON tx.notice = tn.id AND tx.organization = " o     \
  " JOIN outbox tm ON tm.id = tx.outbox AND tm.state IN " OUTBOX_TOLD_STATES " WHERE tn.advisory = " a       \
  " AND tn.kind <> 'withdrawal')"                                                                            \
  " OR EXISTS (SELECT 1 FROM notice tn JOIN acknowledgement ta ON ta.notice = tn.id"                         \
  " AND ta.organization = " o " WHERE tn.advisory = " a " AND tn.kind <> 'withdrawal'))"

typedef enum {
  ADVISORY_AUDIENCE_PUBLISHED, /* who holds, or was told an older revision */
  ADVISORY_AUDIENCE_NEWCOMERS, /* who holds and is concerned by none of its notices yet */
  ADVISORY_AUDIENCE_TOLD       /* who was told it, or an older revision */
} AdvisoryAudience;

/* Keeps, in the connection's temporary table `told`, who was told the advisory or an older revision. Before
 * waiting messages are overtaken. *ret_told = how many. Inside the write transaction. */
bool advisory_audience_remember_told(Db *db, gint64 advisory, gint64 *ret_told, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Fills the temporary table `audience`, as audience_fill; `told` is remembered. *ret_organizations = rows. */
bool advisory_audience_fill(Db *db, gint64 advisory, AdvisoryAudience which, Day today,
                            gint64 *ret_organizations, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
