#include "db/plan_supersede.h"

#include "db/plan_overtaken.h"

#define OVERTAKEN_ROWS PLAN_OVERTAKEN_ROWS(PLAN_OVERTAKEN_BY_STORED)
#define OVERTAKEN_MESSAGE PLAN_OVERTAKEN_MESSAGE(PLAN_OVERTAKEN_BY_STORED)

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
      " FROM outbox WHERE " OVERTAKEN_MESSAGE },
    true },
  { { "UPDATE outbox SET state = 'superseded' WHERE " OVERTAKEN_MESSAGE }, false },
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
