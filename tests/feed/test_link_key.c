#include "db/link_key.h"
#include "tests/support/run.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

static char *folder;

static void setup(void)
{
  folder = g_dir_make_tmp("kigen-key-XXXXXX", NULL);
  ck_assert_ptr_nonnull(folder);
}

static char *in_folder(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

static void teardown(void)
{
  GDir *dir = g_dir_open(folder, 0, NULL);

  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = in_folder(name);

    g_unlink(path);
  }
  g_dir_close(dir);
  g_rmdir(folder);
  g_free(folder);
}

static LinkKey *load(const char *path)
{
  g_autoptr(GError) error = NULL;
  LinkKey *key = NULL;

  ck_assert_msg(link_key_load(path, &key, &error), "%s", error != NULL ? error->message : "");
  return key;
}

START_TEST(test_create_makes_a_private_file)
{
  g_autofree char *path = in_folder("kigen.db.key");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  struct stat info;
  mode_t old = umask(0);

  ck_assert(link_key_create(path, &error));
  umask(old);
  ck_assert_int_eq(stat(path, &info), 0);
  ck_assert_uint_eq(info.st_mode & 07777, 0600);
  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  ck_assert_uint_eq(strlen(text), 65);
  ck_assert_uint_eq(strspn(text, "0123456789abcdef"), 64);

  ck_assert(!link_key_create(path, &error));
  ck_assert(g_error_matches(error, LINK_KEY_ERROR, LINK_KEY_ERROR_EXISTS));
  ck_assert_ptr_nonnull(strstr(error->message, path));
}
END_TEST

START_TEST(test_create_in_no_folder)
{
  g_autofree char *path = in_folder("absent/kigen.db.key");
  g_autoptr(GError) error = NULL;

  ck_assert(!link_key_create(path, &error));
  ck_assert(g_error_matches(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FAILED));
}
END_TEST

START_TEST(test_path)
{
  g_autofree char *path = link_key_path("/srv/kigen.db");

  ck_assert_str_eq(path, "/srv/kigen.db.key");
}
END_TEST

#define GOOD "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static const struct {
  const char *text;
  mode_t mode;
  int code; /* -1: loads */
} files[] = {
  { GOOD "\n", 0600, -1 },
  { GOOD, 0600, -1 },
  { GOOD "\n", 0400, -1 },
  { GOOD "\n", 0640, LINK_KEY_ERROR_OPEN },
  { GOOD "\n", 0604, LINK_KEY_ERROR_OPEN },
  { GOOD "\n", 0620, LINK_KEY_ERROR_OPEN },
  { "", 0600, LINK_KEY_ERROR_FORM },
  { "0001\n", 0600, LINK_KEY_ERROR_FORM },
  { GOOD "\n\n", 0600, LINK_KEY_ERROR_FORM },
  { GOOD "00\n", 0600, LINK_KEY_ERROR_FORM },
  { GOOD " ", 0600, LINK_KEY_ERROR_FORM },
  { "x00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0600, LINK_KEY_ERROR_FORM },
};

START_TEST(test_load_files)
{
  g_autofree char *path = in_folder("key");
  g_autoptr(GError) error = NULL;
  g_autoptr(LinkKey) key = NULL;

  ck_assert(g_file_set_contents(path, files[_i].text, -1, NULL));
  ck_assert_int_eq(chmod(path, files[_i].mode), 0);

  bool loaded = link_key_load(path, &key, &error);

  if (files[_i].code < 0) {
    ck_assert_msg(loaded, "row %d", _i);
    return;
  }
  ck_assert_msg(!loaded, "row %d", _i);
  ck_assert_msg(g_error_matches(error, LINK_KEY_ERROR, files[_i].code), "row %d: %s", _i, error->message);
  ck_assert_msg(strstr(error->message, path) != NULL, "row %d: %s", _i, error->message);
  ck_assert_msg(strstr(error->message, "0001") == NULL, "row %d tells the key: %s", _i, error->message);
}
END_TEST

START_TEST(test_load_what_is_no_file)
{
  g_autofree char *fifo = in_folder("fifo");
  g_autofree char *absent = in_folder("absent");
  g_autoptr(GError) error = NULL;
  LinkKey *key = NULL;

  ck_assert(!link_key_load(absent, &key, &error));
  ck_assert(g_error_matches(error, LINK_KEY_ERROR, LINK_KEY_ERROR_MISSING));
  g_clear_error(&error);
  ck_assert_int_eq(mkfifo(fifo, 0600), 0);
  ck_assert(!link_key_load(fifo, &key, &error));
  ck_assert(g_error_matches(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FORM));
  g_clear_error(&error);
  ck_assert(!link_key_load(folder, &key, &error));
  ck_assert(g_error_matches(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FORM));
  ck_assert_ptr_null(key);
}
END_TEST

static LinkKey *fixed_key(void)
{
  g_autofree char *path = in_folder("fixed");

  ck_assert(g_file_set_contents(path, GOOD "\n", -1, NULL));
  ck_assert_int_eq(chmod(path, 0600), 0);
  return load(path);
}

START_TEST(test_token_is_stable)
{
  /* Links that are out in the world depend on these bytes: they never change (computed with Python's
   * hashlib.blake2b). */
  g_autoptr(LinkKey) key = fixed_key();
  g_autofree char *token = link_key_token(key, LINK_FEED, 1, "2026-04-01T00:00:00Z 7");

  ck_assert_str_eq(token, "7wnqoFryTwpulT_ulyw3dMRG5h7FixVKv7RCbxZPIj4");
  ck_assert(link_key_token_is_wellformed(token));
}
END_TEST

START_TEST(test_code)
{
  /* Return paths of mails that are under way: the same (Python's base64.b32encode of the same digest). */
  g_autoptr(LinkKey) key = fixed_key();
  g_autofree char *code = link_key_code(key, LINK_BOUNCE, 123, "kigen.1@maker.example");

  ck_assert_str_eq(code, "4xgm3hs7qakgnucx");
  ck_assert(link_key_code_is(key, LINK_BOUNCE, 123, "kigen.1@maker.example", code));
  ck_assert(link_key_code_is(key, LINK_BOUNCE, 123, "kigen.1@maker.example", "4XGM3HS7QAKGNUCX"));
  ck_assert(!link_key_code_is(key, LINK_ACK, 123, "kigen.1@maker.example", code));
  ck_assert(!link_key_code_is(key, LINK_BOUNCE, 123, "kigen.1@maker.example", ""));
}
END_TEST

START_TEST(test_tokens_differ)
{
  static const struct {
    LinkPurpose purpose;
    gint64 row;
    const char *detail;
  } rows[] = {
    { LINK_FEED, 1, "a" },  { LINK_PAGE, 1, "a" },  { LINK_ACK, 1, "a" },          { LINK_FEED, 2, "a" },
    { LINK_FEED, 11, "a" }, { LINK_FEED, 1, "1a" }, { LINK_FEED, G_MAXINT64, "" }, { LINK_FEED, 1, "" },
  };
  g_autoptr(LinkKey) key = fixed_key();
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    char *token = link_key_token(key, rows[i].purpose, rows[i].row, rows[i].detail);

    ck_assert_msg(link_key_token_is_wellformed(token), "row %zu", i);
    ck_assert_msg(g_hash_table_add(seen, token), "row %zu", i);
  }
}
END_TEST

START_TEST(test_wellformed)
{
  static const struct {
    const char *token;
    bool good;
  } rows[] = {
    { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_", true },
    { "", false },
    { "abc", false },
    { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_a", false },
    { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-/", false },
    { "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN\n-_", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    ck_assert_msg(link_key_token_is_wellformed(rows[i].token) == rows[i].good, "row %zu", i);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("link_key");
  TCase *tcase = tcase_create("link_key");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_create_makes_a_private_file);
  tcase_add_test(tcase, test_create_in_no_folder);
  tcase_add_test(tcase, test_path);
  tcase_add_loop_test(tcase, test_load_files, 0, G_N_ELEMENTS(files));
  tcase_add_test(tcase, test_load_what_is_no_file);
  tcase_add_test(tcase, test_token_is_stable);
  tcase_add_test(tcase, test_code);
  tcase_add_test(tcase, test_tokens_differ);
  tcase_add_test(tcase, test_wellformed);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
