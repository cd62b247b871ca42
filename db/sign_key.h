#ifndef KIGEN_DB_SIGN_KEY_H
#define KIGEN_DB_SIGN_KEY_H

/* The Ed25519 key that signs the head of the audit trail (db/audit_head.h). Its seed lies in a file of its
 * own beside the store (`<store>.sign-key`, as db/key_file.h), never in it: who can write the store alone
 * cannot sign. The public key goes into the audit trail when the key is made, and to whoever verifies. */

#include "db/key_file.h"

typedef struct SignKey SignKey;

#define SIGN_KEY_ERROR (sign_key_error_quark())
typedef enum {
  SIGN_KEY_ERROR_FAILED = KEY_FILE_ERROR_FAILED,
  SIGN_KEY_ERROR_EXISTS = KEY_FILE_ERROR_EXISTS,
  SIGN_KEY_ERROR_MISSING = KEY_FILE_ERROR_MISSING,
  SIGN_KEY_ERROR_OPEN = KEY_FILE_ERROR_OPEN,
  SIGN_KEY_ERROR_FORM = KEY_FILE_ERROR_FORM /* also: not a public key */
} SignKeyError;
GQuark sign_key_error_quark(void);

#define SIGN_KEY_PUBLIC_SIZE 32
#define SIGN_KEY_SIGNATURE_SIZE 64

/* A public key; its text is 43 characters of base64url. A plain value. */
typedef struct {
  guint8 bytes[SIGN_KEY_PUBLIC_SIZE];
} SignKeyPublic;

/* "<store_path>.sign-key". Own string. */
char *sign_key_path(const char *store_path);

/* Makes the key file at `path`. Errors: SIGN_KEY_ERROR. */
bool sign_key_create(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the key file at `path`. Errors: SIGN_KEY_ERROR; messages name the file and the remedy. */
bool sign_key_load(const char *path, SignKey **ret_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wipes and frees; NULL is allowed. */
void sign_key_free(SignKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignKey, sign_key_free)

SignKeyPublic sign_key_public(const SignKey *key);
/* Its text, own string. */
char *sign_key_public_format(const SignKeyPublic *public_key);
/* Reads that text, blanks around it allowed. Errors: SIGN_KEY_ERROR_FORM. */
bool sign_key_public_parse(const char *text, SignKeyPublic *ret_public, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The first eight characters of its text: enough to tell keys apart. Own string. */
char *sign_key_public_id(const SignKeyPublic *public_key);

/* Signs `text` (RFC 8032, Ed25519). */
void sign_key_sign(const SignKey *key, const char *text,
                   guint8 ret_signature[static SIGN_KEY_SIGNATURE_SIZE]);
/* True when `signature` is that of `text` by the owner of the key. */
bool sign_key_verify(const SignKeyPublic *public_key, const char *text,
                     const guint8 signature[static SIGN_KEY_SIGNATURE_SIZE]);

#endif
