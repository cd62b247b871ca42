#include "db/plan_supersede.h"

/* Notices of plans of plan $1's release. */
#define NOTICES(which)                                                                                       \
  "(SELECT n.id FROM support_plan new JOIN support_plan old ON old.release = new.release AND " which         \
  " JOIN notice n ON n.plan = old.id WHERE new.id = $1)"

/* Of its older revisions (of itself too, once it is withdrawn); and of those for every market, which its own
 * one leaves. */
#define OLD_NOTICES                                                                                          \
  NOTICES("old.market = new.market AND (old.revision < new.revision OR (old.id = new.id"                     \
          " AND new.state = 'withdrawn'))")
#define LEFT_NOTICES NOTICES("old.market = '*' AND new.market <> '*' AND new.state = 'published'")

/* Whether what row x of outbox_notice tells an organization is overtaken by plan $1. */
#define OVERTAKEN(x)                                                                                         \
  "(" x ".notice IN " OLD_NOTICES " OR (" x ".notice IN " LEFT_NOTICES                                       \
  " AND EXISTS (SELECT 1 FROM organization g JOIN support_plan own ON own.market = g.country"                \
  "   WHERE g.id = " x ".organization AND own.id = $1)))"

/* Found from the notices, so that it costs nothing where other plans' messages wait. */
#define OVERTAKEN_ROWS                                                                                       \
  " FROM outbox_notice x JOIN outbox o ON o.id = x.outbox WHERE (x.notice IN " OLD_NOTICES                   \
  " OR x.notice IN " LEFT_NOTICES ") AND " OVERTAKEN("x")

/* Messages that carry something overtaken, and have not gone. */
#define OLD_MESSAGES "(SELECT x.outbox" OVERTAKEN_ROWS " AND o.state IN ('pending', 'deferred'))"

#define CARRIES_NOTHING_ELSE                                                                                 \
  "NOT EXISTS (SELECT 1 FROM outbox_notice y WHERE y.outbox = outbox.id AND NOT " OVERTAKEN("y") ")"

#define OVERTAKER                                                                                            \
  "(SELECT CASE state WHEN 'withdrawn' THEN 'the withdrawal of ' ELSE '' END || 'revision ' || revision"     \
  " FROM support_plan WHERE id = $1)"

typedef struct {
  DbQuery query; /* takes plan $1 */
  bool is_event; /* and the instant $2, the day $3 */
} Step;

static const Step steps[] = {
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT id, $2, $3, attempt, 'superseded', 'overtaken by ' || " OVERTAKER
      " FROM outbox WHERE id IN " OLD_MESSAGES " AND " CARRIES_NOTHING_ELSE },
    true },
  { { "UPDATE outbox SET state = 'superseded' WHERE id IN " OLD_MESSAGES " AND " CARRIES_NOTHING_ELSE },
    false },
  /* What has been tried once is kept as it was rendered: only a message never tried still changes. */
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT DISTINCT o.id, $2, $3, o.attempt, o.state, 'a notice was overtaken by ' || " OVERTAKER
          OVERTAKEN_ROWS " AND o.state = 'pending' AND o.attempt = 0" },
    true },
  { { "DELETE FROM outbox_notice WHERE (notice, organization, outbox) IN (SELECT x.notice, x.organization,"
      " x.outbox" OVERTAKEN_ROWS " AND o.state = 'pending' AND o.attempt = 0)" },
    false },
};

static bool run_step(Db *db, const Step *step, const AuditContext *context, gint64 plan, GError **error)
{
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &step->query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (step->is_event) {
    db_bind_text(statement, 2, context->now);
    db_bind_text(statement, 3, day_format(context->today, day));
  }
  return db_run(statement, error);
}

bool plan_supersede_messages(Db *db, const AuditContext *context, gint64 plan, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    if (!run_step(db, &steps[i], context, plan, error)) {
      return false;
    }
  }
  return true;
}
