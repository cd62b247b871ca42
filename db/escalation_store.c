#include "db/escalation_store.h"

#include "db/acknowledgement_store.h"
#include "db/audience.h"
#include "db/contact_reach.h"
#include "db/notice_address.h"
#include "db/outbox_reach.h"
#include "db/outbox_urgent.h"

/* The day on which message `o` went, the last time it was tried. */
#define WENT                                                                                                 \
  "coalesce((SELECT min(e.day) FROM outbox_event e WHERE e.outbox = o.id AND e.attempt = o.attempt"          \
  " AND e.state IN ('accepted', 'sent', 'handed')), o.due_on)"

#define ANY(condition) "max(CASE WHEN " condition " THEN 1 ELSE 0 END)"

/* Not contacts that the notice went to for that organization already; a distributor was asked once whoever
 * there has the address (CONTACT_REQUESTED_SQL). */
#define NOT_ASKED                                                                                            \
  " AND NOT EXISTS (SELECT 1 FROM outbox_notice ax JOIN outbox ao ON ao.id = ax.outbox"                      \
  " JOIN contact ac ON ac.id = ao.contact WHERE ax.notice = p.notice AND ax.organization = p.organization"   \
  " AND (ac.id = c.id OR (c.channel = 'relay' AND ao.channel = 'relay' AND ac.email = c.email)))"

/* $1 today, $2 the day before which notices are left alone, $3 and $4 the days on which what is silent went
 * at the latest (urgent ones, others), $5 the notice or the message, where it is of one. Whoever has
 * confirmed is left out first: looking for that is cheaper than looking for when something went. pair: how it
 * stands with each notice and organization; due: the ones to escalate, and to whom (0: a letter). What waits
 * to be sent is not silent. */
/* clang-format off */
#define DUE(rows) \
  "WITH pair AS (SELECT n.id AS notice, n.kind AS kind, n.plan AS plan, x.organization AS organization," \
  "   " ANY("o.state IN ('pending', 'sending', 'deferred', 'printed', 'unknown')") " AS waits," \
  "   " ANY("o.state IN ('accepted', 'sent', 'handed')") " AS arrived," \
  "   " ANY("o.state IN " OUTBOX_CAME_BACK_STATES) " AS bounced," \
  "   " ANY("o.contact IS NULL") " AS letter," \
  "   max(CASE WHEN o.state IN ('accepted', 'sent', 'handed') OR o.state IN " OUTBOX_CAME_BACK_STATES \
  "    THEN " WENT " END) AS went" \
  "  " rows " JOIN outbox o ON o.id = x.outbox" \
  "  LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN advisory v ON v.id = n.advisory" \
  "  WHERE x.notice = n.id AND n.due_on >= $2 AND o.state <> 'superseded'" \
  "   AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.notice = x.notice" \
  "     AND a.organization = x.organization)" \
  "   AND (n.kind = 'withdrawal' OR coalesce(s.state, v.state) = 'published')" \
  "  GROUP BY n.id, x.organization)," \
  " open AS (SELECT p.notice AS notice, p.organization AS organization, p.letter AS letter" \
  "  FROM pair p JOIN notice n ON n.id = p.notice LEFT JOIN support_plan s ON s.id = p.plan" \
  "  WHERE p.waits = 0" \
  "   AND ((p.arrived = 0 AND (p.bounced = 0 OR p.kind IN " OUTBOX_URGENT_KINDS "))" \
  "    OR ((p.arrived = 0 OR p.kind IN " ESCALATION_ASKING_KINDS ")" \
  "     AND p.went <= CASE WHEN p.kind IN " OUTBOX_URGENT_KINDS " THEN $3 ELSE $4 END))" \
  "   AND NOT (p.kind IN ('eos-reminder', 'eos-reached') AND " \
  ACKNOWLEDGEMENT_TRANSFERRED_SQL("s.release", "s.market", ACKNOWLEDGEMENT_EOS_SQL("n", "s"), "p.organization") ")" \
  "   AND (p.plan IS NULL OR p.kind = 'withdrawal' OR EXISTS (SELECT 1 FROM holding h" \
  "     WHERE h.release = s.release AND h.organization = p.organization AND h.ended_on IS NULL)))," \
  " next AS (SELECT p.notice AS notice, p.organization AS organization, p.letter AS letter," \
  "   coalesce(" CONTACT_OWN_SQL("p.organization", "$1", NOT_ASKED) ", " \
  CONTACT_ABOVE_SQL("p.organization", "$1", NOT_ASKED) ") AS contact FROM open p)," \
  " due AS (SELECT e.notice AS notice, e.organization AS organization, e.letter AS letter," \
  "   coalesce(c.id, 0) AS contact, coalesce(k.channel, 'letter') AS channel" \
  "  FROM next e LEFT JOIN contact k ON k.id = e.contact" \
  "  LEFT JOIN contact c ON c.id = " CONTACT_REQUESTED_SQL("k", "$1") ")"
/* All, notice $5, or what message $5 carries, wherever else it went. Notice by notice, in the order of the
 * rows: nothing is sorted, and what is older than the horizon is not read. */
#define OF_ALL "FROM notice n CROSS JOIN outbox_notice x"
#define OF_NOTICE "FROM (SELECT * FROM notice WHERE id = $5) n CROSS JOIN outbox_notice x"
#define OF_MESSAGE \
  "FROM outbox_notice m JOIN notice n ON n.id = m.notice AND m.outbox = $5" \
  " JOIN outbox_notice x ON x.notice = m.notice AND x.organization = m.organization"
/* clang-format on */
#define LEFT_TO_ASK " WHERE d.contact > 0 OR d.letter = 0"

static void bind_terms(DbStatement *statement, const Policy *policy, Day today)
{
  char day[DAY_TEXT_SIZE];
  int urgent = policy_escalation_days(policy, NOTICE_SECURITY_ADVISORY);
  int usual = policy_escalation_days(policy, NOTICE_PLAN_ANNOUNCEMENT);

  db_bind_text(statement, 1, day_format(today, day));
  db_bind_text(statement, 2, day_format(today - ESCALATION_HORIZON_DAYS, day));
  db_bind_text(statement, 3, day_format(today - (Day)urgent, day));
  db_bind_text(statement, 4, day_format(today - (Day)usual, day));
}

/* One number of `statement`, which is bound. */
static bool read_number(DbStatement *statement, gint64 *ret_number, GError **error)
{
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  *ret_number = row ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

bool escalation_store_due(Db *db, const Policy *policy, Day today, GArray **ret_notices, GError **error)
{
  static const DbQuery query = { DUE(OF_ALL) " SELECT DISTINCT d.notice FROM due d" LEFT_TO_ASK
                                             " ORDER BY d.notice" };
  g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(gint64));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  bind_terms(statement, policy, today);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    g_array_append_val(notices, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_notices = g_steal_pointer(&notices);
  return true;
}

#define FILL "INSERT INTO escalation (notice, organization, contact, channel) "
#define DUE_ROWS " SELECT d.notice, d.organization, d.contact, d.channel FROM due d" LEFT_TO_ASK

/* Fills the connection's temporary table `escalation` with what is due. */
static bool gather(Db *db, const Policy *policy, Day today, EscalationScope scope, gint64 id,
                   gint64 *ret_rows, GError **error)
{
  static const DbQuery make = {
    "CREATE TEMPORARY TABLE IF NOT EXISTS escalation (notice INTEGER NOT NULL, organization INTEGER NOT NULL,"
    " contact INTEGER NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (notice, organization)) WITHOUT ROWID"
  };
  static const DbQuery clear = { "DELETE FROM escalation" };
  static const DbQuery queries[] = { [ESCALATION_OF_NOTICE] = { FILL DUE(OF_NOTICE) DUE_ROWS },
                                     [ESCALATION_OF_MESSAGE] = { FILL DUE(OF_MESSAGE) DUE_ROWS } };
  DbStatement *statement;

  if (!db_exec(db, &make, error) || !db_exec(db, &clear, error) ||
      !db_prepare(db, &queries[scope], &statement, error))
    return false;
  bind_terms(statement, policy, today);
  db_bind_int(statement, 5, id);
  if (!db_run(statement, error))
    return false;
  *ret_rows = db_changes(db);
  return true;
}

/* The notices of `escalation`, as their messages are called. */
typedef struct {
  gint64 id;
  char *prefix, *suffix;
} Notice;

static void notice_free(Notice *notice)
{
  g_free(notice->prefix);
  g_free(notice->suffix);
  g_free(notice);
}

static bool list_notices(Db *db, GPtrArray **ret_notices, GError **error)
{
  static const DbQuery query = {
    "SELECT n.id, 'n' || n.id || '.r' || coalesce(s.revision, v.revision) || '.c',"
    " '@' || (SELECT uid_domain FROM setting) FROM notice n LEFT JOIN support_plan s ON s.id = n.plan"
    " LEFT JOIN advisory v ON v.id = n.advisory WHERE n.id IN (SELECT notice FROM escalation) ORDER BY n.id"
  };
  g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    Notice *notice = g_new0(Notice, 1);

    notice->id = db_int(statement, 0);
    notice->prefix = db_dup_text(statement, 1);
    notice->suffix = db_dup_text(statement, 2);
    g_ptr_array_add(notices, notice);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_notices = g_steal_pointer(&notices);
  return true;
}

/* The audience of one notice is whom it is escalated to. */
static bool address(Db *db, const AuditContext *context, const Notice *notice, Escalated *escalated,
                    GError **error)
{
  static const DbQuery fill = {
    "INSERT INTO audience (organization, contact, through, channel)"
    " SELECT e.organization, e.contact, coalesce(c.organization, e.organization), e.channel"
    " FROM escalation e LEFT JOIN contact c ON c.id = e.contact WHERE e.notice = $1"
  };
  char due[DAY_TEXT_SIZE];
  NoticeAddress message = { .notice = notice->id,
                            .due = day_format(context->today, due),
                            .prefix = notice->prefix,
                            .suffix = notice->suffix };
  DbStatement *statement;
  gint64 audience, messages = 0;

  if (!audience_clear(db, error) || !db_prepare(db, &fill, &statement, error))
    return false;
  db_bind_int(statement, 1, notice->id);
  if (!db_run(statement, error))
    return false;
  audience = db_changes(db);
  if (!notice_address_audience(db, context, &message, audience, &messages, error))
    return false;
  escalated->notices += audience;
  escalated->messages += messages;
  return true;
}

/* What the messages before say of it. */
static bool add_events(Db *db, const AuditContext *context, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
    " SELECT DISTINCT o.id, $1, $2, o.attempt, o.state,"
    "  CASE WHEN t.contact IS NULL THEN 'nobody is left to ask: a letter to the organization, message '"
    "   ELSE 'the next contact is asked: message ' END || t.id"
    " FROM escalation e JOIN outbox_notice x ON x.notice = e.notice AND x.organization = e.organization"
    " JOIN outbox o ON o.id = x.outbox AND o.state NOT IN ('pending', 'superseded')"
    " JOIN outbox_notice y ON y.notice = e.notice AND y.organization = e.organization"
    " JOIN outbox t ON t.id = y.outbox AND t.state = 'pending' AND t.attempt = 0"
    "  AND coalesce(t.contact, 0) = e.contact"
    " WHERE o.id = (SELECT max(po.id) FROM outbox_notice px JOIN outbox po ON po.id = px.outbox"
    "  WHERE px.notice = e.notice AND px.organization = e.organization AND po.state NOT IN ('pending', "
    "'superseded'))"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, context->now);
  db_bind_text(statement, 2, day_format(context->today, day));
  return db_run(statement, error);
}

static bool count_letters(Db *db, gint64 *ret_letters, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM escalation WHERE contact = 0" };
  DbStatement *statement;

  return db_prepare(db, &query, &statement, error) && read_number(statement, ret_letters, error);
}

static bool audit(Db *db, const AuditContext *context, const Escalated *escalated, GError **error)
{
  g_autofree char *payload = g_strdup_printf(
      "{\"letters\":%" G_GINT64_FORMAT ",\"messages\":%" G_GINT64_FORMAT ",\"notices\":%" G_GINT64_FORMAT "}",
      escalated->letters, escalated->messages, escalated->notices);

  return audit_append(db, context, "outbox.escalate", payload, error);
}

bool escalation_store_make(Db *db, const AuditContext *context, const Policy *policy, EscalationScope scope,
                           gint64 id, Escalated *ret_escalated, GError **error)
{
  g_autoptr(GPtrArray) notices = NULL;
  Escalated escalated = { 0 };
  gint64 rows = 0;

  if (!gather(db, policy, context->today, scope, id, &rows, error) ||
      (rows > 0 && !list_notices(db, &notices, error)))
    return false;
  for (guint i = 0; notices != NULL && i < notices->len; i++)
    if (!address(db, context, notices->pdata[i], &escalated, error))
      return false;
  if (rows > 0 && (!count_letters(db, &escalated.letters, error) || !add_events(db, context, error) ||
                   !audit(db, context, &escalated, error)))
    return false;
  *ret_escalated = escalated;
  return true;
}

bool escalation_store_of_message(Db *db, gint64 message, GArray **ret_notices, GError **error)
{
  static const DbQuery query = {
    "SELECT x.notice, x.organization FROM outbox_notice x WHERE x.outbox = $1 AND EXISTS (SELECT 1"
    " FROM outbox_notice bx JOIN outbox b ON b.id = bx.outbox WHERE bx.notice = x.notice"
    " AND bx.organization = x.organization AND b.id < $1 AND b.state <> 'superseded')"
  };
  g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(EscalatedNotice));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, message);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    EscalatedNotice notice = { db_int(statement, 0), db_int(statement, 1) };

    g_array_append_val(notices, notice);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_notices = g_steal_pointer(&notices);
  return true;
}
