#include "notifier/page/page_json.h"

#include <string.h>

void page_json_text(json_t *object, const char *key, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

  if (valid != NULL && valid[0] != '\0')
    json_object_set_new(object, key, json_string(valid));
}

void page_json_take(json_t *object, const char *key, char *text)
{
  page_json_text(object, key, text);
  g_free(text);
}

void page_json_flag(json_t *object, const char *key, bool value)
{
  if (value)
    json_object_set_new(object, key, json_true());
}

static bool has_scheme(const char *url)
{
  return g_ascii_strncasecmp(url, "https://", 8) == 0 || g_ascii_strncasecmp(url, "http://", 7) == 0;
}

static bool has_foreign(const char *text, const char *foreign)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl(*p) || strchr(foreign, *p) != NULL)
      return true;
  return false;
}

void page_json_url(json_t *object, const char *key, const char *url)
{
  if (url != NULL && has_scheme(url) && !has_foreign(url, " \"'<>\\"))
    page_json_text(object, key, url);
}

static bool is_mail(const char *text)
{
  const char *at = strchr(text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
         !has_foreign(text, " \"'<>\\,;:?&%") && g_str_is_ascii(text);
}

void page_json_contact(json_t *object, const char *key, const char *text)
{
  json_t *contact;

  if (text == NULL || text[0] == '\0')
    return;
  contact = json_object();
  page_json_text(contact, "text", text);
  page_json_flag(contact, "mail", is_mail(text));
  json_object_set_new(object, key, contact);
}
