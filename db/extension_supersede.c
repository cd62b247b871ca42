#include "db/extension_supersede.h"

#include "db/outbox_reach.h"

#include "db/extension_day.h"

/* Whether notice n of the published plan s tells organization $2 a day on which something of its ends. */
#define STILL_TOLD                                                                                           \
  "CASE n.extended_eos WHEN '' THEN " EXTENSION_DAY_PLAN(                                                    \
      "$1", "$2", "s.eos") " ELSE " EXTENSION_DAY_EXTENDED("$1", "$2", "s.eos", "n.extended_eos") " END"

/* Row x of outbox_notice tells organization $2 of an EOS of release $1 that does not hold for it any more. */
#define OVERTAKEN(x)                                                                                         \
  "(" x ".organization = $2 AND EXISTS (SELECT 1 FROM notice n JOIN support_plan s ON s.id = n.plan"         \
  " WHERE n.id = " x ".notice AND n.kind IN ('eos-reminder', 'eos-reached') AND s.release = $1"              \
  " AND s.state = 'published' AND NOT " STILL_TOLD "))"

/* Found from the notices: an index of outbox_notice by organization there is not. */
#define OVERTAKEN_ROWS                                                                                       \
  " FROM support_plan p JOIN notice m ON m.plan = p.id AND m.kind IN ('eos-reminder', 'eos-reached')"        \
  " JOIN outbox_notice x ON x.notice = m.id AND x.organization = $2 JOIN outbox o ON o.id = x.outbox"        \
  " WHERE p.release = $1 AND p.state = 'published' AND " OVERTAKEN("x")

#define MESSAGES "(SELECT x.outbox" OVERTAKEN_ROWS " AND o.state IN " OUTBOX_HERE_STATES ")"
#define CARRIES_NOTHING_ELSE                                                                                 \
  "NOT EXISTS (SELECT 1 FROM outbox_notice y WHERE y.outbox = outbox.id AND NOT " OVERTAKEN("y") ")"

typedef struct {
  DbQuery query; /* takes release $1 and organization $2 */
  bool is_event; /* and the instant $3, the day $4 */
} Step;

static const Step steps[] = {
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT id, $3, $4, attempt, 'superseded', 'overtaken by an extension of EOS'"
      " FROM outbox WHERE id IN " MESSAGES " AND " CARRIES_NOTHING_ELSE },
    true },
  { { "UPDATE outbox SET state = 'superseded' WHERE id IN " MESSAGES " AND " CARRIES_NOTHING_ELSE }, false },
  /* What has been tried once is kept as it was rendered: only a message never tried still changes. */
  { { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
      " SELECT DISTINCT o.id, $3, $4, o.attempt, o.state, 'a notice was overtaken by an extension of "
      "EOS'" OVERTAKEN_ROWS " AND o.state = 'pending' AND o.attempt = 0" },
    true },
  { { "DELETE FROM outbox_notice WHERE (notice, organization, outbox) IN (SELECT x.notice, x.organization,"
      " x.outbox" OVERTAKEN_ROWS " AND o.state = 'pending' AND o.attempt = 0)" },
    false },
};

bool extension_supersede_messages(Db *db, const AuditContext *context, gint64 release, gint64 organization,
                                  GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    DbStatement *statement;
    char day[DAY_TEXT_SIZE];

    if (!db_prepare(db, &steps[i].query, &statement, error))
      return false;
    db_bind_int(statement, 1, release);
    db_bind_int(statement, 2, organization);
    if (steps[i].is_event) {
      db_bind_text(statement, 3, context->now);
      db_bind_text(statement, 4, day_format(context->today, day));
    }
    if (!db_run(statement, error))
      return false;
  }
  return true;
}
