#include "planner/date_doubt.h"

#include <string.h>

#include "planner/date_text.h"
#include "planner/date_written.h"

#define EXCEL_TEXT "in Excel, format the column as text (文字列) and type 2031-03-31"
#define MONTH_END "2031年3月末 for the end of a month"

static gsize count_digits(const char *p)
{
  return strspn(p, "0123456789");
}

/* 48304, or 48304.5 where there was a time with it. */
static bool looks_serial(const char *text)
{
  if (count_digits(text) != 5)
    return false;
  text += 5;
  return *text == '\0' || (*text == '.' && text[1] != '\0' && text[1 + count_digits(text + 1)] == '\0');
}

/* 1.23E+13: what a cell makes of 20310331000000 */
static bool looks_exponent(const char *text)
{
  const char *e = text + strspn(text, "0123456789.");

  return e > text && (*e == 'E' || *e == 'e') && g_ascii_isdigit(e[1 + strspn(e + 1, "+-")]);
}

/* ########, #VALUE!, #N/A */
static bool looks_hashes(const char *text)
{
  return text[0] == '#';
}

/* 2031/03, 2031-3, 3/31: Excel shows, and saves, a day so under some formats. */
static bool looks_cut(const char *text)
{
  gsize n = count_digits(text);
  gsize m = text[n] == '-' || text[n] == '/' ? count_digits(text + n + 1) : 0;

  return (n == 4 || n == 2 || n == 1) && (m == 2 || m == 1) && text[n + 1 + m] == '\0';
}

/* Mar-31, 31-Mar: the same in an English Excel. */
static bool looks_month_name(const char *text)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec" };
  gsize n = count_digits(text);
  const char *name = n > 0 && text[n] == '-' ? text + n + 1 : text;

  for (gsize i = 0; i < G_N_ELEMENTS(months); i++) {
    if (g_ascii_strncasecmp(name, months[i], 3) == 0)
      return name[3] == (name > text ? '\0' : '-');
  }
  return false;
}

/* 3月31日: the same in a Japanese one. */
static bool looks_month_day(const char *text)
{
  const char *month = strstr(text, "月");

  return count_digits(text) > 0 && text + count_digits(text) == month && g_str_has_suffix(text, "日");
}

static bool looks_month(const char *text)
{
  const char *rest = date_written_read_month(text);

  return rest != NULL && *rest == '\0';
}

static bool looks_longer(const char *text)
{
  Written written;

  return date_written_read(text, &written) != NULL;
}

/* 31/03/2031, 02/03/04: which is the day? */
static bool looks_ambiguous(const char *text)
{
  gsize n = count_digits(text);

  if (n == 0 || n > 2 || (text[n] != '-' && text[n] != '/' && text[n] != '.'))
    return false;

  gsize m = count_digits(text + n + 1);

  return m > 0 && text[n + 1 + m] == text[n] && g_ascii_isdigit(text[n + 2 + m]);
}

static bool looks_number(const char *text)
{
  return text[count_digits(text)] == '\0';
}

static bool looks_undecided(const char *text)
{
  static const char *const words[] = { "調整中", "検討中", "未発表", "未公表", "未確定", "予定",
                                       "tbd",    "n/a",    "なし",   "不明",   "-" };

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    if (g_ascii_strcasecmp(text, words[i]) == 0)
      return true;
  }
  return false;
}

/* The first row that recognises the text speaks. */
static const struct {
  bool (*looks)(const char *text);
  DateTextError code;
  const char *message;
} doubts[] = {
  { looks_exponent, DATE_TEXT_ERROR_EXCEL,
    "looks like a long number that Excel turned into an exponent: " EXCEL_TEXT },
  { looks_hashes, DATE_TEXT_ERROR_EXCEL,
    "looks like what Excel saves for too narrow a column or for an error: widen or correct it and save "
    "again" },
  { looks_cut, DATE_TEXT_ERROR_EXCEL,
    "has only two parts, probably cut by Excel's date format: " EXCEL_TEXT ", or " MONTH_END },
  { looks_month_name, DATE_TEXT_ERROR_EXCEL,
    "has only two parts, probably cut by Excel's date format: " EXCEL_TEXT ", or " MONTH_END },
  { looks_month_day, DATE_TEXT_ERROR_EXCEL, "has no year, probably cut by Excel's date format: " EXCEL_TEXT },
  { looks_month, DATE_TEXT_ERROR_FORM,
    "names no day: write 2031-03-31, or " MONTH_END ", 2031年度末 for that of a fiscal year" },
  { looks_longer, DATE_TEXT_ERROR_FORM,
    "has something behind the date, such as a time or a weekday: write the date alone, like 2031-03-31" },
  { looks_ambiguous, DATE_TEXT_ERROR_FORM,
    "does not begin with a year of four digits, so year, month and day could be mixed up: write 2031-03-31" },
  { looks_number, DATE_TEXT_ERROR_FORM,
    "is a number of the wrong length for a date: write 20310331 or 2031-03-31" },
  { looks_undecided, DATE_TEXT_ERROR_FORM,
    "is no date: write 未定 when it is not announced, leave it empty when it is not known" },
};

static bool refuse_serial(const char *text, GError **error)
{
  char day[DAY_TEXT_SIZE];
  Day meant = day_from_ymd(1899, 12, 30) + (Day)g_ascii_strtoull(text, NULL, 10);

  g_set_error(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_EXCEL,
              "looks like an Excel serial number (of %s, perhaps): " EXCEL_TEXT, day_format(meant, day));
  return false;
}

bool date_doubt_refuse(const char *text, GError **error)
{
  if (looks_serial(text))
    return refuse_serial(text, error);
  for (gsize i = 0; i < G_N_ELEMENTS(doubts); i++) {
    if (doubts[i].looks(text)) {
      g_set_error_literal(error, DATE_TEXT_ERROR, doubts[i].code, doubts[i].message);
      return false;
    }
  }
  g_set_error_literal(
      error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM,
      "is no date: write 2031-03-31, 令和13年3月31日 or 2031年3月末; 未定 when it is not announced");
  return false;
}
