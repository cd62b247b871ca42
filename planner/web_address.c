#include "planner/web_address.h"

#include <string.h>

G_DEFINE_QUARK(kigen - web - address - error - quark, web_address_error)

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char *after_scheme(const char *address)
{
  static const char *const schemes[] = { "https://", "http://" };

  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
    if (g_ascii_strncasecmp(address, schemes[i], strlen(schemes[i])) == 0)
      return address + strlen(schemes[i]);
  }
  return NULL;
}

bool web_address_check(const char *address, GError **error)
{
  const char *host = address != NULL ? after_scheme(address) : NULL;
  bool good = host != NULL && strspn(host, LETTERS "[") > 0 && strlen(address) <= WEB_ADDRESS_MAX;

  for (const char *p = address; good && *p != '\0'; p++)
    good = *p > ' ' && *p < 0x7F && strchr("<>\"\\^`{|}", *p) == NULL;
  if (!good)
    g_set_error_literal(error, WEB_ADDRESS_ERROR, WEB_ADDRESS_ERROR_FORM,
                        "not a web address; write https:// and ASCII characters without spaces");
  return good;
}
