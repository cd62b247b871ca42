#include "notifier/mail/letter_words.h"

#include "tests/support/run.h"

static const struct {
  const char *today, *end, *ja, *en;
} remaining[] = {
  { "2030-09-30", "2031-03-31", "あと6か月", "6 months left" },
  { "2030-09-27", "2031-03-31", "あと6か月", "6 months left" }, /* moved before a weekend */
  { "2030-10-05", "2031-03-31", "あと5か月余り", "a little over 5 months left" },
  { "2031-02-28", "2031-03-31", "あと1か月", "1 month left" },
  { "2031-03-01", "2031-03-31", "あと30日", "30 days left" },
  { "2031-03-30", "2031-03-31", "あと1日", "1 day left" },
  { "2031-03-31", "2031-03-31", NULL, NULL },
  { "2031-04-01", "2031-03-31", NULL, NULL },
  { "2029-03-30", "2031-03-31", "あと2年", "2 years left" },
  { "2030-03-31", "2031-03-31", "あと1年", "1 year left" },
  { "2028-03-31", "2031-03-31", "あと3年", "3 years left" },
};

static Day day(const char *text)
{
  Day parsed = DAY_NONE;

  ck_assert(day_parse(text, &parsed));
  return parsed;
}

START_TEST(test_remaining)
{
  g_autofree char *ja = letter_words_remaining(day(remaining[_i].today), day(remaining[_i].end), "ja");
  g_autofree char *en = letter_words_remaining(day(remaining[_i].today), day(remaining[_i].end), "en");

  ck_assert_pstr_eq(ja, remaining[_i].ja);
  ck_assert_pstr_eq(en, remaining[_i].en);
}
END_TEST

static const struct {
  const char *name, *person;
} persons[] = {
  { "佐藤　太郎", "佐藤　太郎" }, { "佐藤様", "佐藤" }, { "佐藤　様", "佐藤" },
  { " 佐藤 先生 ", "佐藤" },      { "様", "様" },       { "情報室御中", "情報室" },
  { "J. Smith", "J. Smith" },
};

START_TEST(test_person)
{
  g_autofree char *person = letter_words_person(persons[_i].name);

  ck_assert_str_eq(person, persons[_i].person);
}
END_TEST

static const struct {
  const char *organization, *department, *title, *name, *language, *line;
} lines[] = {
  { "北病院", NULL, "医療機器安全管理責任者", "佐藤", "ja", "北病院　医療機器安全管理責任者　佐藤　様" },
  { "北病院", "ME室", NULL, NULL, "ja", "北病院　ME室　ご担当者様" },
  { "北病院", "", "", "", "ja", "北病院　ご担当者様" },
  { "Kita Hospital", "ME", "Head", "Sato", "en", "Kita Hospital, ME, Head, Sato" },
  { "Kita Hospital", NULL, NULL, NULL, "en", "Kita Hospital" },
};

START_TEST(test_attention)
{
  g_autofree char *line = letter_words_attention(lines[_i].organization, lines[_i].department,
                                                 lines[_i].title, lines[_i].name, lines[_i].language);

  ck_assert_str_eq(line, lines[_i].line);
}
END_TEST

static const struct {
  const char *role, *ja;
} second[] = { { "hospital", "貴院" }, { "clinic", "貴院" },   { "distributor", "貴社" },
               { "lessor", "貴社" },   { "repairer", "貴社" }, { "regulator", NULL } };

START_TEST(test_second_person)
{
  ck_assert_pstr_eq(letter_words_second_person(second[_i].role, "ja"), second[_i].ja);
  ck_assert_pstr_eq(letter_words_second_person(second[_i].role, "en"), NULL);
}
END_TEST

START_TEST(test_small_words)
{
  g_autofree char *ja = letter_words_short_date(day("2025-04-01"), "ja");
  g_autofree char *en = letter_words_short_date(day("2025-04-01"), "en");
  g_autofree char *units = letter_words_units(3, "ja");
  g_autofree char *unit = letter_words_units(1, "en");
  g_autofree char *date = letter_words_date(day("2031-03-31"), "ja");

  ck_assert_str_eq(ja, "2025年4月1日");
  ck_assert_str_eq(en, "2025-04-01");
  ck_assert_str_eq(units, "3台");
  ck_assert_str_eq(unit, "1 unit");
  ck_assert_str_eq(date, "2031年3月31日（令和13年3月31日・月）");
  ck_assert_str_eq(letter_words_title("device-safety-manager", "ja"), "医療機器安全管理責任者");
  ck_assert_ptr_null(letter_words_title(NULL, "ja"));
  ck_assert_ptr_null(letter_words_title("other", "en"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("letter_words");
  TCase *tcase = tcase_create("words");

  tcase_add_loop_test(tcase, test_remaining, 0, G_N_ELEMENTS(remaining));
  tcase_add_loop_test(tcase, test_person, 0, G_N_ELEMENTS(persons));
  tcase_add_loop_test(tcase, test_attention, 0, G_N_ELEMENTS(lines));
  tcase_add_loop_test(tcase, test_second_person, 0, G_N_ELEMENTS(second));
  tcase_add_test(tcase, test_small_words);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
