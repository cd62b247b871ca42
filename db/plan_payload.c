#include "db/plan_payload.h"

#include "planner/notice_kind.h"

#include <jansson.h>
#include <stdlib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* A text, or null: for NULL, and for bytes that are no UTF-8. */
static json_t *text_or_null(const char *text)
{
  json_t *value = text != NULL ? json_string(text) : NULL;

  return value != NULL ? value : json_null();
}

/* Absent when there is none: a trail written before kigen knew the field still says the same. */
static void set_if_any(json_t *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_new(object, key, text_or_null(text));
}

/* The terms of the lines, kind → text; absent when no line has any. */
static void set_terms(json_t *object, const char *key, const LimitedSupport *support, bool english)
{
  g_autoptr(json_t) terms = json_object();

  for (int kind = 0; kind < SERVICE_COUNT; kind++) {
    const ServiceLine *line = &support->line[kind];

    set_if_any(terms, service_kind_key((ServiceKind)kind), english ? line->terms_en : line->terms_ja);
  }
  if (json_object_size(terms) > 0)
    json_object_set(object, key, terms);
}

static json_t *plan_to_json(const SupportPlan *plan)
{
  json_t *object = json_object();
  const LimitedSupport *support = &plan->limited_support;
  g_autofree char *lines = limited_support_format_lines(support);
  char buffer[DAY_TEXT_SIZE];

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    json_object_set_new(object, milestone_key((Milestone)i),
                        text_or_null(plan_date_to_store(plan->date[i], buffer)));
  }
  json_object_set_new(object, "announced_on", text_or_null(plan_date_to_store(plan->announced_on, buffer)));
  json_object_set_new(object, "presented_on", text_or_null(plan_date_to_store(plan->presented_on, buffer)));
  json_object_set_new(object, "limited_support_doc", text_or_null(support->doc));
  json_object_set_new(object, "limited_support_duties", text_or_null(support->duties_ja));
  json_object_set_new(object, "limited_support_duties_en", text_or_null(support->duties_en));
  json_object_set_new(object, "limited_support_lines", text_or_null(lines));
  set_terms(object, "limited_support_terms", support, false);
  set_terms(object, "limited_support_terms_en", support, true);
  set_if_any(object, "successor", support->successor);
  set_if_any(object, "limited_support_rationale", support->rationale);
  set_if_any(object, "limited_support_url", support->url);
  return object;
}

static char *dump(const json_t *object, size_t flags)
{
  char *dumped = json_dumps(object, JSON_COMPACT | flags);
  char *text = g_strdup(dumped);

  free(dumped);
  return text;
}

/* What every payload begins with. */
static json_t *begin(const PlanRow *row, const PlanRow *before, const char *why)
{
  json_t *object = json_object();
  g_autofree char *what = g_strconcat(row->product, "/", row->name, NULL);

  json_object_set_new(object, "what", text_or_null(what));
  json_object_set_new(object, "market", text_or_null(row->market));
  json_object_set_new(object, "revision", json_integer(row->revision));
  if (before != NULL)
    json_object_set_new(object, "from", plan_to_json(before->dates));
  json_object_set_new(object, "to", plan_to_json(row->dates));
  json_object_set_new(object, "why", text_or_null(why));
  return object;
}

static json_t *overrides_to_json(const GPtrArray *overrides)
{
  json_t *list = json_array();

  for (guint i = 0; i < overrides->len; i++) {
    const PlanEvent *event = overrides->pdata[i];
    json_t *object = json_object();

    json_object_set_new(object, "rule", text_or_null(event->rule));
    json_object_set_new(object, "by", text_or_null(plan_event_who(event)));
    json_object_set_new(object, "role", text_or_null(event->role));
    json_object_set_new(object, "why", text_or_null(event->reason));
    json_array_append_new(list, object);
  }
  return list;
}

char *plan_payload_publish(const PlanPublication *publication)
{
  g_autoptr(json_t) object = begin(publication->row, publication->before, publication->why);
  const PlanTelling *telling = publication->telling;
  NoticeKind kind = telling->changed > 0 ? NOTICE_PLAN_CHANGE : NOTICE_PLAN_ANNOUNCEMENT;

  if (publication->row->approved_by != NULL)
    json_object_set_new(object, "approved_by", text_or_null(publication->row->approved_by));
  if (publication->overrides->len > 0)
    json_object_set_new(object, "overrides", overrides_to_json(publication->overrides));
  json_object_set_new(object, "notice", text_or_null(notice_kind_key(kind)));
  json_object_set_new(object, "organizations", json_integer(telling->announced + telling->changed));
  json_object_set_new(object, "announced", json_integer(telling->announced));
  json_object_set_new(object, "changed", json_integer(telling->changed));
  json_object_set_new(object, "messages", json_integer(telling->messages));
  return dump(object, 0);
}

char *plan_payload_step(const PlanRow *row, const PlanRow *before, const PlanEventWords *words)
{
  g_autoptr(json_t) object = begin(row, before, words->reason);

  if (words->rule != NULL)
    json_object_set_new(object, "rule", text_or_null(words->rule));
  if (words->role != NULL)
    json_object_set_new(object, "role", text_or_null(words->role));
  return dump(object, 0);
}

char *plan_payload_plan(const SupportPlan *plan)
{
  g_autoptr(json_t) object = plan_to_json(plan);

  return dump(object, JSON_SORT_KEYS);
}
