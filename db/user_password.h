#ifndef KIGEN_DB_USER_PASSWORD_H
#define KIGEN_DB_USER_PASSWORD_H

/* A user's password as the store keeps it: Argon2id, as libsodium writes it, salt and costs in the text. Only
 * user_store.c uses this. */

#include <glib.h>
#include <stdbool.h>

/* Characters (NIST SP 800-63B §5.1.1.2) and bytes. */
#define USER_PASSWORD_SHORTEST 8
#define USER_PASSWORD_LONGEST 1000

/* What is to be stored for `password`: own text. A password counts in NFKC (SP 800-63B §5.1.1.2), so that the
 * same keys give the same one, whatever writes them. Errors: USER_STORE_ERROR_PASSWORD for one that is too
 * short, too long, or holds a control character; DB_ERROR_FAILED without the 64 MiB that this takes. */
bool user_password_hash(const char *password, char **ret_hash, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `hash` is of `password`. NULL (no such user, or no password) takes the same time and is false. */
bool user_password_verify(const char *hash, const char *password);

#endif
