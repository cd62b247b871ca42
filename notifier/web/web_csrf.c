#include "notifier/web/web_csrf.h"

#include <sodium.h>
#include <string.h>

char *web_csrf_field(const LinkKey *key, const char *token, const char *form, Day today)
{
  g_autofree char *detail = g_strconcat(token, "\n", form, NULL);

  return link_key_token(key, LINK_FORM, today, detail);
}

bool web_csrf_holds(const LinkKey *key, const char *token, const char *form, Day today, const char *given)
{
  bool holds = false;

  if (!link_key_token_is_wellformed(given))
    return false;
  for (int age = 0; age <= 1; age++) {
    g_autofree char *right = web_csrf_field(key, token, form, today - age);

    holds |= sodium_memcmp(right, given, LINK_KEY_TOKEN_LENGTH) == 0;
  }
  return holds;
}

bool web_csrf_is_own(const char *host, const char *origin, const char *fetch_site)
{
  if (fetch_site != NULL)
    return strcmp(fetch_site, "same-origin") == 0;
  if (origin == NULL || strcmp(origin, "null") == 0)
    return true;

  const char *rest = strstr(origin, "://");

  return rest != NULL && host != NULL && g_ascii_strcasecmp(rest + 3, host) == 0;
}
