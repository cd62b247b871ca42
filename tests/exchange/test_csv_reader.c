#include <string.h>

#include "notifier/exchange/csv_reader.h"
#include "tests/exchange/temp.h"
#include "tests/support/run.h"

/* Every record as "LINE:field|field\n", or NULL with an error. */
static char *read_all(const char *path, GError **error)
{
  g_autoptr(TextReader) text = NULL;
  g_autoptr(CsvReader) reader = NULL;
  g_autoptr(GString) all = g_string_new(NULL);
  const CsvRecord *record;

  if (!text_reader_open(path, TEXT_ENCODING_AUTO, &text, error))
    return NULL;
  reader = csv_reader_new(text);
  for (;;) {
    if (!csv_reader_next(reader, &record, error))
      return NULL;
    if (record == NULL)
      return g_string_free(g_steal_pointer(&all), FALSE);
    g_string_append_printf(all, "%u:", record->line);
    for (guint i = 0; i < record->n; i++)
      g_string_append_printf(all, "%s%s", i > 0 ? "|" : "", record->field[i]);
    g_string_append_c(all, '\n');
  }
}

static const struct {
  const char *csv;
  const char *records;
} good[] = {
  { "", "" },
  { "\n\r\n\r", "" },
  { "a,b\nc,d\n", "1:a|b\n2:c|d\n" },
  { "a,b\r\nc,d\r\n", "1:a|b\n2:c|d\n" },
  { "a,b\rc,d\r", "1:a|b\n2:c|d\n" },
  { "a,b\n\r\nc,d\r\re,f", "1:a|b\n3:c|d\n5:e|f\n" },
  { "a,b\nc,d", "1:a|b\n2:c|d\n" },
  { "a\n\n\nb\n", "1:a\n4:b\n" },
  { "a\n  \t \nb\n", "1:a\n3:b\n" },
  { "a\r \nb\n", "1:a\n3:b\n" },
  { "a,b\n,\n\"\",\nc,d\n", "1:a|b\n4:c|d\n" },
  { "a,\n,b\n", "1:a|\n2:|b\n" },
  { "\"a\nb\",c\nd,e\n", "1:a\nb|c\n3:d|e\n" },
  { "\"a\r\nb\",c\r\nd,e\r\n", "1:a\r\nb|c\n3:d|e\n" },
  { "\"a\rb\",c\rd,e\r", "1:a\rb|c\n3:d|e\n" },
  { "\"a\n\n\nb\"\nc\n", "1:a\n\n\nb\n5:c\n" },
  { "x\n\"a\n,b\"\n\nc\n", "1:x\n2:a\n,b\n5:c\n" },
  { "\"say \"\"yes\"\"\",b\n", "1:say \"yes\"|b\n" },
  { " a , \"b\" ,\" c \"\n", "1:a|b| c \n" },
  { "病院,\"東京　都\"\n", "1:病院|東京　都\n" },
  { "=\"00123\",b\na,=\"007\"\n", "1:=\"00123\"|b\n2:a|=\"007\"\n" },
  { "a,=\"007\"", "1:a|=\"007\"\n" },
  { "\"=\"\"00123\"\"\",b\n", "1:=\"00123\"|b\n" },
};

START_TEST(test_csv_reader_good)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = temp_write("good.csv", good[_i].csv, -1);
  g_autofree char *records = read_all(path, &error);

  ck_assert_msg(records != NULL, "row %d: %s", _i, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(records, good[_i].records) == 0, "row %d: %s", _i, records);
}
END_TEST

static const struct {
  const char *csv;
  const char *message;
} bad[] = {
  { "a,b\nc,d\"e\n", ":2: column 4: a quote inside an unquoted field" },
  { "病院,b\"\n", ":1: column 5: a quote inside an unquoted field" },
  { "a\n\"b\" c,d\n", ":2: column 5: text after a closing quote" },
  { "a\n\"b\n病\"x,d\n", ":3: column 3: text after a closing quote" },
  { "a,b\n\"c,d\ne,f\n", ":2: the row that begins here has a quote that is never closed" },
  { "a,=\"b\"c\n", ":1: column 6: a quote inside an unquoted field" },
  { "a=\"b\"\n", ":1: column 3: a quote inside an unquoted field" },
};

START_TEST(test_csv_reader_bad)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = temp_write("bad.csv", bad[_i].csv, -1);
  g_autofree char *records = read_all(path, &error);

  ck_assert_msg(records == NULL, "row %d: taken as %s", _i, records);
  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX), "row %d: %s", _i, error->message);
  ck_assert_msg(g_str_has_prefix(error->message, path), "row %d: %s", _i, error->message);
  ck_assert_msg(strstr(error->message, bad[_i].message) != NULL, "row %d: %s", _i, error->message);
}
END_TEST

/* `n` times `unit` between `before` and `after`. */
static char *repeated(const char *before, const char *unit, guint n, const char *after)
{
  g_autoptr(GString) text = g_string_new(before);

  for (guint i = 0; i < n; i++)
    g_string_append(text, unit);
  g_string_append(text, after);
  return temp_write("repeated.csv", text->str, (gssize)text->len);
}

static const struct {
  const char *name;
  const char *before, *unit;
  guint n;
  const char *after;
} endless[] = {
  { "unquoted field of 10 MB", "a,b\nc,", "0123456789", 1024 * 1024, "\n" },
  { "quoted field of 10 MB", "a,b\n\"", "0123456789", 1024 * 1024, "\"\n" },
  { "unclosed quote", "a,b\n\"c,d\n", "e,f\n", 1024 * 1024, "" },
  { "quotes only", "a,b\n\"", "\"\"", 1024 * 1024, "\"\n" },
  { "fields without end", "a,b\n", ",", 1024 * 1024, "\n" },
  { "large fields", "a,b\n", "0123456789012345678901234567890123456789012345678901234567890123456789,", 20000,
    "\n" },
};

START_TEST(test_csv_reader_endless)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = repeated(endless[_i].before, endless[_i].unit, endless[_i].n, endless[_i].after);
  g_autofree char *records = read_all(path, &error);

  ck_assert_msg(records == NULL, "%s", endless[_i].name);
  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX), "%s", endless[_i].name);
  ck_assert_msg(strstr(error->message, ":2: the row that begins here has a field of more than") != NULL,
                "%s: %s", endless[_i].name, error->message);
}
END_TEST

/* Records, line ends and quoted line breaks across the ends of pieces. */
START_TEST(test_csv_reader_pieces)
{
  static const char *const ends[] = { "\n", "\r\n", "\r" };
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) expected = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  const char *end = ends[_i];
  guint line = 1;

  for (guint i = 0; i < 60000; i++) {
    g_string_append_printf(text, "%u,\"病%s院\",c%s", i, end, end);
    g_string_append_printf(expected, "%u:%u|病%s院|c\n", line, i, end);
    line += 2;
  }
  g_autofree char *path = temp_write("pieces.csv", text->str, (gssize)text->len);
  g_autofree char *records = read_all(path, &error);

  ck_assert_msg(records != NULL, "%s", error != NULL ? error->message : "");
  ck_assert(strcmp(records, expected->str) == 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv_reader");
  TCase *tests = tcase_create("csv_reader");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tests, test_csv_reader_good, 0, G_N_ELEMENTS(good));
  tcase_add_loop_test(tests, test_csv_reader_bad, 0, G_N_ELEMENTS(bad));
  tcase_add_loop_test(tests, test_csv_reader_endless, 0, G_N_ELEMENTS(endless));
  tcase_add_loop_test(tests, test_csv_reader_pieces, 0, 3);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
