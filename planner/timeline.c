#include "planner/timeline.h"

/* The next day after `day` on which the stage may be another one; DAY_NONE when there is none. Stages change
 * on the day of general availability, and on the day after every last day. */
static Day next_change(const SupportPlan *plan, Day day)
{
  static const Milestone changing[] = { MILESTONE_GENERAL_AVAILABILITY, MILESTONE_END_OF_SALE, MILESTONE_EOL,
                                        MILESTONE_EOS };
  Day next = DAY_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS(changing); i++) {
    PlanDate date = plan->date[changing[i]];
    Day change = date.day + (changing[i] == MILESTONE_GENERAL_AVAILABILITY ? 0 : 1);

    if (date.state == DATE_KNOWN && change > day && (next == DAY_NONE || change < next))
      next = change;
  }
  return next;
}

GArray *timeline_spans(const SupportPlan *plan, Day from, Day to)
{
  GArray *spans = g_array_new(FALSE, TRUE, sizeof(StageSpan));
  Day day = from;

  while (day != DAY_NONE && day <= to) {
    Day next = next_change(plan, day);
    StageSpan span = { support_plan_stage(plan, day), day, next == DAY_NONE || next > to ? to : next - 1 };
    StageSpan *last = spans->len == 0 ? NULL : &g_array_index(spans, StageSpan, spans->len - 1);

    if (last != NULL && last->stage == span.stage)
      last->to = span.to;
    else
      g_array_append_val(spans, span);
    day = next;
  }
  return spans;
}

void timeline_widen(const SupportPlan *plan, Day *from, Day *to)
{
  for (int i = MILESTONE_GENERAL_AVAILABILITY; i <= MILESTONE_EOS; i++) {
    PlanDate date = plan->date[i];

    if (date.state != DATE_KNOWN)
      continue;
    if (*from == DAY_NONE || date.day < *from)
      *from = date.day;
    if (date.day > *to)
      *to = date.day;
  }
}
