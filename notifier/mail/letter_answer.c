#include "notifier/mail/letter_answer.h"

#include "db/acknowledgement_link.h"
#include "notifier/mail/letter_json.h"

/* True when any notice of the context has `flag`. */
static bool any(const json_t *notices, const char *flag)
{
  for (gsize i = 0; i < json_array_size(notices); i++)
    if (json_is_true(json_object_get(json_array_get(notices, i), flag)))
      return true;
  return false;
}

json_t *letter_answer_json(const OutboxLetter *letter, const LetterStyle *style, const json_t *notices)
{
  bool transfer = any(notices, "asks_transfer");
  json_t *object = NULL;

  /* Who passes something on confirms nothing in the customers' stead. */
  if (g_str_equal(letter->channel, "relay"))
    return NULL;
  if (style->key == NULL || style->base_url == NULL || (!transfer && !any(notices, "asks_receipt")))
    return NULL;
  object = json_object();
  json_object_set_new(object, "message", json_integer(letter->id));
  letter_json_text(object, "base_url", style->base_url);
  letter_json_flag(object, "asks_transfer", transfer);
  return object;
}

bool letter_answer_needs_key(const json_t *context)
{
  const json_t *answer = json_object_get(context, "answer");

  return json_is_object(answer) && letter_json_get(answer, "link") == NULL;
}

static void set_code(json_t *object, const char *name, const ShortCode *code)
{
  char text[SHORT_CODE_TEXT_SIZE];

  letter_json_text(object, name, short_code_format(code, text));
}

/* Where several notices stand in one mail each can be confirmed alone. */
static void reveal_notice(json_t *notice, const LinkKey *key, gint64 message, const char *message_id)
{
  gint64 id = json_integer_value(json_object_get(notice, "id"));
  gint64 organization = json_integer_value(json_object_get(json_object_get(notice, "organization"), "id"));
  ShortCode code = acknowledgement_link_code_of(key, message, message_id, id, organization);

  set_code(notice, "own_code", &code);
}

void letter_answer_reveal(json_t *context, const LinkKey *key)
{
  json_t *answer = json_object_get(context, "answer");
  const char *message_id = letter_json_get(json_object_get(context, "envelope"), "message_id");
  const char *base_url = letter_json_get(answer, "base_url");
  json_t *notices = json_object_get(context, "notices");
  gint64 message = json_integer_value(json_object_get(answer, "message"));

  if (message <= 0 || message_id == NULL || base_url == NULL)
    return;

  ShortCode code = acknowledgement_link_code(key, message, message_id);

  letter_json_take(answer, "link", acknowledgement_link_url(base_url, key, message, message_id));
  set_code(answer, "code", &code);
  for (gsize i = 0; json_array_size(notices) > 1 && i < json_array_size(notices); i++)
    reveal_notice(json_array_get(notices, i), key, message, message_id);
}
