#include "db/notice_store.h"

#include "db/audience.h"

/* Inserts the notice if it does not exist. */
static bool put_notice(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                       GError **error)
{
  static const DbQuery query = {
    "INSERT INTO notice (kind, plan, due_on, lead_months, budget_month, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;
  char due[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, notice_kind_key(notice->kind));
  db_bind_int(statement, 2, plan);
  db_bind_text(statement, 3, day_format(notice->due, due));
  db_bind_int(statement, 4, notice->lead_months);
  db_bind_int(statement, 5, notice->budget_month);
  db_bind_text(statement, 6, context->now);
  return db_run(statement, error);
}

/* The notice's id and its plan's release. */
static bool find_notice(Db *db, const ScheduledNotice *notice, gint64 plan, gint64 *ret_notice,
                        gint64 *ret_release, GError **error)
{
  static const DbQuery query = { "SELECT n.id, s.release FROM notice n JOIN support_plan s ON s.id = n.plan"
                                 " WHERE n.kind = $1 AND n.plan = $2 AND n.due_on = $3 AND n.lead_months = $4"
                                 " AND n.budget_month = $5" };
  DbStatement *statement;
  char due[DAY_TEXT_SIZE];
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, notice_kind_key(notice->kind));
  db_bind_int(statement, 2, plan);
  db_bind_text(statement, 3, day_format(notice->due, due));
  db_bind_int(statement, 4, notice->lead_months);
  db_bind_int(statement, 5, notice->budget_month);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  g_assert(row); /* put_notice has seen to it */
  *ret_notice = db_int(statement, 0);
  *ret_release = db_int(statement, 1);
  db_reset(statement);
  return true;
}

/* One message for each contact of the audience, unless one is waiting that it can join. The Message-ID is
 * unique for ever, because a notice concerns an organization once over one contact: it names notice,
 * revision, contact (0: a letter to the organization) and the first organization concerned. */
static bool insert_messages(Db *db, const AuditContext *context, gint64 notice, const char *due,
                            gint64 *ret_messages, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO outbox (organization, contact, channel, due_on, message_id, created_at)"
    " SELECT a.through, nullif(a.contact, 0), min(a.channel), $2, 'n' || $1 || '.r' ||"
    "   (SELECT s.revision FROM notice n JOIN support_plan s ON s.id = n.plan WHERE n.id = $1) || '.c' || "
    "a.contact ||"
    "   '.o' || min(a.organization) || '@' || (SELECT uid_domain FROM setting), $3"
    " FROM audience a WHERE true GROUP BY a.contact, a.through ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, notice);
  db_bind_text(statement, 2, due);
  db_bind_text(statement, 3, context->now);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_messages = db_changes(db);
  return true;
}

/* Joins the audience to the waiting messages. */
static bool join_messages(Db *db, const DbQuery *query, gint64 notice, const char *due, gint64 *addressed,
                          GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, notice);
  db_bind_text(statement, 2, due);
  if (!db_run(statement, error)) {
    return false;
  }
  *addressed += db_changes(db);
  return true;
}

static const DbQuery join_contacts = {
  "INSERT INTO outbox_notice (notice, organization, outbox) SELECT $1, a.organization, o.id"
  " FROM audience a JOIN outbox o ON o.contact = a.contact AND o.channel = a.channel AND o.due_on = $2"
  " WHERE a.contact > 0 AND o.state = 'pending' AND o.attempt = 0 AND o.contact IS NOT NULL"
};
static const DbQuery join_letters = {
  "INSERT INTO outbox_notice (notice, organization, outbox) SELECT $1, a.organization, o.id"
  " FROM audience a JOIN outbox o ON o.organization = a.organization AND o.due_on = $2"
  " WHERE a.contact = 0 AND o.state = 'pending' AND o.attempt = 0 AND o.contact IS NULL"
};

bool notice_store_make(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                       gint64 *ret_messages, gint64 *ret_addressed, GError **error)
{
  gint64 id, release, audience, messages, addressed = 0;
  char due[DAY_TEXT_SIZE];

  /* What is overdue goes today, together with what is due today. */
  day_format(MAX(notice->due, context->today), due);
  if (!put_notice(db, context, notice, plan, error) || !find_notice(db, notice, plan, &id, &release, error) ||
      !audience_fill(db, id, release, notice->budget_month, context->today, &audience, error) ||
      !insert_messages(db, context, id, due, &messages, error) ||
      !join_messages(db, &join_contacts, id, due, &addressed, error) ||
      !join_messages(db, &join_letters, id, due, &addressed, error)) {
    return false;
  }
  g_assert(addressed == audience); /* nobody is left without a message */
  *ret_messages = messages;
  *ret_addressed = addressed;
  return true;
}

bool notice_store_count_audience(Db *db, const ScheduledNotice *notice, gint64 plan,
                                 gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT release FROM support_plan WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  gint64 release = row ? db_int(statement, 0) : 0;

  db_reset(statement);
  return audience_count(db, release, notice->budget_month, ret_organizations, error);
}

bool notice_store_count_unaddressed(Db *db, const ScheduledNotice *notice, gint64 plan,
                                    gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = {
    "SELECT count(DISTINCT h.organization) FROM support_plan s JOIN holding h ON h.release = s.release"
    " AND h.ended_on IS NULL JOIN notice n ON n.plan = s.id AND n.kind = $2 AND n.due_on = $3"
    " AND n.lead_months = $4 AND n.budget_month = $5 WHERE s.id = $1"
    " AND ($5 = 0 OR EXISTS (SELECT 1 FROM organization o WHERE o.id = h.organization AND o.budget_month = "
    "$5))"
    " AND NOT EXISTS (SELECT 1 FROM outbox_notice x WHERE x.notice = n.id AND x.organization = "
    "h.organization)"
  };
  DbStatement *statement;
  char due[DAY_TEXT_SIZE];
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  db_bind_text(statement, 2, notice_kind_key(notice->kind));
  db_bind_text(statement, 3, day_format(notice->due, due));
  db_bind_int(statement, 4, notice->lead_months);
  db_bind_int(statement, 5, notice->budget_month);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_organizations = db_int(statement, 0);
  db_reset(statement);
  return true;
}

bool notice_store_made(Db *db, gint64 plan, GArray **ret_notices, GError **error)
{
  static const DbQuery query = { "SELECT kind, lead_months, budget_month, due_on FROM notice WHERE plan = $1"
                                 " ORDER BY due_on, id" };
  g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    ScheduledNotice notice = { .lead_months = (int)db_int(statement, 1),
                               .budget_month = (int)db_int(statement, 2) };

    if (notice_kind_parse(db_text(statement, 0), &notice.kind) &&
        day_parse(db_text(statement, 3), &notice.due)) {
      g_array_append_val(notices, notice);
    }
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_notices = g_steal_pointer(&notices);
  return true;
}

bool notice_store_budget_months(Db *db, gint64 plan, guint *ret_months, GError **error)
{
  static const DbQuery query = { "SELECT DISTINCT o.budget_month FROM support_plan s"
                                 " JOIN holding h ON h.release = s.release AND h.ended_on IS NULL"
                                 " JOIN organization o ON o.id = h.organization"
                                 " WHERE s.id = $1 AND o.budget_month IS NOT NULL" };
  DbStatement *statement;
  guint months = 0;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    months |= 1u << db_int(statement, 0);
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_months = months;
  return true;
}
