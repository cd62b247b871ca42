#include "db/outbox_store.h"

#include <string.h>

#include "db/outbox_letter.h"
#include "db/outbox_list.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#define NOW "2030-09-29T22:15:00Z"

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

/* Ids due, as "1 2 3 ". */
static char *due(const char *channel, const char *day, const char *now)
{
  g_autoptr(GArray) ids = NULL;
  GString *text = g_string_new(NULL);
  Day today = DAY_NONE;

  ck_assert(day_parse(day, &today));
  assert_done(outbox_store_list_due(db, channel, today, now, &ids, ERR));
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf(text, "%" G_GINT64_FORMAT " ", g_array_index(ids, gint64, i));
  return g_string_free(text, FALSE);
}

static void record(gint64 id, OutboxState state, const char *detail, const char *not_before)
{
  assert_done(db_begin(db, ERR));
  assert_done(outbox_store_record(db, &base_context, id, state, detail, not_before, ERR));
  assert_done(db_commit(db, ERR));
}

static int lease(gint64 id)
{
  int attempt = -1;

  assert_done(db_begin(db, ERR));
  assert_done(outbox_store_lease(db, &base_context, id, &attempt, ERR));
  assert_done(db_commit(db, ERR));
  return attempt;
}

static const struct {
  const char *state; /* of messages 1, 2 and 3 */
  int attempt;
  const char *not_before, *channel, *today, *due;
} waiting[] = {
  { "pending", 0, NULL, "mail", "2030-09-29", "" },
  { "pending", 0, NULL, "mail", "2030-09-30", "1 2 " },
  { "pending", 0, NULL, "mail", "2030-10-01", "1 2 3 " },
  { "pending", 0, NULL, "letter", "2030-10-01", "4 " },
  { "pending", 0, NULL, "fax", "2030-10-01", "" },
  { "sending", 1, NULL, "mail", "2030-10-01", "" },
  { "accepted", 1, NULL, "mail", "2030-10-01", "" },
  { "deferred", 1, NULL, "mail", "2030-10-01", "1 2 3 " },
  { "deferred", 1, NOW, "mail", "2030-10-01", "1 2 3 " },
  { "deferred", 99, "2030-09-29T22:15:01Z", "mail", "2030-10-01", "" },
  { "failed", 1, NULL, "mail", "2030-10-01", "" },
  { "unknown", OUTBOX_ATTEMPTS_MAX - 1, NULL, "mail", "2030-10-01", "1 2 3 " },
  { "unknown", OUTBOX_ATTEMPTS_MAX, NULL, "mail", "2030-10-01", "" },
  { "bounced", 1, NULL, "mail", "2030-10-01", "" },
  { "superseded", 0, NULL, "mail", "2030-10-01", "" },
};

START_TEST(test_list_due)
{
  g_autofree char *sql = g_strdup_printf(
      "UPDATE outbox SET state = '%s', attempt = %d, not_before = %s%s%s WHERE channel = 'mail'",
      waiting[_i].state, waiting[_i].attempt, waiting[_i].not_before != NULL ? "'" : "",
      waiting[_i].not_before != NULL ? waiting[_i].not_before : "NULL",
      waiting[_i].not_before != NULL ? "'" : "");

  assert_done(db_begin(db, ERR));
  scratch_sql(db, sql);
  assert_done(db_commit(db, ERR));

  g_autofree char *ids = due(waiting[_i].channel, waiting[_i].today, NOW);

  ck_assert_msg(strcmp(ids, waiting[_i].due) == 0, "row %d: due are %s", _i, ids);
}
END_TEST

START_TEST(test_lease_and_record)
{
  ck_assert_int_eq(lease(1), 1);
  ck_assert_int_eq(lease(1), 0);
  ck_assert_int_eq(lease(999), 0);

  record(1, OUTBOX_DEFERRED, "451 later", "2030-09-29T22:20:00Z");
  ck_assert_int_eq(lease(1), 2);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE not_before IS NOT NULL"), 0);
  record(1, OUTBOX_ACCEPTED, "250 ok", NULL);
  ck_assert_int_eq(lease(1), 0);

  g_autoptr(GPtrArray) events = NULL;
  static const struct {
    OutboxState state;
    int attempt;
    const char *detail;
  } expected[] = { { OUTBOX_SENDING, 1, NULL },
                   { OUTBOX_DEFERRED, 1, "451 later" },
                   { OUTBOX_SENDING, 2, NULL },
                   { OUTBOX_ACCEPTED, 2, "250 ok" } };

  assert_done(outbox_list_events(db, 1, &events, ERR));
  ck_assert_uint_eq(events->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < events->len; i++) {
    const OutboxEvent *event = events->pdata[i];

    ck_assert_int_eq(event->state, expected[i].state);
    ck_assert_int_eq(event->attempt, expected[i].attempt);
    ck_assert_pstr_eq(event->detail, expected[i].detail);
    ck_assert_uint_eq(event->day, base_context.today);
    ck_assert_str_eq(event->at, NOW);
  }
}
END_TEST

START_TEST(test_list_sending)
{
  g_autoptr(GArray) ids = NULL;

  lease(2);
  assert_done(outbox_store_list_sending(db, &ids, ERR));
  ck_assert_uint_eq(ids->len, 1);
  ck_assert_int_eq(g_array_index(ids, gint64, 0), 2);
}
END_TEST

START_TEST(test_context)
{
  char text[] = "{\"a\":1}", date[] = "2030-09-29T22:15:00Z", seed[] = "seed", hash[] = "abc",
       version[] = "0.1", digest[] = "0f";
  OutboxContext context = { text, date, seed, hash, version, digest };
  g_autoptr(GBytes) set = g_bytes_new_static("\0set", 4);
  g_autoptr(OutboxContext) none = NULL;
  g_autoptr(OutboxContext) kept = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) no_bytes = NULL;

  assert_done(outbox_store_load_context(db, 1, &none, ERR));
  ck_assert_ptr_null(none);
  assert_done(db_begin(db, ERR));
  for (gint64 id = 1; id <= 2; id++)
    assert_done(outbox_store_put_context(db, id, &context, set, ERR));
  digest[0] = 'f';
  assert_done(outbox_store_put_context(db, 1, &context, set, ERR));
  assert_done(db_commit(db, ERR));
  assert_done(outbox_store_load_context(db, 1, &kept, ERR));
  ck_assert_str_eq(kept->context, text);
  ck_assert_str_eq(kept->date, date);
  ck_assert_str_eq(kept->boundary_seed, seed);
  ck_assert_str_eq(kept->template_set, hash);
  ck_assert_str_eq(kept->renderer, version);
  ck_assert_str_eq(kept->sha256, "ff");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM template_set"), 1);
  assert_done(outbox_store_load_template_set(db, "abc", &bytes, ERR));
  ck_assert(g_bytes_equal(bytes, set));
  assert_done(outbox_store_load_template_set(db, "another", &no_bytes, ERR));
  ck_assert_ptr_null(no_bytes);
}
END_TEST

static OutboxLetter *loaded(gint64 id)
{
  OutboxLetter *letter = NULL;

  assert_done(outbox_letter_load(db, id, &letter, ERR));
  return letter;
}

START_TEST(test_letter_recipient)
{
  g_autoptr(OutboxLetter) sato = loaded(1);
  g_autoptr(OutboxLetter) smith = loaded(2);
  g_autoptr(OutboxLetter) site = loaded(4);
  g_autoptr(OutboxLetter) none = loaded(99);

  ck_assert_str_eq(sato->message_id, "kigen.1@maker.example");
  ck_assert_str_eq(sato->organization_name_ja, "北病院");
  ck_assert_str_eq(sato->organization_role, "hospital");
  ck_assert_str_eq(sato->name, "佐藤　太郎");
  ck_assert_str_eq(sato->title, "部長");
  ck_assert_str_eq(sato->email, "sato@kita.example");
  ck_assert_str_eq(sato->language, "ja");
  ck_assert_str_eq(smith->language, "en");
  ck_assert_str_eq(site->channel, "letter");
  ck_assert_ptr_null(site->name);
  ck_assert_str_eq(site->language, "ja");
  ck_assert_ptr_null(none);
}
END_TEST

START_TEST(test_letter_notices)
{
  g_autoptr(OutboxLetter) letter = loaded(1);

  ck_assert_uint_eq(letter->notices->len, 2);
  ck_assert_int_eq(letter->overtaken, 1);

  const OutboxNotice *reminder = letter->notices->pdata[1];
  const OutboxNotice *change = letter->notices->pdata[0];

  ck_assert_int_eq(reminder->kind, NOTICE_EOL_REMINDER);
  ck_assert_int_eq(reminder->lead_months, 6);
  ck_assert_ptr_null(reminder->before);
  ck_assert_int_eq(change->kind, NOTICE_PLAN_CHANGE);
  ck_assert_int_eq(change->plan->revision, 2);
  ck_assert_str_eq(change->plan->reason, "部品の供給終了");
  ck_assert_str_eq(change->plan->published_by, "品質保証部長");
  ck_assert_uint_eq(change->plan->dates->date[MILESTONE_EOL].day, day_from_ymd(2031, 3, 31));
  ck_assert_int_eq(change->plan->dates->limited_support.line[SERVICE_PARTS].until, day_from_ymd(2032, 3, 31));
  ck_assert_int_eq(change->before->revision, 1);
  ck_assert_uint_eq(change->before->dates->date[MILESTONE_EOL].day, day_from_ymd(2032, 3, 31));
  ck_assert_str_eq(change->holding->uid, "uid-kita-1");
  ck_assert_int_eq(change->holding->version, 2);
  ck_assert_uint_eq(change->holding->release->revisions->len, 2);
  ck_assert_str_eq(change->approval_no, "22000BZX00001000");
  ck_assert_str_eq(change->release_kind, "hardware");
}
END_TEST

START_TEST(test_letter_devices)
{
  g_autoptr(OutboxLetter) kita = loaded(1);
  g_autoptr(OutboxLetter) lessor = loaded(2);
  g_autoptr(OutboxLetter) corporation = loaded(3);
  const OutboxNotice *used = kita->notices->pdata[0];
  const OutboxNotice *owned = lessor->notices->pdata[0];
  const OutboxNotice *of_site = corporation->notices->pdata[0];
  const OutboxDevice *device = used->devices->pdata[0];

  ck_assert_uint_eq(used->devices->len, 3);
  ck_assert_int_eq(used->device_rows, 3);
  ck_assert_int_eq(used->device_units, 6);
  ck_assert_str_eq(device->serial, "00123");
  ck_assert_str_eq(device->model, "1.0");
  ck_assert_str_eq(device->software, "SW 3.1");
  ck_assert_uint_eq(device->installed_on, day_from_ymd(2025, 4, 1));
  ck_assert_str_eq(owned->holding_role, "owner");
  ck_assert_int_eq(owned->device_rows, 2);
  ck_assert_str_eq(owned->holding->uid, "uid-lease-1");
  ck_assert_str_eq(of_site->holding->uid, "uid-site-2");
  ck_assert_str_eq(of_site->organization_name_ja, "東診療所");
  ck_assert_int_eq(of_site->device_rows, 1);
}
END_TEST

START_TEST(test_letter_devices_bounded)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(
      db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO device"
          " (product, release, serial, serial_key, organization) SELECT 1, 1, 'X' || i, 'X' || i, 1 FROM n");
  assert_done(db_commit(db, ERR));

  g_autoptr(OutboxLetter) letter = loaded(1);
  const OutboxNotice *notice = letter->notices->pdata[0];

  ck_assert_uint_eq(notice->devices->len, OUTBOX_LETTER_DEVICES_MAX);
  ck_assert_int_eq(notice->device_rows, 303);
  ck_assert_int_eq(notice->device_units, 306);
}
END_TEST

START_TEST(test_list_rows)
{
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) deferred = NULL;
  g_autoptr(GPtrArray) of_kita = NULL;
  OutboxState state = OUTBOX_DEFERRED;
  gint64 counts[OUTBOX_STATE_COUNT];

  record(2, OUTBOX_DEFERRED, "451 later", NULL);
  assert_done(outbox_list_rows(db, NULL, NULL, 0, &all, ERR));
  assert_done(outbox_list_rows(db, &state, NULL, 0, &deferred, ERR));
  assert_done(outbox_list_rows(db, NULL, "KITA", 1, &of_kita, ERR));
  assert_done(outbox_list_counts(db, counts, ERR));
  ck_assert_uint_eq(all->len, 4);
  ck_assert_uint_eq(deferred->len, 1);
  ck_assert_uint_eq(of_kita->len, 1);

  const OutboxRow *row = deferred->pdata[0];
  const OutboxRow *kita = of_kita->pdata[0];
  const OutboxRow *letter = all->pdata[3];

  ck_assert_str_eq(row->organization, "LEASE");
  ck_assert_str_eq(row->email, "smith@lease.example");
  ck_assert_str_eq(row->event_detail, "451 later");
  ck_assert_str_eq(kita->kinds, "eol-reminder, plan-announcement, plan-change");
  ck_assert_str_eq(kita->releases, "PUMP/1.0");
  ck_assert_ptr_null(letter->contact);
  ck_assert_ptr_null(letter->event_at);
  ck_assert_int_eq(counts[OUTBOX_PENDING], 3);
  ck_assert_int_eq(counts[OUTBOX_DEFERRED], 1);
  ck_assert_int_eq(counts[OUTBOX_ACCEPTED], 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("outbox_store");
  TCase *tcase = tcase_create("outbox");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_list_due, 0, G_N_ELEMENTS(waiting));
  tcase_add_test(tcase, test_lease_and_record);
  tcase_add_test(tcase, test_list_sending);
  tcase_add_test(tcase, test_context);
  tcase_add_test(tcase, test_letter_recipient);
  tcase_add_test(tcase, test_letter_notices);
  tcase_add_test(tcase, test_letter_devices);
  tcase_add_test(tcase, test_letter_devices_bounded);
  tcase_add_test(tcase, test_list_rows);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
