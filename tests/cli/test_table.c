#include "notifier/cli/table.h"
#include "tests/support/run.h"

static char *print(const Table *table)
{
  char *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream(&text, &size);

  table_print(table, stream);
  fclose(stream);
  return text;
}

START_TEST(test_table_print_aligns_wide_characters)
{
  g_autoptr(Table) table = table_new("NAME|>COUNT|NOTE");
  g_autofree char *text = NULL;

  table_cell(table, "東京医療センター");
  table_cell_int(table, 12);
  table_cell(table, "a");
  table_cell(table, "Clinic");
  table_cell_int(table, 1500);
  table_cell(table, NULL);
  text = print(table);
  ck_assert_str_eq(text, "NAME              COUNT  NOTE\n"
                         "東京医療センター     12  a\n"
                         "Clinic             1500  \n");
  ck_assert_uint_eq(table_rows(table), 2);
}
END_TEST

START_TEST(test_table_print_keeps_a_cell_on_its_line)
{
  g_autoptr(Table) table = table_new("NOTE|WHO");
  g_autofree char *text = NULL;

  table_cell(table, "a\nb\r\n\n  c\n");
  table_cell(table, "A");
  text = print(table);
  ck_assert_str_eq(text, "NOTE         WHO\na / b /   c  A\n");
}
END_TEST

START_TEST(test_table_print_keeps_quiet_without_rows)
{
  g_autoptr(Table) table = table_new("NAME|>COUNT");
  g_autofree char *text = print(table);

  ck_assert_str_eq(text, "");
  ck_assert_uint_eq(table_rows(table), 0);
}
END_TEST

START_TEST(test_table_print_body_has_no_header)
{
  g_autoptr(Table) table = table_new("CHANNEL|WHO");
  g_autofree char *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream(&text, &size);

  table_cell(table, "fax");
  table_cell(table, "A");
  table_cell(table, "mail");
  table_cell(table, "B");
  table_print_body(table, 2, stream);
  fclose(stream);
  ck_assert_str_eq(text, "  fax   A\n  mail  B\n");
}
END_TEST

START_TEST(test_table_print_does_not_wrap_for_pipes)
{
  g_autoptr(Table) table = table_new("NOTE");
  g_autofree char *note = g_strnfill(500, 'x');
  g_autofree char *text = NULL;

  table_cell(table, note);
  text = print(table);
  ck_assert_uint_eq(strlen(text), strlen("NOTE\n") + 501);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("table");
  TCase *tests = tcase_create("table");

  tcase_add_test(tests, test_table_print_aligns_wide_characters);
  tcase_add_test(tests, test_table_print_keeps_a_cell_on_its_line);
  tcase_add_test(tests, test_table_print_keeps_quiet_without_rows);
  tcase_add_test(tests, test_table_print_body_has_no_header);
  tcase_add_test(tests, test_table_print_does_not_wrap_for_pipes);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
