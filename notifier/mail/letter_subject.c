#include "notifier/mail/letter_subject.h"

#include <string.h>

#include "notifier/mail/letter_ends.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_words.h"
#include "planner/acknowledgement.h"

static const char *in_language(const LetterNoticeStyle *style, const char *ja, const char *en)
{
  return strcmp(style->language, "en") == 0 ? letter_json_choose(en, ja) : letter_json_choose(ja, en);
}

void letter_subject_set_organization(json_t *into, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *object = json_object();

  letter_json_text(object, "name",
                   in_language(style, notice->organization_name_ja, notice->organization_name_en));
  json_object_set_new(object, "id", json_integer(notice->organization));
  letter_json_flag(object, "other", notice->organization != style->recipient);
  json_object_set_new(into, "organization", object);
}

static json_t *product_json(const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *object = json_object();

  letter_json_text(object, "code", notice->plan->product);
  letter_json_text(object, "name",
                   in_language(style, notice->plan->product_name_ja, notice->plan->product_name_en));
  letter_json_text(object, "generic_name", notice->generic_name);
  letter_json_text(object, "approval_no", notice->approval_no);
  letter_json_text(object, "class", notice->device_class);
  letter_json_text(object, "jmdn", notice->jmdn);
  letter_json_text(object, "security_contact", notice->security_contact);
  letter_json_text(object, "package_insert_url", notice->package_insert_url);
  return object;
}

void letter_subject_set_release(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_object_set_new(object, "product", product_json(notice, style));
  letter_json_text(object, "release", notice->plan->name);
  letter_json_text(object, "release_kind", notice->release_kind);
  letter_json_flag(object, "is_software", g_strcmp0(notice->release_kind, "software") == 0);
}

static json_t *device_json(const OutboxDevice *device, const LetterNoticeStyle *style)
{
  char iso[DAY_TEXT_SIZE];
  json_t *object = json_object();

  letter_json_text(object, "model", device->model);
  letter_json_text(object, "software", device->software);
  letter_json_text(object, "serial", device->serial);
  letter_json_text(object, "lot", device->lot);
  if (device->quantity != 1)
    json_object_set_new(object, "quantity", json_integer(device->quantity));
  letter_json_text(object, "department", device->department);
  letter_json_text(object, "location", device->location);
  letter_json_text(object, "asset_no", device->asset_no);
  if (device->installed_on != DAY_NONE) {
    letter_json_take(object, "installed_on", letter_words_short_date(device->installed_on, style->language));
    letter_json_text(object, "day", day_format(device->installed_on, iso));
  }
  return object;
}

void letter_subject_set_devices(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *devices = json_array();
  bool differ = false;

  for (guint i = 0; i < notice->devices->len; i++) {
    const OutboxDevice *device = notice->devices->pdata[i];
    json_t *value = device_json(device, style);

    differ = letter_ends_set_device(value, device, notice, style->language) || differ;
    json_array_append_new(devices, value);
  }
  json_object_set_new(object, "devices", devices);
  letter_json_flag(object, "ends_differ", differ);
  if (notice->device_rows > notice->devices->len)
    json_object_set_new(object, "devices_more", json_integer(notice->device_rows - notice->devices->len));
  if (notice->device_units > 0)
    letter_json_take(object, "device_count", letter_words_units(notice->device_units, style->language));
}

void letter_subject_set_answer(json_t *object, const OutboxNotice *notice)
{
  static const struct {
    const char *asks, *given;
  } names[ACKNOWLEDGEMENT_KIND_COUNT] = { [ACKNOWLEDGEMENT_RECEIPT] = { "asks_receipt", "receipt_given" },
                                          [ACKNOWLEDGEMENT_TRANSFER] = { "asks_transfer",
                                                                         "transfer_given" } };

  for (AcknowledgementKind kind = 0; kind < ACKNOWLEDGEMENT_KIND_COUNT; kind++) {
    bool asked = acknowledgement_is_asked(kind, notice->kind) ||
                 (kind == ACKNOWLEDGEMENT_RECEIPT && notice->advisory != NULL);

    letter_json_flag(object, names[kind].asks, asked && !notice->acknowledged[kind]);
    letter_json_flag(object, names[kind].given, asked && notice->acknowledged[kind]);
  }
  letter_json_flag(object, "escalated", notice->escalated);
}
