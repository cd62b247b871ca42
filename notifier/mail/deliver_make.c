#include "notifier/mail/deliver_make.h"

#include "db/advisory_telling.h"
#include "db/escalation_store.h"
#include "db/holding_ended.h"
#include "db/notice_schedule.h"
#include "db/notice_store.h"
#include "db/outbox_list.h"
#include "db/plan_store.h"
#include "db/plan_telling.h"

#define AT_A_STRETCH                                                                                         \
  (100 * G_TIME_SPAN_MILLISECOND) /* then others who wait for the write lock have it first */

/* What a call has made. */
typedef struct {
  gint64 notices, messages;
} Made;

/* What is to make today for the plan of `row`. First the latest of each kind, then without what is made: the
 * other way round an older reminder would follow a newer one. */
static bool find_open(Db *db, const DeliverMaking *making, const PlanRow *row, GArray **ret_open,
                      GError **error)
{
  g_autoptr(GArray) all = NULL, made = NULL;
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));
  Policy policy = policy_for_product(making->policy, row->product);

  if (!notice_schedule_load(db, row, &policy, making->calendar, &all, &made, error))
    return false;

  g_autoptr(GArray) due = schedule_due(all, making->audit->today);

  for (guint i = 0; i < due->len; i++)
    if (!notice_schedule_has(made, &g_array_index(due, ScheduledNotice, i)))
      g_array_append_val(open, g_array_index(due, ScheduledNotice, i));
  *ret_open = g_steal_pointer(&open);
  return true;
}

static bool make_newcomers(Db *db, const DeliverMaking *making, const PlanRow *row, Made *made,
                           GError **error)
{
  PlanTelling telling = { 0 };

  if (!plan_telling_make_newcomers(db, making->audit, row->plan, row->published_on, &telling, error))
    return false;
  made->notices += (telling.announced > 0) + (telling.changed > 0);
  made->messages += telling.messages;
  return true;
}

static bool make_all(Db *db, const DeliverMaking *making, gint64 plan, const GArray *open, Made *made,
                     GError **error)
{
  for (guint i = 0; i < open->len; i++) {
    gint64 messages = 0, addressed = 0;

    if (!notice_store_make(db, making->audit, &g_array_index(open, ScheduledNotice, i), plan, &messages,
                           &addressed, error))
      return false;
    made->notices++;
    made->messages += messages;
  }
  return true;
}

/* In one transaction. Should the plan be superseded meanwhile, its notices are overtaken and their messages
 * never go. */
static bool make_for_plan(Db *db, const DeliverMaking *making, const PlanRow *row, Made *made, GError **error)
{
  g_autoptr(GArray) open = NULL;
  Made before = *made;
  gint64 newcomers = 0;

  if (!find_open(db, making, row, &open, error) ||
      !plan_telling_count_newcomers(db, row->plan, &newcomers, error))
    return false;
  if (open->len == 0 && newcomers == 0)
    return true;
  if (!db_begin(db, error))
    return false;
  if ((newcomers == 0 || make_newcomers(db, making, row, made, error)) &&
      make_all(db, making, row->plan, open, made, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  *made = before;
  return false;
}

/* In one transaction. One that was withdrawn meanwhile has no newcomers. */
static bool make_for_advisory(Db *db, const DeliverMaking *making, gint64 advisory, Made *made,
                              GError **error)
{
  AdvisoryTelling telling = { 0 };

  if (!db_begin(db, error))
    return false;
  if (!advisory_telling_make_newcomers(db, making->audit, advisory, &telling, error) ||
      !db_commit(db, error)) {
    db_rollback(db);
    return false;
  }
  made->notices += telling.organizations > 0;
  made->messages += telling.messages;
  return true;
}

/* Whoever came to hold what an advisory in force is about gets it now. */
static bool make_for_advisories(Db *db, const DeliverMaking *making, Made *made, GError **error)
{
  g_autoptr(GArray) advisories = NULL;

  if (!advisory_telling_with_newcomers(db, &advisories, error))
    return false;
  for (guint i = 0; i < advisories->len; i++)
    if (!make_for_advisory(db, making, g_array_index(advisories, gint64, i), made, error))
      return false;
  return true;
}

static bool escalate_notice(Db *db, const DeliverMaking *making, gint64 notice, Made *made, GError **error)
{
  Escalated escalated = { 0 };

  if (!db_begin(db, error))
    return false;
  if (escalation_store_make(db, making->audit, making->policy, ESCALATION_OF_NOTICE, notice, &escalated,
                            error) &&
      db_commit(db, error)) {
    made->messages += escalated.messages;
    return true;
  }
  db_rollback(db);
  return false;
}

/* After what falls due today: one mail brings both. Each notice in a transaction of its own, so that nobody
 * waits for all of them; what is due is looked for without the lock. */
static bool escalate(Db *db, const DeliverMaking *making, Made *made, GError **error)
{
  g_autoptr(GArray) notices = NULL;
  gint64 since = g_get_monotonic_time();

  if (!escalation_store_due(db, making->policy, making->audit->today, &notices, error))
    return false;
  for (guint i = 0; i < notices->len; i++) {
    if (g_get_monotonic_time() - since > AT_A_STRETCH) {
      db_give_way(db);
      since = g_get_monotonic_time();
    }
    if (!escalate_notice(db, making, g_array_index(notices, gint64, i), made, error))
      return false;
  }
  return true;
}

bool deliver_make_due(Db *db, const DeliverMaking *making, gint64 *ret_notices, gint64 *ret_messages,
                      GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  const GPtrArray *plans = making->plans;
  Made made = { 0 };
  gint64 ended = 0;

  if (!holding_ended_catch_up(db, making->audit, &ended, error))
    return false;
  if (plans == NULL && !plan_store_list(db, NULL, PLAN_IN_FORCE, &rows, error))
    return false;
  if (!make_for_advisories(db, making, &made, error))
    return false;
  plans = plans != NULL ? plans : rows;
  for (guint i = 0; i < plans->len; i++)
    if (!make_for_plan(db, making, plans->pdata[i], &made, error))
      return false;
  if (making->escalate && !escalate(db, making, &made, error))
    return false;
  *ret_notices = made.notices;
  *ret_messages = made.messages;
  return true;
}

static bool pretend(Db *db, const AuditContext *audit, GError **error)
{
  if (!db_begin(db, error))
    return false;
  if (outbox_store_pretend(db, audit, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

bool deliver_make_and_pretend(Db *db, const DeliverMaking *making, GPtrArray **ret_tellings, GError **error)
{
  g_autoptr(GPtrArray) tellings = NULL;
  gint64 notices = 0, messages = 0;

  if (!deliver_make_due(db, making, &notices, &messages, error) ||
      !outbox_list_due(db, making->audit->today, &tellings, error) ||
      (tellings->len > 0 && !pretend(db, making->audit, error)))
    return false;
  *ret_tellings = g_steal_pointer(&tellings);
  return true;
}
