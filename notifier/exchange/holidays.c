#include "notifier/exchange/holidays.h"

#include "notifier/exchange/holidays_ical.h"
#include "notifier/exchange/text.h"
#include "planner/date_text.h"

#include <string.h>

/* All of the file, as UTF-8. */
static bool read_text(const char *path, GString *text, GError **error)
{
  g_autoptr(TextReader) reader = NULL;
  const char *piece;
  gsize size;

  if (!text_reader_open(path, TEXT_ENCODING_AUTO, &reader, error))
    return false;
  do {
    if (!text_reader_next(reader, &piece, &size, error))
      return false;
    g_string_append_len(text, piece, (gssize)size);
  } while (size > 0 && text->len <= HOLIDAYS_SIZE_MAX);
  if (text->len > HOLIDAYS_SIZE_MAX)
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE,
                "%s: is larger than 4 MiB, too large for a list of holidays; is it the right file?", path);
  return text->len <= HOLIDAYS_SIZE_MAX;
}

/* A day in any form of planner/date_text.h that leaves no doubt. */
static bool parse_day(const char *word, Day *ret_day)
{
  PlanDate date;
  g_autofree char *doubt = NULL;

  if (!date_text_parse(word, &date, &doubt, NULL) || date.state != DATE_KNOWN || doubt != NULL)
    return false;
  *ret_day = date.day;
  return true;
}

/* The header of the Cabinet Office's CSV. */
static bool is_header(const char *line)
{
  return strstr(line, "国民の祝日") != NULL;
}

/* One line: the day, and behind it (a comma or a blank between) its name. */
static bool read_line(const char *path, guint number, char *line, GArray *days, GError **error)
{
  Day day;

  g_strstrip(line);
  if (line[0] == '\0' || line[0] == '#' || (number == 1 && is_header(line)))
    return true;
  line[strcspn(line, " \t,#")] = '\0';
  if (!parse_day(line, &day)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "%s:%u: \"%s\" is no day: write one a line, like 2031-05-03, or name an .ics or the Cabinet "
                "Office's syukujitsu.csv",
                path, number, line);
    return false;
  }
  g_array_append_val(days, day);
  return true;
}

static bool read_lines(const char *path, const char *text, GArray *days, GError **error)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line(path, i + 1, lines[i], days, error))
      return false;
  return true;
}

static bool check_number(const char *path, guint n, GError **error)
{
  if (n == 0)
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "%s: no day is in it: write one a line, like 2031-05-03 (of an .ics, events of whole days "
                "count)",
                path);
  else if (n > HOLIDAYS_DAYS_MAX)
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "%s: more than %d days are in it, too many for holidays; is it the right file?", path,
                HOLIDAYS_DAYS_MAX);
  return n > 0 && n <= HOLIDAYS_DAYS_MAX;
}

static gint compare_days(gconstpointer a, gconstpointer b)
{
  Day one = *(const Day *)a, other = *(const Day *)b;

  return (one > other) - (one < other);
}

bool holidays_read(const char *path, GArray *days, Day *ret_last, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Day));
  Day before = DAY_NONE;

  if (!read_text(path, text, error) ||
      !(holidays_ical_is(text->str) ? holidays_ical_read(text->str, path, found, error)
                                    : read_lines(path, text->str, found, error)) ||
      !check_number(path, found->len, error))
    return false;
  g_array_sort(found, compare_days);
  for (guint i = 0; i < found->len; i++) {
    Day day = g_array_index(found, Day, i);

    if (day != before)
      g_array_append_val(days, day);
    before = day;
  }
  *ret_last = before;
  return true;
}
