/* When each device of a letter ends, and what a notice of EOS tells, as the context keeps it. */

#include "notifier/mail/letter_context.h"

#include <string.h>

#include "notifier/mail/letter_devices.h"
#include "notifier/mail/letter_json.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;

static void setup(void)
{
  scratch_setup();
  db = outbox_base_store();
}

static void teardown(void)
{
  db_close(db);
  scratch_teardown();
}

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

/* The context of message 1: to KITA, of PUMP/1.0 (EOL 2031-03-31, EOS 2033-03-31). */
static json_t *context(void)
{
  g_autoptr(GHashTable) maker = g_hash_table_new(g_str_hash, g_str_equal);
  LetterStyle style = { .today = base_context.today,
                        .now = base_context.now,
                        .from_address = "notice@maker.example",
                        .uid_domain = "kigen.example",
                        .maker = maker };
  g_autoptr(OutboxLetter) letter = NULL;

  assert_done(db_begin_read(db, ERR));
  assert_done(outbox_letter_load(db, 1, NULL, &letter, ERR));
  db_end_read(db);
  return letter_context_json(letter, &style);
}

static const json_t *first_notice(const json_t *letter)
{
  return json_array_get(json_object_get(letter, "notices"), 0);
}

/* "EOL 2029年3月31日 software_first; EOS …" of the first device, and its ISO days. Own string. */
static char *describe(const json_t *device)
{
  static const char *const flags[] = { "at_latest",   "in_doubt_tba",   "in_doubt_unknown",
                                       "by_contract", "software_first", "hardware_first",
                                       NULL };
  GString *out = g_string_new(NULL);
  json_t *end = NULL;
  size_t i = 0;

  json_array_foreach(json_object_get(device, "ends"), i, end)
  {
    g_string_append_printf(out, "%s %s", letter_json_get(end, "end_name"), letter_json_get(end, "text"));
    for (gsize j = 0; flags[j] != NULL; j++)
      if (json_is_true(json_object_get(end, flags[j])))
        g_string_append_printf(out, " %s", flags[j]);
    g_string_append(out, "; ");
  }
  g_string_append_printf(out, "%s %s", letter_json_choose(letter_json_get(device, "eol_day"), "-"),
                         letter_json_choose(letter_json_get(device, "eos_day"), "-"));
  return g_string_free(out, FALSE);
}

#define EXTENSION                                                                                            \
  "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"    \
  " created_by, created_on, created_at) VALUES "
#define SOFTWARE                                                                                             \
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at) VALUES (4, 1,"  \
  " 'user', 1, 1, 's', '2025-04-01', '')"
#define SOFTWARE_PLAN(eol, eos)                                                                              \
  "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author,"           \
  " created_at, published_on, published_at) VALUES (7, 4, 1, 'published', " eol ", " eos                     \
  ", 'LS-S', 'x', '', '2030-01-01', '2030-01-01T00:00:00Z')"

/* Device 1 has software SW 3.1 (release 4), device 2 has none; both are PUMP/1.0. */
START_TEST(test_devices)
{
  static const struct {
    const char *name, *changes[4]; /* the last one is NULL */
    const char *with_software, *without;
  } cases[] = {
    { "no plan for the software",
      { SOFTWARE },
      "EOL 2031年3月31日 at_latest in_doubt_unknown; EOS 2033年3月31日 at_latest in_doubt_unknown;"
      " 2031-03-31 2033-03-31",
      "2031-03-31 2033-03-31" },
    { "not announced",
      { SOFTWARE, SOFTWARE_PLAN("'tba'", "'tba'") },
      "EOL 2031年3月31日 at_latest in_doubt_tba; EOS 2033年3月31日 at_latest in_doubt_tba; 2031-03-31 "
      "2033-03-31",
      "2031-03-31 2033-03-31" },
    { "the software lives longer",
      { SOFTWARE, SOFTWARE_PLAN("'2032-03-31'", "'2035-03-31'") },
      "2031-03-31 2033-03-31",
      "2031-03-31 2033-03-31" },
    { "the software ends first",
      { SOFTWARE, SOFTWARE_PLAN("'2030-12-31'", "'2032-03-31'") },
      "EOL 2030年12月31日 software_first; EOS 2032年3月31日 software_first; 2030-12-31 2032-03-31",
      "2031-03-31 2033-03-31" },
    { "a contract for all",
      { SOFTWARE, SOFTWARE_PLAN("'2032-03-31'", "'2035-03-31'"),
        EXTENSION "(1, 1, NULL, '2034-03-31', '2034-03-31', NULL, 1, '', 'x', 'x', '2030-01-01', '')" },
      "EOS 2034年3月31日 by_contract; 2031-03-31 2034-03-31",
      "EOS 2034年3月31日 by_contract; 2031-03-31 2034-03-31" },
    { "a contract does not keep the software alive",
      { SOFTWARE, SOFTWARE_PLAN("'2032-03-31'", "'2033-09-30'"),
        EXTENSION "(1, 1, NULL, '2034-03-31', '2034-03-31', NULL, 1, '', 'x', 'x', '2030-01-01', '')" },
      "EOS 2033年9月30日 software_first; 2031-03-31 2033-09-30",
      "EOS 2034年3月31日 by_contract; 2031-03-31 2034-03-31" },
    { "the device's own goes first",
      { EXTENSION "(1, 1, NULL, '2034-03-31', '2034-03-31', NULL, 1, '', 'x', 'x', '2030-01-01', '')",
        EXTENSION "(1, 1, 2, '2036-03-31', '2036-03-31', 1, 1, '', 'x', 'x', '2030-01-01', '')" },
      "EOL 2031年3月31日 at_latest in_doubt_unknown; EOS 2034年3月31日 at_latest in_doubt_unknown "
      "by_contract;"
      " 2031-03-31 2034-03-31",
      "EOS 2036年3月31日 by_contract; 2031-03-31 2036-03-31" },
    { "not theirs now",
      { EXTENSION "(1, 1, 2, '2036-03-31', '2036-03-31', 0, 1, '', 'x', 'x', '2030-01-01', '')" },
      "EOL 2031年3月31日 at_latest in_doubt_unknown; EOS 2033年3月31日 at_latest in_doubt_unknown;"
      " 2031-03-31 2033-03-31",
      "2031-03-31 2033-03-31" },
  };

  for (gsize i = 0; cases[_i].changes[i] != NULL; i++)
    sql(cases[_i].changes[i]);
  g_autoptr(json_t) letter = context();
  const json_t *devices = json_object_get(first_notice(letter), "devices");
  g_autofree char *with = describe(json_array_get(devices, 0));
  g_autofree char *without = describe(json_array_get(devices, 1));

  ck_assert_str_eq(letter_json_get(json_array_get(devices, 0), "serial"), "00123");
  ck_assert_msg(strcmp(with, cases[_i].with_software) == 0, "%s: %s", cases[_i].name, with);
  ck_assert_msg(strcmp(without, cases[_i].without) == 0, "%s: %s", cases[_i].name, without);
}
END_TEST

/* A notice of EOS made for those with contracts tells that day, and how long it is until then. */
START_TEST(test_extended_notice)
{
  sql(EXTENSION "(1, 1, NULL, '2034-03-31', '2034-03-31', NULL, 1, '', 'x', 'x', '2030-01-01', '')");
  sql("INSERT INTO notice (id, kind, plan, due_on, lead_months, extended_eos, created_at) VALUES"
      " (9, 'eos-reminder', 2, '2030-09-30', 36, '2034-03-31', ''), (10, 'eos-reminder', 2, '2030-09-30', "
      "36, '', '')");
  sql("DELETE FROM outbox_notice WHERE outbox = 1");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (9, 1, 1), (10, 1, 1)");
  g_autoptr(json_t) letter = context();
  const json_t *extended = first_notice(letter);
  const json_t *planned = json_array_get(json_object_get(letter, "notices"), 1);
  const json_t *extension = json_object_get(extended, "extension");

  ck_assert_str_eq(letter_json_get(extended, "told_eos"), "2034年3月31日（令和16年3月31日・金）");
  ck_assert(json_is_true(json_object_get(extended, "told_extended")));
  ck_assert_str_eq(letter_json_get(extended, "remaining"), "あと42か月");
  ck_assert_str_eq(letter_json_get(extension, "until"), "2034年3月31日（令和16年3月31日・金）");
  ck_assert_str_eq(letter_json_get(json_object_get(extended, "eos"), "day"), "2033-03-31");
  ck_assert_str_eq(letter_json_get(planned, "told_eos"), "2033年3月31日（令和15年3月31日・木）");
  ck_assert_ptr_null(json_object_get(planned, "told_extended"));
  ck_assert_str_eq(letter_json_get(planned, "remaining"), "あと30か月");
}
END_TEST

START_TEST(test_devices_csv)
{
  sql(EXTENSION "(1, 1, 2, '2036-03-31', '2036-03-31', 1, 1, '', 'x', 'x', '2030-01-01', '')");
  g_autoptr(json_t) letter = context();
  g_autoptr(GBytes) bytes = letter_devices_csv(letter);
  g_autofree char *csv = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

  ck_assert_ptr_nonnull(strstr(csv, ",この機器のEOL（遅くとも）,この機器のEOS（遅くとも）\r\n"));
  ck_assert_ptr_nonnull(strstr(csv, ",2031-03-31,2033-03-31,2031-03-31,2036-03-31\r\n"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("letter_ends");
  TCase *tcase = tcase_create("letter_ends");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_devices, 0, 8);
  tcase_add_test(tcase, test_extended_notice);
  tcase_add_test(tcase, test_devices_csv);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
