#include "notifier/mail/letter_webhook.h"

#include <string.h>

#include "notifier/mail/letter_json.h"

#define SCHEMA_VERSION 1

bool letter_webhook_is(const OutboxLetter *letter)
{
  return g_strcmp0(letter->channel, "webhook") == 0;
}

/* Own reference: "2031-03-31", "tba" or null. */
static json_t *date_json(PlanDate date)
{
  char text[DAY_TEXT_SIZE];

  if (date.state == DATE_KNOWN)
    return json_string(day_format(date.day, text));
  return date.state == DATE_TBA ? json_string("tba") : json_null();
}

static json_t *day_json(Day day)
{
  char text[DAY_TEXT_SIZE];

  return day != DAY_NONE ? json_string(day_format(day, text)) : json_null();
}

static json_t *name_json(const char *ja, const char *en)
{
  json_t *object = json_object();

  letter_json_text(object, "ja", ja);
  letter_json_text(object, "en", en);
  return object;
}

static json_t *dates_json(const SupportPlan *plan)
{
  json_t *object = json_object();

  for (Milestone milestone = 0; milestone < MILESTONE_COUNT; milestone++)
    json_object_set_new(object, milestone_key(milestone), date_json(plan->date[milestone]));
  return object;
}

static json_t *devices_json(const GPtrArray *devices)
{
  json_t *list = json_array();

  for (guint i = 0; devices != NULL && i < devices->len; i++) {
    const OutboxDevice *device = devices->pdata[i];
    json_t *object = json_object();

    letter_json_text(object, "hardware", device->model);
    letter_json_text(object, "software", device->software);
    letter_json_text(object, "serial", device->serial);
    letter_json_text(object, "lot", device->lot);
    letter_json_text(object, "department", device->department);
    letter_json_text(object, "location", device->location);
    letter_json_text(object, "asset_no", device->asset_no);
    json_object_set_new(object, "quantity", json_integer(device->quantity));
    json_array_append_new(list, object);
  }
  return list;
}

static void set_release(json_t *object, const PlanRow *plan)
{
  json_t *product = name_json(plan->product_name_ja, plan->product_name_en);

  letter_json_text(product, "code", plan->product);
  json_object_set_new(object, "product", product);
  letter_json_text(object, "release", plan->name);
}

static void set_devices(json_t *object, const OutboxNotice *notice)
{
  json_object_set_new(object, "devices", devices_json(notice->devices));
  json_object_set_new(object, "units", json_integer(notice->device_units));
}

/* What a notice tells of one plan. */
static void set_plan(json_t *object, const OutboxNotice *notice)
{
  const PlanRow *plan = notice->plan;

  set_release(object, plan);
  json_object_set_new(object, "revision", json_integer(plan->revision));
  json_object_set_new(object, "dates", dates_json(plan->dates));
  if (notice->before != NULL)
    json_object_set_new(object, "dates_before", dates_json(notice->before->dates));
  if (notice->extended_eos != DAY_NONE)
    json_object_set_new(object, "extended_eos", day_json(notice->extended_eos));
  set_devices(object, notice);
}

static json_t *advisory_json(const AdvisoryRow *row, const AdvisoryRow *before)
{
  const char *const *text = (const char *const *)row->content->text;
  json_t *object = json_object();

  letter_json_text(object, "number", row->number);
  json_object_set_new(object, "revision", json_integer(row->revision));
  if (before != NULL)
    json_object_set_new(object, "corrects", json_integer(before->revision));
  json_object_set_new(object, "title", name_json(text[ADVISORY_TITLE_JA], text[ADVISORY_TITLE_EN]));
  json_object_set_new(object, "action", name_json(text[ADVISORY_ACTION_JA], text[ADVISORY_ACTION_EN]));
  letter_json_text(object, "csaf_url", text[ADVISORY_CSAF_URL]);
  letter_json_text(object, "csaf_reference", text[ADVISORY_CSAF_REFERENCE]);
  return object;
}

/* What a notice tells of an advisory. A device stands under each of its releases that is affected. */
static void set_advisory(json_t *object, const OutboxNotice *notice)
{
  json_t *affected = json_array();

  for (guint i = 0; notice->parts != NULL && i < notice->parts->len; i++) {
    const OutboxNotice *part = notice->parts->pdata[i];
    json_t *release = json_object();

    set_release(release, part->plan);
    set_devices(release, part);
    json_array_append_new(affected, release);
  }
  json_object_set_new(object, "advisory", advisory_json(notice->advisory, notice->advisory_before));
  json_object_set_new(object, "affected", affected);
}

static json_t *notice_json(const OutboxNotice *notice)
{
  json_t *object = json_object();

  letter_json_text(object, "kind", notice_kind_key(notice->kind));
  json_object_set_new(object, "organization",
                      name_json(notice->organization_name_ja, notice->organization_name_en));
  if (notice->lead_months > 0)
    json_object_set_new(object, "lead_months", json_integer(notice->lead_months));
  if (notice->advisory != NULL)
    set_advisory(object, notice);
  else
    set_plan(object, notice);
  return object;
}

json_t *letter_webhook_json(const OutboxLetter *letter, const LetterStyle *style)
{
  json_t *object = json_object();
  json_t *notices = json_array();

  for (guint i = 0; i < letter->notices->len; i++)
    json_array_append_new(notices, notice_json(letter->notices->pdata[i]));
  json_object_set_new(object, "version", json_integer(SCHEMA_VERSION));
  letter_json_text(object, "message_id", letter->message_id);
  letter_json_text(object, "made_at", style->now);
  letter_json_text(object, "language", letter->language);
  json_object_set_new(object, "organization",
                      name_json(letter->organization_name_ja, letter->organization_name_en));
  json_object_set_new(object, "notices", notices);
  return object;
}

GBytes *letter_webhook_body(const json_t *context, const char *subject, const char *text)
{
  g_autoptr(json_t) body = json_deep_copy(json_object_get(context, "webhook"));
  const json_t *answer = json_object_get(context, "answer");
  json_t *letter = json_object();

  letter_json_text(letter, "document_no", letter_json_get(context, "document_no"));
  letter_json_text(letter, "subject", subject);
  letter_json_text(letter, "text", text);
  json_object_set_new(body, "letter", letter);
  json_object_set_new(body, "urgent", json_boolean(json_is_true(json_object_get(context, "urgent"))));
  letter_json_text(body, "acknowledge", letter_json_get(answer, "link"));
  letter_json_text(body, "audit_head", letter_json_get(context, "audit_head"));

  char *json = json_dumps(body, JSON_SORT_KEYS | JSON_COMPACT);

  return g_bytes_new_with_free_func(json, strlen(json), free, json);
}
