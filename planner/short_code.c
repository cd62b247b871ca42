#include "planner/short_code.h"

#include <string.h>

/* Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. Twenty-three, a prime: the check rests on it. */
static const char alphabet[] = "34679ACDEFGHJKMNPQRTWXY";
#define BASE 23
#define ROOT 5 /* a primitive root of BASE: no two weights that are near are the same */
#define GROUP 4
#define NUMBER_DIGITS_MAX 18 /* of any row id that was ever given */

static int value_of(char c)
{
  const char *at = strchr(alphabet, c);

  return at != NULL && c != '\0' ? (int)(at - alphabet) : -1;
}

/* The check over the number's digits and the secret without its last character. */
static char check_of(gint64 message, const char *secret)
{
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, message);
  int sum = 0;

  for (const char *c = digits; *c != '\0'; c++)
    sum = (sum * ROOT + (*c - '0')) % BASE;
  for (int i = 0; i < SHORT_CODE_SECRET_LENGTH - 1; i++)
    sum = (sum * ROOT + value_of(secret[i])) % BASE;
  return alphabet[(BASE - sum * ROOT % BASE) % BASE];
}

ShortCode short_code_make(gint64 message, guint64 number)
{
  ShortCode code = { .message = message };

  g_assert(message > 0);
  for (int i = 0; i < SHORT_CODE_SECRET_LENGTH - 1; i++, number /= BASE)
    code.secret[i] = alphabet[number % BASE];
  code.secret[SHORT_CODE_SECRET_LENGTH - 1] = check_of(message, code.secret);
  return code;
}

const char *short_code_format(const ShortCode *code, char buffer[static SHORT_CODE_TEXT_SIZE])
{
  g_snprintf(buffer, SHORT_CODE_TEXT_SIZE, "%" G_GINT64_FORMAT "-%.*s-%s", code->message, GROUP, code->secret,
             code->secret + GROUP);
  return buffer;
}

/* What stands for nothing but a gap: the hyphens and dashes of all keyboards, and blanks. */
static bool is_gap(gunichar c)
{
  static const gunichar gaps[] = { '-',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x30FC,
                                   0xFF0D, 0xFF70, 0x2500, 0x2501, ' ',    0x3000, 0xA0,   '.',    0x30FB };

  for (gsize i = 0; i < G_N_ELEMENTS(gaps); i++)
    if (gaps[i] == c)
      return true;
  return false;
}

/* g_utf8_next_char, which takes the const away. */
static const char *next_char(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

/* The ASCII capital or digit that `c` is, in whatever width and case; 0: none. */
static char plain(gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E)
    c -= 0xFF01 - '!';
  return c < 0x80 && g_ascii_isalnum((char)c) ? g_ascii_toupper((char)c) : '\0';
}

/* In the number there are only digits: what was read as a letter is the digit it looks like. */
static char as_digit(char c)
{
  static const char letters[] = "OQDILZSB", digits[] = "00011258";
  const char *at = strchr(letters, c);

  if (g_ascii_isdigit(c))
    return c;
  return at != NULL && c != '\0' ? digits[at - letters] : '\0';
}

/* `symbols`: what was written, gaps left out. */
static bool read_symbols(const char *symbols, ShortCode *ret_code)
{
  gsize length = strlen(symbols);
  gsize digits = length > SHORT_CODE_SECRET_LENGTH ? length - SHORT_CODE_SECRET_LENGTH : 0;
  ShortCode code = { 0 };

  if (digits == 0 || digits > NUMBER_DIGITS_MAX)
    return false;
  for (gsize i = 0; i < digits; i++) {
    char digit = as_digit(symbols[i]);

    if (digit == '\0')
      return false;
    code.message = code.message * 10 + (digit - '0');
  }
  memcpy(code.secret, symbols + digits, SHORT_CODE_SECRET_LENGTH);
  for (gsize i = 0; i < SHORT_CODE_SECRET_LENGTH; i++)
    if (value_of(code.secret[i]) < 0)
      return false;
  if (code.message == 0 || code.secret[SHORT_CODE_SECRET_LENGTH - 1] != check_of(code.message, code.secret))
    return false;
  *ret_code = code;
  return true;
}

bool short_code_parse(const char *text, ShortCode *ret_code)
{
  char symbols[NUMBER_DIGITS_MAX + SHORT_CODE_SECRET_LENGTH + 1] = "";
  gsize n = 0;

  if (!g_utf8_validate(text, -1, NULL))
    return false;
  for (const char *p = text; *p != '\0'; p = next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    char symbol = plain(c);

    if (symbol == '\0' && (is_gap(c) || g_unichar_isspace(c)))
      continue;
    if (symbol == '\0' || n == sizeof symbols - 1)
      return false;
    symbols[n++] = symbol;
  }
  symbols[n] = '\0';
  return read_symbols(symbols, ret_code);
}

/* Takes up to `max` symbols from *at into `into`; how many. */
static gsize take(const char **at, char *into, gsize max)
{
  gsize n = 0;

  while (n < max && plain(g_utf8_get_char(*at)) != '\0') {
    into[n++] = plain(g_utf8_get_char(*at));
    *at = next_char(*at);
  }
  return n;
}

/* A code that begins exactly at `at`: number, gap, group, gap, group. */
static bool read_here(const char *at, ShortCode *ret_code, const char **ret_end)
{
  char symbols[NUMBER_DIGITS_MAX + SHORT_CODE_SECRET_LENGTH + 1] = "";
  gsize n = take(&at, symbols, NUMBER_DIGITS_MAX);

  if (n == 0)
    return false;
  for (int group = 0; group < SHORT_CODE_SECRET_LENGTH / GROUP; group++) {
    if (!is_gap(g_utf8_get_char(at)))
      return false;
    at = next_char(at);

    gsize taken = take(&at, symbols + n, GROUP);

    if (taken != GROUP)
      return false;
    n += taken;
  }
  if (plain(g_utf8_get_char(at)) != '\0' || !read_symbols(symbols, ret_code))
    return false;
  *ret_end = at;
  return true;
}

bool short_code_find(const char *from, ShortCode *ret_code, const char **ret_begin, const char **ret_end)
{
  bool in_word = false;

  for (const char *p = from; *p != '\0'; p = next_char(p)) {
    bool is_symbol = plain(g_utf8_get_char(p)) != '\0';

    if (is_symbol && !in_word && read_here(p, ret_code, ret_end)) {
      *ret_begin = p;
      return true;
    }
    in_word = is_symbol;
  }
  return false;
}

bool short_code_equal(const ShortCode *a, const ShortCode *b)
{
  guint differ = a->message != b->message;

  for (int i = 0; i < SHORT_CODE_SECRET_LENGTH; i++)
    differ |= (guint)(guchar)a->secret[i] ^ (guint)(guchar)b->secret[i];
  return differ == 0;
}
