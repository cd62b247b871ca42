#ifndef KIGEN_DB_LINK_KEY_H
#define KIGEN_DB_LINK_KEY_H

/* The key that link tokens are made from. It lies in a file of its own beside the store (`<store>.key`, mode
 * 0600, 32 random bytes in hexadecimal), never in it: who reads the store, or a backup of it, gets no token.
 * A token is keyed BLAKE2b-256 over its purpose and its row, so that a mail can be rebuilt, byte for byte,
 * from a store that keeps only the token's hash. Losing the file breaks no link that is out (their hashes
 * stay), but no link can be shown or rebuilt any more: back it up, apart from the store. */

#include "db/key_file.h"

typedef struct LinkKey LinkKey;

#define LINK_KEY_ERROR (link_key_error_quark())
typedef enum {
  LINK_KEY_ERROR_FAILED = KEY_FILE_ERROR_FAILED,
  LINK_KEY_ERROR_EXISTS = KEY_FILE_ERROR_EXISTS,
  LINK_KEY_ERROR_MISSING = KEY_FILE_ERROR_MISSING,
  LINK_KEY_ERROR_OPEN = KEY_FILE_ERROR_OPEN,
  LINK_KEY_ERROR_FORM = KEY_FILE_ERROR_FORM
} LinkKeyError;
GQuark link_key_error_quark(void);

typedef enum {
  LINK_FEED,   /* an .ics feed */
  LINK_PAGE,   /* a customer's page */
  LINK_ACK,    /* an acknowledgement link */
  LINK_ERASED, /* no link: the name of somebody who was erased (db/contact_erase.h); row: the organization */
  LINK_BOUNCE, /* the return path of a mail */
  LINK_FORM,   /* no link: the signed field of a form (notifier/web/web_csrf.h); row: the day */
  LINK_CODE    /* the short code of a letter */
} LinkPurpose;

#define LINK_KEY_TOKEN_LENGTH 43 /* 256 bits in base64url without padding */
#define LINK_KEY_TOKEN_HASH_SIZE 32

/* "<store_path>.key": where the key of the store at `store_path` (db_path) lies unless the configuration
 * names another file. Own string. */
char *link_key_path(const char *store_path);

/* Makes the key file at `path` with a new random key, mode 0600 whatever the umask, and syncs it. `kigen
 * init` calls it. Errors: LINK_KEY_ERROR. */
bool link_key_create(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the key file at `path`; refused when it is no regular file or when group or others have any access.
 * Errors: LINK_KEY_ERROR; messages name the file and the remedy. */
bool link_key_load(const char *path, LinkKey **ret_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Wipes and frees; NULL is allowed. */
void link_key_free(LinkKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkKey, link_key_free)

/* The token of row `row` for `purpose`: own string of LINK_KEY_TOKEN_LENGTH characters A-Z a-z 0-9 - _.
 * Tokens of different purposes differ. `detail` is what never changes of that row and sets it apart if, after
 * a restore, its number is given away a second time (feed: the instant it was created and the organization);
 * it must be kept in the row for the token to be made again. */
char *link_key_token(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail);

#define LINK_KEY_CODE_LENGTH 16 /* 80 bits in base32 */

/* A short code instead of a token, a-z and 2-7, for what people or mail systems may write in capitals. Own
 * string of LINK_KEY_CODE_LENGTH characters. */
char *link_key_code(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail);

/* True when `code`, in whatever case, is the one of that row; in a time that tells nothing. */
bool link_key_code_is(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail,
                      const char *code);

/* Sixty-four bits instead of a token, for a code of another form (planner/short_code.h). */
guint64 link_key_number(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail);

/* True when `token` has the form of one (length and alphabet); whether it is known only the store says. */
bool link_key_token_is_wellformed(const char *token);

/* What the store keeps of a token: BLAKE2b-256 of its characters. */
void link_key_token_hash(const char *token, guint8 ret_hash[static LINK_KEY_TOKEN_HASH_SIZE]);

#endif
