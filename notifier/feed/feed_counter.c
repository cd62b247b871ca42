#include "notifier/feed/feed_counter.h"

#include <string.h>

static void add(FeedCounter *counter, gint64 n, const char *at)
{
  counter->n += n;
  if (at != NULL && (counter->at == NULL || strcmp(at, counter->at) > 0))
    counter->at = at;
}

/* One more where the date now holding is another one than `was`. */
static void count_date(FeedCounter *counter, PlanDate *was, PlanDate now, const char *at)
{
  if (plan_date_equal(*was, now))
    return;
  add(counter, 1, at);
  *was = now;
}

/* How often the plans of a release have changed its date. */
static void count_plans(FeedCounter *counter, const GPtrArray *revisions, Milestone milestone)
{
  PlanDate date = { 0 };

  for (guint i = 0; i < revisions->len; i++) {
    const HeldRevision *revision = revisions->pdata[i];

    count_date(counter, &date, revision->plan->date[milestone], revision->published_at);
    if (revision->withdrawn)
      count_date(counter, &date, (PlanDate){ 0 },
                 revision->withdrawn_at != NULL ? revision->withdrawn_at : revision->published_at);
  }
}

/* What is gone says nothing: its version has moved by more than all that was counted while it was there
 * (db/holding_pair.h). */
static void count_pair(FeedCounter *counter, const HeldPair *pair, Milestone milestone)
{
  add(counter, pair->version, pair->changed_at);
  if (pair->count == 0 || pair->other == NULL)
    return;
  count_plans(counter, pair->other->release->revisions, milestone);
  if (milestone == MILESTONE_EOS)
    add(counter, pair->other->extension_changes.version, pair->other->extension_changes.changed_at);
}

FeedCounter feed_counter(const Holding *holding, Milestone milestone)
{
  FeedCounter counter = { 0 };

  if (milestone != MILESTONE_EOL && milestone != MILESTONE_EOS)
    return counter;
  if (milestone == MILESTONE_EOS) {
    add(&counter, holding->extension_changes.version, holding->extension_changes.changed_at);
    add(&counter, holding->own_changes.version, holding->own_changes.changed_at);
  }
  for (guint i = 0; holding->pairs != NULL && i < holding->pairs->len; i++)
    count_pair(&counter, holding->pairs->pdata[i], milestone);
  return counter;
}
