#include "planner/impact.h"

#include "planner/rule_dates.h"

/* True when date `i` is an end that customers learn of today, or that comes earlier; *ret_ends is its day. */
static bool is_told_now(const RuleFacts *facts, int i, Day *ret_ends)
{
  PlanDate now = published_date_of(facts->plan, i);

  if (facts->in_force != NULL &&
      published_date_moves_earlier(facts->in_force, facts->plan, i, facts->today, ret_ends))
    return true;
  if ((i != MILESTONE_EOL && i != MILESTONE_EOS) || now.state != DATE_KNOWN ||
      rule_dates_told_on(facts, (Milestone)i) != facts->today)
    return false;
  *ret_ends = now.day;
  return true;
}

static ImpactDate compare_date(const RuleFacts *facts, const Policy *policy, int i)
{
  ImpactDate date = { .now = published_date_of(facts->plan, i) };
  Day ends = DAY_NONE;

  if (facts->in_force != NULL)
    date.was = published_date_of(facts->in_force, i);
  if (date.was.state == DATE_KNOWN && date.now.state == DATE_KNOWN)
    date.moves = (int)date.now.day - (int)date.was.day;
  if (i < MILESTONE_COUNT)
    date.event = calendar_event_compare(facts->in_force, facts->plan, (Milestone)i);
  if (is_told_now(facts, i, &ends) && day_months_between(facts->today, ends) < policy->lead_months) {
    date.is_short = true;
    date.ends = ends;
  }
  return date;
}

void impact_compare(const RuleFacts *facts, const Policy *policy, Impact *ret_impact)
{
  ret_impact->nothing = facts->in_force != NULL && support_plan_equal(facts->in_force, facts->plan);
  for (int i = 0; i < PUBLISHED_DATES; i++)
    ret_impact->date[i] = compare_date(facts, policy, i);
}

bool impact_is_short(const Impact *impact, bool but_eos)
{
  for (int i = 0; i < PUBLISHED_DATES; i++) {
    if (impact->date[i].is_short && !(but_eos && i == MILESTONE_EOS))
      return true;
  }
  return false;
}

const char *impact_reminder_change_key(ImpactReminderChange change)
{
  static const char *const keys[IMPACT_REMINDER_CHANGE_COUNT] = { "stays", "comes", "moves", "goes" };

  g_assert(change < IMPACT_REMINDER_CHANGE_COUNT);
  return keys[change];
}

static const ScheduledNotice *find(const GArray *notices, const ScheduledNotice *notice)
{
  for (guint i = 0; i < notices->len; i++) {
    const ScheduledNotice *other = &g_array_index(notices, ScheduledNotice, i);

    if (other->kind == notice->kind && other->lead_months == notice->lead_months &&
        other->budget_month == notice->budget_month && other->extended_eos == notice->extended_eos)
      return other;
  }
  return NULL;
}

static Day first_day(const ImpactReminder *reminder)
{
  Day due = reminder->notice.due;

  return reminder->was != DAY_NONE ? MIN(reminder->was, due) : due;
}

static gint by_day(gconstpointer a, gconstpointer b)
{
  const ImpactReminder *x = a, *y = b;

  if (first_day(x) != first_day(y))
    return first_day(x) < first_day(y) ? -1 : 1;
  if (x->notice.kind != y->notice.kind)
    return x->notice.kind < y->notice.kind ? -1 : 1;
  if (x->notice.lead_months != y->notice.lead_months)
    return x->notice.lead_months > y->notice.lead_months ? -1 : 1;
  if (x->notice.budget_month != y->notice.budget_month)
    return x->notice.budget_month - y->notice.budget_month;
  return x->notice.extended_eos < y->notice.extended_eos ? -1 : 1;
}

GArray *impact_reminders(const GArray *before, const GArray *after)
{
  GArray *reminders = g_array_new(FALSE, TRUE, sizeof(ImpactReminder));

  for (guint i = 0; i < after->len; i++) {
    ImpactReminder reminder = { .notice = g_array_index(after, ScheduledNotice, i) };
    const ScheduledNotice *old = find(before, &reminder.notice);

    reminder.was = old != NULL ? old->due : DAY_NONE;
    reminder.change = old == NULL                       ? IMPACT_REMINDER_COMES
                      : old->due == reminder.notice.due ? IMPACT_REMINDER_STAYS
                                                        : IMPACT_REMINDER_MOVES;
    g_array_append_val(reminders, reminder);
  }
  for (guint i = 0; i < before->len; i++) {
    const ScheduledNotice *old = &g_array_index(before, ScheduledNotice, i);
    ImpactReminder reminder = { .change = IMPACT_REMINDER_GOES, .notice = *old, .was = old->due };

    if (find(after, old) == NULL)
      g_array_append_val(reminders, reminder);
  }
  g_array_sort(reminders, by_day);
  return reminders;
}
