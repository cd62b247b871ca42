#include "notifier/mail/letter_events.h"

#include "notifier/feed/feed_history.h"
#include "notifier/mail/letter_json.h"

static bool is_told(const FeedMoment *moment, const OutboxNotice *notice)
{
  return moment->shown && !moment->cancelled && moment->revision->id == notice->plan->plan;
}

static json_t *event_json(const Holding *holding, const char *key, const FeedMoment *moment,
                          const char *uid_domain)
{
  char iso[DAY_TEXT_SIZE];
  json_t *event = json_object();

  letter_json_text(event, "key", key);
  letter_json_take(event, "uid", g_strdup_printf("%s-%s@%s", holding->uid, key, uid_domain));
  json_object_set_new(event, "sequence", json_integer(moment->sequence));
  letter_json_text(event, "at", moment->at);
  letter_json_text(event, "day", day_format(moment->day, iso));
  return event;
}

json_t *letter_events_json(const OutboxNotice *notice, Day today, const char *uid_domain)
{
  json_t *events = json_array();

  if (notice->holding == NULL || notice->kind == NOTICE_WITHDRAWAL)
    return events;
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    FeedMoment moment = feed_history_moment(notice->holding, (Milestone)i, today);

    if (is_told(&moment, notice))
      json_array_append_new(events,
                            event_json(notice->holding, milestone_key((Milestone)i), &moment, uid_domain));
  }
  return events;
}
