#include "notifier/exchange/values.h"

#include <string.h>

#include "planner/date_text.h"
#include "planner/email_address.h"
#include "planner/limited_support.h"
#include "planner/service_terms.h"
#include "planner/web_address.h"

G_DEFINE_QUARK(kigen - values - error, values_error)

static bool is_ascii_space(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space, and what looks like nothing at all: a byte order mark in mid-file, a zero-width space. */
static bool is_blank(gunichar c)
{
  return g_unichar_isspace(c) || c == 0x200B || c == 0xFEFF;
}

static bool may_be_blank(char c)
{
  return is_ascii_space(c) || (guchar)c >= 0x80;
}

const char *values_trim(const char *cell, GStringChunk *chunk)
{
  gsize size = strlen(cell);

  if (size == 0 || (!may_be_blank(cell[0]) && !may_be_blank(cell[size - 1])))
    return cell;
  const char *start = cell;

  while (*start != '\0' && is_blank(g_utf8_get_char(start)))
    start += g_utf8_skip[(guchar)*start];
  const char *end = cell + size;

  while (end > start) {
    const char *before = g_utf8_find_prev_char(start, end);

    if (before == NULL || !is_blank(g_utf8_get_char(before)))
      break;
    end = before;
  }
  return *end == '\0' ? start : g_string_chunk_insert_len(chunk, start, end - start);
}

static bool refuse(GError **error, ValuesError code, const char *message)
{
  g_set_error_literal(error, VALUES_ERROR, (int)code, message);
  return false;
}

/* #NAME?, #REF!, #N/A … are Excel's, not the file's. */
static bool check_excel_error(const char *cell, GError **error)
{
  static const char *const words[] = { "#NAME?", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!" };

  for (gsize i = 0; cell[0] == '#' && i < G_N_ELEMENTS(words); i++) {
    if (strcmp(cell, words[i]) == 0)
      return refuse(error, VALUES_ERROR_EXCEL, "Excel wrote an error here; correct the cell's formula");
  }
  return true;
}

bool values_text(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error)
{
  for (const char *p = cell; *p != '\0'; p++) {
    if (((guchar)*p < 0x20 && !is_ascii_space(*p)) || *p == 0x7F)
      return refuse(error, VALUES_ERROR_FORM, "a control character; remove it");
  }
  if (!check_excel_error(cell, error))
    return false;
  *ret_value = cell;
  return true;
}

bool values_line(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error)
{
  for (const char *p = cell; *p != '\0'; p++) {
    if (*p == '\n' || *p == '\r')
      return refuse(error, VALUES_ERROR_FORM, "a line break; this column takes one line");
    if ((guchar)*p < 0x20 || *p == 0x7F)
      return refuse(error, VALUES_ERROR_FORM, "a control character; remove it");
  }
  if (!check_excel_error(cell, error))
    return false;
  *ret_value = cell;
  return true;
}

static const char *skip_digits(const char *text)
{
  while (g_ascii_isdigit(*text))
    text++;
  return text;
}

/* 1.23E+13 and 1E+13: what Excel makes of a long number. */
static bool is_exponent(const char *cell)
{
  const char *p = skip_digits(cell);

  if (p == cell)
    return false;
  if (*p == '.')
    p = skip_digits(p + 1);
  if ((*p != 'E' && *p != 'e') || p[1] != '+' || !g_ascii_isdigit(p[2]))
    return false;
  return *skip_digits(p + 2) == '\0';
}

bool values_code(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error)
{
  gsize size = strlen(cell);

  if (size >= 3 && cell[0] == '=' && cell[1] == '"' && cell[size - 1] == '"')
    cell = values_trim(g_string_chunk_insert_len(sink->chunk, cell + 2, (gssize)size - 3), sink->chunk);
  if (is_exponent(cell))
    return refuse(
        error, VALUES_ERROR_EXCEL,
        "Excel turned a long number into an exponent, and its digits are lost; format the column as "
        "text before typing or opening the file, and enter the number again");
  if (*cell == '\0') {
    *ret_value = NULL;
    return true;
  }
  return values_line(cell, detail, sink, ret_value, error);
}

static bool parse_date(const char *cell, bool keep_tba, ValueSink *sink, const char **ret_value,
                       GError **error)
{
  PlanDate date;
  Day day;
  char buffer[DAY_TEXT_SIZE];

  if (day_parse(cell, &day) && strcmp(cell, "9999-12-31") != 0) {
    *ret_value = cell;
    return true;
  }
  if (!date_text_parse(cell, &date, &sink->warning, error))
    return false;
  if (date.state == DATE_UNKNOWN || (date.state == DATE_TBA && !keep_tba))
    *ret_value = NULL;
  else
    *ret_value = g_string_chunk_insert(sink->chunk, plan_date_to_store(date, buffer));
  return true;
}

bool values_plan_date(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                      GError **error)
{
  return parse_date(cell, true, sink, ret_value, error);
}

bool values_day(const char *cell, const void *detail, ValueSink *sink, const char **ret_value, GError **error)
{
  return parse_date(cell, false, sink, ret_value, error);
}

bool values_integer(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error)
{
  const ValueRange *range = detail;
  g_autofree char *plain = g_utf8_normalize(cell, -1, G_NORMALIZE_NFKC);
  gint64 number;

  if (!g_ascii_string_to_signed(plain, 10, range->min, range->max, &number, NULL)) {
    g_set_error(error, VALUES_ERROR, VALUES_ERROR_FORM,
                "not a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, range->min, range->max);
    return false;
  }
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

  *ret_value = g_string_chunk_insert(sink->chunk, text);
  return true;
}

/* NFKC, case folded, without spaces, _ and -. */
static char *fold_word(const char *text)
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold(normal, -1);
  g_autoptr(GString) word = g_string_new(NULL);

  for (char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!is_blank(c) && c != '_' && c != '-')
      g_string_append_unichar(word, c);
  }
  return g_string_free(g_steal_pointer(&word), FALSE);
}

/* «hospital (病院), clinic (診療所)»: the stored words, each with its first other spelling that is not ASCII.
 */
static char *list_words(const ValueWord *words)
{
  g_autoptr(GString) list = g_string_new(NULL);

  for (const ValueWord *w = words; w->word != NULL; w++) {
    bool stored = strcmp(w->word, w->value) == 0;

    if (stored)
      g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", w->word);
    else if (w > words && strcmp(w[-1].word, w->value) == 0 && !g_str_is_ascii(w->word))
      g_string_append_printf(list, " (%s)", w->word);
  }
  return g_string_free(g_steal_pointer(&list), FALSE);
}

bool values_word(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error)
{
  const ValueWord *words = detail;

  for (const ValueWord *w = words; w->word != NULL; w++) {
    if (strcmp(w->word, cell) == 0) {
      *ret_value = w->value;
      return true;
    }
  }
  g_autofree char *folded = fold_word(cell);

  for (const ValueWord *w = words; w->word != NULL; w++) {
    g_autofree char *word = fold_word(w->word);

    if (strcmp(word, folded) == 0) {
      *ret_value = w->value;
      return true;
    }
  }
  g_autofree char *known = list_words(words);

  g_set_error(error, VALUES_ERROR, VALUES_ERROR_FORM, "not a word of this column; use one of: %s", known);
  return false;
}

bool values_boolean(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error)
{
  static const ValueWord words[] = {
    { "1", "1" },      { "0", "0" },    { "yes", "1" },   { "no", "0" },     { "はい", "1" },
    { "いいえ", "0" }, { "true", "1" }, { "false", "0" }, { "y", "1" },      { "n", "0" },
    { "有", "1" },     { "無", "0" },   { "該当", "1" },  { "非該当", "0" }, { NULL, NULL },
  };

  if (values_word(cell, words, sink, ret_value, NULL))
    return true;
  return refuse(error, VALUES_ERROR_FORM, "neither yes nor no; write yes or no (1 or 0, はい or いいえ)");
}

bool values_email(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                  GError **error)
{
  if (!email_address_check(cell, error))
    return false;
  *ret_value = cell;
  return true;
}

bool values_url(const char *cell, const void *detail, ValueSink *sink, const char **ret_value, GError **error)
{
  if (!web_address_check(cell, error))
    return false;
  *ret_value = cell;
  return true;
}

bool values_https(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                  GError **error)
{
  if (!web_address_check(cell, error))
    return false;
  if (g_ascii_strncasecmp(cell, "https://", 8) != 0)
    return refuse(error, VALUES_ERROR_FORM, "must begin with https://: notices do not go over an open line");
  *ret_value = cell;
  return true;
}

bool values_time_zone(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                      GError **error)
{
  GTimeZone *zone = g_time_zone_new_identifier(cell);

  if (zone == NULL)
    return refuse(error, VALUES_ERROR_FORM, "not a time zone; write a name like Asia/Tokyo");
  g_time_zone_unref(zone);
  *ret_value = cell;
  return true;
}

bool values_country(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error)
{
  g_autofree char *plain = g_utf8_normalize(cell, -1, G_NORMALIZE_NFKC);
  g_autofree char *upper = g_utf8_strup(plain, -1);

  if (strcmp(upper, "日本") == 0) {
    *ret_value = "JP";
    return true;
  }
  if (strlen(upper) != 2 || !g_ascii_isalpha(upper[0]) || !g_ascii_isalpha(upper[1]))
    return refuse(error, VALUES_ERROR_FORM, "not a country code; write two letters, like JP");
  *ret_value = g_string_chunk_insert(sink->chunk, upper);
  return true;
}

bool values_service_lines(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                          GError **error)
{
  LimitedSupport plan = { 0 };
  bool good = limited_support_parse_lines(cell, &plan, error);

  limited_support_clear(&plan);
  if (good)
    *ret_value = cell;
  return good;
}

bool values_service_terms(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                          GError **error)
{
  LimitedSupport plan = { 0 };
  bool good = service_terms_parse(cell, "ja", &plan, error);

  limited_support_clear(&plan);
  if (good)
    *ret_value = cell;
  return good;
}

/* What most serials are: ASCII without small letters and spaces. */
static bool is_plain_key(const char *serial)
{
  for (const char *p = serial; *p != '\0'; p++) {
    if ((guchar)*p >= 0x80 || g_ascii_islower(*p) || is_ascii_space(*p))
      return false;
  }
  return true;
}

char *values_serial_key(const char *serial)
{
  if (is_plain_key(serial))
    return NULL;
  g_autofree char *normal = g_utf8_normalize(serial, -1, G_NORMALIZE_NFKC);
  g_autofree char *upper = g_utf8_strup(normal, -1);
  g_autoptr(GString) key = g_string_new(NULL);

  for (char *p = upper; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!is_blank(c))
      g_string_append_unichar(key, c);
  }
  return g_string_free(g_steal_pointer(&key), FALSE);
}
