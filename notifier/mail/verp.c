#include "notifier/mail/verp.h"

#include <string.h>

#include "planner/email_address.h"

#define NUMBER_MAX 14 /* digits of a row id that a mailbox leaves room for: a store has fewer messages */
#define WHOM_LENGTH 4 /* characters of a code that say whom the mail went to */
#define CODE_LENGTH (WHOM_LENGTH + LINK_KEY_CODE_LENGTH)

/* "bounces", "+123-code" and "@maker.example" in one. */
static char *joined(const char *mailbox, const char *number, const char *code)
{
  const char *at = strchr(mailbox, '@');

  return g_strdup_printf("%.*s+%s-%s%s", (int)(at - mailbox), mailbox, number, code, at);
}

bool verp_check_mailbox(const char *mailbox, GError **error)
{
  g_autofree char *number = g_strnfill(NUMBER_MAX, '9');
  g_autofree char *code = g_strnfill(CODE_LENGTH, 'a');
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

/* The first characters of a code: told from any other recipient's, and nothing of the address is in them. Own
 * string. */
static char *whom(const LinkKey *key, gint64 message, const char *recipient)
{
  g_autofree char *folded = g_ascii_strdown(recipient, -1);
  char *code = link_key_code(key, LINK_BOUNCE, message, folded);

  code[WHOM_LENGTH] = '\0';
  return code;
}

/* What the rest of a code is made of. */
static char *proven(const char *message_id, const char *to)
{
  return g_strconcat(message_id, " ", to, NULL);
}

char *verp_address(const char *mailbox, const LinkKey *key, gint64 message, const char *message_id,
                   const char *recipient)
{
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, message);
  g_autofree char *to = whom(key, message, recipient);
  g_autofree char *detail = proven(message_id, to);
  g_autofree char *rest = link_key_code(key, LINK_BOUNCE, message, detail);
  g_autofree char *code = g_strconcat(to, rest, NULL);

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
  if (strlen(code) != CODE_LENGTH)
    return false;

  g_autofree char *to = g_ascii_strdown(code, WHOM_LENGTH);
  g_autofree char *detail = proven(message_id, to);

  return link_key_code_is(key, LINK_BOUNCE, message, detail, code + WHOM_LENGTH);
}

bool verp_is_to(const LinkKey *key, gint64 message, const char *recipient, const char *code)
{
  g_autofree char *to = whom(key, message, recipient);

  return g_ascii_strncasecmp(code, to, WHOM_LENGTH) == 0;
}
