#include "notifier/web/web_form.h"

#include <string.h>

#define TYPE "application/x-www-form-urlencoded"

struct WebForm {
  GHashTable *fields; /* name → value */
};

GQuark web_form_error_quark(void)
{
  return g_quark_from_static_string("web-form-error");
}

void web_form_free(WebForm *form)
{
  if (form == NULL)
    return;
  g_hash_table_unref(form->fields);
  g_free(form);
}

const char *web_form_get(const WebForm *form, const char *name)
{
  const char *value = g_hash_table_lookup(form->fields, name);

  return value != NULL ? value : "";
}

/* With or without parameters: browsers send none, some programs a charset. */
static bool check_type(const char *type, GError **error)
{
  gsize length = strlen(TYPE);

  if (type != NULL && g_ascii_strncasecmp(type, TYPE, length) == 0 &&
      (type[length] == '\0' || type[length] == ';' || type[length] == ' '))
    return true;
  g_set_error_literal(error, WEB_FORM_ERROR, WEB_FORM_ERROR_TYPE, "the body must be " TYPE);
  return false;
}

static bool refuse(GError **error, const char *why)
{
  g_set_error_literal(error, WEB_FORM_ERROR, WEB_FORM_ERROR_MALFORMED, why);
  return false;
}

static bool decode(const char *data, gsize size, char **ret_text, GError **error)
{
  g_autoptr(GString) text = g_string_sized_new(size);

  for (gsize i = 0; i < size; i++) {
    if (data[i] != '%') {
      g_string_append_c(text, data[i] == '+' ? ' ' : data[i]);
      continue;
    }
    if (size - i < 3 || !g_ascii_isxdigit(data[i + 1]) || !g_ascii_isxdigit(data[i + 2]))
      return refuse(error, "a '%' is not followed by two hexadecimal digits");
    g_string_append_c(text,
                      (char)(g_ascii_xdigit_value(data[i + 1]) * 16 + g_ascii_xdigit_value(data[i + 2])));
    i += 2;
  }
  if (!g_utf8_validate_len(text->str, text->len, NULL))
    return refuse(error, "a field is not valid UTF-8");
  *ret_text = g_strndup(text->str, text->len);
  return true;
}

/* A line break is CR LF on the wire, whatever it was in the field. */
static char *normalize(const char *text)
{
  GString *plain = g_string_new(NULL);

  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '\r' && p[1] == '\n')
      continue;
    g_string_append_c(plain, *p == '\r' ? '\n' : *p);
  }
  return g_strstrip(g_string_free(plain, FALSE));
}

/* Also what turns the direction of text around: it lets a name look like another. */
static bool is_control(gunichar c)
{
  return (g_unichar_iscntrl(c) && c != '\n' && c != '\t') || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

static bool has_control(const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
    if (is_control(g_utf8_get_char(p)))
      return true;
  return false;
}

static bool take(WebForm *form, const char *const *known, const char *data, gsize size, GError **error)
{
  const char *equals = memchr(data, '=', size);
  gsize length = equals != NULL ? (gsize)(equals - data) : size;
  g_autofree char *name = NULL, *raw = NULL;

  if (!decode(data, length, &name, error) ||
      !decode(equals != NULL ? equals + 1 : "", equals != NULL ? size - length - 1 : 0, &raw, error))
    return false;
  if (!g_strv_contains(known, name) || g_hash_table_contains(form->fields, name)) {
    g_set_error_literal(error, WEB_FORM_ERROR, WEB_FORM_ERROR_FIELD,
                        g_strv_contains(known, name) ? "a field comes twice"
                                                     : "a field that this form does not have");
    return false;
  }

  g_autofree char *value = normalize(raw);

  if (has_control(value))
    return refuse(error, "a field holds control characters");
  g_hash_table_insert(form->fields, g_steal_pointer(&name), g_steal_pointer(&value));
  return true;
}

bool web_form_parse(const char *type, const char *data, gsize size, const char *const *known,
                    WebForm **ret_form, GError **error)
{
  g_autoptr(WebForm) form = g_new0(WebForm, 1);

  form->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  if (!check_type(type, error))
    return false;
  for (gsize i = 0; i < size;) {
    const char *end = memchr(data + i, '&', size - i);
    gsize length = end != NULL ? (gsize)(end - data) - i : size - i;

    if (length > 0 && !take(form, known, data + i, length, error))
      return false;
    i += length + 1;
  }
  *ret_form = g_steal_pointer(&form);
  return true;
}
