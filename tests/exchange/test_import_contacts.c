/* A file of contacts does not bring back who was erased. */

#include <string.h>

#include "db/contact_erase.h"
#include "tests/exchange/importing.h"
#include "tests/support/run.h"

#define ORGANIZATIONS "organization,name_ja,role\nH-1,第一病院,hospital\nH-2,第二病院,hospital\n"
#define CONTACTS                                                                                             \
  "organization,name,email,valid_from\nH-1,佐藤 太郎,sato@h1.example,2020-04-01\nH-2,佐藤 "            \
  "太郎,s@h2.example,\n"

static Db *db;
static LinkKey *key;

/* 佐藤 of H-1 was erased on 2026-04-01. */
static void setup(void)
{
  scratch_setup();
  g_autofree char *path = scratch_path("kigen.db.key");
  ImportOptions options = importing_options();
  ContactErased counts = { 0 };
  g_autoptr(GPtrArray) rows = NULL;

  db = scratch_store("kigen.db");
  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &key, ERR));
  importing_all(db, IMPORT_ORGANIZATIONS, ORGANIZATIONS);
  importing_all(db, IMPORT_CONTACTS, CONTACTS);
  assert_done(contact_list_all(db, "H-1", &rows, ERR));
  assert_done(db_begin(db, ERR));
  assert_done(contact_erase(db, &options.audit, rows, key, "本人の申出", &counts, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(counts.people, 1);
}

static void teardown(void)
{
  link_key_free(key);
  db_close(db);
  scratch_teardown();
}

static const struct {
  const char *csv;
  const char *problem; /* NULL: stored */
} files[] = {
  { CONTACTS, "contacts.csv:2: name \"佐藤 太郎\": this person was erased on 2026-04-01" },
  { "organization,name\nH-1,佐藤太郎\n", "this person was erased on 2026-04-01" },
  { "organization,name\nH-1,佐藤　太郎\n", "a valid_from after that day" },
  { "organization,name,valid_from\nH-1,佐藤 太郎,2026-04-01\n", "this person was erased" },
  { "organization,name,valid_from\nH-1,佐藤 太郎,令和8年4月2日\n", NULL },
  { "organization,name\nH-2,佐藤 太郎\nH-1,佐藤 次郎\n", NULL },
  { "organization,name\nH-1,erased-1\n", "so kigen calls a person who was erased" },
  { "organization,name\nH-1,erased-99\n", "so kigen calls a person who was erased" },
  { "organization,name\nH-1,erased by mistake\n", NULL },
};

START_TEST(test_erased)
{
  ImportOptions options = importing_options();

  options.link_key = key;

  g_autoptr(ImportReport) report = importing(db, IMPORT_CONTACTS, files[_i].csv, &options);
  g_autofree char *problems = importing_problems(report);

  ck_assert_msg(report->stored == (files[_i].problem == NULL), "%s", problems);
  if (files[_i].problem != NULL)
    ck_assert_msg(strstr(problems, files[_i].problem) != NULL, "%s", problems);
}
END_TEST

/* Once they are there again, a file need not say since when. */
START_TEST(test_there_again)
{
  ImportOptions options = importing_options();

  options.link_key = key;
  importing_all(db, IMPORT_CONTACTS, "organization,name,valid_from\nH-1,佐藤 太郎,2026-05-01\n");

  g_autoptr(ImportReport) report =
      importing(db, IMPORT_CONTACTS, "organization,name,title\nH-1,佐藤 太郎,部長\n", &options);

  ck_assert(report->stored);
  ck_assert_int_eq(report->changed, 1);
}
END_TEST

START_TEST(test_without_the_key_nobody_is_known)
{
  importing_all(db, IMPORT_CONTACTS, CONTACTS);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM contact WHERE erased_on IS NOT NULL"), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import_contacts");
  TCase *tcase = tcase_create("import_contacts");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_erased, 0, G_N_ELEMENTS(files));
  tcase_add_test(tcase, test_there_again);
  tcase_add_test(tcase, test_without_the_key_nobody_is_known);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
