/* Lists of holidays, as the Cabinet Office and calendars write them. */

#include "notifier/exchange/holidays.h"

#include <string.h>

#include "tests/exchange/temp.h"
#include "tests/support/run.h"

#define CABINET "国民の祝日・休日月日,国民の祝日・休日名称\r\n1955/1/1,元日\r\n2026/11/23,勤労感謝の日\r\n"
#define ICS(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\nUID:a@x\r\n" lines "END:VEVENT\r\n"

static int compare_days(gconstpointer a, gconstpointer b)
{
  Day x = *(const Day *)a, y = *(const Day *)b;

  return (x > y) - (x < y);
}

/* "2031-05-03 2031-05-04 …" of the days of `text`, rising; NULL with an error. */
static char *read_days(const char *text, gssize size, GError **error)
{
  g_autofree char *path = temp_write("days", text, size);
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));
  g_autoptr(GString) out = g_string_new(NULL);
  Day last = DAY_NONE, before = 1;

  g_array_append_val(days, before);
  if (!holidays_read(path, days, &last, error)) {
    ck_assert_uint_eq(days->len, 1);
    ck_assert_uint_eq(last, DAY_NONE);
    return NULL;
  }
  g_array_sort(days, compare_days);
  ck_assert_uint_eq(g_array_index(days, Day, 0), before);
  ck_assert_uint_eq(g_array_index(days, Day, days->len - 1), last);
  for (guint i = 1; i < days->len; i++) {
    char day[DAY_TEXT_SIZE];

    g_string_append_printf(out, "%s%s", i > 1 ? " " : "", day_format(g_array_index(days, Day, i), day));
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static const struct {
  const char *name, *text, *days;
} good[] = {
  { "a list",
    "# 休日\n\n2031-05-05 こどもの日\r\n2031-05-06\n 2031/8/11,山の日\n令和13年9月15日 # 敬老の日\n",
    "2031-05-05 2031-05-06 2031-08-11 2031-09-15" },
  { "a last line without its end", "2031-05-05", "2031-05-05" },
  { "the Cabinet Office's", CABINET, "1955-01-01 2026-11-23" },
  { "one day", ICS(EVENT("DTSTART;VALUE=DATE:20310505\r\nSUMMARY:こどもの日\r\n")), "2031-05-05" },
  { "lower case and LF",
    "begin:vcalendar\nbegin:vevent\ndtstart;value=date:20310505\nend:vevent\nend:vcalendar\n", "2031-05-05" },
  { "DTEND is the day after", ICS(EVENT("DTSTART;VALUE=DATE:20310813\r\nDTEND;VALUE=DATE:20310816\r\n")),
    "2031-08-13 2031-08-14 2031-08-15" },
  { "DTEND is DTSTART", ICS(EVENT("DTSTART;VALUE=DATE:20310813\r\nDTEND;VALUE=DATE:20310813\r\n")),
    "2031-08-13" },
  { "DURATION", ICS(EVENT("DTSTART;VALUE=DATE:20310813\r\nDURATION:P2D\r\n")), "2031-08-13 2031-08-14" },
  { "a folded line", ICS(EVENT("DTSTART;VALUE=DA\r\n TE:20310813\r\n")), "2031-08-13" },
  { "every year, a few times", ICS(EVENT("DTSTART;VALUE=DATE:20280229\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n")),
    "2028-02-29 2032-02-29" },
  { "the second Monday of January until",
    ICS(EVENT("DTSTART;VALUE=DATE:20310113\r\nRRULE:FREQ=YEARLY;UNTIL=20330201;BYMONTH=1;BYDAY=2MO\r\n")),
    "2031-01-13 2032-01-12 2033-01-10" },
  { "DTSTART beside its rule",
    ICS(EVENT("DTSTART;VALUE=DATE:20310101\r\nRRULE:FREQ=YEARLY;COUNT=2;BYMONTH=5;BYMONTHDAY=1\r\n")),
    "2031-01-01 2031-05-01 2032-05-01" },
  { "EXDATE, RDATE",
    ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20320501\r\n"
              "RDATE;VALUE=DATE:20320502,20330502\r\n")),
    "2031-05-01 2032-05-02 2033-05-01 2033-05-02" },
  { "a changed and a cancelled occurrence",
    ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\nRRULE:FREQ=YEARLY;COUNT=4\r\n")
            EVENT("RECURRENCE-ID;VALUE=DATE:20320501\r\nDTSTART;VALUE=DATE:20320504\r\n")
                EVENT("RECURRENCE-ID;VALUE=DATE:20330501\r\nDTSTART;VALUE=DATE:20330501\r\n"
                      "STATUS:CANCELLED\r\n")),
    "2031-05-01 2032-05-04 2034-05-01" },
  { "a time of day closes nothing",
    ICS(EVENT("DTSTART:20310501T100000Z\r\nDTEND:20310501T110000Z\r\n")
            EVENT("DTSTART;VALUE=DATE:20310502\r\n")),
    "2031-05-02" },
  { "an alarm's DURATION is not the event's",
    ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\nREPEAT:1\r\n"
              "DURATION:PT5M\r\nDESCRIPTION:x\r\nEND:VALARM\r\n")),
    "2031-05-01" },
  { "what says nothing about days may be odd",
    ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\nX-VENDOR;ODD=:\r\nDESCRIPTION:\r\nURL:\r\n")), "2031-05-01" },
};

START_TEST(test_holidays_read)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *days = read_days(good[_i].text, -1, &error);

  ck_assert_msg(days != NULL, "%s: %s", good[_i].name, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(days, good[_i].days) == 0, "%s: %s", good[_i].name, days);
}
END_TEST

/* As the Cabinet Office offers it: CP932 and CRLF. */
START_TEST(test_holidays_read_cp932)
{
  gsize size;
  g_autofree char *bytes = g_convert(CABINET, -1, "CP932", "UTF-8", NULL, &size, NULL);
  g_autofree char *days = read_days(bytes, (gssize)size, NULL);

  ck_assert_str_eq(days, "1955-01-01 2026-11-23");
}
END_TEST

/* A rule without an end is followed for long, but not for ever. */
START_TEST(test_holidays_read_without_end)
{
  g_autofree char *days =
      read_days(ICS(EVENT("DTSTART;VALUE=DATE:20960501\r\nRRULE:FREQ=YEARLY\r\n")), -1, NULL);

  ck_assert_str_eq(days, "2096-05-01 2097-05-01 2098-05-01 2099-05-01 2100-05-01");
}
END_TEST

static const struct {
  const char *text;
  ImportError code;
  const char *says;
} bad[] = {
  { "2031-05-05\n5/6\n", IMPORT_ERROR_SYNTAX, ":2: \"5/6\" is no day: write one a line, like 2031-05-03" },
  { "2031-02-29\n", IMPORT_ERROR_SYNTAX, ":1: \"2031-02-29\" is no day" },
  { "平成43年5月5日\n", IMPORT_ERROR_SYNTAX, ":1: " }, /* with doubt */
  { "未定\n", IMPORT_ERROR_SYNTAX, ":1: \"未定\" is no day" },
  { "国民の祝日・休日月日,国民の祝日・休日名称\r\n2026/13/1,x\r\n", IMPORT_ERROR_SYNTAX,
    ":2: \"2026/13/1\" is no day" },
  { "<!DOCTYPE html>\n<html>\n", IMPORT_ERROR_SYNTAX, ":1: \"<!DOCTYPE\" is no day" },
  { "", IMPORT_ERROR_SYNTAX, ": no day is in it" },
  { "# nothing yet\n", IMPORT_ERROR_SYNTAX, ": no day is in it" },
  { ICS(""), IMPORT_ERROR_SYNTAX, ": no day is in it" },
  { ICS(EVENT("DTSTART:20310501T100000\r\n")), IMPORT_ERROR_SYNTAX, ": no day is in it" },
  { ICS(EVENT("SUMMARY:x\r\n")), IMPORT_ERROR_SYNTAX, ":3: the event that begins here has no DTSTART" },
  { ICS(EVENT("DTSTART;VALUE=DATE:2031\r\n")), IMPORT_ERROR_SYNTAX,
    ":3: the event that begins here has a DTSTART" },
  { ICS(EVENT("DTSTART;VALUE=DATE:20310231\r\n")), IMPORT_ERROR_SYNTAX,
    ":3: the event that begins here starts on no day" },
  { ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\n")
            EVENT("DTSTART;VALUE=DATE:20310501\r\nRRULE:FREQ=OFTEN\r\n")),
    IMPORT_ERROR_SYNTAX, ":7: the event that begins here has a RRULE that cannot be read" },
  { ICS(EVENT("DTSTART;VALUE=DATE:20310501\r\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n")),
    IMPORT_ERROR_SYNTAX, "repeats more often than by the day" },
  { ICS(EVENT("DTSTART;VALUE=DATE:20310502\r\nDTEND;VALUE=DATE:20310501\r\n")), IMPORT_ERROR_SYNTAX,
    "ends before it begins" },
  { ICS(EVENT("DTSTART;VALUE=DATE:20310502\r\nEXDATE;VALUE=DATE:soon\r\n")), IMPORT_ERROR_SYNTAX,
    "has a EXDATE that cannot be read" },
  { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20310501\n", IMPORT_ERROR_SYNTAX,
    ":2: the event that begins here has no END:VEVENT" },
  { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\n", IMPORT_ERROR_SYNTAX,
    ":2: the event that begins here has no END:VEVENT" },
  { ICS(EVENT("DTSTART;VALUE=DATE:18000101\r\nRRULE:FREQ=DAILY\r\n")), IMPORT_ERROR_SYNTAX,
    ": more than 100000 days are in it" },
  { "\xFF\xFE\x32\x30", IMPORT_ERROR_TEXT, "UTF-16" },
};

START_TEST(test_holidays_read_names_what_is_wrong)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = scratch_path("days");
  g_autofree char *days = read_days(bad[_i].text, -1, &error);

  ck_assert_msg(days == NULL, "row %d: %s", _i, days);
  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, (int)bad[_i].code), "row %d: %s", _i, error->message);
  ck_assert_msg(g_str_has_prefix(error->message, path) && strstr(error->message, bad[_i].says) != NULL,
                "row %d: %s", _i, error->message);
}
END_TEST

START_TEST(test_holidays_read_needs_a_file_of_sane_size)
{
  g_autofree char *none = scratch_path("none");
  g_autofree char *text = g_strnfill(HOLIDAYS_SIZE_MAX + 1, '#');
  g_autofree char *large = temp_write("large", text, -1);
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) too_large = NULL;
  Day last;

  ck_assert(!holidays_read(none, days, &last, &missing));
  ck_assert(g_error_matches(missing, IMPORT_ERROR, IMPORT_ERROR_FILE));
  ck_assert(!holidays_read(large, days, &last, &too_large));
  ck_assert(strstr(too_large->message, "4 MiB") != NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("holidays");
  TCase *tests = tcase_create("holidays");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tests, test_holidays_read, 0, G_N_ELEMENTS(good));
  tcase_add_test(tests, test_holidays_read_cp932);
  tcase_add_test(tests, test_holidays_read_without_end);
  tcase_add_loop_test(tests, test_holidays_read_names_what_is_wrong, 0, G_N_ELEMENTS(bad));
  tcase_add_test(tests, test_holidays_read_needs_a_file_of_sane_size);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
