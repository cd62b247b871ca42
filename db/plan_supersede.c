#include "db/plan_supersede.h"

/* The notices of plan $1's older revisions. */
#define OLD_NOTICES                                                                                          \
  "(SELECT n.id FROM support_plan new JOIN support_plan old ON old.release = new.release"                    \
  " AND old.market = new.market AND old.revision < new.revision JOIN notice n ON n.plan = old.id"            \
  " WHERE new.id = $1)"

/* Messages x.outbox of theirs; found from the notices, so that it costs nothing where other plans' messages
 * wait. */
#define OLD_MESSAGES                                                                                         \
  "(SELECT x.outbox FROM outbox_notice x JOIN outbox o ON o.id = x.outbox WHERE x.notice IN " OLD_NOTICES    \
  " AND o.state IN ('pending', 'deferred'))"

#define CARRIES_NOTHING_ELSE                                                                                 \
  "NOT EXISTS (SELECT 1 FROM outbox_notice y WHERE y.outbox = outbox.id AND y.notice NOT IN " OLD_NOTICES ")"

typedef struct {
  DbQuery query; /* takes plan $1 */
  bool is_event; /* and the instant $2, the day $3 */
} Step;

static const Step steps[] = {
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT id, $2, $3, attempt, 'superseded', 'overtaken by revision ' ||"
      "   (SELECT revision FROM support_plan WHERE id = $1)"
      " FROM outbox WHERE id IN " OLD_MESSAGES " AND " CARRIES_NOTHING_ELSE },
    true },
  { { "UPDATE outbox SET state = 'superseded' WHERE id IN " OLD_MESSAGES " AND " CARRIES_NOTHING_ELSE },
    false },
  /* What has been tried once is kept as it was rendered: only a message never tried still changes. */
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT DISTINCT o.id, $2, $3, o.attempt, o.state, 'a notice was overtaken by revision ' ||"
      "   (SELECT revision FROM support_plan WHERE id = $1)"
      " FROM outbox_notice x JOIN outbox o ON o.id = x.outbox WHERE x.notice IN " OLD_NOTICES
      " AND o.state = 'pending' AND o.attempt = 0" },
    true },
  { { "DELETE FROM outbox_notice WHERE notice IN " OLD_NOTICES " AND EXISTS (SELECT 1 FROM outbox o"
      " WHERE o.id = outbox_notice.outbox AND o.state = 'pending' AND o.attempt = 0)" },
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
