#include "planner/date_text.h"

#include <string.h>

#include "planner/date_doubt.h"
#include "planner/date_written.h"

#define LONGEST 200 /* bytes: no date is that long, and a field of 10 MB is not worth normalising */

G_DEFINE_QUARK(kigen_date_text_error, date_text_error)

/* Signs that people type for a hyphen and that NFKC leaves alone. */
static bool is_hyphen(gunichar c)
{
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 /* minus */ || c == 0x30fc /* ー */;
}

static bool is_invisible(gunichar c)
{
  return c == 0x200b || c == 0xfeff;
}

/* `text` in NFKC, with plain spaces and hyphens. */
static char *plain_signs(const char *text)
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  GString *plain = g_string_sized_new(strlen(normal) + 1);

  for (char *p = normal; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!is_invisible(c))
      g_string_append_unichar(plain, g_unichar_isspace(c) ? ' ' : is_hyphen(c) ? '-' : c);
  }
  return g_string_free(plain, FALSE);
}

/* The grammar's text: in plain signs, without Excel's ="…" and blanks at the ends. NULL: `text` is not UTF-8.
 */
static char *plain_text(const char *text)
{
  if (!g_utf8_validate(text, -1, NULL))
    return NULL;

  char *plain = g_strstrip(g_str_is_ascii(text) ? g_strdup(text) : plain_signs(text));
  gsize length = strlen(plain);

  if (length >= 3 && g_str_has_prefix(plain, "=\"") && plain[length - 1] == '"') {
    plain[length - 1] = '\0';
    memmove(plain, plain + 2, length - 2);
    g_strstrip(plain);
  }
  return plain;
}

G_GNUC_PRINTF(2, 3) static bool refuse_day(GError **error, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);

  g_set_error(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_NO_DAY,
              "%s; write a day of the calendar, like 2031-03-31", message);
  return false;
}

/* The civil day that is written, whatever its era's bounds. */
static bool resolve(const Written *written, Day *ret_day, GError **error)
{
  int year = written->year + (written->in_era ? written->era.year_before : 0);
  int month = written->end == ENDS_FISCAL_YEAR ? 3 : written->month;

  if (written->year == 0)
    return refuse_day(error, "there is no year 0");
  if (written->end == ENDS_FISCAL_YEAR)
    year++;

  Day first = day_from_ymd(year, month, 1);

  if (first == DAY_NONE && (month < 1 || month > 12))
    return refuse_day(error, "there is no month %d", month);
  if (first == DAY_NONE)
    return refuse_day(error, "the year lies after 9999");

  int length = (int)(day_month_end(first) - first) + 1;
  int day = written->end == ENDS_DAY ? written->day : length;

  if (day < 1 || day > length)
    return refuse_day(error, "there is no such day: %d-%02d has %d days", year, month, length);
  *ret_day = first + (Day)day - 1;
  return true;
}

/* An era's name is right from its first day on; after its last day it is understood, and doubted. A fiscal
 * year keeps the name it began with. */
static bool check_era(const Written *written, Day day, char **ret_warning, GError **error)
{
  const Era *era = &written->era;
  char bound[DAY_TEXT_SIZE], meant[DAY_TEXT_SIZE];

  if (!written->in_era)
    return true;
  if (day < era->first)
    return refuse_day(error, "lies before %s, which is read from %s on", era->name,
                      day_format(era->first, bound));

  Day named = written->end == ENDS_FISCAL_YEAR ? day_add_months(day, -12) + 1 : day;

  if (era->last != DAY_NONE && named > era->last)
    *ret_warning = g_strdup_printf("%s ended on %s: taken as %s", era->name, day_format(era->last, bound),
                                   day_format(day, meant));
  return true;
}

static PlanDate known_or_tba(Day day)
{
  return day == day_from_ymd(9999, 12, 31) ? (PlanDate){ DATE_TBA, DAY_NONE } : plan_date_known(day);
}

/* 20310331 */
static bool read_digits(const char *text, Written *ret_written)
{
  if (strlen(text) != 8 || strspn(text, "0123456789") != 8)
    return false;

  int number = (int)g_ascii_strtoull(text, NULL, 10);

  *ret_written = (Written){ .year = number / 10000, .month = number / 100 % 100, .day = number % 100 };
  return true;
}

static bool is_zero(const Written *written)
{
  return !written->in_era && written->end == ENDS_DAY && written->year == 0 && written->month == 0 &&
         written->day == 0;
}

static bool parse_plain(const char *text, PlanDate *ret_date, char **ret_warning, GError **error)
{
  Written written;
  const char *rest = NULL;
  Day day = DAY_NONE;

  if (strcmp(text, "未定") == 0 || g_ascii_strcasecmp(text, "tba") == 0) {
    *ret_date = (PlanDate){ DATE_TBA, DAY_NONE };
    return true;
  }
  if (!read_digits(text, &written) && ((rest = date_written_read(text, &written)) == NULL || *rest != '\0'))
    return date_doubt_refuse(text, error);
  if (is_zero(&written)) {
    *ret_date = (PlanDate){ DATE_UNKNOWN, DAY_NONE };
    return true;
  }
  if (!resolve(&written, &day, error) || !check_era(&written, day, ret_warning, error))
    return false;
  *ret_date = known_or_tba(day);
  return true;
}

bool date_text_parse(const char *text, PlanDate *ret_date, char **ret_warning, GError **error)
{
  g_autofree char *warning = NULL;
  PlanDate date = { DATE_UNKNOWN, DAY_NONE };
  Day day;

  /* Nearly every row of a large file is strict ISO or empty. */
  if (text != NULL && day_parse(text, &day)) {
    date = known_or_tba(day);
  } else if (text != NULL && strnlen(text, LONGEST + 1) > LONGEST) {
    g_set_error_literal(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM,
                        "is too long for a date: write it like 2031-03-31");
    return false;
  } else if (text != NULL && *text != '\0') {
    g_autofree char *plain = plain_text(text);

    if (plain == NULL) {
      g_set_error_literal(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM,
                          "is not UTF-8: save the file as UTF-8 and write the date like 2031-03-31");
      return false;
    }
    if (*plain != '\0' && !parse_plain(plain, &date, &warning, error))
      return false;
  }
  *ret_date = date;
  if (ret_warning != NULL)
    *ret_warning = g_steal_pointer(&warning);
  return true;
}

char *date_text_japanese(Day day)
{
  static const char *const weekdays[] = { "月", "火", "水", "木", "金", "土", "日" };
  const char *weekday = weekdays[day_weekday(day) - 1];
  int y, m, d;
  Era era;

  day_to_ymd(day, &y, &m, &d);
  if (!era_of_day(day, &era))
    return g_strdup_printf("%d年%d月%d日（%s）", y, m, d, weekday);
  if (y == era.year_before + 1)
    return g_strdup_printf("%d年%d月%d日（%s元年%d月%d日・%s）", y, m, d, era.name, m, d, weekday);
  return g_strdup_printf("%d年%d月%d日（%s%d年%d月%d日・%s）", y, m, d, era.name, y - era.year_before, m, d,
                         weekday);
}

char *date_text_english(Day day)
{
  static const char *const weekdays[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday" };
  static const char *const months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"
  };
  int y, m, d;

  day_to_ymd(day, &y, &m, &d);
  return g_strdup_printf("%s, %d %s %d", weekdays[day_weekday(day) - 1], d, months[m - 1], y);
}
