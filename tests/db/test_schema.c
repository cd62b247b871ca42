/* db/schema.sql is what a fresh store holds: whoever reads it reads the truth. After a migration,
 * KIGEN_UPDATE_SCHEMA=1 build/tests/db/test_schema writes it anew (its head, the lines of "-- ", stays). */

#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static char *snapshot_path(void)
{
  return run_source_path("db/schema.sql");
}

/* The "-- " lines that the file begins with. */
static char *head_of(const char *text)
{
  const char *end = text;

  while (g_str_has_prefix(end, "-- ")) {
    end = strchr(end, '\n') + 1;
  }
  return g_strndup(text, (gsize)(end - text));
}

static char *dump(Db *db)
{
  return scratch_text(
      db,
      "SELECT group_concat(sql, ';' || char(10, 10)) || ';' || char(10) FROM (SELECT sql FROM sqlite_master"
      " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid)");
}

START_TEST(test_snapshot_is_the_schema)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = snapshot_path();
  g_autofree char *text = NULL;
  g_autofree char *schema = dump(db);

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_autofree char *head = head_of(text);
  g_autofree char *expected = g_strconcat(head, "\n", schema, NULL);

  if (g_getenv("KIGEN_UPDATE_SCHEMA") != NULL) {
    ck_assert(g_file_set_contents(path, expected, -1, NULL));
  } else {
    ck_assert_msg(strcmp(text, expected) == 0,
                  "db/schema.sql is old: KIGEN_UPDATE_SCHEMA=1 build/tests/db/test_schema");
  }
}
END_TEST

START_TEST(test_every_table_is_strict)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *loose =
      scratch_text(db, "SELECT group_concat(name) FROM pragma_table_list WHERE schema = 'main'"
                       " AND name NOT LIKE 'sqlite%' AND NOT strict");

  ck_assert_msg(loose == NULL, "%s", loose);
}
END_TEST

START_TEST(test_every_table_has_its_natural_key_stated)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autofree char *path = snapshot_path();
  g_autofree char *text = NULL;

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_autofree char *head = head_of(text);
  g_autofree char *names =
      scratch_text(db, "SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'");
  g_auto(GStrv) tables = g_strsplit(names, ",", -1);

  for (gsize i = 0; tables[i] != NULL; i++) {
    g_autofree char *pattern = g_strdup_printf("(^|[ ,])%s\\(", tables[i]);

    ck_assert_msg(g_regex_match_simple(pattern, head, G_REGEX_MULTILINE, 0),
                  "db/schema.sql says no key of %s", tables[i]);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("schema");
  TCase *snapshot = tcase_create("snapshot");

  tcase_add_checked_fixture(snapshot, scratch_setup, scratch_teardown);
  tcase_add_test(snapshot, test_snapshot_is_the_schema);
  tcase_add_test(snapshot, test_every_table_is_strict);
  tcase_add_test(snapshot, test_every_table_has_its_natural_key_stated);
  suite_add_tcase(suite, snapshot);
  return run_suite(suite);
}
