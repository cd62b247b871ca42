#include "db/feed_store.h"
#include "db/setting_store.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;
static LinkKey *key;
static AuditContext context;

static void setup(void)
{
  scratch_setup();
  db = scratch_store("kigen.db");

  g_autofree char *path = link_key_path(db_path(db));

  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &key, ERR));
  context = (AuditContext){ "Tanaka", day_from_ymd(2026, 4, 1), "2026-04-01T00:00:00Z" };
  assert_done(db_begin(db, ERR));
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, name_en, role, language)"
                  " VALUES (7, 'H001', 'あおば総合病院', 'Aoba General Hospital', 'hospital', 'ja')");
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role, language)"
                  " VALUES (8, 'H002', 'みどり医院', 'clinic', 'en')");
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  g_clear_pointer(&key, link_key_free);
  scratch_teardown();
}

static char *create(const char *organization, const char *language)
{
  char *token = NULL;

  assert_done(
      feed_store_create(db, &context, key, organization, &(FeedTerms){ .language = language }, &token, ERR));
  return token;
}

static FeedOutcome find(const char *token)
{
  g_autoptr(FeedRow) row = NULL;
  FeedOutcome outcome;

  assert_done(feed_store_find(db, token, &outcome, &row, ERR));
  ck_assert((row != NULL) == (outcome == FEED_FOUND));
  return outcome;
}

START_TEST(test_create_and_find)
{
  g_autofree char *ja = create("H001", NULL);
  g_autofree char *en = create("H001", "en");
  g_autofree char *other = create("H002", NULL);
  g_autoptr(FeedRow) row = NULL;
  FeedOutcome outcome;

  ck_assert(link_key_token_is_wellformed(ja));
  ck_assert_str_ne(ja, en);
  assert_done(feed_store_find(db, en, &outcome, &row, ERR));
  ck_assert_int_eq(outcome, FEED_FOUND);
  ck_assert_int_eq(row->id, 2);
  ck_assert_int_eq(row->organization, 7);
  ck_assert_str_eq(row->organization_code, "H001");
  ck_assert_str_eq(row->organization_name, "Aoba General Hospital");
  ck_assert_str_eq(row->language, "en");
  ck_assert_str_eq(row->created_at, "2026-04-01T00:00:00Z");
  ck_assert_ptr_null(row->revoked_at);
  g_clear_pointer(&row, feed_row_free);
  assert_done(feed_store_find(db, other, &outcome, &row, ERR));
  ck_assert_str_eq(row->language, "en");
  ck_assert_str_eq(row->organization_name, "みどり医院");
}
END_TEST

START_TEST(test_store_holds_no_token)
{
  g_autofree char *token = create("H001", NULL);
  g_autofree char *dump = NULL;

  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(scratch_shell("kigen.db", ".dump", &dump), 0);
  ck_assert_ptr_nonnull(strstr(dump, "あおば総合病院"));
  ck_assert_ptr_null(strstr(dump, token));
}
END_TEST

static const char *const strangers[] = {
  "", "x", "../../etc/passwd", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_", "' OR 1=1 --", "%00", "\xFF",
};

START_TEST(test_find_strangers)
{
  g_autofree char *token = create("H001", NULL);
  g_autofree char *longer = g_strconcat(token, "A", NULL);
  g_autofree char *shorter = g_strndup(token, 42);

  for (gsize i = 0; i < G_N_ELEMENTS(strangers); i++)
    ck_assert_msg(find(strangers[i]) == FEED_UNKNOWN, "row %zu", i);
  ck_assert_int_eq(find(longer), FEED_UNKNOWN);
  ck_assert_int_eq(find(shorter), FEED_UNKNOWN);
  token[0] = token[0] == 'A' ? 'B' : 'A';
  ck_assert_int_eq(find(token), FEED_UNKNOWN);
}
END_TEST

START_TEST(test_purposes_do_not_mix)
{
  g_autofree char *token = create("H001", NULL);
  g_autofree char *page = link_key_token(key, LINK_PAGE, 1, "2026-04-01T00:00:00Z 7");
  g_autofree char *feed = link_key_token(key, LINK_FEED, 1, "2026-04-01T00:00:00Z 7");

  ck_assert_str_eq(token, feed);
  ck_assert_int_eq(find(page), FEED_UNKNOWN);
}
END_TEST

START_TEST(test_revoke)
{
  g_autofree char *token = create("H001", NULL);
  g_autoptr(GError) error = NULL;

  assert_done(feed_store_revoke(db, &context, 1, ERR));
  ck_assert_int_eq(find(token), FEED_REVOKED);
  ck_assert(!feed_store_revoke(db, &context, 1, &error));
  ck_assert(g_error_matches(error, FEED_STORE_ERROR, FEED_STORE_ERROR_FEED));
  g_clear_error(&error);
  ck_assert(!feed_store_revoke(db, &context, 99, &error));
  ck_assert(g_error_matches(error, FEED_STORE_ERROR, FEED_STORE_ERROR_FEED));
}
END_TEST

START_TEST(test_rotate)
{
  g_autofree char *token = create("H001", "en");
  g_autofree char *next = NULL;
  g_autoptr(FeedRow) row = NULL;
  FeedOutcome outcome;

  assert_done(feed_store_rotate(db, &context, key, 1, &next, ERR));
  ck_assert_str_ne(token, next);
  ck_assert_int_eq(find(token), FEED_REVOKED);
  assert_done(feed_store_find(db, next, &outcome, &row, ERR));
  ck_assert_int_eq(outcome, FEED_FOUND);
  ck_assert_int_eq(row->id, 2);
  ck_assert_int_eq(row->organization, 7);
  ck_assert_str_eq(row->language, "en");
}
END_TEST

START_TEST(test_list)
{
  g_autofree char *second = create("H002", NULL);
  g_autofree char *first = create("H001", NULL);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GPtrArray) one = NULL;
  g_autoptr(GError) error = NULL;

  assert_done(feed_store_revoke(db, &context, 1, ERR));
  assert_done(feed_store_list(db, NULL, &rows, ERR));
  ck_assert_uint_eq(rows->len, 2);
  ck_assert_str_eq(((FeedRow *)rows->pdata[0])->organization_code, "H001");
  ck_assert_str_eq(((FeedRow *)rows->pdata[1])->revoked_at, "2026-04-01T00:00:00Z");
  assert_done(feed_store_list(db, "H001", &one, ERR));
  ck_assert_uint_eq(one->len, 1);
  ck_assert_int_eq(((FeedRow *)one->pdata[0])->id, 2);
  g_clear_pointer(&one, g_ptr_array_unref);
  ck_assert(!feed_store_list(db, "H999", &one, &error));
  ck_assert(g_error_matches(error, FEED_STORE_ERROR, FEED_STORE_ERROR_ORGANIZATION));
  ck_assert_ptr_nonnull(strstr(error->message, "H999"));
}
END_TEST

START_TEST(test_create_refuses)
{
  g_autoptr(GError) error = NULL;
  char *token = NULL;

  ck_assert(!feed_store_create(db, &context, key, "H999", &(FeedTerms){ 0 }, &token, &error));
  ck_assert(g_error_matches(error, FEED_STORE_ERROR, FEED_STORE_ERROR_ORGANIZATION));
  g_clear_error(&error);
  ck_assert(!feed_store_create(db, &context, key, "H001", &(FeedTerms){ .language = "fr" }, &token, &error));
  ck_assert(g_error_matches(error, FEED_STORE_ERROR, FEED_STORE_ERROR_LANGUAGE));
  ck_assert_ptr_null(token);
}
END_TEST

START_TEST(test_audit_and_change)
{
  g_autofree char *token = create("H001", NULL);
  g_autofree char *next = NULL;
  gint64 before, after, rows, bad;

  assert_done(change_read(db, &before, ERR));
  assert_done(feed_store_rotate(db, &context, key, 1, &next, ERR));
  assert_done(change_read(db, &after, ERR));
  ck_assert_int_gt(after, before);
  assert_done(audit_verify(db, &rows, &bad, ERR));
  ck_assert_int_eq(rows, 3);
  ck_assert_int_eq(bad, 0);

  g_autofree char *payload = scratch_text(db, "SELECT payload FROM audit_payload ORDER BY audit LIMIT 1");

  ck_assert_str_eq(payload,
                   "{\"actor\":\"Tanaka\",\"feed\":1,\"language\":\"ja\",\"organization\":\"H001\"}");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'feed.revoke'"), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_store");
  TCase *tcase = tcase_create("feed_store");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_create_and_find);
  tcase_add_test(tcase, test_store_holds_no_token);
  tcase_add_test(tcase, test_find_strangers);
  tcase_add_test(tcase, test_purposes_do_not_mix);
  tcase_add_test(tcase, test_revoke);
  tcase_add_test(tcase, test_rotate);
  tcase_add_test(tcase, test_list);
  tcase_add_test(tcase, test_create_refuses);
  tcase_add_test(tcase, test_audit_and_change);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
