#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "notifier/exchange/text.h"
#include "tests/exchange/temp.h"
#include "tests/support/run.h"

#define BYTES(literal) literal, sizeof literal - 1

/* All of the file as UTF-8, or NULL with an error. */
static char *read_all(const char *path, TextEncoding encoding, TextReader **ret_reader, GError **error)
{
  g_autoptr(TextReader) reader = NULL;
  g_autoptr(GString) all = g_string_new(NULL);
  const char *text;
  gsize size;

  if (!text_reader_open(path, encoding, &reader, error))
    return NULL;
  do {
    if (!text_reader_next(reader, &text, &size, error))
      return NULL;
    ck_assert(g_utf8_validate_len(text, size, NULL));
    g_string_append_len(all, text, (gssize)size);
  } while (size > 0);
  if (ret_reader != NULL)
    *ret_reader = g_steal_pointer(&reader);
  return g_string_free(g_steal_pointer(&all), FALSE);
}

static const struct {
  const char *name;
  const char *bytes;
  gsize size;
  TextEncoding encoding;
  const char *text;
  TextEncoding as;
  bool guessed;
} good[] = {
  { "empty", BYTES(""), TEXT_ENCODING_AUTO, "", TEXT_ENCODING_UTF8, false },
  { "ascii", BYTES("a,b\n"), TEXT_ENCODING_AUTO, "a,b\n", TEXT_ENCODING_UTF8, false },
  { "utf-8", BYTES("病院,\xF0\xA0\xAE\xB7\n"), TEXT_ENCODING_AUTO, "病院,\xF0\xA0\xAE\xB7\n",
    TEXT_ENCODING_UTF8, false },
  { "byte order mark", BYTES("\xEF\xBB\xBF病院\n"), TEXT_ENCODING_AUTO, "病院\n", TEXT_ENCODING_UTF8, false },
  { "only a byte order mark", BYTES("\xEF\xBB\xBF"), TEXT_ENCODING_AUTO, "", TEXT_ENCODING_UTF8, false },
  { "cp932 kanji", BYTES("\x95\x61\x89\x40,\x94\x5C\r\n"), TEXT_ENCODING_AUTO, "病院,能\r\n",
    TEXT_ENCODING_CP932, true },
  { "cp932 half-width kana", BYTES("\xC3\xBD\xC4\n"), TEXT_ENCODING_AUTO, "ﾃｽﾄ\n", TEXT_ENCODING_CP932,
    true },
  { "cp932 NEC and IBM characters", BYTES("\x87\x40\xFA\xB1\n"), TEXT_ENCODING_AUTO, "①﨑\n",
    TEXT_ENCODING_CP932, true },
  { "cp932 forced", BYTES("\x95\x61\n"), TEXT_ENCODING_CP932, "病\n", TEXT_ENCODING_CP932, false },
  { "ascii forced to cp932", BYTES("a\n"), TEXT_ENCODING_CP932, "a\n", TEXT_ENCODING_CP932, false },
};

START_TEST(test_text_good)
{
  g_autoptr(TextReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = temp_write("good.csv", good[_i].bytes, (gssize)good[_i].size);
  g_autofree char *text = read_all(path, good[_i].encoding, &reader, &error);

  ck_assert_msg(text != NULL, "%s: %s", good[_i].name, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(text, good[_i].text) == 0, "%s: \"%s\"", good[_i].name, text);
  ck_assert_msg(text_reader_encoding(reader) == good[_i].as, "%s: encoding", good[_i].name);
  ck_assert_msg(text_reader_guessed(reader) == good[_i].guessed, "%s: guessed", good[_i].name);
  ck_assert_int_eq(text_reader_done(reader), (gint64)good[_i].size);
  ck_assert_int_eq(text_reader_total(reader), (gint64)good[_i].size);
}
END_TEST

static const struct {
  const char *name;
  const char *bytes;
  gsize size;
  TextEncoding encoding;
  const char *message; /* part of it, after the path */
} bad[] = {
  { "NUL", BYTES("a,b\nc,\0d\n"), TEXT_ENCODING_AUTO, ":2: column 3: a NUL byte" },
  { "NUL in cp932", BYTES("\x95\x61,\0\n"), TEXT_ENCODING_AUTO, ":1: column 3: a NUL byte" },
  { "UTF-16 little-endian",
    BYTES("\xFF\xFE"
          "a\0"),
    TEXT_ENCODING_AUTO, ":1: column 1: the file is UTF-16" },
  { "UTF-16 big-endian", BYTES("\xFE\xFF\0a"), TEXT_ENCODING_AUTO, ":1: column 1: the file is UTF-16" },
  { "UTF-16, cp932 forced",
    BYTES("\xFF\xFE"
          "a\0"),
    TEXT_ENCODING_CP932, "the file is UTF-16" },
  { "UTF-16 without a mark", BYTES("a\0,\0"), TEXT_ENCODING_AUTO, ":1: column 2: a NUL byte" },
  { "neither", BYTES("病,a\r\n病院\xFF,b\r\n"), TEXT_ENCODING_AUTO,
    ":2: column 3: byte 0xFF is neither UTF-8 nor" },
  { "after a lone CR", BYTES("a\rb\xFF\r"), TEXT_ENCODING_AUTO, ":2: column 2: byte 0xFF" },
  { "cut at the end", BYTES("abc\n\xE7\x97"), TEXT_ENCODING_UTF8, ":2: column 1: byte 0xE7 is not UTF-8" },
  { "cp932 cut at the end", BYTES("\x95\x61\n\x95"), TEXT_ENCODING_CP932,
    ":2: column 1: byte 0x95 is not CP932" },
  { "cp932, UTF-8 forced", BYTES("\x95\x61\n"), TEXT_ENCODING_UTF8, ":1: column 1: byte 0x95 is not UTF-8" },
  { "utf-8, cp932 forced", BYTES("\x95\x61\x95\x61,\xFD\n"), TEXT_ENCODING_CP932, ":1: column 4: byte 0xFD" },
  { "mark, then broken", BYTES("\xEF\xBB\xBF\x95\x61\n"), TEXT_ENCODING_AUTO, "byte 0x95 is not UTF-8" },
  { "surrogate", BYTES("\xED\xA0\x80\xFF"), TEXT_ENCODING_AUTO, ":1: column 1: byte 0xED" },
  { "overlong", BYTES("\xC0\xAF\xFF"), TEXT_ENCODING_AUTO, ":1: column 1: byte 0xC0" },
};

START_TEST(test_text_bad)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = temp_write("bad.csv", bad[_i].bytes, (gssize)bad[_i].size);
  g_autofree char *text = read_all(path, bad[_i].encoding, NULL, &error);

  ck_assert_msg(text == NULL, "%s: taken as \"%s\"", bad[_i].name, text);
  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_TEXT), "%s", bad[_i].name);
  ck_assert_msg(g_str_has_prefix(error->message, path), "%s: %s", bad[_i].name, error->message);
  ck_assert_msg(strstr(error->message, bad[_i].message) != NULL, "%s: %s", bad[_i].name, error->message);
  ck_assert_msg(strstr(error->message, "save") != NULL, "%s: no remedy: %s", bad[_i].name, error->message);
}
END_TEST

START_TEST(test_text_missing)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = scratch_path("no-such.csv");

  ck_assert_ptr_null(read_all(path, TEXT_ENCODING_AUTO, NULL, &error));
  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_FILE));
  ck_assert_ptr_nonnull(strstr(error->message, "no-such.csv: cannot be read: No such file"));
}
END_TEST

START_TEST(test_text_directory)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = scratch_path("");

  ck_assert_ptr_null(read_all(folder, TEXT_ENCODING_AUTO, NULL, &error));
  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_FILE));
  ck_assert_ptr_nonnull(strstr(error->message, "is a directory"));
}
END_TEST

/* Characters of one to four bytes across the ends of many pieces, in both encodings. */
START_TEST(test_text_pieces)
{
  static const char utf8[] = "aé病\xF0\xA0\xAE\xB7"; /* 1 + 2 + 3 + 4 bytes */
  static const char cp932[] = "a\x95\x61\xB1";       /* 1 + 2 + 1 bytes: a, 病, ｱ */
  g_autoptr(GString) bytes = g_string_new(NULL);
  g_autoptr(GString) sjis = g_string_new(NULL);
  g_autoptr(GString) expected = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 100001; i++) {
    g_string_append(bytes, utf8);
    g_string_append(sjis, cp932);
    g_string_append(expected, "a病ｱ");
  }
  g_autofree char *path = temp_write("long.csv", bytes->str, (gssize)bytes->len);
  g_autofree char *text = read_all(path, TEXT_ENCODING_AUTO, NULL, &error);

  ck_assert_ptr_nonnull(text);
  ck_assert(strcmp(text, bytes->str) == 0);
  g_autofree char *sjis_path = temp_write("long-sjis.csv", sjis->str, (gssize)sjis->len);
  g_autofree char *sjis_text = read_all(sjis_path, TEXT_ENCODING_AUTO, NULL, &error);

  ck_assert_ptr_nonnull(sjis_text);
  ck_assert(strcmp(sjis_text, expected->str) == 0);
}
END_TEST

START_TEST(test_text_sha256)
{
  g_autoptr(TextReader) reader = NULL;
  g_autofree char *path = temp_write("abc.csv", "abc", 3);
  g_autofree char *text = read_all(path, TEXT_ENCODING_AUTO, &reader, NULL);
  g_autofree char *hash = text_reader_sha256(reader);

  /* FIPS 180-2, appendix B.1 */
  ck_assert_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

/* A pipe cannot be read twice. */
START_TEST(test_text_pipe)
{
  g_autoptr(GError) error = NULL;
  int ends[2];

  ck_assert(g_unix_open_pipe(ends, 0, NULL));
  ck_assert_int_eq(write(ends[1], "\x95\x61\n", 3), 3);
  close(ends[1]);
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
  g_autofree char *text = read_all(path, TEXT_ENCODING_AUTO, NULL, &error);

  close(ends[0]);
  ck_assert_msg(text != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq(text, "病\n");
}
END_TEST

START_TEST(test_text_changed)
{
  g_autoptr(TextReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = temp_write("growing.csv", "a,b\n", 4);
  const char *text;
  gsize size = 1;
  bool read = true;

  ck_assert(text_reader_open(path, TEXT_ENCODING_AUTO, &reader, NULL));
  FILE *file = fopen(path, "a");

  ck_assert_int_eq(fputs("c,d\n", file) < 0, 0);
  fclose(file);
  while (read && size > 0)
    read = text_reader_next(reader, &text, &size, &error);
  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_FILE));
  ck_assert_ptr_nonnull(strstr(error->message, "changed while it was read"));
}
END_TEST

START_TEST(test_text_encoding_keys)
{
  static const struct {
    const char *key;
    TextEncoding encoding;
  } cases[] = {
    { "utf-8", TEXT_ENCODING_UTF8 },      { "UTF8", TEXT_ENCODING_UTF8 },
    { "cp932", TEXT_ENCODING_CP932 },     { "SJIS", TEXT_ENCODING_CP932 },
    { "Shift_JIS", TEXT_ENCODING_CP932 }, { "Windows-31J", TEXT_ENCODING_CP932 },
  };
  TextEncoding encoding = TEXT_ENCODING_AUTO;

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    ck_assert_msg(text_encoding_parse(cases[i].key, &encoding), "%s", cases[i].key);
    ck_assert_msg(encoding == cases[i].encoding, "%s", cases[i].key);
  }
  ck_assert(!text_encoding_parse("latin-1", &encoding));
  ck_assert_str_eq(text_encoding_key(TEXT_ENCODING_UTF8), "utf-8");
  ck_assert_str_eq(text_encoding_key(TEXT_ENCODING_CP932), "cp932");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("text");
  TCase *tests = tcase_create("text");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tests, test_text_good, 0, G_N_ELEMENTS(good));
  tcase_add_loop_test(tests, test_text_bad, 0, G_N_ELEMENTS(bad));
  tcase_add_test(tests, test_text_missing);
  tcase_add_test(tests, test_text_directory);
  tcase_add_test(tests, test_text_pieces);
  tcase_add_test(tests, test_text_sha256);
  tcase_add_test(tests, test_text_pipe);
  tcase_add_test(tests, test_text_changed);
  tcase_add_test(tests, test_text_encoding_keys);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
