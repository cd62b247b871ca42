#include "db/sign_key.h"

#include <sodium.h>
#include <string.h>

#define ID_LENGTH 8

G_STATIC_ASSERT(KEY_FILE_SIZE == crypto_sign_SEEDBYTES);
G_STATIC_ASSERT(SIGN_KEY_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(SIGN_KEY_SIGNATURE_SIZE == crypto_sign_BYTES);

struct SignKey {
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  SignKeyPublic public_key;
};

G_DEFINE_QUARK(sign - key - error, sign_key_error)

static const KeyFileKind kind = {
  .domain = sign_key_error_quark,
  .noun = "signing key",
  .exists = "it may be the key of a store whose heads are out",
  .open = "sign for this store",
  .missing =
      "the key that signs this store's audit trail; restore it from your backup, or make a new one with "
      "'kigen audit head --make-key', which the trail will tell",
};

char *sign_key_path(const char *store_path)
{
  return g_strconcat(store_path, ".sign-key", NULL);
}

bool sign_key_create(const char *path, GError **error)
{
  return key_file_create(&kind, path, error);
}

bool sign_key_load(const char *path, SignKey **ret_key, GError **error)
{
  guint8 seed[KEY_FILE_SIZE];

  if (!key_file_load(&kind, path, seed, error))
    return false;

  SignKey *key = g_new0(SignKey, 1);

  crypto_sign_seed_keypair(key->public_key.bytes, key->secret, seed);
  sodium_memzero(seed, sizeof seed);
  *ret_key = key;
  return true;
}

void sign_key_free(SignKey *key)
{
  if (key == NULL)
    return;
  sodium_memzero(key, sizeof *key);
  g_free(key);
}

SignKeyPublic sign_key_public(const SignKey *key)
{
  return key->public_key;
}

char *sign_key_public_format(const SignKeyPublic *public_key)
{
  char text[sodium_base64_ENCODED_LEN(SIGN_KEY_PUBLIC_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

  return g_strdup(sodium_bin2base64(text, sizeof text, public_key->bytes, SIGN_KEY_PUBLIC_SIZE,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

bool sign_key_public_parse(const char *text, SignKeyPublic *ret_public, GError **error)
{
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  SignKeyPublic found;
  gsize size = 0;

  if (sodium_base642bin(found.bytes, sizeof found.bytes, stripped, strlen(stripped), NULL, &size, NULL,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      size != sizeof found.bytes) {
    g_set_error(
        error, SIGN_KEY_ERROR, SIGN_KEY_ERROR_FORM,
        "\"%.60s\" is no public key: give the 43 characters that 'kigen audit head --public-key' prints",
        stripped);
    return false;
  }
  *ret_public = found;
  return true;
}

char *sign_key_public_id(const SignKeyPublic *public_key)
{
  g_autofree char *text = sign_key_public_format(public_key);

  return g_strndup(text, ID_LENGTH);
}

void sign_key_sign(const SignKey *key, const char *text, guint8 ret_signature[static SIGN_KEY_SIGNATURE_SIZE])
{
  crypto_sign_detached(ret_signature, NULL, (const guint8 *)text, strlen(text), key->secret);
}

bool sign_key_verify(const SignKeyPublic *public_key, const char *text,
                     const guint8 signature[static SIGN_KEY_SIGNATURE_SIZE])
{
  g_assert(sodium_init() >= 0);
  return crypto_sign_verify_detached(signature, (const guint8 *)text, strlen(text), public_key->bytes) == 0;
}
