#include "db/notice_schedule.h"

#include "db/market.h"
#include "db/notice_store.h"

/* The days to which extensions move EOS, $3, of a plan of release $1 for market $2 for somebody who has some
 * of it, since when, and the budget months of these. */
static const DbQuery extended_query = {
  "SELECT x.until, min(x.created_on), coalesce(o.budget_month, 0) FROM extension x"
  " JOIN organization o ON o.id = x.organization"
  " WHERE x.release = $1 AND x.until > $3 AND (x.device IS NULL OR x.units > 0)"
  " AND " MARKET_CONCERNS_SQL("$1", "$2",
                              "x.organization") " AND EXISTS (SELECT 1 FROM holding h WHERE h.release = "
                                                "x.release AND h.organization = x.organization"
                                                "  AND h.ended_on IS NULL) GROUP BY x.until, "
                                                "coalesce(o.budget_month, 0) ORDER BY x.until"
};

/* One of these days. */
typedef struct {
  Day until, since;
  guint budget_months;
} Extended;

static bool list_extended(Db *db, const PlanRow *row, GArray *list, GError **error)
{
  PlanDate eos = row->dates->date[MILESTONE_EOS];
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool more;

  if (eos.state != DATE_KNOWN)
    return true;

  if (!db_prepare(db, &extended_query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market);
  db_bind_text(statement, 3, day_format(eos.day, day));
  if (!db_step(statement, &more, error))
    return false;
  while (more) {
    Extended *last = list->len > 0 ? &g_array_index(list, Extended, list->len - 1) : NULL;
    Extended next = { .budget_months = 1u << db_int(statement, 2) };

    if (day_parse(db_text(statement, 0), &next.until) && day_parse(db_text(statement, 1), &next.since)) {
      if (last == NULL || last->until != next.until) {
        g_array_append_val(list, next);
      } else {
        last->since = MIN(last->since, next.since);
        last->budget_months |= next.budget_months;
      }
    }
    if (!db_step(statement, &more, error))
      return false;
  }
  return true;
}

bool notice_schedule_imagine(Db *db, const PlanRow *row, Day published, const Policy *policy,
                             const BusinessCalendar *calendar, guint budget_months, GArray **ret_all,
                             GError **error)
{
  g_autoptr(GArray) all = schedule_for_plan(row->dates, published, policy, calendar, budget_months);
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Extended));

  if (!list_extended(db, row, list, error))
    return false;
  for (guint i = 0; i < list->len; i++) {
    const Extended *extended = &g_array_index(list, Extended, i);

    schedule_add_extended(all, extended->until, MAX(extended->since, published), policy, calendar,
                          extended->budget_months);
  }
  *ret_all = g_steal_pointer(&all);
  return true;
}

bool notice_schedule_load(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                          GArray **ret_all, GArray **ret_made, GError **error)
{
  g_autoptr(GArray) all = NULL, made = NULL;
  guint budget_months = 0;

  if (!notice_store_budget_months(db, row->plan, &budget_months, error) ||
      !notice_store_made(db, row->plan, &made, error) ||
      !notice_schedule_imagine(db, row, row->published_on, policy, calendar, budget_months, &all, error))
    return false;
  *ret_all = g_steal_pointer(&all);
  *ret_made = g_steal_pointer(&made);
  return true;
}

bool notice_schedule_has(const GArray *notices, const ScheduledNotice *notice)
{
  for (guint i = 0; i < notices->len; i++)
    if (schedule_is_same(&g_array_index(notices, ScheduledNotice, i), notice))
      return true;
  return false;
}
