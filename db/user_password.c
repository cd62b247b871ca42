#include "db/user_password.h"

#include "db/user_store.h"

#include <sodium.h>
#include <string.h>

/* Stands in for a user who does not exist, so that the answer comes no sooner. Nobody knows a password to it:
 * salt and hash are arbitrary bytes. */
#define NOBODY                                                                                               \
  "$argon2id$v=19$m=65536,t=2,p=1$a2lnZW4gaGFzIG5vYm9keQ$"                                                   \
  "bm9ib2R5IGhhcyBhIHBhc3N3b3JkIGZvciB0aGlzISE"

/* Own text in NFKC, to be wiped; NULL for what is no UTF-8. */
static char *normal_form(const char *password)
{
  return g_utf8_normalize(password, -1, G_NORMALIZE_NFKC);
}

static void wipe(char **text)
{
  if (*text != NULL)
    sodium_memzero(*text, strlen(*text));
  g_free(*text);
}

#define AUTO_WIPE __attribute__((cleanup(wipe))) char

static bool has_control(char *text)
{
  for (char *p = text; *p != '\0'; p = g_utf8_next_char(p))
    if (g_unichar_iscntrl(g_utf8_get_char(p)))
      return true;
  return false;
}

static bool check(char *password, GError **error)
{
  if (password == NULL || has_control(password)) {
    g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_PASSWORD,
                "the password is not one line of UTF-8 text without control characters");
    return false;
  }
  if (g_utf8_strlen(password, -1) < USER_PASSWORD_SHORTEST) {
    g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_PASSWORD,
                "the password is shorter than %d characters: take a longer one", USER_PASSWORD_SHORTEST);
    return false;
  }
  if (strlen(password) > USER_PASSWORD_LONGEST) {
    g_set_error(error, USER_STORE_ERROR, USER_STORE_ERROR_PASSWORD,
                "the password is longer than %d bytes: take a shorter one", USER_PASSWORD_LONGEST);
    return false;
  }
  return true;
}

bool user_password_hash(const char *password, char **ret_hash, GError **error)
{
  AUTO_WIPE *normal = normal_form(password);
  char hash[crypto_pwhash_STRBYTES];

  g_return_val_if_fail(sodium_init() >= 0, false);
  if (!check(normal, error))
    return false;
  if (crypto_pwhash_str(hash, normal, strlen(normal), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    g_set_error(error, DB_ERROR, DB_ERROR_FAILED,
                "not enough memory to hash a password: Argon2id takes 64 MiB");
    return false;
  }
  *ret_hash = g_strdup(hash);
  return true;
}

bool user_password_verify(const char *hash, const char *password)
{
  AUTO_WIPE *normal = normal_form(password);
  const char *known = hash != NULL && strlen(hash) < crypto_pwhash_STRBYTES ? hash : NOBODY;
  char padded[crypto_pwhash_STRBYTES] = { 0 };

  g_return_val_if_fail(sodium_init() >= 0, false);
  memcpy(padded, known, strlen(known)); /* libsodium may read all of it */

  bool same = normal != NULL && crypto_pwhash_str_verify(padded, normal, strlen(normal)) == 0;

  return same && known == hash;
}
