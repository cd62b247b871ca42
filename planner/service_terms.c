#include "planner/service_terms.h"

#include <string.h>

#define LONGEST (SERVICE_COUNT * (SERVICE_TERMS_MAX + 50) * 6) /* bytes of a cell: UTF-8, and escapes */
#define SHOWN 40                                               /* characters of a part that an error shows */

G_DEFINE_QUARK(kigen - service - terms - error - quark, service_terms_error)

static bool is_english(const char *language)
{
  return strcmp(language, "en") == 0;
}

static char **terms_of(ServiceLine *line, const char *language)
{
  return is_english(language) ? &line->terms_en : &line->terms_ja;
}

static const char *next_character(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

static bool is_blank(gunichar c)
{
  return g_unichar_isspace(c) || g_unichar_iszerowidth(c);
}

/* `text` (`size` bytes of valid UTF-8) without blanks at its ends and with \n for every line break. Own
 * string. */
static char *trimmed(const char *text, gsize size)
{
  const char *end = text + size;
  GString *out = g_string_new(NULL);

  while (text < end && is_blank(g_utf8_get_char(text)))
    text = next_character(text);
  for (const char *last; end > text; end = last) {
    last = g_utf8_find_prev_char(text, end);
    if (!is_blank(g_utf8_get_char(last)))
      break;
  }
  for (; text < end; text++) {
    if (*text == '\r' && text + 1 < end && text[1] == '\n')
      continue;
    g_string_append_c(out, *text == '\r' ? '\n' : *text);
  }
  return g_string_free(out, FALSE);
}

static bool refuse(GError **error, const char *message)
{
  g_set_error_literal(error, SERVICE_TERMS_ERROR, SERVICE_TERMS_ERROR_FORM, message);
  return false;
}

static bool check_terms(const char *terms, GError **error)
{
  for (const char *p = terms; *p != '\0'; p = next_character(p)) {
    gunichar c = g_utf8_get_char(p);

    if (g_unichar_iscntrl(c) && c != '\n' && c != '\t')
      return refuse(error, "a control character stands in the terms; remove it");
  }
  if (g_utf8_strlen(terms, -1) > SERVICE_TERMS_MAX)
    return refuse(error, "the terms are longer than " G_STRINGIFY(
                             SERVICE_TERMS_MAX) " characters; say the rest in the plan's document");
  return true;
}

bool service_terms_set(ServiceLine *line, const char *language, const char *text, GError **error)
{
  if (text != NULL && !g_utf8_validate(text, -1, NULL))
    return refuse(error, "the terms are not UTF-8");

  g_autofree char *terms = text != NULL ? trimmed(text, strlen(text)) : NULL;
  char **target = terms_of(line, language);

  if (terms != NULL && !check_terms(terms, error))
    return false;
  g_free(*target);
  *target = terms != NULL && *terms != '\0' ? g_steal_pointer(&terms) : NULL;
  return true;
}

/* Where the separator that `c` begins ends: ASCII or full-width; NULL: it is none. */
static const char *after_mark(const char *p, const char *ascii, const char *wide)
{
  return g_str_has_prefix(p, ascii) ? p + strlen(ascii) : g_str_has_prefix(p, wide) ? p + strlen(wide) : NULL;
}

/* Appends the next part to `part`, escapes undone, and moves *p behind its separator. */
static void next_part(const char **p, GString *part)
{
  g_string_truncate(part, 0);
  while (**p != '\0') {
    const char *after = after_mark(*p, ";", "；");
    const char *escaped = **p == '\\' ? *p + 1 : NULL;

    if (after != NULL) {
      *p = after;
      return;
    }
    if (escaped != NULL && (*escaped == '\\' || after_mark(escaped, ";", "；") != NULL))
      *p = escaped;

    const char *next = next_character(*p);

    g_string_append_len(part, *p, next - *p);
    *p = next;
  }
}

G_GNUC_PRINTF(3, 4) static bool refuse_part(GError **error, const char *part, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *why = g_strdup_vprintf(format, arguments);
  va_end(arguments);

  g_autofree char *shown = g_utf8_substring(part, 0, MIN(g_utf8_strlen(part, -1), SHOWN));
  g_autofree char *kinds = service_kind_list();

  g_set_error(
      error, SERVICE_TERMS_ERROR, SERVICE_TERMS_ERROR_FORM,
      "terms \"%s\": %s; write KIND:TERMS, parts separated by ; (a ; inside terms as \\;), with the kinds %s",
      shown, why, kinds);
  return false;
}

/* Reads one "kind:terms" into `lines`. */
static bool parse_part(const char *part, const char *language, ServiceLine lines[static SERVICE_COUNT],
                       GError **error)
{
  const char *colon = part, *after = NULL;

  while (*colon != '\0' && (after = after_mark(colon, ":", "：")) == NULL)
    colon = next_character(colon);
  if (after == NULL)
    return refuse_part(error, part, "there is no colon");

  g_autofree char *normal = g_utf8_normalize(part, colon - part, G_NORMALIZE_NFKC);
  ServiceKind kind;
  g_autoptr(GError) why = NULL;

  if (!service_kind_parse(g_strstrip(normal), &kind))
    return refuse_part(error, part, "there is no such kind of service");
  if (*terms_of(&lines[kind], language) != NULL)
    return refuse_part(error, part, "%s stands there twice", service_kind_key(kind));
  if (!service_terms_set(&lines[kind], language, after, &why))
    return refuse_part(error, part, "%s", why->message);
  if (*terms_of(&lines[kind], language) == NULL)
    return refuse_part(error, part, "its terms are missing (leave out a line that has none)");
  return true;
}

static bool parse_parts(const char *text, const char *language, ServiceLine lines[static SERVICE_COUNT],
                        GError **error)
{
  g_autoptr(GString) part = g_string_new(NULL);

  for (const char *p = text; *p != '\0';) {
    next_part(&p, part);

    g_autofree char *bare = trimmed(part->str, part->len);

    if (*bare != '\0' && !parse_part(bare, language, lines, error))
      return false;
  }
  return true;
}

bool service_terms_parse(const char *text, const char *language, LimitedSupport *plan, GError **error)
{
  ServiceLine lines[SERVICE_COUNT] = { 0 };

  if (text == NULL)
    text = "";
  if (strnlen(text, LONGEST + 1) > LONGEST)
    return refuse_part(error, "…", "the text is too long");
  if (!g_utf8_validate(text, -1, NULL))
    return refuse_part(error, "…", "the text is not UTF-8");

  bool good = parse_parts(text, language, lines, error);

  for (int i = 0; i < SERVICE_COUNT; i++) {
    char **terms = terms_of(&lines[i], language);

    if (good) {
      g_free(*terms_of(&plan->line[i], language));
      *terms_of(&plan->line[i], language) = g_steal_pointer(terms);
    }
    g_free(*terms);
  }
  return good;
}

static void append_escaped(GString *text, const char *terms)
{
  for (const char *p = terms; *p != '\0'; p++) {
    if (*p == '\\' || after_mark(p, ";", "；") != NULL)
      g_string_append_c(text, '\\');
    g_string_append_c(text, *p);
  }
}

char *service_terms_format(const LimitedSupport *plan, const char *language)
{
  GString *text = g_string_new(NULL);

  for (int i = 0; i < SERVICE_COUNT; i++) {
    const char *terms = is_english(language) ? plan->line[i].terms_en : plan->line[i].terms_ja;

    if (terms == NULL)
      continue;
    g_string_append_printf(text, "%s%s:", text->len == 0 ? "" : ";", service_kind_key((ServiceKind)i));
    append_escaped(text, terms);
  }
  return g_string_free(text, FALSE);
}

ServiceKind service_terms_stray(const LimitedSupport *plan)
{
  int kind = 0;

  while (kind < SERVICE_COUNT && (plan->line[kind].until != DAY_NONE ||
                                  (plan->line[kind].terms_ja == NULL && plan->line[kind].terms_en == NULL)))
    kind++;
  return (ServiceKind)kind;
}
