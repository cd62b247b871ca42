#include "notifier/mail/verp.h"

#include <string.h>

#include "planner/email_address.h"

#define NUMBER_MAX 19 /* digits of a row id */

/* "bounces", "+123-code" and "@maker.example" in one. */
static char *joined(const char *mailbox, const char *number, const char *code)
{
  const char *at = strchr(mailbox, '@');

  return g_strdup_printf("%.*s+%s-%s%s", (int)(at - mailbox), mailbox, number, code, at);
}

bool verp_check_mailbox(const char *mailbox, GError **error)
{
  g_autofree char *number = g_strnfill(NUMBER_MAX, '9');
  g_autofree char *code = g_strnfill(LINK_KEY_CODE_LENGTH, 'a');
  g_autofree char *longest = NULL;

  if (!email_address_check(mailbox, error))
    return false;
  longest = joined(mailbox, number, code);
  if (email_address_check(longest, NULL))
    return true;
  g_set_error(
      error, EMAIL_ADDRESS_ERROR, EMAIL_ADDRESS_ERROR_FORM,
      "\"%s\" is too long: each mail adds \"+NUMBER-CODE\" to the part before the @, which holds at most "
      "64 characters",
      mailbox);
  return false;
}

char *verp_address(const char *mailbox, const LinkKey *key, gint64 message, const char *message_id)
{
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, message);
  g_autofree char *code = link_key_code(key, LINK_BOUNCE, message, message_id);

  return joined(mailbox, number, code);
}

bool verp_parse(const char *address, const char *mailbox, gint64 *ret_message, char **ret_code)
{
  gsize local = strcspn(mailbox, "@");
  const char *at = strchr(address, '@');
  const char *dash = NULL;
  guint64 message = 0;

  if (at == NULL || g_ascii_strncasecmp(address, mailbox, local) != 0 || address[local] != '+' ||
      g_ascii_strcasecmp(at, mailbox + local) != 0)
    return false;
  dash = strchr(address + local, '-');
  if (dash == NULL || dash > at)
    return false;

  g_autofree char *number = g_strndup(address + local + 1, (gsize)(dash - address) - local - 1);

  if (!g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT64, &message, NULL))
    return false;
  *ret_message = (gint64)message;
  *ret_code = g_strndup(dash + 1, (gsize)(at - dash - 1));
  return true;
}

bool verp_is_ours(const LinkKey *key, gint64 message, const char *message_id, const char *code)
{
  return link_key_code_is(key, LINK_BOUNCE, message, message_id, code);
}
