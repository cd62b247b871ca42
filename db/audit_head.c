#include "db/audit_head.h"

#include <sodium.h>
#include <string.h>

#define MARK "kigen-head"
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* The words of the line. */
enum { WORD_MARK, WORD_VERSION, WORD_ID, WORD_AT, WORD_HASH, WORD_KEY, WORD_SIGNATURE, WORD_COUNT };

G_DEFINE_QUARK(audit - head - error, audit_head_error)

/* What is signed. */
static char *format_body(const AuditHead *head)
{
  char hash[2 * AUDIT_HASH_SIZE + 1];

  sodium_bin2hex(hash, sizeof hash, head->point.hash, AUDIT_HASH_SIZE);
  return g_strdup_printf(MARK " 1 %" G_GINT64_FORMAT " %s %s %s", head->point.id, head->at, hash, head->key);
}

AuditHead audit_head_sign(const SignKey *key, const AuditPoint *point, const char *now)
{
  AuditHead head = { .point = *point };
  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *id = sign_key_public_id(&public_key);

  g_strlcpy(head.at, now, sizeof head.at);
  g_strlcpy(head.key, id, sizeof head.key);

  g_autofree char *body = format_body(&head);

  sign_key_sign(key, body, head.signature);
  return head;
}

char *audit_head_format(const AuditHead *head)
{
  g_autofree char *body = format_body(head);
  char signature[sodium_base64_ENCODED_LEN(SIGN_KEY_SIGNATURE_SIZE, VARIANT)];

  sodium_bin2base64(signature, sizeof signature, head->signature, SIGN_KEY_SIGNATURE_SIZE, VARIANT);
  return g_strconcat(body, " ", signature, NULL);
}

static bool read_hash(const char *word, guint8 ret_hash[static AUDIT_HASH_SIZE])
{
  gsize size = 0;

  return strlen(word) == 2 * AUDIT_HASH_SIZE &&
         sodium_hex2bin(ret_hash, AUDIT_HASH_SIZE, word, 2 * AUDIT_HASH_SIZE, NULL, &size, NULL) == 0 &&
         size == AUDIT_HASH_SIZE;
}

static bool read_signature(const char *word, guint8 ret_signature[static SIGN_KEY_SIGNATURE_SIZE])
{
  gsize size = 0;

  return sodium_base642bin(ret_signature, SIGN_KEY_SIGNATURE_SIZE, word, strlen(word), NULL, &size, NULL,
                           VARIANT) == 0 &&
         size == SIGN_KEY_SIGNATURE_SIZE;
}

static bool read_words(char *const words[static WORD_COUNT], AuditHead *ret_head)
{
  AuditHead head;

  if (strcmp(words[WORD_VERSION], "1") != 0 ||
      !g_ascii_string_to_signed(words[WORD_ID], 10, 0, G_MAXINT64, &head.point.id, NULL) ||
      g_strlcpy(head.at, words[WORD_AT], sizeof head.at) != AUDIT_HEAD_AT_LENGTH ||
      g_strlcpy(head.key, words[WORD_KEY], sizeof head.key) != AUDIT_HEAD_KEY_LENGTH ||
      !read_hash(words[WORD_HASH], head.point.hash) || !read_signature(words[WORD_SIGNATURE], head.signature))
    return false;
  *ret_head = head;
  return true;
}

/* The words of `text`, from the mark on; blanks and marks of quotation between them are dropped. */
static GPtrArray *collect_words(char *text)
{
  GPtrArray *words = g_ptr_array_new();
  char *rest = text;
  char *word;

  while (words->len < WORD_COUNT && (word = strsep(&rest, " \t\r\n\"',")) != NULL) {
    bool noise = *word == '\0' || strspn(word, ">") == strlen(word);

    if (!noise && (words->len > 0 || strcmp(word, MARK) == 0))
      g_ptr_array_add(words, word);
  }
  return words;
}

bool audit_head_parse(const char *text, AuditHead *ret_head, GError **error)
{
  g_autofree char *copy = g_strdup(text);
  g_autoptr(GPtrArray) words = collect_words(copy);

  if (words->len == WORD_COUNT && read_words((char *const *)words->pdata, ret_head))
    return true;
  g_set_error_literal(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_FORM,
                      words->len == 0 ? "there is no line 'kigen-head …' in it"
                                      : "its line 'kigen-head …' is damaged, or of a newer kigen");
  return false;
}

bool audit_head_verify(const AuditHead *head, const SignKeyPublic *public_key, GError **error)
{
  g_autofree char *body = format_body(head);
  g_autofree char *id = sign_key_public_id(public_key);

  if (strcmp(head->key, id) != 0) {
    g_set_error(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_KEY,
                "the head is signed with key %s, not with %s: give that key's public half with --public-key",
                head->key, id);
    return false;
  }
  if (!sign_key_verify(public_key, body, head->signature)) {
    g_set_error(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_SIGNATURE,
                "the head's signature is not that of key %s: the line was changed, or forged", id);
    return false;
  }
  return true;
}
