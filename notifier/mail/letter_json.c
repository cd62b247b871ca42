#include "notifier/mail/letter_json.h"

void letter_json_text(json_t *object, const char *key, const char *text)
{
  if (text == NULL || text[0] == '\0')
    return;

  json_t *value = json_string(text);

  if (value == NULL) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    value = json_string(valid);
  }
  json_object_set_new(object, key, value);
}

void letter_json_take(json_t *object, const char *key, char *text)
{
  letter_json_text(object, key, text);
  g_free(text);
}

void letter_json_flag(json_t *object, const char *key, bool value)
{
  if (value)
    json_object_set_new(object, key, json_true());
}

const char *letter_json_choose(const char *wanted, const char *other)
{
  return wanted != NULL && wanted[0] != '\0' ? wanted : other;
}

const char *letter_json_get(const json_t *object, const char *key)
{
  return json_string_value(json_object_get(object, key));
}
