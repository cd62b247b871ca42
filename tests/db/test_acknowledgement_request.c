/* What the token or a code of a message stands for, and that what is answered is kept for it. */

#include "db/acknowledgement_request.h"

#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <glib/gstdio.h>
#include <string.h>

#define MESSAGE_ID "kigen.1@maker.example"

static Db *db;
static LinkKey *key;

static void setup(void)
{
  scratch_setup();
  db = outbox_base_store();
  g_unlink("kigen.db.key");
  assert_done(link_key_create("kigen.db.key", ERR));
  assert_done(link_key_load("kigen.db.key", &key, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&key, link_key_free);
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

static void change(const char *sql)
{
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", sql, &said) == 0, "%s: %s", sql, said);
}

static AcknowledgementRequest *by_token(const char *token)
{
  AcknowledgementRequest *request = NULL;

  assert_done(acknowledgement_request_by_token(db, key, token, &request, ERR));
  return request;
}

static AcknowledgementRequest *by_code(ShortCode code)
{
  AcknowledgementRequest *request = NULL;

  assert_done(acknowledgement_request_by_code(db, key, &code, &request, ERR));
  return request;
}

START_TEST(test_token)
{
  g_autofree char *token = acknowledgement_link_token(key, 1, MESSAGE_ID);
  g_autofree char *url = acknowledgement_link_url("https://k.example/x", key, 1, MESSAGE_ID);
  g_autofree char *other_row = g_strconcat("2", token + 1, NULL);
  g_autofree char *other_id = acknowledgement_link_token(key, 1, "another");
  g_autofree char *absent = acknowledgement_link_token(key, 99, MESSAGE_ID);
  g_autofree char *zero = g_strconcat("0", token, NULL);
  g_autofree char *longer = g_strconcat(token, "x", NULL);
  g_autoptr(AcknowledgementRequest) request = by_token(token);
  const char *const others[] = { "", "1", "1-", "-", other_row, other_id, absent, zero, longer, token + 2 };

  ck_assert(g_str_has_prefix(url, "https://k.example/x/a/1-") && g_str_has_suffix(url, token));
  ck_assert_ptr_nonnull(request);
  ck_assert_int_eq(request->message, 1);
  ck_assert_str_eq(request->contact, "佐藤　太郎");
  ck_assert_str_eq(request->language, "ja");
  ck_assert_int_eq(request->state, OUTBOX_PENDING);
  ck_assert_uint_eq(request->items->len, 3);
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    ck_assert_msg(by_token(others[i]) == NULL, "%s", others[i]);
}
END_TEST

/* The store holds neither token nor code. */
START_TEST(test_not_kept)
{
  g_autofree char *token = acknowledgement_link_token(key, 1, MESSAGE_ID);
  ShortCode code = acknowledgement_link_code(key, 1, MESSAGE_ID);
  g_autofree char *said = NULL;

  ck_assert_int_eq(scratch_shell("kigen.db", ".dump", &said), 0);
  ck_assert_ptr_null(strstr(said, strchr(token, '-') + 1));
  ck_assert_ptr_null(strstr(said, code.secret));
}
END_TEST

START_TEST(test_code)
{
  g_autoptr(AcknowledgementRequest) all = by_code(acknowledgement_link_code(key, 1, MESSAGE_ID));
  g_autoptr(AcknowledgementRequest) one = by_code(acknowledgement_link_code_of(key, 1, MESSAGE_ID, 2, 1));
  const AcknowledgementItem *item = NULL;

  ck_assert_ptr_nonnull(all);
  ck_assert_uint_eq(all->items->len, 3);
  ck_assert_ptr_nonnull(one);
  ck_assert_uint_eq(one->items->len, 1);
  item = one->items->pdata[0];
  ck_assert_int_eq(item->notice, 2);
  ck_assert_int_eq(item->organization, 1);
  ck_assert_int_eq(item->kind, NOTICE_PLAN_CHANGE);
  ck_assert_str_eq(item->organization_code, "KITA");
  ck_assert_str_eq(item->product, "PUMP");
  ck_assert_str_eq(item->release, "1.0");
  ck_assert_ptr_null(by_code(acknowledgement_link_code_of(key, 1, MESSAGE_ID, 4, 1)));
  ck_assert_ptr_null(by_code(acknowledgement_link_code_of(key, 1, MESSAGE_ID, 2, 2)));
  ck_assert_ptr_null(by_code(short_code_make(1, 12345)));
  ck_assert_ptr_null(by_code(acknowledgement_link_code(key, 2, MESSAGE_ID)));
  ck_assert_ptr_null(by_code(acknowledgement_link_code(key, 99, MESSAGE_ID)));
}
END_TEST

static guint record(const AcknowledgementRequest *request, AcknowledgementKind kind, bool by_itself)
{
  AcknowledgementAnswer answer = {
    .kind = kind, .person = "佐藤", .title = NULL, .how = "phone", .day = DAY_NONE, .by_itself = by_itself
  };
  g_autoptr(GArray) ids = NULL;

  assert_done(db_begin(db, ERR));
  assert_done(acknowledgement_request_record(db, &base_context, request, &answer, &ids, ERR));
  assert_done(db_commit(db, ERR));
  return ids->len;
}

/* One notice of the digest, then the others; nothing is kept twice. */
START_TEST(test_record)
{
  g_autoptr(AcknowledgementRequest) one = by_code(acknowledgement_link_code_of(key, 1, MESSAGE_ID, 2, 1));
  g_autoptr(AcknowledgementRequest) all = NULL;

  ck_assert(acknowledgement_request_any_open(one, ACKNOWLEDGEMENT_RECEIPT));
  ck_assert_uint_eq(record(one, ACKNOWLEDGEMENT_RECEIPT, false), 1);
  ck_assert_uint_eq(record(one, ACKNOWLEDGEMENT_RECEIPT, false), 0); /* read before it was given */
  all = by_code(acknowledgement_link_code(key, 1, MESSAGE_ID));
  ck_assert_uint_eq(record(all, ACKNOWLEDGEMENT_TRANSFER, true), 0); /* none of them asks for it */
  ck_assert_uint_eq(record(all, ACKNOWLEDGEMENT_RECEIPT, true), 2);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'acknowledgement.add'"), 3);
  ck_assert_int_eq(
      scratch_number(db,
                     "SELECT count(*) FROM acknowledgement WHERE organization = 1 AND day = '2030-09-30'"),
      3);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM acknowledgement WHERE recorded_by IS NULL"), 2);
}
END_TEST

static AcknowledgementItem *only_item(AcknowledgementRequest *request)
{
  ck_assert_ptr_nonnull(request);
  ck_assert_uint_eq(request->items->len, 1);
  return request->items->pdata[0];
}

/* Two notices of one EOS: one transfer; a newer revision with another EOS takes the question back. */
START_TEST(test_transfer)
{
  change("INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (8, 'eos-reminder', 2, "
         "'2030-09-30', 'x'),"
         " (9, 'eos-reached', 2, '2033-04-01', 'x');"
         "INSERT INTO outbox_notice (notice, organization, outbox) VALUES (8, 2, 2), (9, 2, 2)");

  g_autoptr(AcknowledgementRequest) one =
      by_code(acknowledgement_link_code_of(key, 2, "kigen.2@maker.example", 8, 2));
  const AcknowledgementItem *item = only_item(one);
  g_autoptr(AcknowledgementRequest) all = by_code(acknowledgement_link_code(key, 2, "kigen.2@maker.example"));

  ck_assert(item->asked[ACKNOWLEDGEMENT_TRANSFER] && item->holds);
  ck_assert_uint_eq(item->eos, day_from_ymd(2033, 3, 31));
  change("UPDATE support_plan SET state = 'superseded' WHERE id = 2;"
         "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
         "created_at, published_by, published_on, published_at) VALUES (9, 1, 3, 'published', '2031-03-31', "
         "'2033-03-31', 'd', 'a', 'x', 'a', '2030-09-01', 'x')");

  g_autoptr(AcknowledgementRequest) same_eos =
      by_code(acknowledgement_link_code_of(key, 2, "kigen.2@maker.example", 8, 2));

  ck_assert(acknowledgement_request_is_open(only_item(same_eos), ACKNOWLEDGEMENT_TRANSFER));
  change("UPDATE support_plan SET state = 'superseded' WHERE id = 9;"
         "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
         "created_at, published_by, published_on, published_at) VALUES (10, 1, 4, 'published', '2031-03-31', "
         "'2034-03-31', 'd', 'a', 'x', 'a', '2030-09-02', 'x')");

  g_autoptr(AcknowledgementRequest) other_eos =
      by_code(acknowledgement_link_code_of(key, 2, "kigen.2@maker.example", 8, 2));

  ck_assert(!acknowledgement_request_is_open(only_item(other_eos), ACKNOWLEDGEMENT_TRANSFER));
  ck_assert(acknowledgement_request_is_open(only_item(other_eos), ACKNOWLEDGEMENT_RECEIPT));
  ck_assert_uint_eq(record(all, ACKNOWLEDGEMENT_TRANSFER, false), 1); /* of both notices */
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("acknowledgement_request");
  TCase *tests = tcase_create("acknowledgement_request");

  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_token);
  tcase_add_test(tests, test_not_kept);
  tcase_add_test(tests, test_code);
  tcase_add_test(tests, test_record);
  tcase_add_test(tests, test_transfer);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
