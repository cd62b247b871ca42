#include "notifier/mail/letter_notice.h"

#include <string.h>

#include "notifier/mail/letter_advisory.h"
#include "notifier/mail/letter_ends.h"
#include "notifier/mail/letter_events.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_subject.h"
#include "notifier/mail/letter_words.h"
#include "notifier/template/plan_context.h"

#define TERMS_TWICE_MAX 60 /* characters of terms that a change letter shows as was and now */

/* What the kinds differ in. */
static const struct {
  bool reminds;
  Milestone of;
} kinds[NOTICE_KIND_COUNT] = {
  [NOTICE_EOL_REMINDER] = { .reminds = true, .of = MILESTONE_EOL },
  [NOTICE_EOS_REMINDER] = { .reminds = true, .of = MILESTONE_EOS },
};

static bool is_english(const LetterNoticeStyle *style)
{
  return strcmp(style->language, "en") == 0;
}

static const char *in_language(const LetterNoticeStyle *style, const char *ja, const char *en)
{
  return is_english(style) ? letter_json_choose(en, ja) : letter_json_choose(ja, en);
}

/* "eol_reminder": true */
static void set_kind(json_t *object, const OutboxNotice *notice, const char *language)
{
  const char *key = notice_kind_key(notice->kind);
  g_autofree char *flag = g_strdelimit(g_strdup(key), "-", '_');

  letter_json_text(object, "kind", key);
  letter_json_flag(object, flag, true);
  letter_json_text(object, "kind_name", notice_kind_name(notice->kind, language));
}

/* For the record of the notice alone: no customer needs to read them. */
static json_t *overrides_json(const GPtrArray *overrides)
{
  json_t *list = json_array();

  for (guint i = 0; i < overrides->len; i++) {
    const PlanEvent *event = overrides->pdata[i];
    json_t *object = json_object();

    letter_json_text(object, "rule", event->rule);
    letter_json_text(object, "by", plan_event_who(event));
    letter_json_text(object, "role", event->role);
    letter_json_text(object, "reason", event->reason);
    json_array_append_new(list, object);
  }
  return list;
}

static json_t *plan_json(const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  const PlanRow *plan = notice->plan;
  json_t *object = json_object();

  json_object_set_new(object, "revision", json_integer(plan->revision));
  if (plan->published_on != DAY_NONE)
    letter_json_take(object, "published_on", letter_words_date(plan->published_on, style->language));
  letter_json_text(object, "reason",
                   notice->kind == NOTICE_WITHDRAWAL ? plan->withdrawn_reason : plan->reason);
  if (notice->kind == NOTICE_WITHDRAWAL && plan->withdrawn_on != DAY_NONE)
    letter_json_take(object, "withdrawn_on", letter_words_date(plan->withdrawn_on, style->language));
  /* While the store had no users, who published it had decided on it. */
  letter_json_text(object, "approved_by", plan->approved_by != NULL ? plan->approved_by : plan->published_by);
  if (notice->overrides->len > 0)
    json_object_set_new(object, "overrides", overrides_json(notice->overrides));
  return object;
}

/* As a letter says it; a date without data is said to be without, where it must be said at all. Own string.
 */
static char *date_words(PlanDate date, const LetterNoticeStyle *style)
{
  bool english = is_english(style);

  if (date.state == DATE_KNOWN)
    return letter_words_date(date.day, style->language);
  if (date.state == DATE_TBA)
    return g_strdup(english ? "not announced" : "未定");
  return g_strdup(english ? "none" : "なし");
}

static char *line_words(Day until, const LetterNoticeStyle *style)
{
  PlanDate date = { until != DAY_NONE ? DATE_KNOWN : DATE_UNKNOWN, until };

  return date_words(date, style);
}

/* { text, tba, day } */
static json_t *date_json(PlanDate date, const LetterNoticeStyle *style)
{
  char iso[DAY_TEXT_SIZE];
  json_t *object = json_object();

  letter_json_take(object, "text", date_words(date, style));
  letter_json_flag(object, "tba", date.state == DATE_TBA);
  if (date.state == DATE_KNOWN)
    letter_json_text(object, "day", day_format(date.day, iso));
  return object;
}

static void set_dates(json_t *object, const SupportPlan *plan, const LetterNoticeStyle *style)
{
  json_t *dates = json_array();

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    const char *key = milestone_key((Milestone)i);

    if (plan->date[i].state == DATE_UNKNOWN)
      continue;
    json_object_set_new(object, key, date_json(plan->date[i], style));

    json_t *date = date_json(plan->date[i], style);

    letter_json_text(date, "key", key);
    letter_json_flag(date, key, true);
    letter_json_text(date, "name", milestone_name((Milestone)i, style->language));
    json_array_append_new(dates, date);
  }
  json_object_set_new(object, "dates", dates);
}

/* Takes `was` and `now`. */
static void add_change(json_t *changes, const char *key, const char *name, char *was, char *now)
{
  json_t *change = json_object();

  letter_json_text(change, "key", key);
  letter_json_text(change, "name", name);
  letter_json_take(change, "was", was);
  letter_json_take(change, "now", now);
  json_array_append_new(changes, change);
}

/* The terms of a line on one line of text, own string; a word for none. */
static char *terms_words(const ServiceLine *line, const LetterNoticeStyle *style)
{
  const char *terms = plan_context_choose(style->language, line->terms_ja, line->terms_en);
  json_t *lines = plan_context_lines(terms), *item = NULL;
  GString *words = g_string_new(NULL);
  size_t i = 0;

  json_array_foreach(lines, i, item)
      g_string_append_printf(words, "%s%s", i > 0 ? " / " : "", json_string_value(item));
  json_decref(lines);
  if (words->len == 0)
    g_string_append(words, is_english(style) ? "none" : "なし");
  return g_string_free(words, FALSE);
}

/* Takes both. Long terms stand in the letter once, in full: below. */
static void add_terms_change(json_t *changes, ServiceKind kind, char *was, char *now,
                             const LetterNoticeStyle *style)
{
  g_autofree char *key = g_strconcat("terms.", service_kind_key(kind), NULL);
  g_autofree char *name =
      g_strconcat(service_kind_name(kind, style->language), is_english(style) ? ", terms" : "の条件", NULL);
  bool below = g_utf8_strlen(was, -1) > TERMS_TWICE_MAX || g_utf8_strlen(now, -1) > TERMS_TWICE_MAX;

  add_change(changes, key, name, was, now);
  letter_json_flag(json_array_get(changes, json_array_size(changes) - 1), "below", below);
}

/* The last day of a service line, and where it goes on in both plans, its terms. */
static void add_line_changes(json_t *changes, ServiceKind kind, const ServiceLine *before,
                             const ServiceLine *now, const LetterNoticeStyle *style)
{
  g_autofree char *key = g_strconcat("line.", service_kind_key(kind), NULL);

  if (before->until != now->until)
    add_change(changes, key, service_kind_name(kind, style->language), line_words(before->until, style),
               line_words(now->until, style));
  if (before->until == DAY_NONE || now->until == DAY_NONE)
    return;

  g_autofree char *was = terms_words(before, style);
  g_autofree char *is = terms_words(now, style);

  if (strcmp(was, is) != 0)
    add_terms_change(changes, kind, g_steal_pointer(&was), g_steal_pointer(&is), style);
}

/* Was and now of every date and service line that the change moved; of a change without such, an empty list.
 */
static json_t *changes_json(const SupportPlan *before, const SupportPlan *now, const LetterNoticeStyle *style)
{
  json_t *changes = json_array();

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (!plan_date_equal(before->date[i], now->date[i]))
      add_change(changes, milestone_key((Milestone)i), milestone_name((Milestone)i, style->language),
                 date_words(before->date[i], style), date_words(now->date[i], style));
  }
  for (int i = 0; i < SERVICE_COUNT; i++)
    add_line_changes(changes, (ServiceKind)i, &before->limited_support.line[i], &now->limited_support.line[i],
                     style);
  return changes;
}

static void set_reminder(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  PlanDate end = kinds[notice->kind].of == MILESTONE_EOS ? letter_ends_told(notice)
                                                         : notice->plan->dates->date[kinds[notice->kind].of];

  if (!kinds[notice->kind].reminds)
    return;
  if (end.state == DATE_KNOWN)
    letter_json_take(object, "remaining", letter_words_remaining(style->today, end.day, style->language));
  if (notice->lead_months > 0)
    json_object_set_new(object, "lead_months", json_integer(notice->lead_months));
  letter_json_flag(object, "budget", notice->lead_months == SCHEDULE_BUDGET);
}

static void set_limited_support(json_t *object, const SupportPlan *plan, const LetterNoticeStyle *style)
{
  json_t *value = plan_context_limited_support(plan, style->language);

  if (value != NULL)
    json_object_set_new(object, "limited_support", value);
  letter_json_flag(object, "no_limited_support", value == NULL);
}

/* What every letter says of this plan in the same words: nothing of the customer, nothing of today. */
static json_t *plan_part_json(const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *object = json_object();

  set_kind(object, notice, style->language);
  letter_subject_set_release(object, notice, style);
  json_object_set_new(object, "plan", plan_json(notice, style));
  set_dates(object, notice->plan->dates, style);
  set_limited_support(object, notice->plan->dates, style);
  letter_json_text(object, "successor", in_language(style, notice->successor_ja, notice->successor_en));
  return object;
}

static void give_plan_part(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  g_autofree char *key = g_strdup_printf("plan %" G_GINT64_FORMAT " %s %s", notice->plan->plan,
                                         notice_kind_key(notice->kind), style->language);

  if (!letter_memo_give(style->memo, key, object, style->parts))
    letter_memo_give_new(style->memo, key, plan_part_json(notice, style), object, style->parts);
}

json_t *letter_notice_json(const OutboxNotice *notice, int number, const LetterNoticeStyle *style)
{
  if (notice->advisory != NULL)
    return letter_advisory_json(notice, number, style);

  json_t *object = json_object();

  json_object_set_new(object, "id", json_integer(notice->id));
  json_object_set_new(object, "number", json_integer(number));
  give_plan_part(object, notice, style);
  letter_subject_set_organization(object, notice, style);
  if (notice->before != NULL)
    json_object_set_new(object, "changes", changes_json(notice->before->dates, notice->plan->dates, style));
  letter_ends_set_notice(object, notice, style->language);
  set_reminder(object, notice, style);
  letter_subject_set_devices(object, notice, style);
  json_object_set_new(
      object, "events",
      letter_events_json(notice, &(LetterEventsStyle){ style->language, style->today, style->uid_domain }));
  letter_subject_set_answer(object, notice);
  return object;
}
