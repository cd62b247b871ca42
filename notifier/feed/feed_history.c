#include "notifier/feed/feed_history.h"

#include <string.h>

#include "notifier/feed/feed_counter.h"
#include "planner/calendar_event.h"

/* For how long a cancelled event stays, in months. */
#define TOMBSTONE_MONTHS 12

/* What happened last to an event. */
typedef struct {
  int sequence;
  Day on;
  const char *at;
} Change;

static const HeldRevision *revision_at(const Holding *holding, guint i)
{
  return holding->release->revisions->pdata[i];
}

/* How many revisions concern the holding: those published while it lasted, or before. */
static guint count_revisions(const Holding *holding)
{
  guint n = holding->release->revisions->len;

  while (n > 0 && holding->ended_on != DAY_NONE &&
         revision_at(holding, n - 1)->published_on > holding->ended_on)
    n--;
  return n;
}

/* What was withdrawn after the holding had ended was none of its business any more. */
static bool is_withdrawn(const Holding *holding, const HeldRevision *revision)
{
  return revision->withdrawn &&
         (holding->ended_on == DAY_NONE || revision->withdrawn_on <= holding->ended_on);
}

static int count_withdrawn(const Holding *holding, guint n)
{
  int withdrawn = 0;

  for (guint i = 0; i < n; i++)
    withdrawn += is_withdrawn(holding, revision_at(holding, i));
  return withdrawn;
}

static bool has_day(const HeldRevision *revision, Milestone milestone)
{
  return calendar_event_is_there(revision->plan, milestone);
}

static bool says_the_same(const HeldRevision *a, const HeldRevision *b, Milestone milestone)
{
  return calendar_event_says_the_same(a->plan, b->plan, milestone);
}

/* The event is in force with revision `last`: since when is it as it is? */
static Change change_of_live(const Holding *holding, Milestone milestone, guint last)
{
  guint since = last;

  while (since > 0 && !is_withdrawn(holding, revision_at(holding, since - 1)) &&
         says_the_same(revision_at(holding, since - 1), revision_at(holding, since), milestone))
    since--;

  const HeldRevision *revision = revision_at(holding, since);

  return (Change){ revision->revision + count_withdrawn(holding, since), revision->published_on,
                   revision->published_at };
}

/* The event had its day last in revision `last`: what ended it? */
static Change change_of_gone(const Holding *holding, guint last)
{
  const HeldRevision *revision = revision_at(holding, last);
  int withdrawn = count_withdrawn(holding, last + 1);

  if (!is_withdrawn(holding, revision)) {
    revision = revision_at(holding, last + 1);
    return (Change){ revision->revision + withdrawn, revision->published_on, revision->published_at };
  }
  return (Change){ revision->revision + withdrawn,
                   revision->withdrawn_on != DAY_NONE ? revision->withdrawn_on : revision->published_on,
                   revision->withdrawn_at != NULL ? revision->withdrawn_at : revision->published_at };
}

static const char *later(const char *a, const char *b)
{
  return strcmp(a, b) >= 0 ? a : b;
}

static bool too_old(Day ended_on, Day today)
{
  return today > day_add_months(ended_on, TOMBSTONE_MONTHS);
}

FeedMoment feed_history_moment(const Holding *holding, Milestone milestone, Day today)
{
  const FeedMoment none = { .shown = false };
  guint n = count_revisions(holding);
  guint last = n;

  while (last > 0 && !has_day(revision_at(holding, last - 1), milestone))
    last--;
  if (last == 0 || (holding->ended_on != DAY_NONE && too_old(holding->ended_on, today)))
    return none;
  last--;

  const HeldRevision *revision = revision_at(holding, last);
  bool gone = last < n - 1 || is_withdrawn(holding, revision);
  Change change = gone ? change_of_gone(holding, last) : change_of_live(holding, milestone, last);

  if (gone && (too_old(change.on, today) || change.on < holding->since))
    return none;

  FeedCounter besides = feed_counter(holding, milestone);
  const char *at = later(change.at, holding->changed_at);

  return (FeedMoment){
    .shown = true,
    .cancelled = gone || holding->ended_on != DAY_NONE,
    .revision = revision,
    .day = calendar_event_day(revision->plan->date[milestone], milestone, holding->extension.until),
    .sequence = (int)MIN(change.sequence + holding->version + besides.n, G_MAXINT),
    .at = besides.at != NULL ? later(at, besides.at) : at,
  };
}
