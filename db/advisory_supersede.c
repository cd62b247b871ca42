#include "db/advisory_supersede.h"

#include "db/outbox_reach.h"
#include "db/outbox_urgent.h"

/* Notices that advisory $1 overtakes. */
#define OVERTAKEN                                                                                            \
  "(SELECT n.id FROM advisory v JOIN advisory old ON old.serial = v.serial AND (old.revision < v.revision"   \
  " OR (old.id = v.id AND v.state = 'withdrawn')) JOIN notice n ON n.advisory = old.id"                      \
  " AND n.kind <> 'withdrawal' WHERE v.id = $1)"

/* Of outbox: messages that have not gone and carry nothing else. */
#define ALONE                                                                                                \
  "outbox.state IN " OUTBOX_HERE_STATES " AND outbox.id IN (SELECT x.outbox FROM outbox_notice x"            \
  " WHERE x.notice IN " OVERTAKEN ") AND NOT EXISTS (SELECT 1 FROM outbox_notice y"                          \
  " WHERE y.outbox = outbox.id AND y.notice NOT IN " OVERTAKEN ")"

/* What has been tried once is kept as it was rendered: only a message never tried still changes. */
#define SHARED                                                                                               \
  " FROM outbox_notice x JOIN outbox o ON o.id = x.outbox WHERE x.notice IN " OVERTAKEN                      \
  " AND o.state = 'pending' AND o.attempt = 0"

#define OVERTAKER                                                                                            \
  "(SELECT CASE state WHEN 'withdrawn' THEN 'the withdrawal of ' ELSE '' END || number || ', revision '"     \
  " || revision FROM advisory WHERE id = $1)"

typedef struct {
  DbQuery query; /* takes advisory $1 */
  bool is_event; /* and the instant $2, the day $3 */
} Step;

static const Step steps[] = {
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT id, $2, $3, attempt, 'superseded', 'overtaken by ' || " OVERTAKER
      " FROM outbox WHERE " ALONE },
    true },
  { { "UPDATE outbox SET state = 'superseded' WHERE " ALONE }, false },
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT DISTINCT o.id, $2, $3, o.attempt, o.state, 'a notice was overtaken by ' || " OVERTAKER
          SHARED },
    true },
  { { "UPDATE outbox SET urgent = 0 WHERE urgent = 1 AND id IN (SELECT o.id" SHARED ") AND NOT EXISTS"
      " (SELECT 1 FROM outbox_notice y JOIN notice n ON n.id = y.notice AND n.kind IN " OUTBOX_URGENT_KINDS
      " WHERE y.outbox = outbox.id AND y.notice NOT IN " OVERTAKEN ")" },
    false },
  { { "DELETE FROM outbox_notice WHERE (notice, organization, outbox) IN"
      " (SELECT x.notice, x.organization, x.outbox" SHARED ")" },
    false },
};

static bool run_step(Db *db, const Step *step, const AuditContext *context, gint64 advisory, GError **error)
{
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &step->query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  if (step->is_event) {
    db_bind_text(statement, 2, context->now);
    db_bind_text(statement, 3, day_format(context->today, day));
  }
  return db_run(statement, error);
}

bool advisory_supersede_messages(Db *db, const AuditContext *context, gint64 advisory, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    if (!run_step(db, &steps[i], context, advisory, error))
      return false;
  return true;
}
