#include "planner/person.h"

#include <string.h>

#define LONG_NAME 4 /* characters of a name in kanji or kana that another name seldom ends with */

struct Person {
  gunichar *name; /* folded; blanks only between the parts of a name in letters */
  glong length;
  bool cjk;          /* no letter of an alphabet in it */
  bool ends_another; /* other names may well end with it: 林 健太郎, 小林健太郎 */
  char first[7];     /* its first character, to look for before anything else */
  char *email;       /* folded, or NULL */
};

char *person_fold(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold(normal, -1);
  GString *out = g_string_sized_new(strlen(folded));

  for (char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!g_unichar_isspace(c))
      g_string_append_unichar(out, c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c(out, ' ');
  }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate(out, out->len - 1);
  return g_string_free(out, FALSE);
}

static char *without_blanks(char *text)
{
  char *to = text;

  for (const char *from = text; *from != '\0'; from++)
    if (*from != ' ')
      *to++ = *from;
  *to = '\0';
  return text;
}

char *person_key(const char *name)
{
  return without_blanks(person_fold(name));
}

/* True for what a name in Japanese goes on with; what joins words is hiragana. */
static bool is_kanji_or_katakana(gunichar c)
{
  GUnicodeScript script = g_unichar_get_script(c);

  return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_KATAKANA || c == 0x30fc; /* ー */
}

static bool is_cjk(gunichar c)
{
  return is_kanji_or_katakana(c) || g_unichar_get_script(c) == G_UNICODE_SCRIPT_HIRAGANA;
}

static bool has_alphabet(char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char(text))
    if (g_unichar_isalpha(g_utf8_get_char(text)) && !is_cjk(g_utf8_get_char(text)))
      return true;
  return false;
}

Person *person_new(const char *name, const char *email)
{
  Person *person = g_new0(Person, 1);
  g_autofree char *folded = person_fold(name);
  const char *blank = strchr(folded, ' ');
  glong family = blank != NULL ? g_utf8_strlen(folded, blank - folded) : 0;

  person->cjk = !has_alphabet(folded);
  if (person->cjk)
    without_blanks(folded);
  person->name = g_utf8_to_ucs4_fast(folded, -1, &person->length);
  if (person->length > 0)
    g_unichar_to_utf8(person->name[0], person->first);
  person->ends_another = person->length < LONG_NAME || family == 1;
  person->email = email != NULL && email[0] != '\0' ? person_fold(email) : NULL;
  return person;
}

void person_free(Person *person)
{
  if (person == NULL)
    return;
  g_free(person->name);
  g_free(person->email);
  g_free(person);
}

/* The characters of `text` from `at` on that spell the name; 0: they do not. */
static glong spelled(const Person *person, const gunichar *text, glong length, glong at)
{
  glong i = at, done = 0;

  while (done < person->length && i < length) {
    if (text[i] == person->name[done])
      done++;
    else if (!person->cjk || text[i] != ' ' || done == 0)
      return 0;
    i++;
  }
  return done == person->length ? i - at : 0;
}

/* True when nothing at `at` makes what stands before it another name: an honorific and a title do not. */
static bool ends_name(const gunichar *text, glong length, glong at)
{
  /* 様 氏 殿 君 先(生) 部(長) 課(長) 室(長) 係(長) 院(長) 教(授) 技(師) 看(護師) 副 職 */
  static const gunichar begin[] = { 0x69d8, 0x6c0f, 0x6bbf, 0x541b, 0x5148, 0x90e8, 0x8ab2, 0x5ba4,
                                    0x4fc2, 0x9662, 0x6559, 0x6280, 0x770b, 0x526f, 0x8077 };

  if (at < length && text[at] == ' ')
    at++;
  if (at >= length || !is_kanji_or_katakana(text[at]))
    return true;
  for (gsize i = 0; i < G_N_ELEMENTS(begin); i++)
    if (text[at] == begin[i])
      return true;
  return false;
}

static bool is_letter(gunichar c)
{
  return g_unichar_isalnum(c) && !is_cjk(c);
}

/* True when what stands in `text` at `from`, up to `to`, is this name and no part of a longer one. */
static bool stands_alone(const Person *person, const gunichar *text, glong length, glong from, glong to)
{
  if (!person->cjk)
    return (from == 0 || !is_letter(text[from - 1])) && (to >= length || !is_letter(text[to]));
  return (!person->ends_another || from == 0 || !is_kanji_or_katakana(text[from - 1])) &&
         ends_name(text, length, to);
}

static bool has_name(const Person *person, const char *folded)
{
  const char *first = person->length > 0 ? strstr(folded, person->first) : NULL;

  if (first == NULL)
    return false;

  glong length = 0;
  g_autofree gunichar *text = g_utf8_to_ucs4_fast(folded, -1, &length);

  for (glong at = 0; at < length; at++) {
    glong taken = spelled(person, text, length, at);

    if (taken > 0 && stands_alone(person, text, length, at, at + taken))
      return true;
  }
  return false;
}

/* True when a character may belong to the address before or behind it. */
static bool is_of_address(char c)
{
  return g_ascii_isalnum(c) || (c != '\0' && strchr("_-+", c) != NULL);
}

static bool has_email(const Person *person, const char *folded)
{
  for (const char *at = strstr(folded, person->email); at != NULL; at = strstr(at + 1, person->email)) {
    const char *end = at + strlen(person->email);
    bool begins = at == folded || !(is_of_address(at[-1]) || at[-1] == '.');
    bool ends = !is_of_address(end[0]) && !(end[0] == '.' && is_of_address(end[1]));

    if (begins && ends)
      return true;
  }
  return false;
}

bool person_is_in_folded(const Person *person, const char *folded)
{
  return has_name(person, folded) || (person->email != NULL && has_email(person, folded));
}

bool person_is_in(const Person *person, const char *text)
{
  g_autofree char *folded = text != NULL ? person_fold(text) : NULL;

  return folded != NULL && person_is_in_folded(person, folded);
}
