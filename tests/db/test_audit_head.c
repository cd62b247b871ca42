#include "db/audit_head.h"
#include "db/audit_key.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

/* RFC 8032, section 7.1, TEST 1: the seed and its public key. */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define PUBLIC "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

static SignKey *fixed_key(void)
{
  g_autofree char *path = scratch_path("fixed.sign-key");
  SignKey *key = NULL;

  ck_assert(g_file_set_contents(path, SEED "\n", -1, NULL));
  ck_assert_int_eq(chmod(path, 0600), 0);
  assert_done(sign_key_load(path, &key, ERR));
  return key;
}

static AuditHead fixed_head(const SignKey *key)
{
  AuditPoint point = { 1234, { 0xab, 0xcd } };

  return audit_head_sign(key, &point, "2031-03-30T22:15:00Z");
}

START_TEST(test_key_is_that_of_the_rfc)
{
  g_autoptr(SignKey) key = fixed_key();
  SignKeyPublic public_key = sign_key_public(key), read;
  g_autofree char *text = sign_key_public_format(&public_key);
  g_autofree char *id = sign_key_public_id(&public_key);

  ck_assert_str_eq(text, PUBLIC);
  ck_assert_str_eq(id, "11qYAYKx");
  ck_assert(sign_key_public_parse(" " PUBLIC "\n", &read, NULL));
  ck_assert_mem_eq(&read, &public_key, sizeof read);
  ck_assert(!sign_key_public_parse("11qYAYKx", &read, NULL));
  ck_assert(!sign_key_public_parse("", &read, NULL));
}
END_TEST

START_TEST(test_key_file_is_private)
{
  g_autofree char *path = scratch_path("kigen.db.sign-key");
  g_autofree char *said = sign_key_path("/srv/kigen.db");
  g_autoptr(GError) error = NULL;
  SignKey *key = NULL;
  struct stat info;

  ck_assert_str_eq(said, "/srv/kigen.db.sign-key");
  ck_assert(!sign_key_load(path, &key, &error));
  ck_assert(g_error_matches(error, SIGN_KEY_ERROR, SIGN_KEY_ERROR_MISSING));
  ck_assert_ptr_nonnull(strstr(error->message, "--make-key"));
  g_clear_error(&error);
  assert_done(sign_key_create(path, ERR));
  ck_assert_int_eq(stat(path, &info), 0);
  ck_assert_uint_eq(info.st_mode & 07777, 0600);
  ck_assert(!sign_key_create(path, &error));
  ck_assert(g_error_matches(error, SIGN_KEY_ERROR, SIGN_KEY_ERROR_EXISTS));
  g_clear_error(&error);
  ck_assert_int_eq(chmod(path, 0640), 0);
  ck_assert(!sign_key_load(path, &key, &error));
  ck_assert(g_error_matches(error, SIGN_KEY_ERROR, SIGN_KEY_ERROR_OPEN));
  ck_assert_ptr_nonnull(strstr(error->message, "chmod 600"));
  ck_assert_ptr_null(key);
}
END_TEST

START_TEST(test_head_comes_back_through_a_mail)
{
  g_autoptr(SignKey) key = fixed_key();
  SignKeyPublic public_key = sign_key_public(key);
  AuditHead head = fixed_head(key), read;
  g_autofree char *line = audit_head_format(&head);
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_autofree char *quoted = g_strjoinv("\r\n> > ", words);
  g_autofree char *mail = g_strconcat("Subject: 文書\r\n\r\n> ", quoted, "\r\n-- \r\n", NULL);
  g_autofree char *json = g_strconcat("{\"head\": \"", line, "\",", NULL);
  g_autofree char *lines = audit_head_format_lines(&head);
  g_auto(GStrv) folded = g_strsplit(lines, "\n", -1);
  g_autofree char *value = g_strjoinv("\r\n ", folded);
  g_autofree char *field =
      g_strconcat("Subject: about kigen-head 1 to you\r\nX-Kigen-Head: ", value, "\r\nTo: x\r\n\r\n", NULL);
  g_autofree char *reply = g_strjoinv("\n> > ", folded);
  const char *texts[] = { line, mail, json, lines, field, reply };

  ck_assert_ptr_nonnull(strstr(line, "kigen-head 1 1234 2031-03-30T22:15:00Z abcd0000"));
  ck_assert_ptr_null(strchr(line, '\n'));
  ck_assert_uint_eq(g_strv_length(folded), 4);
  for (gsize i = 0; folded[i] != NULL; i++)
    ck_assert_msg(strlen(folded[i]) + strlen("X-Kigen-Head: ") <= 78, "%s", folded[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    assert_done(audit_head_parse(texts[i], &read, ERR));
    ck_assert_mem_eq(read.point.hash, head.point.hash, AUDIT_HASH_SIZE);
    ck_assert_int_eq(read.point.id, 1234);
    assert_done(audit_head_verify(&read, &public_key, ERR));
  }
}
END_TEST

/* A change anywhere in the line is no head any more, or another key's, or a bad signature. */
START_TEST(test_no_character_of_a_head_can_be_changed)
{
  g_autoptr(SignKey) key = fixed_key();
  SignKeyPublic public_key = sign_key_public(key);
  AuditHead head = fixed_head(key), read;
  g_autofree char *line = audit_head_format(&head);

  for (gsize i = 0; line[i] != '\0'; i++) {
    char kept = line[i];
    g_autoptr(GError) error = NULL;

    line[i] = kept == '7' ? '8' : '7';
    ck_assert_msg(!audit_head_parse(line, &read, &error) || !audit_head_verify(&read, &public_key, &error),
                  "character %d", (int)i);
    ck_assert_ptr_nonnull(error);
    line[i] = kept;
  }
}
END_TEST

START_TEST(test_head_of_another_key)
{
  g_autofree char *path = scratch_path("other.sign-key");
  g_autoptr(SignKey) key = fixed_key();
  g_autoptr(SignKey) other = NULL;
  g_autoptr(GError) error = NULL;
  AuditHead head = fixed_head(key);

  assert_done(sign_key_create(path, ERR));
  assert_done(sign_key_load(path, &other, ERR));

  SignKeyPublic public_key = sign_key_public(other);

  ck_assert(!audit_head_verify(&head, &public_key, &error));
  ck_assert(g_error_matches(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_KEY));
  g_clear_error(&error);
  ck_assert(!audit_head_parse("no head here", &head, &error));
  ck_assert(g_error_matches(error, AUDIT_HEAD_ERROR, AUDIT_HEAD_ERROR_FORM));
}
END_TEST

START_TEST(test_trail_tells_the_key)
{
  AuditContext context = { "tester", day_from_ymd(2031, 3, 31), "2031-03-30T22:15:00Z" };
  g_autofree char *path = scratch_path("kigen.db.sign-key");
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(SignKey) key = NULL;
  SignKeyPublic found = { { 0 } };
  gint64 row = -1;

  assert_done(audit_key_find(db, &row, &found, ERR));
  ck_assert_int_eq(row, 0);
  assert_done(db_begin(db, ERR));
  assert_done(audit_key_make(db, &context, path, ERR));
  assert_done(db_commit(db, ERR));
  assert_done(sign_key_load(path, &key, ERR));
  assert_done(audit_key_find(db, &row, &found, ERR));

  SignKeyPublic public_key = sign_key_public(key);

  ck_assert_int_eq(row, 1);
  ck_assert_mem_eq(&found, &public_key, sizeof found);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("audit_head");
  TCase *tests = tcase_create("audit_head");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_key_is_that_of_the_rfc);
  tcase_add_test(tests, test_key_file_is_private);
  tcase_add_test(tests, test_head_comes_back_through_a_mail);
  tcase_add_test(tests, test_no_character_of_a_head_can_be_changed);
  tcase_add_test(tests, test_head_of_another_key);
  tcase_add_test(tests, test_trail_tells_the_key);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
