#include "notifier/page/devices_csv.h"
#include "tests/support/run.h"

static const struct {
  const char *text, *bytes;
  guint lost;
} rows[] = {
  { "", "", 0 },
  { "ME-0001\r\n", "ME-0001\r\n", 0 },
  { "病院", "\x95\x61\x89\x40", 0 },
  { "ｱｲｳ", "\xb1\xb2\xb3", 0 },
  { "①Ⅱ㈱髙﨑", "\x87\x40\x87\x55\x87\x8a\xfb\xfc\xfa\xb1", 0 },
  { "a〜b−c",
    "a\x81\x60"
    "b\x81\x7c"
    "c",
    0 }, /* wave dash and minus, as other systems type them */
  { "𠮷野", "\x81\xac\x96\xec", 1 },
  { "한国😀", "\x81\xac\x8d\x91\x81\xac", 2 },
};

START_TEST(test_cp932)
{
  guint lost = 99;
  GString *bytes = devices_csv_cp932(rows[_i].text, &lost);

  ck_assert_msg(g_str_equal(bytes->str, rows[_i].bytes), "row %d: %s", _i, rows[_i].text);
  ck_assert_uint_eq(lost, rows[_i].lost);
  g_string_free(bytes, TRUE);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("devices_csv");
  TCase *tcase = tcase_create("devices_csv");

  tcase_add_loop_test(tcase, test_cp932, 0, G_N_ELEMENTS(rows));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
