#include "db/plan_telling.h"

#include "db/audience.h"
#include "db/market.h"
#include "db/notice_store.h"
#include "db/plan_supersede.h"

/* Announcements and changes of plan $1. */
#define OF_PLAN "n.plan = $1 AND n.kind IN ('plan-announcement', 'plan-change')"

/* Who holds its release, and whether none of them concerns the holder. */
#define HOLDERS                                                                                              \
  "(SELECT DISTINCT h.organization AS organization FROM support_plan s JOIN holding h"                       \
  " ON h.release = s.release AND h.ended_on IS NULL WHERE s.id = $1"                                         \
  " AND " MARKET_CONCERNS_SQL("s.release", "s.market", "h.organization") ") x"
#define NOT_CONCERNED                                                                                        \
  "NOT EXISTS (SELECT 1 FROM notice n JOIN outbox_notice o ON o.notice = n.id"                               \
  " AND o.organization = x.organization WHERE " OF_PLAN ")"

/* How many of them were told of an older revision (audience_remember_told), and how many were not. */
static bool count_parts(Db *db, gint64 plan, gint64 *ret_told, gint64 *ret_untold, GError **error)
{
  static const DbQuery query = {
    "SELECT count(t.organization), count(*) - count(t.organization) FROM " HOLDERS
    " LEFT JOIN told t ON t.organization = x.organization WHERE " NOT_CONCERNED
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error))
    return false;
  *ret_told = db_int(statement, 0);
  *ret_untold = db_int(statement, 1);
  db_reset(statement);
  return true;
}

/* The announcement to the untold, or the change to the told. */
static bool make_part(Db *db, const AuditContext *context, gint64 plan, Day due, NoticePart part,
                      PlanTelling *telling, GError **error)
{
  ScheduledNotice notice = { .kind = part.untold ? NOTICE_PLAN_ANNOUNCEMENT : NOTICE_PLAN_CHANGE,
                             .nominal = due,
                             .due = due };
  gint64 messages = 0, organizations = 0;

  if (!notice_store_make_part(db, context, &notice, plan, &part, &messages, &organizations, error))
    return false;
  *(part.untold ? &telling->announced : &telling->changed) += organizations;
  telling->messages += messages;
  return true;
}

static bool make_parts(Db *db, const AuditContext *context, gint64 plan, Day due, bool newcomers,
                       PlanTelling *telling, GError **error)
{
  NoticePart change = { .untold = false, .newcomers = newcomers };
  NoticePart announcement = { .untold = true, .newcomers = newcomers };
  gint64 told = 0, untold = 0;

  if (!count_parts(db, plan, &told, &untold, error))
    return false;
  /* A publication has a notice even where nobody holds the release: whoever comes later is to be told. */
  bool any = told + untold > 0 || newcomers;

  return (!(told > 0 || !any) || make_part(db, context, plan, due, change, telling, error)) &&
         (untold == 0 || make_part(db, context, plan, due, announcement, telling, error));
}

/* Nobody was told anything older: no need to ask about each holder. */
static bool make_first(Db *db, const AuditContext *context, gint64 plan, PlanTelling *telling, GError **error)
{
  ScheduledNotice notice = { .kind = NOTICE_PLAN_ANNOUNCEMENT,
                             .nominal = context->today,
                             .due = context->today };

  return notice_store_make(db, context, &notice, plan, &telling->messages, &telling->announced, error);
}

bool plan_telling_make(Db *db, const AuditContext *context, gint64 plan, PlanTelling *ret_telling,
                       GError **error)
{
  PlanTelling telling = { 0 };
  gint64 told = 0;

  /* Who was told has to be known before what waits is overtaken. */
  if (!audience_remember_told(db, plan, &told, error) || !plan_supersede_messages(db, context, plan, error) ||
      !(told == 0 ? make_first(db, context, plan, &telling, error)
                  : make_parts(db, context, plan, context->today, false, &telling, error)))
    return false;
  *ret_telling = telling;
  return true;
}

bool plan_telling_make_newcomers(Db *db, const AuditContext *context, gint64 plan, Day published_on,
                                 PlanTelling *ret_telling, GError **error)
{
  PlanTelling telling = { 0 };
  gint64 told = 0;

  if (!audience_remember_told(db, plan, &told, error) ||
      !make_parts(db, context, plan, published_on, true, &telling, error))
    return false;
  *ret_telling = telling;
  return true;
}

bool plan_telling_count_newcomers(Db *db, gint64 plan, gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM " HOLDERS
                                 " WHERE EXISTS (SELECT 1 FROM notice n WHERE " OF_PLAN
                                 ") AND " NOT_CONCERNED };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, plan);
  if (!db_step(statement, &row, error))
    return false;
  *ret_organizations = db_int(statement, 0);
  db_reset(statement);
  return true;
}
