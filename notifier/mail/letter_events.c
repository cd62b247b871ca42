#include "notifier/mail/letter_events.h"

#include "notifier/feed/feed_ends.h"
#include "notifier/feed/feed_history.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_words.h"

static bool is_told(const FeedMoment *moment, const OutboxNotice *notice)
{
  return moment->shown && !moment->cancelled && moment->revision->id == notice->plan->plan;
}

static json_t *event_json(const Holding *holding, Milestone milestone, const FeedMoment *moment,
                          const LetterEventsStyle *style)
{
  const char *key = milestone_key(milestone);
  char iso[DAY_TEXT_SIZE];
  json_t *event = json_object();

  letter_json_text(event, "key", key);
  letter_json_take(event, "uid", g_strdup_printf("%s-%s@%s", holding->uid, key, style->uid_domain));
  json_object_set_new(event, "sequence", json_integer(moment->sequence));
  letter_json_text(event, "at", moment->at);
  letter_json_text(event, "day", day_format(moment->day, iso));
  letter_json_take(event, "date", letter_words_date(moment->day, style->language));
  feed_ends_set(event, holding, milestone, moment->revision->plan->date[milestone], style->language);
  return event;
}

json_t *letter_events_json(const OutboxNotice *notice, const LetterEventsStyle *style)
{
  json_t *events = json_array();

  if (notice->holding == NULL || notice->kind == NOTICE_WITHDRAWAL)
    return events;
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    FeedMoment moment = feed_history_moment(notice->holding, (Milestone)i, style->today);

    if (is_told(&moment, notice))
      json_array_append_new(events, event_json(notice->holding, (Milestone)i, &moment, style));
  }
  return events;
}
