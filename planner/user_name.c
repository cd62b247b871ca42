#include "planner/user_name.h"

#define LONGEST 100 /* characters */

G_DEFINE_QUARK(kigen - user - name - error, user_name_error)

/* Characters that a reader cannot see, or that change how others are read. */
static bool is_hidden(gunichar c)
{
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
    return c != '\t';
  case G_UNICODE_FORMAT:
  case G_UNICODE_UNASSIGNED:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return true;
  default:
    return !g_unichar_isspace(c) && !g_unichar_isgraph(c);
  }
}

/* `text` in NFKC, with single blanks between its words; NULL when something in it does not show. */
static char *visible_words(const char *text)
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_autoptr(GString) words = g_string_new(NULL);
  bool blank = false;

  for (char *p = normal; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (is_hidden(c))
      return NULL;
    if (g_unichar_isspace(c)) {
      blank = true;
      continue;
    }
    if (blank && words->len > 0)
      g_string_append_c(words, ' ');
    g_string_append_unichar(words, c);
    blank = false;
  }
  return g_string_free(g_steal_pointer(&words), FALSE);
}

bool user_name_parse_full(const char *text, char **ret_name, GError **error)
{
  g_autofree char *name = text != NULL && g_utf8_validate(text, -1, NULL) ? visible_words(text) : NULL;

  if (name == NULL) {
    g_set_error(error, USER_NAME_ERROR, USER_NAME_ERROR_FORM,
                "a name with a character in it that does not show: write it with letters, digits and blanks");
    return false;
  }
  if (name[0] == '\0') {
    g_set_error(error, USER_NAME_ERROR, USER_NAME_ERROR_FORM, "a name without a letter");
    return false;
  }
  if (g_utf8_strlen(name, -1) > LONGEST) {
    g_set_error(error, USER_NAME_ERROR, USER_NAME_ERROR_FORM, "a name of more than %d characters", LONGEST);
    return false;
  }
  *ret_name = g_steal_pointer(&name);
  return true;
}

bool user_name_parse(const char *text, char **ret_name, GError **error)
{
  g_autofree char *name = NULL;

  if (!user_name_parse_full(text, &name, error))
    return false;
  if (user_name_is_like(name, USER_NAME_PROGRAM)) {
    g_set_error(error, USER_NAME_ERROR, USER_NAME_ERROR_RESERVED,
                "\"%s\" is what the audit trail calls the program itself: choose another name", name);
    return false;
  }
  *ret_name = g_steal_pointer(&name);
  return true;
}

bool user_name_is_like(const char *a, const char *b)
{
  g_autofree char *one = g_utf8_casefold(a, -1);
  g_autofree char *other = g_utf8_casefold(b, -1);

  return g_str_equal(one, other);
}

bool user_name_is_of(gint64 acted, const char *by, gint64 user, const char *name, const char *full_name)
{
  if (acted != 0 || name == NULL)
    return acted == user;
  return user_name_is_like(by, name) || user_name_is_like(by, full_name);
}
