#include "planner/email_address.h"

#include <string.h>

#define LOCAL_MAX 64 /* octets, RFC 5321 4.5.3.1.1 */
#define LABEL_MAX 63 /* octets of one part of a domain name, RFC 1035 2.3.4 */

G_DEFINE_QUARK(kigen - email - address - error - quark, email_address_error)

/* Refuses `address` with `reason`, which ends the sentence "…: it ". */
static bool refuse(const char *address, EmailAddressError code, const char *reason, GError **error)
{
  g_autofree char *shown = g_strndup(address, 80);
  g_autofree char *escaped = g_strescape(shown, NULL);

  g_set_error(error, EMAIL_ADDRESS_ERROR, (gint)code,
              "\"%s%s\" is not an e-mail address kigen can use: it %s", escaped,
              strlen(address) > 80 ? "…" : "", reason);
  return false;
}

static const char *character_problem(unsigned char c)
{
  if (c >= 0x80)
    return "has a character outside ASCII (a full-width letter or @, perhaps): type it in half-width letters";
  if (c == '\r' || c == '\n')
    return "has a line break in it: leave one address on one line";
  if (c < 0x20 || c == 0x7f)
    return "has a control character in it: remove it";
  if (c == ' ')
    return "has a space in it: remove it";
  if (strchr("<>()[],;:\\\"", c) != NULL)
    return "has one of < > ( ) [ ] , ; : \\ \" in it: give the bare address, without name or brackets";
  return NULL;
}

/* True when `text` (`size` octets) is words separated by single dots. */
static bool is_dotted(const char *text, gsize size)
{
  return size > 0 && text[0] != '.' && text[size - 1] != '.' &&
         g_strstr_len(text, (gssize)size, "..") == NULL;
}

static bool is_label(const char *label)
{
  gsize size = strlen(label);

  return size > 0 && size <= LABEL_MAX && label[0] != '-' && label[size - 1] != '-' &&
         strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == size;
}

static bool is_domain(const char *domain)
{
  g_auto(GStrv) labels = g_strsplit(domain, ".", -1);
  bool good = labels[0] != NULL;

  for (guint i = 0; good && labels[i] != NULL; i++)
    good = is_label(labels[i]);
  return good;
}

static const char *form_problem(const char *address)
{
  const char *at = strchr(address, '@');

  if (address[0] == '\0')
    return "is empty";
  if (strlen(address) > EMAIL_ADDRESS_MAX)
    return "is longer than 254 characters";
  if (at == NULL)
    return "has no @";
  if (strchr(at + 1, '@') != NULL)
    return "has more than one @: give one address";
  if (at - address > LOCAL_MAX)
    return "has more than 64 characters before the @";
  if (!is_dotted(address, (gsize)(at - address)))
    return "has nothing before the @, or a dot at the wrong place there";
  if (!is_domain(at + 1))
    return "has no domain name after the @ (letters, digits and hyphens, separated by dots)";
  return NULL;
}

bool email_address_check(const char *address, GError **error)
{
  const char *text = address != NULL ? address : "";

  for (const char *p = text; *p != '\0'; p++) {
    const char *problem = character_problem((unsigned char)*p);

    if (problem != NULL)
      return refuse(text, EMAIL_ADDRESS_ERROR_CHARACTER, problem, error);
  }

  const char *problem = form_problem(text);

  return problem == NULL || refuse(text, EMAIL_ADDRESS_ERROR_FORM, problem, error);
}
