#include "planner/told.h"

/* True when who was told `before` has as much time or more by `after`. */
static bool is_kept(const ToldRevision *before, const ToldRevision *after, Milestone milestone)
{
  PlanDate was = before->date[milestone], now = after->date[milestone];

  return !before->withdrawn && was.state == DATE_KNOWN && was.day <= now.day;
}

/* The day that the revision says it was announced on before it was published. One that it only carries on
 * from the revision before is no day of its own. */
static Day announced(const ToldRevision *revisions, gsize i)
{
  PlanDate own = revisions[i].announced_on;
  bool carried = i > 0 && !revisions[i - 1].withdrawn && plan_date_equal(own, revisions[i - 1].announced_on);

  return own.state == DATE_KNOWN && !carried ? own.day : DAY_NONE;
}

Day told_since(const ToldRevision *revisions, gsize n, Milestone milestone)
{
  Day since = DAY_NONE;

  if (n == 0 || revisions[n - 1].date[milestone].state != DATE_KNOWN)
    return DAY_NONE;
  for (gsize i = n; i > 0; i--) {
    Day before = announced(revisions, i - 1);

    if (i < n && !is_kept(&revisions[i - 1], &revisions[i], milestone))
      break;
    since = since == DAY_NONE ? revisions[i - 1].published_on : MIN(since, revisions[i - 1].published_on);
    if (before != DAY_NONE)
      since = MIN(since, before);
  }
  return since;
}
