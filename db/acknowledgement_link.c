#include "db/acknowledgement_link.h"

#include <sodium.h>
#include <string.h>

char *acknowledgement_link_token(const LinkKey *key, gint64 message, const char *message_id)
{
  g_autofree char *secret = link_key_token(key, LINK_ACK, message, message_id);

  return g_strdup_printf("%" G_GINT64_FORMAT "-%s", message, secret);
}

char *acknowledgement_link_url(const char *base_url, const LinkKey *key, gint64 message,
                               const char *message_id)
{
  g_autofree char *token = acknowledgement_link_token(key, message, message_id);

  return g_strdup_printf("%s/a/%s", base_url, token);
}

bool acknowledgement_link_parse(const char *token, gint64 *ret_message, const char **ret_secret)
{
  const char *hyphen = strchr(token, '-');
  guint64 message = 0;

  if (hyphen == NULL || token[0] == '0' || !link_key_token_is_wellformed(hyphen + 1))
    return false;

  g_autofree char *number = g_strndup(token, (gsize)(hyphen - token));

  if (!g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT64, &message, NULL))
    return false;
  *ret_message = (gint64)message;
  *ret_secret = hyphen + 1;
  return true;
}

bool acknowledgement_link_token_is(const LinkKey *key, gint64 message, const char *message_id,
                                   const char *secret)
{
  g_autofree char *right = link_key_token(key, LINK_ACK, message, message_id);

  return strlen(secret) == LINK_KEY_TOKEN_LENGTH && sodium_memcmp(secret, right, LINK_KEY_TOKEN_LENGTH) == 0;
}

ShortCode acknowledgement_link_code(const LinkKey *key, gint64 message, const char *message_id)
{
  return short_code_make(message, link_key_number(key, LINK_CODE, message, message_id));
}

ShortCode acknowledgement_link_code_of(const LinkKey *key, gint64 message, const char *message_id,
                                       gint64 notice, gint64 organization)
{
  /* A Message-ID holds no blank, so this is never another message's. */
  g_autofree char *detail =
      g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, message_id, notice, organization);

  return short_code_make(message, link_key_number(key, LINK_CODE, message, detail));
}
