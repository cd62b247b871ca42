#ifndef KIGEN_DB_AUDIT_HEAD_H
#define KIGEN_DB_AUDIT_HEAD_H

/* The signed head of the audit trail: which row is the last one, its hash, and when that was so, signed with
 * the store's key. Whoever keeps one can tell later that the trail was cut off or made anew. One line of
 * text, words separated by one blank:
 *
 *   kigen-head 1 ID AT HASH KEY SIGNATURE
 *
 * ID in decimal, AT an UTC instant, HASH 64 hexadecimal digits, KEY the first eight characters of the public
 * key, SIGNATURE Ed25519 in base64url over the line up to KEY. Mail may break the line at its blanks, and the
 * signature anywhere. */

#include "db/audit_chain.h"
#include "db/sign_key.h"

#define AUDIT_HEAD_ERROR (audit_head_error_quark())
typedef enum {
  AUDIT_HEAD_ERROR_FORM,     /* the text holds no head */
  AUDIT_HEAD_ERROR_KEY,      /* signed with another key */
  AUDIT_HEAD_ERROR_SIGNATURE /* not what the key's owner signed */
} AuditHeadError;
GQuark audit_head_error_quark(void);

#define AUDIT_HEAD_AT_LENGTH 20
#define AUDIT_HEAD_KEY_LENGTH 8

/* A head as read; a plain value. Nothing in it is true before audit_head_verify says so. */
typedef struct {
  AuditPoint point;
  char at[AUDIT_HEAD_AT_LENGTH + 1];
  char key[AUDIT_HEAD_KEY_LENGTH + 1];
  guint8 signature[SIGN_KEY_SIGNATURE_SIZE];
} AuditHead;

/* Signs `point`, at the UTC instant `now`. */
AuditHead audit_head_sign(const SignKey *key, const AuditPoint *point, const char *now);

/* The line, without a newline. Own string. */
char *audit_head_format(const AuditHead *head);
/* The same in four lines that fit a mail and its header field (RFC 5322 2.1.1: 78 characters), the signature
 * broken in two, without a newline at the end. Own string. */
char *audit_head_format_lines(const AuditHead *head);
/* Finds the first head in `text` (a file, a mail …). Errors: AUDIT_HEAD_ERROR_FORM. */
bool audit_head_parse(const char *text, AuditHead *ret_head, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks the signature. Errors: AUDIT_HEAD_ERROR_KEY, AUDIT_HEAD_ERROR_SIGNATURE. */
bool audit_head_verify(const AuditHead *head, const SignKeyPublic *public_key, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
