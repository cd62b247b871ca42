#ifndef KIGEN_DB_PLAN_OVERTAKEN_H
#define KIGEN_DB_PLAN_OVERTAKEN_H

/* What a plan overtakes and whom it tells news, in SQL: of one that is stored when it is published or
 * withdrawn (db/plan_supersede.c, db/audience.c), and of one that nobody has published yet
 * (db/impact_store.c). `plan` is the one row `new` in FROM. */

#include "db/audience.h"

/* The stored plan with row id $1. */
#define PLAN_OVERTAKEN_BY_STORED                                                                             \
  "(SELECT s.id, s.release, s.market, s.revision, s.state FROM support_plan s WHERE s.id = $1) new"
/* One of release $1 for market $2, as revision $3, as if it were published. */
#define PLAN_OVERTAKEN_BY_IMAGINED                                                                           \
  "(SELECT 0 AS id, CAST($1 AS BIGINT) AS release, CAST($2 AS TEXT) AS market,"                              \
  " CAST($3 AS BIGINT) AS revision, 'published' AS state) new"

#define PLAN_OVERTAKEN_NOTICES(plan, which)                                                                  \
  "(SELECT n.id FROM " plan " JOIN support_plan old ON old.release = new.release AND " which                 \
  " JOIN notice n ON n.plan = old.id)"

/* Notices of its older revisions (of itself too, once it is withdrawn); and of those for every market, which
 * its own one leaves. */
#define PLAN_OVERTAKEN_OLD(plan)                                                                             \
  PLAN_OVERTAKEN_NOTICES(plan, "old.market = new.market AND (old.revision < new.revision OR"                 \
                               " (old.id = new.id AND new.state = 'withdrawn'))")
#define PLAN_OVERTAKEN_LEFT(plan)                                                                            \
  PLAN_OVERTAKEN_NOTICES(plan, "old.market = '*' AND new.market <> '*' AND new.state = 'published'")

/* Whether what row x of outbox_notice tells an organization is overtaken. */
#define PLAN_OVERTAKEN(plan, x)                                                                              \
  "(" x ".notice IN " PLAN_OVERTAKEN_OLD(plan) " OR (" x ".notice IN " PLAN_OVERTAKEN_LEFT(                  \
      plan) " AND EXISTS (SELECT 1 FROM organization g, " plan " WHERE g.id = " x                            \
            ".organization AND g.country = new.market)))"

/* The rows of outbox_notice, x, with their message, o. Found from the notices, so that it costs nothing where
 * other plans' messages wait. */
#define PLAN_OVERTAKEN_ROWS(plan)                                                                            \
  " FROM outbox_notice x JOIN outbox o ON o.id = x.outbox WHERE (x.notice IN " PLAN_OVERTAKEN_OLD(           \
      plan) " OR x.notice IN " PLAN_OVERTAKEN_LEFT(plan) ") AND " PLAN_OVERTAKEN(plan, "x")

/* Whether the message with row id `outbox_id` carries nothing else. */
#define PLAN_OVERTAKEN_ALONE(plan, outbox_id)                                                                \
  "NOT EXISTS (SELECT 1 FROM outbox_notice y WHERE y.outbox = " outbox_id                                    \
  " AND NOT " PLAN_OVERTAKEN(plan, "y") ")"

/* Of outbox: messages that have not gone and carry nothing else. */
#define PLAN_OVERTAKEN_MESSAGE(plan)                                                                         \
  "outbox.id IN (SELECT x.outbox" PLAN_OVERTAKEN_ROWS(plan) " AND o.state IN " OUTBOX_HERE_STATES ")"        \
                                                            " AND " PLAN_OVERTAKEN_ALONE(plan, "outbox.id")

/* Organizations that were told of a plan that came before it (AUDIENCE_TOLD_SQL for all of them at once). */
#define PLAN_OVERTAKEN_TOLD(plan)                                                                            \
  "SELECT x.organization" PLAN_OVERTAKEN_OLDER(plan) PLAN_OVERTAKEN_TELLING                                  \
      " JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox"                            \
      "   AND o.state IN " OUTBOX_TOLD_STATES " UNION SELECT a.organization" PLAN_OVERTAKEN_OLDER(plan)      \
          PLAN_OVERTAKEN_TELLING                                                                             \
      " JOIN acknowledgement a ON a.notice = n.id"                                                           \
      " UNION SELECT p.organization" PLAN_OVERTAKEN_OLDER(plan) " JOIN presentation p ON p.plan = old.id"
#define PLAN_OVERTAKEN_OLDER(plan) " FROM " plan " JOIN support_plan old ON " AUDIENCE_OLDER_SQL("old", "new")
#define PLAN_OVERTAKEN_TELLING " JOIN notice n ON n.plan = old.id AND n.kind IN " NOTICE_TELLING_KINDS

#endif
