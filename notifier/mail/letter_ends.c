#include "notifier/mail/letter_ends.h"

#include "notifier/feed/feed_ends.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_words.h"

PlanDate letter_ends_told(const OutboxNotice *notice)
{
  return notice->extended_eos != DAY_NONE ? plan_date_known(notice->extended_eos)
                                          : notice->plan->dates->date[MILESTONE_EOS];
}

void letter_ends_set_notice(json_t *object, const OutboxNotice *notice, const char *language)
{
  PlanDate told = letter_ends_told(notice);

  if (notice->holding != NULL && notice->kind != NOTICE_WITHDRAWAL) {
    feed_ends_set(object, notice->holding, MILESTONE_EOS, notice->plan->dates->date[MILESTONE_EOS], language);
    json_object_del(object, "extended");
    json_object_del(object, "mixed"); /* each device says its own */
  }
  if ((notice->kind != NOTICE_EOS_REMINDER && notice->kind != NOTICE_EOS_REACHED) || told.state != DATE_KNOWN)
    return;
  letter_json_take(object, "told_eos", letter_words_date(told.day, language));
  letter_json_flag(object, "told_extended", notice->extended_eos != DAY_NONE);
}

/* Whether the release that ends the device first is the one that the notice is about. */
static bool is_own(EffectiveDate date, const OutboxDevice *device, const OutboxNotice *notice)
{
  gint64 ends = date.part == EFFECTIVE_SOFTWARE ? device->software_release : device->hardware_release;

  return device->software_release == 0 || date.part == EFFECTIVE_BOTH || ends == notice->plan->release;
}

/* { end_name, text, at_latest, in_doubt_tba, in_doubt_unknown, by_contract, software_first, hardware_first };
 * NULL when it is simply the plan's date. */
static json_t *end_json(EffectiveDate date, PlanDate planned, const char *name, const OutboxDevice *device,
                        const OutboxNotice *notice, const char *language)
{
  bool latest = effective_is_latest(date);
  bool other = !is_own(date, device, notice);
  json_t *object;

  if (date.date.state != DATE_KNOWN || (plan_date_equal(date.date, planned) && !latest))
    return NULL;
  object = json_object();
  letter_json_text(object, "end_name", name);
  letter_json_take(object, "text", letter_words_short_date(date.date.day, language));
  letter_json_flag(object, "at_latest", latest);
  letter_json_flag(object, "in_doubt_tba", latest && date.surety == DATE_TBA);
  letter_json_flag(object, "in_doubt_unknown", latest && date.surety == DATE_UNKNOWN);
  letter_json_flag(object, "by_contract", date.by != EFFECTIVE_PLAN);
  letter_json_flag(object, "software_first", other && date.part == EFFECTIVE_SOFTWARE && !latest);
  letter_json_flag(object, "hardware_first", other && date.part == EFFECTIVE_HARDWARE && !latest);
  return object;
}

bool letter_ends_set_device(json_t *object, const OutboxDevice *device, const OutboxNotice *notice,
                            const char *language)
{
  const struct {
    EffectiveDate date;
    Milestone milestone;
    const char *name, *day_key;
  } ends[] = { { device->end.eol, MILESTONE_EOL, "EOL", "eol_day" },
               { device->end.eos, MILESTONE_EOS, "EOS", "eos_day" } };
  json_t *list;
  bool any;

  if (notice->kind == NOTICE_WITHDRAWAL)
    return false;
  list = json_array();
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    json_t *end = end_json(ends[i].date, notice->plan->dates->date[ends[i].milestone], ends[i].name, device,
                           notice, language);
    char iso[DAY_TEXT_SIZE];

    if (ends[i].date.date.state == DATE_KNOWN)
      letter_json_text(object, ends[i].day_key, day_format(ends[i].date.date.day, iso));
    if (end != NULL)
      json_array_append_new(list, end);
  }
  any = json_array_size(list) > 0;
  if (any)
    json_object_set(object, "ends", list);
  json_decref(list);
  return any;
}
