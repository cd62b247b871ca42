#include "notifier/template/mustache_value.h"

#include <string.h>

bool mustache_value_is_true(const json_t *value)
{
  if (value == NULL)
    return false;
  switch (json_typeof(value)) {
  case JSON_STRING:
    return json_string_length(value) > 0;
  case JSON_INTEGER:
    return json_integer_value(value) != 0;
  case JSON_REAL:
    return json_real_value(value) != 0.0;
  case JSON_ARRAY:
    return json_array_size(value) > 0;
  case JSON_OBJECT:
  case JSON_TRUE:
    return true;
  case JSON_FALSE:
  case JSON_NULL:
    break;
  }
  return false;
}

static const char *entity(char c)
{
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

static void append_escaped(GString *out, const char *text, gsize length)
{
  gsize plain = 0;

  for (gsize i = 0; i < length; i++) {
    const char *name = entity(text[i]);

    if (name == NULL)
      continue;
    g_string_append_len(out, text + plain, (gssize)(i - plain));
    g_string_append(out, name);
    plain = i + 1;
  }
  g_string_append_len(out, text + plain, (gssize)(length - plain));
}

/* 15 digits suffice for what people write; 17 always do (IEEE 754 binary64). */
static void append_real(GString *out, double number)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    double back = g_ascii_strtod(g_ascii_formatd(buffer, sizeof buffer, formats[i], number), NULL);

    if (memcmp(&back, &number, sizeof back) == 0)
      break;
  }
  g_string_append(out, buffer);
}

void mustache_value_append(GString *out, const json_t *value, bool html)
{
  if (json_is_string(value) && html)
    append_escaped(out, json_string_value(value), json_string_length(value));
  else if (json_is_string(value))
    g_string_append_len(out, json_string_value(value), (gssize)json_string_length(value));
  else if (json_is_integer(value))
    g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
  else if (json_is_real(value))
    append_real(out, json_real_value(value));
  else if (json_is_boolean(value))
    g_string_append(out, json_is_true(value) ? "true" : "false");
}
