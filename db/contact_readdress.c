#include "db/contact_readdress.h"

#include "db/contact_reach.h"
#include "db/outbox_urgent.h"

/* To whom instead. */
typedef struct {
  gint64 contact; /* 0: nobody is reached, a letter to the organization */
  gint64 organization;
  char *channel;
  char *due_on; /* today, or the message's own day where that is later */
} Successor;

static void successor_clear(Successor *successor)
{
  g_free(successor->channel);
  g_free(successor->due_on);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Successor, successor_clear)

#define OTHER " AND c.id <> $2"

static bool find_successor(Db *db, gint64 outbox, gint64 contact, Day today, Successor *ret_successor,
                           GError **error)
{
  static const DbQuery query = {
    "SELECT coalesce(s.id, 0), coalesce(s.organization, w.organization), CASE WHEN s.id IS NULL THEN 'letter'"
    "  WHEN w.channel <> 'webhook' AND (w.channel <> 'mail' OR s.email <> '') THEN w.channel ELSE s.channel "
    "END,"
    "  CASE WHEN w.due_on > $3 THEN w.due_on ELSE $3 END"
    " FROM (SELECT x.organization, x.channel, x.due_on, coalesce(" CONTACT_OWN_SQL(
        "x.organization", "$3",
        OTHER) ", " CONTACT_ABOVE_SQL("x.organization", "$3",
                                      OTHER) ") AS next FROM outbox x WHERE x.id = $1) w"
                                             " LEFT JOIN contact s ON s.id = w.next"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_int(statement, 2, contact);
  db_bind_text(statement, 3, day_format(today, day));
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row);
  *ret_successor = (Successor){ db_int(statement, 0), db_int(statement, 1), db_dup_text(statement, 2),
                                db_dup_text(statement, 3) };
  db_reset(statement);
  return true;
}

static bool supersede(Db *db, const AuditContext *context, gint64 outbox, GError **error)
{
  static const DbQuery state = { "UPDATE outbox SET state = 'superseded', not_before = NULL WHERE id = $1" };
  static const DbQuery event = {
    "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
    " SELECT id, $2, $3, attempt, state, 'addressed anew' FROM outbox WHERE id = $1"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &state, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  if (!db_run(statement, error) || !db_prepare(db, &event, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day_format(context->today, day));
  return db_run(statement, error);
}

/* What message $1 tells, is still in force, and contact $2 was not told. */
#define STILL_TO_TELL                                                                                        \
  " FROM outbox_notice n JOIN notice k ON k.id = n.notice LEFT JOIN support_plan p ON p.id = k.plan"         \
  " LEFT JOIN advisory v ON v.id = k.advisory"                                                               \
  " WHERE n.outbox = $1 AND (coalesce(p.state, v.state) = 'published' OR k.kind = 'withdrawal')"             \
  " AND NOT EXISTS (SELECT 1 FROM outbox_notice m JOIN outbox t ON t.id = m.outbox"                          \
  "  WHERE m.notice = n.notice AND m.organization = n.organization AND t.contact = $2"                       \
  "  AND t.state NOT IN ('failed', 'bounced', 'superseded'))"

static bool has_something_to_tell(Db *db, gint64 outbox, const Successor *successor, bool *ret_has,
                                  GError **error)
{
  static const DbQuery query = { "SELECT 1" STILL_TO_TELL " LIMIT 1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_int(statement, 2, successor->contact);
  if (!db_step(statement, ret_has, error))
    return false;
  db_reset(statement);
  return true;
}

/* Unless one waits for them today. The Message-ID is unique, because a message is addressed anew once. */
static bool make_message(Db *db, const AuditContext *context, gint64 outbox, const Successor *successor,
                         GError **error)
{
  static const DbQuery query = {
    "INSERT INTO outbox (organization, contact, channel, due_on, message_id, created_at)"
    " SELECT $3, nullif($2, 0), $4, $5, 'x' || $1 || '.c' || $2 || '@' || uid_domain, $6 FROM setting"
    " WHERE true ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_int(statement, 2, successor->contact);
  db_bind_int(statement, 3, successor->organization);
  db_bind_text(statement, 4, successor->channel);
  db_bind_text(statement, 5, successor->due_on);
  db_bind_text(statement, 6, context->now);
  return db_run(statement, error);
}

static bool join_message(Db *db, gint64 outbox, const Successor *successor, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO outbox_notice (notice, organization, outbox) SELECT w.notice, w.organization, o.id"
    " FROM (SELECT n.notice, n.organization" STILL_TO_TELL ") w JOIN outbox o ON o.state = 'pending'"
    "  AND o.attempt = 0 AND o.due_on = $5 AND o.channel = $4 AND ((o.contact = $2 AND o.contact IS NOT NULL)"
    "  OR ($2 = 0 AND o.contact IS NULL AND o.organization = $3)) WHERE true ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_int(statement, 2, successor->contact);
  db_bind_int(statement, 3, successor->organization);
  db_bind_text(statement, 4, successor->channel);
  db_bind_text(statement, 5, successor->due_on);
  return db_run(statement, error);
}

bool contact_readdress(Db *db, const AuditContext *context, gint64 outbox, gint64 contact, GError **error)
{
  g_auto(Successor) successor = { 0 };
  bool has = false;

  return find_successor(db, outbox, contact, context->today, &successor, error) &&
         supersede(db, context, outbox, error) &&
         has_something_to_tell(db, outbox, &successor, &has, error) &&
         (!has ||
          (make_message(db, context, outbox, &successor, error) &&
           join_message(db, outbox, &successor, error) && outbox_urgent_mark_alike(db, outbox, error)));
}
