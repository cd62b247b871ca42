#include "db/notice_store.h"

#include "db/audience.h"
#include "db/market.h"
#include "db/notice_address.h"

/* Whom it concerns depends on extensions. */
static bool is_of_eos(const ScheduledNotice *notice)
{
  return notice->kind == NOTICE_EOS_REMINDER || notice->kind == NOTICE_EOS_REACHED;
}

/* "" for the plan's own. */
static const char *extended_text(const ScheduledNotice *notice, char buffer[static DAY_TEXT_SIZE])
{
  return notice->extended_eos != DAY_NONE ? day_format(notice->extended_eos, buffer) : "";
}

/* Binds $1 to $6: what a notice is known by. */
static void bind_key(DbStatement *statement, const ScheduledNotice *notice, gint64 plan)
{
  char day[DAY_TEXT_SIZE];

  db_bind_text(statement, 1, notice_kind_key(notice->kind));
  db_bind_int(statement, 2, plan);
  db_bind_text(statement, 3, day_format(notice->due, day));
  db_bind_int(statement, 4, notice->lead_months);
  db_bind_int(statement, 5, notice->budget_month);
  db_bind_text(statement, 6, extended_text(notice, day));
}

/* Inserts the notice if it does not exist. */
static bool put_notice(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                       bool *ret_new, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO notice (kind, plan, due_on, lead_months, budget_month, extended_eos, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  bind_key(statement, notice, plan);
  db_bind_text(statement, 7, context->now);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_new = db_changes(db) > 0;
  return true;
}

/* A notice in the making. */
typedef struct {
  gint64 id;
  gint64 release;
  char *market;
  char *plan_eos;          /* of EOS: the plan's; NULL: of another kind */
  char due[DAY_TEXT_SIZE]; /* the day its messages go out */
  char *prefix, *suffix;   /* of its messages' Message-IDs */
} Making;

static void making_clear(Making *making)
{
  g_free(making->market);
  g_free(making->plan_eos);
  g_free(making->prefix);
  g_free(making->suffix);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

/* The notice's id, and what its messages need. */
static bool find_notice(Db *db, const ScheduledNotice *notice, gint64 plan, Making *making, GError **error)
{
  static const DbQuery query = {
    "SELECT n.id, s.release, 'n' || n.id || '.r' || s.revision || '.c', '@' || (SELECT uid_domain FROM "
    "setting),"
    " s.market, s.eos FROM notice n JOIN support_plan s ON s.id = n.plan WHERE n.kind = $1 AND n.plan = $2"
    " AND n.due_on = $3 AND n.lead_months = $4 AND n.budget_month = $5 AND n.extended_eos = $6"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  bind_key(statement, notice, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  g_assert(row); /* put_notice has seen to it */
  making->id = db_int(statement, 0);
  making->release = db_int(statement, 1);
  making->prefix = db_dup_text(statement, 2);
  making->suffix = db_dup_text(statement, 3);
  making->market = db_dup_text(statement, 4);
  making->plan_eos = is_of_eos(notice) ? db_dup_text(statement, 5) : NULL;
  db_reset(statement);
  return true;
}

/* A reminder of EOS asks for the transfer to be confirmed: whoever has done so is not nagged (domain.md,
 * Notices). All other notices tell something. */
static bool asks_unconfirmed(const ScheduledNotice *notice)
{
  return notice->kind == NOTICE_EOS_REMINDER;
}

/* `part` NULL: all of the audience. */
static bool make(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                 const NoticePart *part, gint64 *ret_messages, gint64 *ret_addressed, GError **error)
{
  g_auto(Making) making = { 0 };
  char extended[DAY_TEXT_SIZE];
  gint64 audience, messages;
  bool new;

  /* What is overdue goes today, together with what is due today. */
  day_format(MAX(notice->due, context->today), making.due);
  if (!put_notice(db, context, notice, plan, &new, error) || !find_notice(db, notice, plan, &making, error)) {
    return false;
  }
  AudienceTerms terms = { .release = making.release,
                          .market = making.market,
                          .budget_month = notice->budget_month,
                          .notice = new ? 0 : making.id,
                          .plan_eos = making.plan_eos,
                          .extended_eos = extended_text(notice, extended),
                          .telling_of = part != NULL && part->newcomers ? plan : 0,
                          .unconfirmed = asks_unconfirmed(notice),
                          .part = part == NULL   ? AUDIENCE_ALL
                                  : part->untold ? AUDIENCE_UNTOLD
                                                 : AUDIENCE_TOLD };

  if (!audience_fill(db, &terms, context->today, &audience, error)) {
    return false;
  }
  NoticeAddress address = { making.id, making.due, making.prefix, making.suffix };

  if (!notice_address_audience(db, context, &address, audience, &messages, error)) {
    return false;
  }
  *ret_messages = messages;
  *ret_addressed = audience;
  return true;
}

bool notice_store_make(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                       gint64 *ret_messages, gint64 *ret_addressed, GError **error)
{
  return make(db, context, notice, plan, NULL, ret_messages, ret_addressed, error);
}

bool notice_store_make_part(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                            const NoticePart *part, gint64 *ret_messages, gint64 *ret_addressed,
                            GError **error)
{
  return make(db, context, notice, plan, part, ret_messages, ret_addressed, error);
}

bool notice_store_count_audience(Db *db, const ScheduledNotice *notice, gint64 plan,
                                 gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT release, market, eos FROM support_plan WHERE id = $1" };
  DbStatement *statement;
  char extended[DAY_TEXT_SIZE];
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  gint64 release = row ? db_int(statement, 0) : 0;
  g_autofree char *market = row ? db_dup_text(statement, 1) : NULL;
  g_autofree char *eos = row && is_of_eos(notice) ? db_dup_text(statement, 2) : NULL;
  AudienceTerms terms = { .release = release,
                          .market = market,
                          .budget_month = notice->budget_month,
                          .plan_eos = eos,
                          .extended_eos = extended_text(notice, extended),
                          .unconfirmed = asks_unconfirmed(notice) };

  db_reset(statement);
  return audience_count(db, &terms, ret_organizations, error);
}

bool notice_store_made(Db *db, gint64 plan, GArray **ret_notices, GError **error)
{
  static const DbQuery query = {
    "SELECT kind, lead_months, budget_month, due_on, extended_eos FROM notice WHERE plan = $1"
    " ORDER BY due_on, id"
  };
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

    if (!day_parse(db_text(statement, 4), &notice.extended_eos)) {
      notice.extended_eos = DAY_NONE;
    }
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
                                 " WHERE s.id = $1 AND o.budget_month IS NOT NULL AND " MARKET_CONCERNS_SQL(
                                     "s.release", "s.market", "o.id") };
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
