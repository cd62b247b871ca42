#include "notifier/page/page_plan.h"

#include <string.h>

#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/template/plan_context.h"

Stage page_plan_stage(const HeldRevision *revision, EffectiveEnd end, Day today)
{
  SupportPlan plan = { 0 };
  Stage stage;

  if (revision != NULL)
    memcpy(plan.date, revision->plan->date, sizeof plan.date);
  plan.date[MILESTONE_EOL] = end.eol.date;
  plan.date[MILESTONE_EOS] = end.eos.date;
  stage = support_plan_stage(&plan, today);
  return stage == STAGE_SUPPORT && end.eol.surety == DATE_UNKNOWN ? STAGE_UNKNOWN : stage;
}

json_t *page_plan_stage_json(Stage stage, const char *language)
{
  json_t *object = json_object();
  g_autofree char *flag = g_strdelimit(g_strdup(stage_key(stage)), "-", '_');

  page_json_text(object, "key", stage_key(stage));
  page_json_text(object, "name", stage_name(stage, language));
  page_json_flag(object, flag, true);
  return object;
}

/* The date of a milestone as it holds for the customer; of the one that ends nothing no days are counted. */
static json_t *date_json(const PageFrame *frame, const SupportPlan *plan, EffectiveEnd end,
                         Milestone milestone)
{
  json_t *date;

  if (milestone == MILESTONE_EOL || milestone == MILESTONE_EOS)
    return page_date_end_json(milestone == MILESTONE_EOL ? end.eol : end.eos, frame->today, frame->language);
  date = page_date_json(plan->date[milestone], frame->today, frame->language);
  if (milestone == MILESTONE_GENERAL_AVAILABILITY) {
    json_object_del(date, "left");
    json_object_del(date, "past");
  }
  return date;
}

/* Those that are said, in their order; EOL and EOS always. */
static json_t *dates_json(const PageFrame *frame, const SupportPlan *plan, EffectiveEnd end)
{
  json_t *list = json_array();

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    json_t *object;

    if (i != MILESTONE_EOL && i != MILESTONE_EOS && plan->date[i].state == DATE_UNKNOWN)
      continue;
    object = json_object();
    page_json_text(object, "key", milestone_key((Milestone)i));
    page_json_text(object, "name", milestone_name((Milestone)i, frame->language));
    json_object_set_new(object, "date", date_json(frame, plan, end, (Milestone)i));
    json_array_append_new(list, object);
  }
  return list;
}

static void set_limited_support(json_t *object, const PageFrame *frame, const SupportPlan *plan)
{
  json_t *limited = plan_context_limited_support(plan, frame->language);

  if (limited == NULL)
    return;
  page_json_url(limited, "link", plan->limited_support.url);
  json_object_set_new(object, "limited_support", limited);
}

static void set_revision(json_t *object, const PageFrame *frame, const Holding *holding,
                         const HeldRevision *revision)
{
  EffectiveEnd end = held_end(holding, DAY_NONE);

  page_json_flag(object, "planned", true);
  json_object_set_new(object, "revision", json_integer(revision->revision));
  json_object_set_new(object, "published",
                      page_date_json(plan_date_known(revision->published_on), frame->today, frame->language));
  json_object_set_new(object, "stage",
                      page_plan_stage_json(page_plan_stage(revision, end, frame->today), frame->language));
  json_object_set_new(object, "eol", page_date_end_json(end.eol, frame->today, frame->language));
  json_object_set_new(object, "eos", page_date_end_json(end.eos, frame->today, frame->language));
  json_object_set_new(object, "dates", dates_json(frame, revision->plan, end));
  set_limited_support(object, frame, revision->plan);
  page_json_text(object, "successor",
                 page_frame_choose(frame, revision->successor_ja, revision->successor_en));
}

json_t *page_plan_json(const PageFrame *frame, const Holding *holding)
{
  const HeldRevision *revision = held_end_in_force(holding);
  json_t *object = json_object();

  page_json_text(object, "release", holding->release->name);
  page_json_flag(object, "software", strcmp(holding->release->kind, "software") == 0);
  if (revision != NULL)
    set_revision(object, frame, holding, revision);
  else
    json_object_set_new(object, "stage", page_plan_stage_json(STAGE_UNKNOWN, frame->language));
  return object;
}
