#include "notifier/cli/due.h"

#include "db/notice_schedule.h"
#include "db/notice_store.h"

/* Of `all` what is still to be made. First the latest of each kind that is overdue, then without what is
 * made: the other way round an older reminder would seem to be due once the newer one went. */
static GArray *still_to_make(const GArray *all, const GArray *made, Day today)
{
  g_autoptr(GArray) due = schedule_due(all, today);
  GArray *open = g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));

  for (guint i = 0; i < all->len; i++) {
    const ScheduledNotice *notice = &g_array_index(all, ScheduledNotice, i);

    if ((notice->due > today || notice_schedule_has(due, notice)) && !notice_schedule_has(made, notice))
      g_array_append_val(open, *notice);
  }
  return open;
}

bool due_list_months(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                     Day today, guint budget_months, GArray **ret_notices, GError **error)
{
  Policy own = policy_for_product(policy, row->product);
  g_autoptr(GArray) all = NULL, made = NULL;

  if (!notice_store_made(db, row->plan, &made, error) ||
      !notice_schedule_imagine(db, row, row->published_on, &own, calendar, budget_months, &all, error))
    return false;
  *ret_notices = still_to_make(all, made, today);
  return true;
}

bool due_list(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar, Day today,
              GArray **ret_notices, GError **error)
{
  Policy own = policy_for_product(policy, row->product);
  g_autoptr(GArray) all = NULL, made = NULL;

  if (!notice_schedule_load(db, row, &own, calendar, &all, &made, error))
    return false;
  *ret_notices = still_to_make(all, made, today);
  return true;
}

bool due_if_published(Db *db, const PlanRow *row, const Policy *policy, const BusinessCalendar *calendar,
                      Day today, guint budget_months, GArray **ret_notices, GError **error)
{
  Policy own = policy_for_product(policy, row->product);
  g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(ScheduledNotice));
  g_autoptr(GArray) all = NULL;

  if (!notice_schedule_imagine(db, row, today, &own, calendar, budget_months, &all, error))
    return false;
  *ret_notices = still_to_make(all, made, today);
  return true;
}

static char *lead_text(const ScheduledNotice *notice)
{
  if (notice->budget_month != 0)
    return g_strdup_printf("for budget month %d", notice->budget_month);
  if (notice->lead_months <= 0)
    return g_strdup("");
  return g_strdup_printf("%d %s before", notice->lead_months, notice->lead_months == 1 ? "month" : "months");
}

char *due_lead_text(const ScheduledNotice *notice)
{
  g_autofree char *lead = lead_text(notice);
  char day[DAY_TEXT_SIZE];

  if (notice->extended_eos == DAY_NONE)
    return g_steal_pointer(&lead);
  return g_strdup_printf("%s%sEOS extended to %s", lead, lead[0] != '\0' ? ", " : "",
                         day_format(notice->extended_eos, day));
}
