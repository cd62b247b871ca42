#include "planner/schedule.h"

#include <string.h>

/* A schedule while it is made. */
typedef struct {
  GArray *notices;
  Day published;
  const BusinessCalendar *calendar;
  Day extended_eos; /* of what is added */
} Making;

static void add(Making *making, ScheduledNotice notice)
{
  notice.extended_eos = making->extended_eos;
  if (notice.due >= making->published)
    g_array_append_val(making->notices, notice);
}

static void add_reminders(Making *making, NoticeKind kind, Day end, const int *leads)
{
  for (int i = 0; i < POLICY_LEADS_MAX && leads[i] > 0; i++) {
    Day nominal = day_add_months(end, -leads[i]);

    if (nominal != DAY_NONE)
      add(making, (ScheduledNotice){ .kind = kind,
                                     .lead_months = leads[i],
                                     .nominal = nominal,
                                     .due = calendar_on_or_before(making->calendar, nominal) });
  }
}

/* 1st of `month` in the fiscal year (April to March) before the one that holds `end`. */
static Day budget_day(Day end, int month)
{
  int year, end_month;

  day_to_ymd(end, &year, &end_month, NULL);

  int fiscal_year = (end_month >= 4 ? year : year - 1) - 1;

  return day_from_ymd(month >= 4 ? fiscal_year : fiscal_year + 1, month, 1);
}

static void add_budget_reminders(Making *making, NoticeKind kind, Day end, guint budget_months)
{
  for (int month = 1; month <= 12; month++) {
    Day nominal = budget_day(end, month);

    if ((budget_months & 1u << month) != 0 && nominal != DAY_NONE)
      add(making, (ScheduledNotice){ .kind = kind,
                                     .lead_months = SCHEDULE_BUDGET,
                                     .budget_month = month,
                                     .nominal = nominal,
                                     .due = calendar_on_or_after(making->calendar, nominal) });
  }
}

static void add_day_after(Making *making, NoticeKind kind, Day end)
{
  add(making, (ScheduledNotice){
                  .kind = kind, .nominal = end + 1, .due = calendar_on_or_after(making->calendar, end + 1) });
}

/* By due day; on one day by kind, the longer lead first, then the budget reminders. */
static int compare_notices(gconstpointer a, gconstpointer b)
{
  const ScheduledNotice *x = a, *y = b;

  if (x->due != y->due)
    return x->due < y->due ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->lead_months != y->lead_months)
    return x->lead_months > y->lead_months ? -1 : 1;
  if (x->budget_month != y->budget_month)
    return x->budget_month - y->budget_month;
  return x->extended_eos < y->extended_eos ? -1 : x->extended_eos > y->extended_eos;
}

static void add_eos(Making *making, Day eos, const Policy *policy, guint budget_months)
{
  add_reminders(making, NOTICE_EOS_REMINDER, eos, policy->eos_leads);
  add_budget_reminders(making, NOTICE_EOS_REMINDER, eos, budget_months);
  add_day_after(making, NOTICE_EOS_REACHED, eos);
}

GArray *schedule_for_plan(const SupportPlan *plan, Day published, const Policy *policy,
                          const BusinessCalendar *calendar, guint budget_months)
{
  PlanDate eol = plan->date[MILESTONE_EOL], eos = plan->date[MILESTONE_EOS];
  Making making = { g_array_new(FALSE, TRUE, sizeof(ScheduledNotice)), published, calendar };

  if (eol.state == DATE_KNOWN) {
    add_reminders(&making, NOTICE_EOL_REMINDER, eol.day, policy->eol_leads);
    add_budget_reminders(&making, NOTICE_EOL_REMINDER, eol.day, budget_months);
    if (!plan_date_coincide(eol, eos))
      add_day_after(&making, NOTICE_LIMITED_SUPPORT_BEGINS, eol.day);
  }
  if (eos.state == DATE_KNOWN)
    add_eos(&making, eos.day, policy, budget_months);
  g_array_sort(making.notices, compare_notices);
  return making.notices;
}

void schedule_add_extended(GArray *notices, Day eos, Day from, const Policy *policy,
                           const BusinessCalendar *calendar, guint budget_months)
{
  Making making = { notices, from, calendar, eos };

  add_eos(&making, eos, policy, budget_months);
  g_array_sort(notices, compare_notices);
}

bool schedule_is_same(const ScheduledNotice *a, const ScheduledNotice *b)
{
  return a->kind == b->kind && a->due == b->due && a->lead_months == b->lead_months &&
         a->budget_month == b->budget_month && a->extended_eos == b->extended_eos;
}

static bool is_reminder(NoticeKind kind)
{
  return kind == NOTICE_EOL_REMINDER || kind == NOTICE_EOS_REMINDER;
}

/* True when `later`, due as well, says what `notice` would have said, or what has overtaken it. */
static bool overtakes(const ScheduledNotice *later, const ScheduledNotice *notice)
{
  if (!is_reminder(notice->kind) || later->extended_eos != notice->extended_eos)
    return false;
  if (later->kind == NOTICE_EOS_REACHED)
    return true; /* EOL does not lie after EOS */
  if (later->kind == NOTICE_LIMITED_SUPPORT_BEGINS)
    return notice->kind == NOTICE_EOL_REMINDER;
  return later->kind == notice->kind && later->budget_month == notice->budget_month &&
         later->due > notice->due;
}

static bool is_overtaken(const GArray *notices, const ScheduledNotice *notice, Day today)
{
  for (guint i = 0; i < notices->len; i++) {
    const ScheduledNotice *other = &g_array_index(notices, ScheduledNotice, i);

    if (other->due <= today && overtakes(other, notice))
      return true;
  }
  return false;
}

GArray *schedule_due(const GArray *notices, Day today)
{
  GArray *due = g_array_new(FALSE, TRUE, sizeof(ScheduledNotice));

  for (guint i = 0; i < notices->len; i++) {
    const ScheduledNotice *notice = &g_array_index(notices, ScheduledNotice, i);

    if (notice->due <= today && !is_overtaken(notices, notice, today))
      g_array_append_vals(due, notice, 1);
  }
  return due;
}
