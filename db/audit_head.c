#include "db/audit_head.h"

#include <sodium.h>
#include <string.h>

#define MARK "kigen-head"
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define SIGNATURE_LENGTH (sodium_base64_ENCODED_LEN(SIGN_KEY_SIGNATURE_SIZE, VARIANT) - 1)
#define SIGNATURE_LINE 43 /* characters of it on one line, of 86 */
#define SPAN_MAX 1024     /* characters that a head takes in a text, however it is broken and quoted */

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

char *audit_head_format_lines(const AuditHead *head)
{
  g_autofree char *line = audit_head_format(head);
  g_auto(GStrv) words = g_strsplit(line, " ", WORD_COUNT);

  return g_strdup_printf("%s %s %s %s\n%s\n%s %.*s\n%s", words[WORD_MARK], words[WORD_VERSION],
                         words[WORD_ID], words[WORD_AT], words[WORD_HASH], words[WORD_KEY], SIGNATURE_LINE,
                         words[WORD_SIGNATURE], words[WORD_SIGNATURE] + SIGNATURE_LINE);
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

/* True when `words` still lack the end of the signature. */
static bool lacks(const GPtrArray *words)
{
  return words->len < WORD_COUNT || strlen(words->pdata[WORD_SIGNATURE]) < SIGNATURE_LENGTH;
}

/* Adds a word, or what is left of the signature. */
static void add_word(GPtrArray *words, const char *word)
{
  if (words->len < WORD_COUNT) {
    g_ptr_array_add(words, g_strdup(word));
    return;
  }
  char *joined = g_strconcat(words->pdata[WORD_SIGNATURE], word, NULL);

  g_free(words->pdata[WORD_SIGNATURE]);
  words->pdata[WORD_SIGNATURE] = joined;
}

/* The words of `text`, from the mark on; blanks and marks of quotation between them are dropped. */
static GPtrArray *collect_words(char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
  char *rest = text;
  char *word;

  while (lacks(words) && (word = strsep(&rest, " \t\r\n\"',")) != NULL) {
    bool noise = *word == '\0' || strspn(word, ">") == strlen(word);

    if (!noise && (words->len > 0 || strcmp(word, MARK) == 0))
      add_word(words, word);
  }
  return words;
}

/* True when a head stands where `mark` does. */
static bool read_at(const char *mark, AuditHead *ret_head)
{
  g_autofree char *copy = g_strndup(mark, SPAN_MAX);
  g_autoptr(GPtrArray) words = collect_words(copy);

  return words->len == WORD_COUNT && read_words((char *const *)words->pdata, ret_head);
}

bool audit_head_parse(const char *text, AuditHead *ret_head, GError **error)
{
  const char *mark = strstr(text, MARK);
  bool any = mark != NULL;

  for (; mark != NULL; mark = strstr(mark + 1, MARK))
    if (read_at(mark, ret_head))
      return true;
  g_set_error_literal(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_FORM,
                      any ? "its line 'kigen-head …' is damaged, or of a newer kigen"
                          : "there is no line 'kigen-head …' in it");
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
