#include "db/plan_payload.h"

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

char *plan_payload_publish(const PlanRow *row, const PlanRow *before, const char *reason, NoticeKind kind,
                           gint64 organizations, gint64 messages)
{
  g_autoptr(json_t) object = json_object();
  g_autofree char *what = g_strconcat(row->product, "/", row->name, NULL);

  json_object_set_new(object, "what", text_or_null(what));
  json_object_set_new(object, "market", text_or_null(row->market));
  json_object_set_new(object, "revision", json_integer(row->revision));
  if (before != NULL) {
    json_object_set_new(object, "from", plan_to_json(before->dates));
  }
  json_object_set_new(object, "to", plan_to_json(row->dates));
  json_object_set_new(object, "why", text_or_null(reason));
  json_object_set_new(object, "notice", text_or_null(notice_kind_key(kind)));
  json_object_set_new(object, "organizations", json_integer(organizations));
  json_object_set_new(object, "messages", json_integer(messages));

  char *dumped = json_dumps(object, JSON_COMPACT);
  char *text = g_strdup(dumped);

  free(dumped);
  return text;
}

char *plan_payload_plan(const SupportPlan *plan)
{
  g_autoptr(json_t) object = plan_to_json(plan);
  char *dumped = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
  char *text = g_strdup(dumped);

  free(dumped);
  return text;
}
