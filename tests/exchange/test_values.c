#include <string.h>

#include "notifier/exchange/key_set.h"
#include "notifier/exchange/nearest.h"
#include "notifier/exchange/words.h"
#include "tests/support/run.h"

static const ValueRange percent = { 0, 100 };

/* `value`: "-" for NULL. */
static const struct {
  ValueParser parse;
  const void *detail;
  const char *cell;
  const char *value;
} good[] = {
  { values_text, NULL, "東京都\n千代田区\t1", "東京都\n千代田区\t1" },
  { values_line, NULL, "第一病院　本館", "第一病院　本館" },
  { values_line, NULL, "# 1", "# 1" },
  { values_code, NULL, "00123", "00123" },
  { values_code, NULL, "=\"00123\"", "00123" },
  { values_code, NULL, "=\" 00123 \"", "00123" },
  { values_code, NULL, "=\"\"", "-" },
  { values_code, NULL, "1E5", "1E5" },
  { values_code, NULL, "A1.23E+13", "A1.23E+13" },
  { values_code, NULL, "1.E+X", "1.E+X" },
  { values_plan_date, NULL, "2031-03-31", "2031-03-31" },
  { values_plan_date, NULL, "2031/3/31", "2031-03-31" },
  { values_plan_date, NULL, "20310331", "2031-03-31" },
  { values_plan_date, NULL, "２０３１年３月３１日", "2031-03-31" },
  { values_plan_date, NULL, "令和13年3月31日", "2031-03-31" },
  { values_plan_date, NULL, "R13.3.31", "2031-03-31" },
  { values_plan_date, NULL, "2031年3月末", "2031-03-31" },
  { values_plan_date, NULL, "2031年度末", "2032-03-31" },
  { values_plan_date, NULL, "99991231", "tba" },
  { values_plan_date, NULL, "9999-12-31", "tba" },
  { values_plan_date, NULL, "未定", "tba" },
  { values_plan_date, NULL, "00000000", "-" },
  { values_day, NULL, "2031-03-31", "2031-03-31" },
  { values_day, NULL, "=\"2031-03-31\"", "2031-03-31" },
  { values_day, NULL, "9999-12-31", "-" },
  { values_day, NULL, "未定", "-" },
  { values_boolean, NULL, "yes", "1" },
  { values_boolean, NULL, "ＮＯ", "0" },
  { values_boolean, NULL, "1", "1" },
  { values_boolean, NULL, "０", "0" },
  { values_boolean, NULL, "はい", "1" },
  { values_boolean, NULL, "いいえ", "0" },
  { values_integer, &percent, "7", "7" },
  { values_integer, &percent, "００７", "7" },
  { values_integer, &percent, "100", "100" },
  { values_word, words_organization, "hospital", "hospital" },
  { values_word, words_organization, "診療所", "clinic" },
  { values_word, words_organization, "販売業者", "distributor" },
  { values_word, words_organization, "貸与業者", "lessor" },
  { values_word, words_organization, "修理業者", "repairer" },
  { values_word, words_organization, "Ｈｏｓｐｉｔａｌ", "hospital" },
  { values_word, words_status, "使用中", "in-use" },
  { values_word, words_status, "In Use", "in-use" },
  { values_word, words_status, "in_use", "in-use" },
  { values_word, words_channel, "ﾒｰﾙ", "mail" },
  { values_word, words_contact, "医療機器安全管理責任者", "device-safety-manager" },
  { values_word, words_custody, "所有者", "owner" },
  { values_email, NULL, "taro@example.com", "taro@example.com" },
  { values_url, NULL, "https://example.com/?a=b", "https://example.com/?a=b" },
  { values_time_zone, NULL, "Asia/Tokyo", "Asia/Tokyo" },
  { values_country, NULL, "jp", "JP" },
  { values_country, NULL, "日本", "JP" },
  { values_service_lines, NULL, "security-updates:2033-03-31;parts:2031-03-31",
    "security-updates:2033-03-31;parts:2031-03-31" },
};

START_TEST(test_values_good)
{
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);
  g_autoptr(GError) error = NULL;
  ValueSink sink = { .chunk = chunk };
  const char *value = NULL;
  bool done = good[_i].parse(good[_i].cell, good[_i].detail, &sink, &value, &error);

  ck_assert_msg(done, "%s: %s", good[_i].cell, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(value != NULL ? value : "-", good[_i].value) == 0, "%s: %s", good[_i].cell, value);
  ck_assert_ptr_null(sink.warning);
}
END_TEST

static const struct {
  ValueParser parse;
  const void *detail;
  const char *cell;
  const char *message;
} bad[] = {
  { values_text, NULL,
    "a\x01"
    "b",
    "control character" },
  { values_text, NULL, "#REF!", "Excel" },
  { values_line, NULL, "a\nb", "line break" },
  { values_line, NULL, "a\rb", "line break" },
  { values_line, NULL, "a\x7F", "control character" },
  { values_code, NULL, "1.23E+13", "Excel" },
  { values_code, NULL, "4.91235e+12", "Excel" },
  { values_code, NULL, "1E+13", "Excel" },
  { values_code, NULL, "=\"1.23E+13\"", "Excel" },
  { values_plan_date, NULL, "48304", "Excel" },
  { values_plan_date, NULL, "1.23E+13", "" },
  { values_plan_date, NULL, "2031/03", "Excel" },
  { values_plan_date, NULL, "2031-02-29", "" },
  { values_plan_date, NULL, "31/03/2031", "" },
  { values_plan_date, NULL, "令和0年", "" },
  { values_plan_date, NULL, "令和0年3月31日", "" },
  { values_day, NULL, "soon", "" },
  { values_boolean, NULL, "maybe", "neither yes nor no" },
  { values_integer, &percent, "101", "from 0 to 100" },
  { values_integer, &percent, "-1", "from 0 to 100" },
  { values_integer, &percent, "7.0", "from 0 to 100" },
  { values_integer, &percent, "99999999999999999999", "from 0 to 100" },
  { values_word, words_status, "gone", "in-use (使用中), spare (予備), isolated (隔離), disposed (廃棄)" },
  { values_email, NULL, "a@b@example.com", "" },
  { values_email, NULL, "a@example.com\r\nBcc: b@example.com", "" },
  { values_email, NULL, "山田@example.com", "" },
  { values_url, NULL, "javascript:alert(1)", "not a web address" },
  { values_url, NULL, "https://例え.jp/", "not a web address" },
  { values_url, NULL, "https://a b", "not a web address" },
  { values_time_zone, NULL, "東京", "Asia/Tokyo" },
  { values_country, NULL, "JPN", "two letters" },
  { values_service_lines, NULL, "parts", "" },
};

START_TEST(test_values_bad)
{
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);
  g_autoptr(GError) error = NULL;
  ValueSink sink = { .chunk = chunk };
  const char *value = "untouched";

  ck_assert_msg(!bad[_i].parse(bad[_i].cell, bad[_i].detail, &sink, &value, &error), "%s: taken",
                bad[_i].cell);
  ck_assert_str_eq(value, "untouched");
  ck_assert_msg(strstr(error->message, bad[_i].message) != NULL, "%s: %s", bad[_i].cell, error->message);
  ck_assert_ptr_null(sink.warning);
}
END_TEST

START_TEST(test_values_warning)
{
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);
  ValueSink sink = { .chunk = chunk };
  const char *value = NULL;

  ck_assert(values_plan_date("平成43年3月31日", NULL, &sink, &value, NULL));
  ck_assert_str_eq(value, "2031-03-31");
  ck_assert_ptr_nonnull(sink.warning);
  g_free(sink.warning);
}
END_TEST

START_TEST(test_values_trim)
{
  static const struct {
    const char *cell, *trimmed;
  } cases[] = {
    { "", "" },
    { "a", "a" },
    { "  a b\t", "a b" },
    { "　全角　", "全角" },
    { "\xC2\xA0"
      "a",
      "a" },
    { "　 \t", "" },
    { "\xE2\x80\x8B"
      "a\xEF\xBB\xBF",
      "a" },
    { "é", "é" },
  };
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *trimmed = values_trim(cases[i].cell, chunk);

    ck_assert_msg(strcmp(trimmed, cases[i].trimmed) == 0, "\"%s\": \"%s\"", cases[i].cell, trimmed);
  }
}
END_TEST

START_TEST(test_values_serial_key)
{
  static const struct {
    const char *serial, *key; /* NULL: the serial itself */
  } cases[] = {
    { "SN-0042", NULL },        { "sn-0042", "SN-0042" },
    { "SN 0042", "SN0042" },    { "ＳＮ－００４２", "SN-0042" },
    { "ｼﾘｱﾙ　1", "シリアル1" }, { "0042", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *key = values_serial_key(cases[i].serial);

    ck_assert_msg(g_strcmp0(key, cases[i].key) == 0, "%s: %s", cases[i].serial, key);
  }
}
END_TEST

START_TEST(test_values_nearest)
{
  static const char *const known[] = { "serial", "release", "product", "H-0001", "H-0002", "第一病院" };
  static const struct {
    const char *word, *found;
  } cases[] = {
    { "serail", "serial" },     { "Relase", "release" }, { "H-001", "H-0001" }, { "Ｈ－０００２", "H-0002" },
    { "第１病院", "第一病院" }, { "xyz", NULL },         { "", NULL },          { "H-9999999999", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Nearest) nearest = nearest_new(cases[i].word);

    for (gsize k = 0; k < G_N_ELEMENTS(known); k++)
      nearest_consider(nearest, known[k]);
    ck_assert_msg(g_strcmp0(nearest_found(nearest), cases[i].found) == 0, "%s: %s", cases[i].word,
                  nearest_found(nearest));
  }
}
END_TEST

/* More keys than the first table holds; every one is found again, with its line and note. */
START_TEST(test_values_key_set)
{
  g_autoptr(KeySet) set = key_set_new();
  char key[32];
  KeySeen seen = { 0 };

  for (guint round = 0; round < 2; round++) {
    for (guint i = 1; i <= 20000; i++) {
      gsize size = (gsize)g_snprintf(key, sizeof key, "key %u", i);
      bool added = key_set_add(set, key, size, (KeySeen){ i, i * 2 }, &seen);

      ck_assert_msg(added == (round == 0), "round %u, key %u", round, i);
      ck_assert_msg(added || (seen.line == i && seen.note == i * 2), "key %u: line %u", i, seen.line);
    }
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("values");
  TCase *tests = tcase_create("values");

  tcase_add_loop_test(tests, test_values_good, 0, G_N_ELEMENTS(good));
  tcase_add_loop_test(tests, test_values_bad, 0, G_N_ELEMENTS(bad));
  tcase_add_test(tests, test_values_warning);
  tcase_add_test(tests, test_values_trim);
  tcase_add_test(tests, test_values_serial_key);
  tcase_add_test(tests, test_values_nearest);
  tcase_add_test(tests, test_values_key_set);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
