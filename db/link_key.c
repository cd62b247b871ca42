#include "db/link_key.h"

#include "db/key_file.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT(KEY_FILE_SIZE <= crypto_generichash_KEYBYTES_MAX);
G_STATIC_ASSERT(LINK_KEY_TOKEN_HASH_SIZE == crypto_generichash_BYTES);

struct LinkKey {
  guint8 bytes[KEY_FILE_SIZE];
};

/* What goes into the hash: the words are part of every token and never change. */
static const char *const purpose_words[] = {
  [LINK_FEED] = "feed",     [LINK_PAGE] = "page", [LINK_ACK] = "ack",   [LINK_ERASED] = "erased",
  [LINK_BOUNCE] = "bounce", [LINK_FORM] = "form", [LINK_CODE] = "code",
};

GQuark link_key_error_quark(void)
{
  return g_quark_from_static_string("link-key-error");
}

char *link_key_path(const char *store_path)
{
  return g_strconcat(store_path, ".key", NULL);
}

static const KeyFileKind kind = {
  .domain = link_key_error_quark,
  .noun = "link key",
  .exists = "it may be the key of a store with links in use",
  .open = "read the key of every link",
  .missing = "the key of this store's links; restore it from your backup",
};

bool link_key_create(const char *path, GError **error)
{
  return key_file_create(&kind, path, error);
}

bool link_key_load(const char *path, LinkKey **ret_key, GError **error)
{
  g_autoptr(LinkKey) key = g_new0(LinkKey, 1);

  if (!key_file_load(&kind, path, key->bytes, error))
    return false;
  *ret_key = g_steal_pointer(&key);
  return true;
}

void link_key_free(LinkKey *key)
{
  if (key == NULL)
    return;
  sodium_memzero(key, sizeof *key);
  g_free(key);
}

static void digest_of(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail,
                      guint8 ret_digest[static crypto_generichash_BYTES])
{
  /* NULs keep the three fields apart: none of them can hold one. */
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row);
  g_autoptr(GString) message = g_string_new("kigen-link-1");

  for (gsize i = 0; i < 3; i++) {
    const char *field[] = { purpose_words[purpose], number, detail };

    g_string_append_c(message, '\0');
    g_string_append(message, field[i]);
  }
  crypto_generichash(ret_digest, crypto_generichash_BYTES, (const guint8 *)message->str, message->len,
                     key->bytes, KEY_FILE_SIZE);
}

char *link_key_token(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail)
{
  guint8 digest[crypto_generichash_BYTES];
  char text[LINK_KEY_TOKEN_LENGTH + 1];

  digest_of(key, purpose, row, detail, digest);
  sodium_bin2base64(text, sizeof text, digest, sizeof digest, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return g_strdup(text);
}

char *link_key_code(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  guint8 digest[crypto_generichash_BYTES];
  char *text = g_malloc0(LINK_KEY_CODE_LENGTH + 1);

  digest_of(key, purpose, row, detail, digest);
  for (guint i = 0; i < LINK_KEY_CODE_LENGTH; i++) {
    guint bit = i * 5;
    guint pair = ((guint)digest[bit / 8] << 8) | digest[bit / 8 + 1];

    text[i] = alphabet[(pair >> (11 - bit % 8)) & 31];
  }
  return text;
}

guint64 link_key_number(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail)
{
  guint8 digest[crypto_generichash_BYTES];
  guint64 number = 0;

  digest_of(key, purpose, row, detail, digest);
  for (guint i = 0; i < sizeof number; i++)
    number = number << 8 | digest[i];
  return number;
}

bool link_key_code_is(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail,
                      const char *code)
{
  g_autofree char *right = link_key_code(key, purpose, row, detail);
  g_autofree char *given = g_ascii_strdown(code, -1);

  return strlen(given) == LINK_KEY_CODE_LENGTH && sodium_memcmp(given, right, LINK_KEY_CODE_LENGTH) == 0;
}

bool link_key_token_is_wellformed(const char *token)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  return strspn(token, alphabet) == LINK_KEY_TOKEN_LENGTH && token[LINK_KEY_TOKEN_LENGTH] == '\0';
}

void link_key_token_hash(const char *token, guint8 ret_hash[static LINK_KEY_TOKEN_HASH_SIZE])
{
  crypto_generichash(ret_hash, LINK_KEY_TOKEN_HASH_SIZE, (const guint8 *)token, strlen(token), NULL, 0);
}
