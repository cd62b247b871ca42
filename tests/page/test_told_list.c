#include "db/told_list.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;

#define MESSAGE(id, state)                                                                                   \
  "INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, state, attempt, created_at)"  \
  " VALUES (" id ", 1, 1, 'mail', '2026-04-0" id "', 'm" id "', '" state "', 1, '2026-04-01T00:00:00Z')"
#define NOTICE(id, kind, day)                                                                                \
  "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (" id ", '" kind "', 1, '" day             \
  "', '2026-04-01T00:00:00Z')"
#define TOLD(notice, organization, outbox)                                                                   \
  "INSERT INTO outbox_notice VALUES (" notice ", " organization ", " outbox ")"
#define ARRIVED(outbox, state, day)                                                                          \
  "INSERT INTO outbox_event (outbox, at, day, attempt, state) VALUES (" outbox                               \
  ", '2026-04-01T00:00:00Z', '" day "', 1, '" state "')"

static const char *const store[] = {
  "INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', '中央病院', 'hospital'),"
  " (2, 'H2', '東病院', 'hospital')",
  "INSERT INTO contact (id, organization, name, department, email) VALUES (1, 1, '佐藤', 'ME', "
  "'a@x.example')",
  "INSERT INTO product (id, code, name_ja) VALUES (1, 'CT', 'CT装置')",
  "INSERT INTO release (id, product, name) VALUES (1, 1, 'X100')",
  "INSERT INTO support_plan (id, release, revision, state, eol, eos, author, created_at, published_on,"
  " published_at) VALUES (1, 1, 2, 'published', '2029-03-31', '2031-03-31', 'T', '2026-04-01T00:00:00Z',"
  " '2026-04-01', '2026-04-01T00:00:00Z')",
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at) VALUES"
  " (1, 1, 'user', 0, 1, 'h1', '2025-01-01', '2026-01-01T00:00:00Z'),"
  " (1, 1, 'owner', 3, 1, 'h2', '2025-01-01', '2026-01-01T00:00:00Z')",
  NOTICE("1", "plan-announcement", "2026-04-01"),
  NOTICE("2", "eos-reminder", "2026-04-02"),
  NOTICE("3", "eos-reminder", "2026-04-03"),
  MESSAGE("1", "accepted"),
  MESSAGE("2", "bounced"),
  MESSAGE("3", "pending"),
  TOLD("1", "1", "1"),
  TOLD("1", "2", "1"),
  TOLD("2", "1", "2"),
  TOLD("3", "1", "3"),
  ARRIVED("1", "sending", "2026-04-01"),
  ARRIVED("1", "accepted", "2026-04-02"),
  ARRIVED("2", "accepted", "2026-04-03"),
  ARRIVED("2", "bounced", "2026-04-04"),
  "INSERT INTO acknowledgement (notice, organization, kind, by, how, at, day, title) VALUES"
  " (1, 1, 'receipt', '佐藤', 'phone', '2026-04-05T00:00:00Z', '2026-04-05', '技士長')",
  "INSERT INTO presentation (plan, organization, how, day, by, at) VALUES"
  " (1, 1, 'page', '2026-04-06', 'kigen', '2026-04-06T00:00:00Z')",
};

static void setup(void)
{
  scratch_setup();
  db = scratch_store("kigen.db");
  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(store); i++)
    scratch_sql(db, store[i]);
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

START_TEST(test_told)
{
  g_autoptr(GPtrArray) rows = NULL;

  assert_done(told_list_load(db, 1, 100, &rows, ERR));
  ck_assert_uint_eq(rows->len, 2); /* not what waits; once, though it is held in two roles */

  const ToldRow *bounced = rows->pdata[0], *told = rows->pdata[1];

  ck_assert_int_eq(bounced->kind, NOTICE_EOS_REMINDER);
  ck_assert_int_eq(bounced->state, OUTBOX_BOUNCED);
  ck_assert_ptr_null(bounced->confirmed[ACKNOWLEDGEMENT_RECEIPT].by);
  ck_assert_int_eq(told->kind, NOTICE_PLAN_ANNOUNCEMENT);
  ck_assert_str_eq(told->product_ja, "CT装置");
  ck_assert_str_eq(told->release, "X100");
  ck_assert_int_eq(told->revision, 2);
  ck_assert_uint_eq(told->eos.day, day_from_ymd(2031, 3, 31));
  ck_assert_str_eq(told->channel, "mail");
  ck_assert_uint_eq(told->day, day_from_ymd(2026, 4, 2));
  ck_assert_str_eq(told->person, "佐藤");
  ck_assert_str_eq(told->confirmed[ACKNOWLEDGEMENT_RECEIPT].by, "佐藤");
  ck_assert_str_eq(told->confirmed[ACKNOWLEDGEMENT_RECEIPT].title, "技士長");
  ck_assert_uint_eq(told->confirmed[ACKNOWLEDGEMENT_RECEIPT].day, day_from_ymd(2026, 4, 5));
  ck_assert_ptr_null(told->confirmed[ACKNOWLEDGEMENT_TRANSFER].by);
}
END_TEST

START_TEST(test_others_and_limits)
{
  g_autoptr(GPtrArray) other = NULL;
  g_autoptr(GPtrArray) one = NULL;

  assert_done(told_list_load(db, 2, 100, &other, ERR));
  ck_assert_uint_eq(other->len, 0);
  assert_done(told_list_load(db, 1, 1, &one, ERR));
  ck_assert_uint_eq(one->len, 1);
}
END_TEST

/* A request to a distributor told nobody, until the distributor reports back: then on the day it was passed
 * on, in whatever state the request is, and without the name of the distributor's person. */
START_TEST(test_told_by_a_distributor)
{
  static const char *const states[] = { "accepted", "handed", "bounced" };

  for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
    g_autofree char *requested =
        g_strdup_printf("UPDATE outbox SET channel = 'relay', state = '%s' WHERE id = 1", states[i]);
    g_autoptr(GPtrArray) before = NULL;
    g_autoptr(GPtrArray) after = NULL;

    assert_done(db_begin(db, ERR));
    scratch_sql(db, "DELETE FROM handover");
    scratch_sql(db, requested);
    assert_done(db_commit(db, ERR));
    assert_done(told_list_load(db, 1, 100, &before, ERR));
    ck_assert_uint_eq(before->len, 1); /* what bounced */
    assert_done(db_begin(db, ERR));
    scratch_sql(db, "INSERT INTO handover (outbox, step, organization, how, day, recorded_by, at) VALUES"
                    " (1, 'relayed', 1, 'hand', '2026-04-09', 'a', '2026-04-10T00:00:00Z')");
    assert_done(db_commit(db, ERR));
    assert_done(told_list_load(db, 1, 100, &after, ERR));
    ck_assert_uint_eq(after->len, 2);

    const ToldRow *told = after->pdata[0];

    ck_assert_int_eq(told->state, OUTBOX_HANDED);
    ck_assert_str_eq(told->channel, "relay");
    ck_assert_uint_eq(told->day, day_from_ymd(2026, 4, 9));
    ck_assert_ptr_null(told->person);
  }
}
END_TEST

START_TEST(test_who_was_erased_is_not_named)
{
  g_autoptr(GPtrArray) rows = NULL;

  assert_done(db_begin(db, ERR));
  scratch_sql(
      db, "UPDATE contact SET name = 'erased-1', department = NULL, email = NULL, erased_on = '2026-05-01'");
  assert_done(db_commit(db, ERR));
  assert_done(told_list_load(db, 1, 100, &rows, ERR));
  ck_assert_ptr_null(((ToldRow *)rows->pdata[1])->person);
}
END_TEST

START_TEST(test_presentations)
{
  g_autoptr(GPtrArray) rows = NULL;

  assert_done(told_list_presentations(db, 1, 100, &rows, ERR));
  ck_assert_uint_eq(rows->len, 1);
  ck_assert_str_eq(((ToldPresentation *)rows->pdata[0])->how, "page");
  ck_assert_uint_eq(((ToldPresentation *)rows->pdata[0])->day, day_from_ymd(2026, 4, 6));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("told_list");
  TCase *tcase = tcase_create("told_list");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_told);
  tcase_add_test(tcase, test_others_and_limits);
  tcase_add_test(tcase, test_told_by_a_distributor);
  tcase_add_test(tcase, test_who_was_erased_is_not_named);
  tcase_add_test(tcase, test_presentations);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
