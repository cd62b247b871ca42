#include "planner/date_text.h"

#include <string.h>

#include "tests/support/run.h"

#define TBA "tba"
#define UNKNOWN ""

START_TEST(test_date_text_accepted)
{
  static const struct {
    const char *text, *want;
    bool warned;
  } cases[] = {
    { "2031-03-31", "2031-03-31", false },
    { "2031/3/31", "2031-03-31", false },
    { "2031/03/31", "2031-03-31", false },
    { "2031-3-31", "2031-03-31", false },
    { "2031.3.31", "2031-03-31", false },
    { "20310331", "2031-03-31", false },
    { "２０３１－０３－３１", "2031-03-31", false },
    { "２０３１／３／３１", "2031-03-31", false },
    { "２０３１０３３１", "2031-03-31", false },
    { "2031ー03ー31", "2031-03-31", false },
    { "2031−03−31", "2031-03-31", false },
    { "2031年3月31日", "2031-03-31", false },
    { "2031年03月31日", "2031-03-31", false },
    { "２０３１年３月３１日", "2031-03-31", false },
    { "2031年3月末", "2031-03-31", false },
    { "2031年3月末日", "2031-03-31", false },
    { "2031年2月末", "2031-02-28", false },
    { "2032年2月末", "2032-02-29", false },
    { "2031年度末", "2032-03-31", false },
    { "令和13年3月31日", "2031-03-31", false },
    { "令和１３年３月３１日", "2031-03-31", false },
    { "㋿13年3月31日", "2031-03-31", false },
    { "令和13年3月末", "2031-03-31", false },
    { "令和12年度末", "2031-03-31", false },
    { "令和13年度末", "2032-03-31", false },
    { "令和13/3/31", "2031-03-31", false },
    { "R13.3.31", "2031-03-31", false },
    { "R13/3/31", "2031-03-31", false },
    { "R13-3-31", "2031-03-31", false },
    { "r13.03.31", "2031-03-31", false },
    { "Ｒ１３．３．３１", "2031-03-31", false },
    { "R13年3月31日", "2031-03-31", false },
    { "令和元年5月1日", "2019-05-01", false },
    { "令和1年5月1日", "2019-05-01", false },
    { "R元.5.1", "2019-05-01", false },
    { "令和元年度末", "2020-03-31", false },
    { "平成31年4月30日", "2019-04-30", false },
    { "平成31年度末", "2020-03-31", false }, /* the fiscal year began as 平成31年度 */
    { "平成元年1月8日", "1989-01-08", false },
    { "H31.4.30", "2019-04-30", false },
    { "昭和64年1月7日", "1989-01-07", false },
    { "S64.1.7", "1989-01-07", false },
    { "昭和元年12月25日", "1926-12-25", false },
    { "大正15年12月25日", "1926-12-25", false },
    { "大正元年7月30日", "1912-07-30", false },
    { "T15.12.25", "1926-12-25", false },
    { "明治45年7月30日", "1912-07-30", false },
    { "明治6年1月1日", "1873-01-01", false },
    { "M45.7.30", "1912-07-30", false },
    { "平成43年3月31日", "2031-03-31", true },
    { "平成31年5月1日", "2019-05-01", true },
    { "平成32年度末", "2021-03-31", true },
    { "昭和64年1月8日", "1989-01-08", true },
    { "昭和106年3月31日", "2031-03-31", true },
    { "大正15年12月26日", "1926-12-26", true },
    { "明治45年7月31日", "1912-07-31", true },
    { " 2031-03-31", "2031-03-31", false },
    { "2031-03-31\r\n", "2031-03-31", false },
    { "　2031年3月31日　", "2031-03-31", false },
    { "\xc2\xa0"
      "2031-03-31",
      "2031-03-31", false },
    { "\xef\xbb\xbf"
      "2031-03-31",
      "2031-03-31", false },
    { "2031年　3月 31日", "2031-03-31", false },
    { "令和 13年 3月31日", "2031-03-31", false },
    { "2031/ 3/31", "2031-03-31", false },
    { "=\"2031-03-31\"", "2031-03-31", false },
    { " =\" 2031/3/31 \" ", "2031-03-31", false },
    { "2024-02-29", "2024-02-29", false },
    { "99991231", TBA, false },
    { "9999-12-31", TBA, false },
    { "9999/12/31", TBA, false },
    { "未定", TBA, false },
    { "　未定 ", TBA, false },
    { "tba", TBA, false },
    { "TBA", TBA, false },
    { "", UNKNOWN, false },
    { " 　", UNKNOWN, false },
    { "=\"\"", UNKNOWN, false },
    { "00000000", UNKNOWN, false },
    { "００００００００", UNKNOWN, false },
    { "0000-00-00", UNKNOWN, false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *warning = NULL;
    PlanDate date = { DATE_UNKNOWN, DAY_NONE };
    char buffer[DAY_TEXT_SIZE];

    ck_assert_msg(date_text_parse(cases[i].text, &date, &warning, &error), "\"%s\": %s", cases[i].text,
                  error != NULL ? error->message : "no message");

    const char *got = plan_date_to_store(date, buffer);

    ck_assert_msg(strcmp(got != NULL ? got : UNKNOWN, cases[i].want) == 0, "\"%s\": %s", cases[i].text, got);
    ck_assert_msg((warning != NULL) == cases[i].warned, "\"%s\": warning %s", cases[i].text, warning);
  }
}
END_TEST

START_TEST(test_date_text_refused)
{
  static const struct {
    const char *text;
    DateTextError code;
    const char *says; /* a part of the message */
  } cases[] = {
    { "48304", DATE_TEXT_ERROR_EXCEL, "2032-03-31" },
    { "48304.5", DATE_TEXT_ERROR_EXCEL, "serial number" },
    { "=\"48304\"", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "４８３０４", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "1.23E+13", DATE_TEXT_ERROR_EXCEL, "exponent" },
    { "2.03E+07", DATE_TEXT_ERROR_EXCEL, "exponent" },
    { "2031/03", DATE_TEXT_ERROR_EXCEL, "2031年3月末" },
    { "2031-3", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "3/31", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "Mar-31", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "31-Mar", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "3月31日", DATE_TEXT_ERROR_EXCEL, "no year" },
    { "########", DATE_TEXT_ERROR_EXCEL, "column" },
    { "#N/A", DATE_TEXT_ERROR_EXCEL, "Excel" },
    { "31/03/2031", DATE_TEXT_ERROR_FORM, "four digits" },
    { "3/31/2031", DATE_TEXT_ERROR_FORM, "four digits" },
    { "02/03/04", DATE_TEXT_ERROR_FORM, "four digits" },
    { "31.03.2031", DATE_TEXT_ERROR_FORM, "four digits" },
    { "31-03-31", DATE_TEXT_ERROR_FORM, "four digits" },
    { "2031", DATE_TEXT_ERROR_FORM, "number" },
    { "203103", DATE_TEXT_ERROR_FORM, "number" },
    { "20310331000000", DATE_TEXT_ERROR_FORM, "number" },
    { "2031年3月", DATE_TEXT_ERROR_FORM, "names no day" },
    { "2031年", DATE_TEXT_ERROR_FORM, "names no day" },
    { "昭和65年13月", DATE_TEXT_ERROR_FORM, "names no day" },
    { "2031-03-31 00:00:00", DATE_TEXT_ERROR_FORM, "behind the date" },
    { "2031-03-31T00:00:00Z", DATE_TEXT_ERROR_FORM, "behind the date" },
    { "2031年3月31日(月)", DATE_TEXT_ERROR_FORM, "behind the date" },
    { "2031-03-31x", DATE_TEXT_ERROR_FORM, "behind the date" },
    { "2031-03-311", DATE_TEXT_ERROR_FORM, "2031-03-31" },
    { "2031-03/31", DATE_TEXT_ERROR_FORM, "2031-03-31" },
    { "12031-03-31", DATE_TEXT_ERROR_FORM, "2031-03-31" },
    { "調整中", DATE_TEXT_ERROR_FORM, "未定" },
    { "-", DATE_TEXT_ERROR_FORM, "未定" },
    { "N/A", DATE_TEXT_ERROR_FORM, "未定" },
    { "next year", DATE_TEXT_ERROR_FORM, "is no date" },
    { "令和", DATE_TEXT_ERROR_FORM, "is no date" },
    { "=2031-03-31", DATE_TEXT_ERROR_FORM, "is no date" },
    { "=\"", DATE_TEXT_ERROR_FORM, "is no date" },
    { "\"", DATE_TEXT_ERROR_FORM, "is no date" },
    { "光文元年1月1日", DATE_TEXT_ERROR_FORM, "is no date" },
    { "\xff\xfe", DATE_TEXT_ERROR_FORM, "UTF-8" },
    { "2031-02-29", DATE_TEXT_ERROR_NO_DAY, "28 days" },
    { "2031/2/29", DATE_TEXT_ERROR_NO_DAY, "28 days" },
    { "20310229", DATE_TEXT_ERROR_NO_DAY, "28 days" },
    { "2031-13-01", DATE_TEXT_ERROR_NO_DAY, "month 13" },
    { "2031-00-10", DATE_TEXT_ERROR_NO_DAY, "month 0" },
    { "2031-03-00", DATE_TEXT_ERROR_NO_DAY, "31 days" },
    { "2031年13月末", DATE_TEXT_ERROR_NO_DAY, "month 13" },
    { "0000-01-01", DATE_TEXT_ERROR_NO_DAY, "year 0" },
    { "31032031", DATE_TEXT_ERROR_NO_DAY, "month 20" },
    { "9999年度末", DATE_TEXT_ERROR_NO_DAY, "9999" },
    { "令和0年3月31日", DATE_TEXT_ERROR_NO_DAY, "year 0" },
    { "令和0年度末", DATE_TEXT_ERROR_NO_DAY, "year 0" },
    { "R0.3.31", DATE_TEXT_ERROR_NO_DAY, "year 0" },
    { "昭和65年13月1日", DATE_TEXT_ERROR_NO_DAY, "month 13" },
    { "令和13年2月29日", DATE_TEXT_ERROR_NO_DAY, "28 days" },
    { "令和元年4月30日", DATE_TEXT_ERROR_NO_DAY, "2019-05-01" },
    { "平成元年1月7日", DATE_TEXT_ERROR_NO_DAY, "1989-01-08" },
    { "昭和元年12月24日", DATE_TEXT_ERROR_NO_DAY, "1926-12-25" },
    { "大正元年7月29日", DATE_TEXT_ERROR_NO_DAY, "1912-07-30" },
    { "明治5年12月2日", DATE_TEXT_ERROR_NO_DAY, "1873-01-01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    PlanDate date = { DATE_TBA, 7 };
    char *warning = NULL;

    ck_assert_msg(!date_text_parse(cases[i].text, &date, &warning, &error), "\"%s\" is taken", cases[i].text);
    ck_assert_msg(g_error_matches(error, DATE_TEXT_ERROR, (int)cases[i].code), "\"%s\": %s", cases[i].text,
                  error->message);
    ck_assert_msg(strstr(error->message, cases[i].says) != NULL, "\"%s\": %s", cases[i].text, error->message);
    ck_assert_msg(date.state == DATE_TBA && date.day == 7 && warning == NULL, "\"%s\" touched",
                  cases[i].text);
  }
}
END_TEST

START_TEST(test_date_text_null_and_long)
{
  g_autoptr(GError) error = NULL;
  PlanDate date = { DATE_TBA, DAY_NONE };
  g_autofree char *megabytes = g_strnfill(10 * 1000 * 1000, '2');

  ck_assert(date_text_parse(NULL, &date, NULL, &error));
  ck_assert_int_eq(date.state, DATE_UNKNOWN);
  ck_assert(!date_text_parse(megabytes, &date, NULL, &error));
  ck_assert(g_error_matches(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM));
  ck_assert_uint_lt(strlen(error->message), 200);
}
END_TEST

START_TEST(test_date_text_letters)
{
  static const struct {
    int y, m, d;
    const char *ja, *en;
  } cases[] = {
    { 2031, 3, 31, "2031年3月31日（令和13年3月31日・月）", "Monday, 31 March 2031" },
    { 2019, 5, 1, "2019年5月1日（令和元年5月1日・水）", "Wednesday, 1 May 2019" },
    { 2019, 4, 30, "2019年4月30日（平成31年4月30日・火）", "Tuesday, 30 April 2019" },
    { 1989, 1, 8, "1989年1月8日（平成元年1月8日・日）", "Sunday, 8 January 1989" },
    { 1989, 1, 7, "1989年1月7日（昭和64年1月7日・土）", "Saturday, 7 January 1989" },
    { 1926, 12, 25, "1926年12月25日（昭和元年12月25日・土）", "Saturday, 25 December 1926" },
    { 1926, 12, 24, "1926年12月24日（大正15年12月24日・金）", "Friday, 24 December 1926" },
    { 1912, 7, 30, "1912年7月30日（大正元年7月30日・火）", "Tuesday, 30 July 1912" },
    { 1873, 1, 1, "1873年1月1日（明治6年1月1日・水）", "Wednesday, 1 January 1873" },
    { 1872, 12, 31, "1872年12月31日（火）", "Tuesday, 31 December 1872" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Day day = day_from_ymd(cases[i].y, cases[i].m, cases[i].d);
    g_autofree char *ja = date_text_japanese(day);
    g_autofree char *en = date_text_english(day);

    ck_assert_str_eq(ja, cases[i].ja);
    ck_assert_str_eq(en, cases[i].en);
  }
}
END_TEST

/* Every day, in each form that people use, comes back as itself and without a doubt. */
START_TEST(test_date_text_round_trip)
{
  for (Day day = day_from_ymd(1900, 1, 1); day <= day_from_ymd(2200, 12, 31); day++) {
    g_autofree char *letter = date_text_japanese(day);
    char *era = strstr(letter, "（"), *end = strstr(letter, "・");
    int y, m, d;

    day_to_ymd(day, &y, &m, &d);
    *era = '\0';
    *end = '\0';

    g_autofree char *slashes = g_strdup_printf("%d/%d/%d", y, m, d);
    g_autofree char *digits = g_strdup_printf("%04d%02d%02d", y, m, d);
    const char *forms[] = { letter, era + strlen("（"), slashes, digits };

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
      PlanDate date;
      g_autofree char *warning = NULL;

      ck_assert_msg(date_text_parse(forms[i], &date, &warning, NULL), "%s", forms[i]);
      ck_assert_msg(date.state == DATE_KNOWN && date.day == day && warning == NULL, "%s", forms[i]);
    }
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("date_text");
  TCase *parse = tcase_create("parse"), *write = tcase_create("write");

  tcase_add_test(parse, test_date_text_accepted);
  tcase_add_test(parse, test_date_text_refused);
  tcase_add_test(parse, test_date_text_null_and_long);
  tcase_add_test(parse, test_date_text_round_trip);
  tcase_set_timeout(parse, 60);
  tcase_add_test(write, test_date_text_letters);
  suite_add_tcase(suite, parse);
  suite_add_tcase(suite, write);
  return run_suite(suite);
}
