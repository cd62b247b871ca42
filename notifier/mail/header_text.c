#include "notifier/mail/header_text.h"

#include <stdbool.h>
#include <string.h>

#define LINE_MAX_CHARACTERS                                                                                  \
  76                /* RFC 2047 clause 2: of a line that holds encoded words; RFC 5322 allows 78             \
                     */
#define WORD_MAX 75 /* RFC 2047 clause 2: of an encoded word */
#define WORD_BEGIN "=?UTF-8?B?"
#define WORD_END "?="
#define WORD_FRAME (sizeof WORD_BEGIN - 1 + sizeof WORD_END - 1)
#define WORD_MIN (WORD_FRAME + 8) /* of room on a line; with less the next line is begun */

/* A value in the making. */
typedef struct {
  GString *text;
  gsize column; /* characters on the present line, the header's name counted */
} Folded;

static Folded folded_begin(const char *name)
{
  return (Folded){ g_string_new(NULL), strlen(name) + 1 };
}

/* Puts a blank before the next `size` characters: a space, or a new line when they would not fit. */
static void folded_separate(Folded *value, gsize size)
{
  if (value->column + 1 + size > LINE_MAX_CHARACTERS && value->text->len > 0) {
    g_string_append_c(value->text, '\n');
    value->column = 0;
  }
  g_string_append_c(value->text, ' ');
  value->column++;
}

static void folded_token(Folded *value, const char *token)
{
  folded_separate(value, strlen(token));
  g_string_append(value->text, token);
  value->column += strlen(token);
}

static char *folded_end(Folded *value)
{
  g_string_append_c(value->text, '\n');
  return g_string_free(g_steal_pointer(&value->text), FALSE);
}

/* g_utf8_next_char() for const text. */
static const char *next_character(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

/* Octets of `text` for one encoded word: whole characters within `limit`, and a multiple of three where there
 * is one, for GMime drops what follows a word that ends in base64 padding. */
static gsize word_octets(const char *text, gsize limit)
{
  const char *end = text;
  gsize whole = 0, thirds = 0;

  while (*end != '\0' && (gsize)(next_character(end) - text) <= limit) {
    end = next_character(end);
    whole = (gsize)(end - text);
    if (whole % 3 == 0)
      thirds = whole;
  }
  return *end == '\0' || thirds == 0 ? whole : thirds;
}

/* `text` as encoded words, as many as it takes. */
static void folded_encode(Folded *value, const char *text)
{
  while (*text != '\0') {
    folded_separate(value, WORD_MIN);

    gsize room = MIN(LINE_MAX_CHARACTERS - value->column, WORD_MAX);
    gsize size = word_octets(text, (room - WORD_FRAME) / 4 * 3);
    g_autofree char *base64 = g_base64_encode((const guchar *)text, size);

    g_string_append_printf(value->text, WORD_BEGIN "%s" WORD_END, base64);
    value->column += strlen(base64) + WORD_FRAME;
    text += size;
  }
}

static bool is_ascii(const char *text)
{
  return g_str_is_ascii(text) && strstr(text, "=?") == NULL;
}

/* What would let a value end its line, or show another text than it holds. */
static bool is_unfit(gunichar c)
{
  return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* True when cleaning changes nothing, as is so of most texts: no blank too many, and no byte that anything
 * unfit begins with (C1 controls: C2; U+2028 to U+2069: E2 80 and E2 81; U+FEFF: EF BB). */
static bool is_clean(const char *text)
{
  guchar before = ' ';

  for (const guchar *p = (const guchar *)text; *p != '\0'; before = *p++)
    if (*p < 0x20 || *p == 0x7f || *p == 0xc2 || (*p == ' ' && before == ' ') ||
        (*p == 0xe2 && (p[1] == 0x80 || p[1] == 0x81)) || (*p == 0xef && p[1] == 0xbb))
      return false;
  return before != ' ' || text[0] == '\0';
}

char *header_text_clean(const char *text)
{
  if (is_clean(text))
    return g_strdup(text);

  GString *clean = g_string_new(NULL);
  bool blank = false;

  for (const char *p = text; *p != '\0'; p = next_character(p)) {
    gunichar c = g_utf8_get_char(p);

    if (c == ' ' || is_unfit(c)) {
      blank = clean->len > 0;
      continue;
    }
    if (blank)
      g_string_append_c(clean, ' ');
    blank = false;
    g_string_append_unichar(clean, c);
  }
  return g_string_free(clean, FALSE);
}

/* True when every token fits a line: the first one behind the header's name, the others behind a blank. */
static bool tokens_fit(const char *name, char *const *tokens)
{
  gsize before = strlen(name) + strlen(": ");

  for (; *tokens != NULL; tokens++) {
    if (before + strlen(*tokens) > LINE_MAX_CHARACTERS)
      return false;
    before = strlen(" ");
  }
  return true;
}

char *header_text_unstructured(const char *name, const char *text)
{
  g_autofree char *clean = header_text_clean(text);
  g_auto(GStrv) tokens = g_strsplit(clean, " ", -1);
  Folded value = folded_begin(name);

  if (is_ascii(clean) && tokens_fit(name, tokens))
    for (guint i = 0; tokens[i] != NULL; i++)
      folded_token(&value, tokens[i]);
  else
    folded_encode(&value, clean);
  return folded_end(&value);
}

/* `phrase` in double quotes (RFC 5322 3.2.4). Own string. */
static char *quoted_string(const char *phrase)
{
  GString *quoted = g_string_new("\"");

  for (const char *p = phrase; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(quoted, '\\');
    g_string_append_c(quoted, *p);
  }
  g_string_append_c(quoted, '"');
  return g_string_free(quoted, FALSE);
}

char *header_text_mailbox(const char *name, const char *display, const char *address)
{
  g_autofree char *clean = header_text_clean(display != NULL ? display : "");
  char *quoted[] = { quoted_string(clean), NULL };
  g_autofree char *token = quoted[0];
  Folded value = folded_begin(name);

  if (clean[0] == '\0') {
    folded_token(&value, address);
    return folded_end(&value);
  }
  if (is_ascii(clean) && tokens_fit(name, quoted))
    folded_token(&value, token);
  else
    folded_encode(&value, clean);

  g_autofree char *angle = g_strdup_printf("<%s>", address);

  folded_token(&value, angle);
  return folded_end(&value);
}
