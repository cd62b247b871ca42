/* Users: roles, passwords, who is never removed, and who stays admin. */

#include "db/user_password.h"
#include "db/user_store.h"
#include "planner/user_name.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

#define ADMIN ROLE_BIT(ROLE_ADMIN)
#define PLANNER ROLE_BIT(ROLE_PLANNER)
#define QUALITY ROLE_BIT(ROLE_QUALITY)

static void add(Db *db, const char *name, guint roles, const char *password)
{
  assert_done(db_begin(db, ERR));
  assert_done(user_store_add(db, &base_context, name, NULL, roles, password, ERR));
  assert_done(db_commit(db, ERR));
}

static UserRow *find(Db *db, const char *name)
{
  UserRow *user = NULL;

  assert_done(user_store_find(db, name, &user, ERR));
  return user;
}

/* The newest row of the audit trail, "action payload"; own string. */
static char *last_audit(Db *db)
{
  return scratch_text(
      db, "SELECT a.action || ' ' || p.payload FROM audit a JOIN audit_payload p ON p.audit = a.id"
          " ORDER BY a.id DESC LIMIT 1");
}

static void assert_last_audit(Db *db, const char *expected)
{
  g_autofree char *row = last_audit(db);

  ck_assert_str_eq(row, expected);
}

START_TEST(test_any_find_and_list)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(GPtrArray) users = NULL;
  bool any = true;

  assert_done(user_store_any(db, &any, ERR));
  ck_assert(!any);
  ck_assert_ptr_null(find(db, "hayase"));
  assert_done(db_begin(db, ERR));
  assert_done(user_store_add(db, &base_context, "ｈａｙａｓｅ ", "早瀬　真理子", ADMIN | PLANNER, NULL, ERR));
  assert_done(db_commit(db, ERR));
  assert_last_audit(db, "user.add {\"actor\":\"tester\",\"full_name\":\"早瀬 真理子\",\"password\":false,"
                        "\"roles\":[\"planner\",\"admin\"],\"what\":\"hayase\"}");
  add(db, "abe", QUALITY, NULL);
  assert_done(user_store_any(db, &any, ERR));
  ck_assert(any);
  assert_done(user_store_list(db, &users, ERR));
  ck_assert_uint_eq(users->len, 2);

  const UserRow *first = users->pdata[0], *second = users->pdata[1];

  ck_assert_str_eq(first->name, "abe");
  ck_assert_str_eq(first->full_name, "abe");
  ck_assert_uint_eq(first->roles, QUALITY);
  ck_assert_str_eq(second->full_name, "早瀬 真理子");
  ck_assert_uint_eq(second->roles, ADMIN | PLANNER);
  ck_assert_str_eq(second->created_at, base_context.now);
  ck_assert_ptr_null(second->disabled_at);
  ck_assert(!second->has_password);

  g_autoptr(UserRow) found = find(db, "Hayase"); /* letters count as they are */
  g_autoptr(UserRow) other = find(db, "　hayase");

  ck_assert_ptr_null(found);
  ck_assert_int_eq(other->id, second->id);
}
END_TEST

static const struct {
  const char *name, *full_name;
  guint roles;
  const char *password;
  GQuark (*domain)(void);
  int code;
  const char *message;
} refused[] = {
  { "sato", NULL, PLANNER, NULL, user_store_error_quark, USER_STORE_ERROR_FIRST, "role admin" },
  { "kigen", NULL, ADMIN, NULL, user_name_error_quark, USER_NAME_ERROR_RESERVED, "program itself" },
  { " ", NULL, ADMIN, NULL, user_name_error_quark, USER_NAME_ERROR_FORM, "without a letter" },
  { "sato", "\x01", ADMIN, NULL, user_name_error_quark, USER_NAME_ERROR_FORM, "does not show" },
  { "sato", NULL, ADMIN, "1234567", user_store_error_quark, USER_STORE_ERROR_PASSWORD, "shorter than 8" },
  { "sato", NULL, ADMIN, "1234567\x07", user_store_error_quark, USER_STORE_ERROR_PASSWORD, "control" },
  { "sato", NULL, ADMIN, "12345678\xff", user_store_error_quark, USER_STORE_ERROR_PASSWORD, "UTF-8" },
};

START_TEST(test_add_refuses)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(GError) error = NULL;

  assert_done(db_begin(db, ERR));
  ck_assert(!user_store_add(db, &base_context, refused[_i].name, refused[_i].full_name, refused[_i].roles,
                            refused[_i].password, &error));
  ck_assert_msg(g_error_matches(error, refused[_i].domain(), refused[_i].code), "row %d: %s", _i,
                error->message);
  ck_assert_msg(strstr(error->message, refused[_i].message) != NULL, "row %d: %s", _i, error->message);
  db_rollback(db);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM \"user\""), 0);
}
END_TEST

START_TEST(test_add_refuses_a_name_that_is_taken)
{
  static const char *const names[] = { "sato", "ＳＡＴＯ", "Sato" };
  g_autoptr(Db) db = base_store();

  add(db, "sato", ADMIN, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GError) error = NULL;

    assert_done(db_begin(db, ERR));
    ck_assert(!user_store_add(db, &base_context, names[i], NULL, PLANNER, NULL, &error));
    ck_assert(g_error_matches(error, USER_STORE_ERROR, USER_STORE_ERROR_EXISTS));
    db_rollback(db);
  }
}
END_TEST

START_TEST(test_verify)
{
  g_autoptr(Db) db = base_store();
  static const struct {
    const char *name, *password;
    bool good;
  } tries[] = {
    { "hayase", "パスワードは長い", true },
    { "ｈayase", "パスワードは長い", true },
    { "hayase", "ﾊﾟｽﾜｰﾄﾞは長い", true }, /* NFKC */
    { "hayase", "パスワードは長い ", false },
    { "hayase", "パスワードは長", false },
    { "hayase", "", false },
    { "hayase", "\xff", false },
    { "nobody", "パスワードは長い", false },
    { "\x01", "パスワードは長い", false },
    { "sato", "", false }, /* has none */
    { "sato", "nobody has a password for this!!", false },
  };

  add(db, "hayase", ADMIN, "パスワードは長い");
  add(db, "sato", PLANNER, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_autoptr(UserRow) user = NULL;

    assert_done(user_store_verify(db, tries[i].name, tries[i].password, &user, ERR));
    ck_assert_msg((user != NULL) == tries[i].good, "row %zu", i);
    ck_assert(user == NULL || strcmp(user->name, "hayase") == 0);
  }
}
END_TEST

START_TEST(test_verify_with_a_hash_that_is_none)
{
  g_autoptr(Db) db = base_store();
  g_autofree char *longer = g_strnfill(500, 'x');
  g_autofree char *sql = g_strdup_printf("UPDATE \"user\" SET password = '$argon2id$%s'", longer);
  const char *const values[] = { "UPDATE \"user\" SET password = ''",
                                 "UPDATE \"user\" SET password = 'plain text'", sql };

  add(db, "hayase", ADMIN, "12345678");
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autoptr(UserRow) user = NULL;

    assert_done(db_begin(db, ERR));
    scratch_sql(db, values[i]);
    assert_done(db_commit(db, ERR));
    assert_done(user_store_verify(db, "hayase", "plain text", &user, ERR));
    ck_assert_ptr_null(user);
  }
}
END_TEST

START_TEST(test_password_is_argon2id_and_not_in_the_trail)
{
  g_autoptr(Db) db = base_store();
  g_autofree char *first = NULL, *second = NULL;

  add(db, "hayase", ADMIN, "12345678");
  first = scratch_text(db, "SELECT password FROM \"user\"");
  ck_assert_msg(g_str_has_prefix(first, "$argon2id$v=19$m=65536,t=2,p=1$"), "%s", first);

  g_autoptr(UserRow) user = find(db, "hayase"), old = NULL, new = NULL;

  ck_assert(user->has_password);
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_password(db, &base_context, user, "another one", "lost", ERR));
  assert_done(db_commit(db, ERR));
  second = scratch_text(db, "SELECT password FROM \"user\"");
  ck_assert_str_ne(first, second);
  assert_last_audit(db, "user.password {\"actor\":\"tester\",\"what\":\"hayase\",\"why\":\"lost\"}");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit_payload WHERE payload LIKE '%argon%'"
                                      " OR payload LIKE '%another%'"),
                   0);
  assert_done(user_store_verify(db, "hayase", "12345678", &old, ERR));
  ck_assert_ptr_null(old);
  assert_done(user_store_verify(db, "hayase", "another one", &new, ERR));
  ck_assert_ptr_nonnull(new);
}
END_TEST

START_TEST(test_password_lengths)
{
  g_autofree char *longest = g_strnfill(USER_PASSWORD_LONGEST, 'x');
  g_autofree char *longer = g_strnfill(USER_PASSWORD_LONGEST + 1, 'x');
  g_autofree char *hash = NULL, *none = NULL;
  g_autoptr(GError) error = NULL;

  assert_done(user_password_hash(longest, &hash, ERR));
  ck_assert(user_password_verify(hash, longest));
  ck_assert(!user_password_verify(hash, longer));
  ck_assert(!user_password_hash(longer, &none, &error));
  ck_assert(g_error_matches(error, USER_STORE_ERROR, USER_STORE_ERROR_PASSWORD));
  g_clear_pointer(&hash, g_free);
  assert_done(user_password_hash("八文字の合言葉だ", &hash, ERR)); /* characters, not bytes */
}
END_TEST

START_TEST(test_set_roles)
{
  g_autoptr(Db) db = base_store();
  bool changed = true;

  add(db, "hayase", ADMIN, NULL);
  add(db, "sato", PLANNER, NULL);

  g_autoptr(UserRow) sato = find(db, "sato");

  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_roles(db, &base_context, sato, PLANNER, NULL, &changed, ERR));
  ck_assert(!changed);
  assert_done(user_store_set_roles(db, &base_context, sato, QUALITY | PLANNER, "new post", &changed, ERR));
  ck_assert(changed);
  assert_done(db_commit(db, ERR));
  assert_last_audit(
      db, "user.roles {\"actor\":\"tester\",\"from\":[\"planner\"],\"to\":[\"planner\",\"quality\"],"
          "\"what\":\"sato\",\"why\":\"new post\"}");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'user.roles'"), 1);

  g_autoptr(UserRow) now = find(db, "sato");

  ck_assert_uint_eq(now->roles, QUALITY | PLANNER);
}
END_TEST

START_TEST(test_disable_and_enable)
{
  g_autoptr(Db) db = base_store();
  bool changed = false;

  add(db, "hayase", ADMIN, NULL);
  add(db, "sato", PLANNER, "12345678");

  g_autoptr(UserRow) sato = find(db, "sato");

  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_enabled(db, &base_context, sato, false, "left", &changed, ERR));
  ck_assert(changed);
  assert_done(db_commit(db, ERR));
  assert_last_audit(db, "user.disable {\"actor\":\"tester\",\"what\":\"sato\",\"why\":\"left\"}");

  g_autoptr(UserRow) disabled = NULL;

  assert_done(
      user_store_verify(db, "sato", "12345678", &disabled, ERR)); /* found, for the caller to refuse */
  ck_assert_str_eq(disabled->disabled_at, base_context.now);
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_enabled(db, &base_context, disabled, false, "left", &changed, ERR));
  ck_assert(!changed);
  assert_done(user_store_set_enabled(db, &base_context, disabled, true, "back", &changed, ERR));
  ck_assert(changed);
  assert_done(db_commit(db, ERR));
  assert_last_audit(db, "user.enable {\"actor\":\"tester\",\"what\":\"sato\",\"why\":\"back\"}");
  g_clear_pointer(&disabled, user_row_free);
  disabled = find(db, "sato");
  ck_assert_ptr_null(disabled->disabled_at);
}
END_TEST

/* Tries to disable `name`, and to take the role admin from them. */
static void assert_admin_stays(Db *db, const char *name)
{
  g_autoptr(UserRow) user = find(db, name);
  g_autoptr(GError) one = NULL;
  g_autoptr(GError) other = NULL;
  bool changed;

  assert_done(db_begin(db, ERR));
  ck_assert(!user_store_set_enabled(db, &base_context, user, false, "x", &changed, &one));
  ck_assert(g_error_matches(one, USER_STORE_ERROR, USER_STORE_ERROR_LAST_ADMIN));
  ck_assert(!user_store_set_roles(db, &base_context, user, PLANNER, "x", &changed, &other));
  ck_assert(g_error_matches(other, USER_STORE_ERROR, USER_STORE_ERROR_LAST_ADMIN));
  db_rollback(db);
}

START_TEST(test_the_last_enabled_admin_stays)
{
  g_autoptr(Db) db = base_store();
  bool changed = false;

  add(db, "hayase", ADMIN, NULL);
  add(db, "sato", PLANNER, NULL);
  assert_admin_stays(db, "hayase");
  add(db, "abe", ADMIN | QUALITY, NULL);

  g_autoptr(UserRow) abe = find(db, "abe");

  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_enabled(db, &base_context, abe, false, "left", &changed, ERR));
  assert_done(db_commit(db, ERR));
  assert_admin_stays(db, "hayase"); /* a disabled one does not count */

  g_autoptr(UserRow) disabled = find(db, "abe");

  assert_done(db_begin(db, ERR)); /* and can lose the role */
  assert_done(user_store_set_roles(db, &base_context, disabled, QUALITY, NULL, &changed, ERR));
  ck_assert(changed);
  assert_done(db_commit(db, ERR));
}
END_TEST

/* Tries to write as `user`, who had `roles` when they proved who they are. */
static bool may_act(Db *db, const UserRow *user, guint roles)
{
  AuditContext context = base_context;
  g_autoptr(GError) error = NULL;

  context.user = user->id;
  context.roles = roles;
  context.actor = user->name;
  assert_done(db_begin(db, ERR));

  bool done = audit_append(db, &context, "test", "{}", &error);

  db_rollback(db);
  ck_assert(done || g_error_matches(error, USER_STORE_ERROR, USER_STORE_ERROR_CHANGED));
  return done;
}

START_TEST(test_nothing_is_written_by_who_may_not_any_more)
{
  g_autoptr(Db) db = base_store();
  bool changed = false;

  add(db, "hayase", ADMIN, NULL);
  add(db, "sato", PLANNER, NULL);

  g_autoptr(UserRow) sato = find(db, "sato");

  ck_assert(may_act(db, sato, PLANNER));
  ck_assert(!may_act(db, sato, PLANNER | ADMIN));
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_roles(db, &base_context, sato, QUALITY, NULL, &changed, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert(!may_act(db, sato, PLANNER));
  ck_assert(may_act(db, sato, QUALITY));
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_enabled(db, &base_context, sato, false, "left", &changed, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert(!may_act(db, sato, QUALITY));
}
END_TEST

START_TEST(test_an_admin_can_step_down)
{
  g_autoptr(Db) db = base_store();
  AuditContext context = base_context;
  bool changed = false;

  add(db, "hayase", ADMIN, NULL);
  add(db, "abe", ADMIN, NULL);

  g_autoptr(UserRow) hayase = find(db, "hayase");

  context.roles = ADMIN;
  context.user = hayase->id;
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_roles(db, &context, hayase, PLANNER, NULL, &changed, ERR));
  ck_assert(changed);
  db_rollback(db);
  assert_done(db_begin(db, ERR));
  assert_done(user_store_set_enabled(db, &context, hayase, false, "leaves", &changed, ERR));
  ck_assert(changed);
  assert_done(db_commit(db, ERR));
  assert_admin_stays(db, "abe");
}
END_TEST

/* Whatever program writes it. */
START_TEST(test_the_store_keeps_users_as_they_are)
{
  static const char *const statements[] = {
    "DELETE FROM \"user\" WHERE name = 'sato';",
    "UPDATE \"user\" SET name = 'suzuki' WHERE name = 'sato';",
    "UPDATE \"user\" SET id = 99 WHERE name = 'sato';",
    "UPDATE \"user\" SET created_at = '2000-01-01T00:00:00Z' WHERE name = 'sato';",
    "REPLACE INTO \"user\" (id, name, full_name, created_at) VALUES (2, 'suzuki', 's', 't');",
    "REPLACE INTO \"user\" (name, full_name, created_at) VALUES ('sato', 's', 't');",
    "INSERT INTO \"user\" (name, full_name, created_at) VALUES (' ', 's', 't');",
    "INSERT INTO user_role VALUES (2, 'boss');",
    "PRAGMA foreign_keys = ON; INSERT INTO user_role VALUES (99, 'admin');",
  };
  g_autoptr(Db) db = base_store();

  add(db, "hayase", ADMIN, NULL);
  add(db, "sato", PLANNER, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
    g_autofree char *output = NULL;

    ck_assert_msg(scratch_shell("kigen.db", statements[i], &output) != 0, "%s: %s", statements[i], output);
  }
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM \"user\" WHERE name = 'sato' AND id = 2"), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("user_store");
  TCase *tests = tcase_create("users");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_any_find_and_list);
  tcase_add_loop_test(tests, test_add_refuses, 0, (int)G_N_ELEMENTS(refused));
  tcase_add_test(tests, test_add_refuses_a_name_that_is_taken);
  tcase_add_test(tests, test_verify);
  tcase_add_test(tests, test_verify_with_a_hash_that_is_none);
  tcase_add_test(tests, test_password_is_argon2id_and_not_in_the_trail);
  tcase_add_test(tests, test_password_lengths);
  tcase_add_test(tests, test_set_roles);
  tcase_add_test(tests, test_disable_and_enable);
  tcase_add_test(tests, test_the_last_enabled_admin_stays);
  tcase_add_test(tests, test_nothing_is_written_by_who_may_not_any_more);
  tcase_add_test(tests, test_an_admin_can_step_down);
  tcase_add_test(tests, test_the_store_keeps_users_as_they_are);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
