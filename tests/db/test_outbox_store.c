#include "db/outbox_store.h"

#include <string.h>

#include "db/outbox_letter.h"
#include "db/outbox_list.h"
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

START_TEST(test_context)
{
  char text[] = "{\"a\":1}", date[] = "2030-09-29T22:15:00Z", seed[] = "seed", hash[] = "abc",
       version[] = "0.1", digest[] = "0f";
  OutboxContext context = { text, NULL, date, seed, hash, version, digest, DAY_NONE };
  g_autoptr(GBytes) set = g_bytes_new_static("\0set", 4);
  g_autoptr(OutboxContext) none = NULL;
  g_autoptr(OutboxContext) kept = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) no_bytes = NULL;

  assert_done(outbox_store_load_context(db, 1, &none, ERR));
  ck_assert_ptr_null(none);
  assert_done(db_begin(db, ERR));
  for (gint64 id = 1; id <= 2; id++) {
    assert_done(outbox_store_put_template_set(db, hash, set, ERR));
    assert_done(outbox_store_put_context(db, id, &context, ERR));
  }
  digest[0] = 'f';
  assert_done(outbox_store_put_context(db, 1, &context, ERR));
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

static void put_with(gint64 id, const char *const *parts)
{
  char text[] = "{}", date[] = "2030-09-29T22:15:00Z", seed[] = "seed", hash[] = "abc", version[] = "0.1",
       digest[] = "0f";
  g_autoptr(GPtrArray) array = outbox_part_array_new();
  OutboxContext context = { text, array, date, seed, hash, version, digest, DAY_NONE };

  for (; *parts != NULL; parts++)
    g_ptr_array_add(array, outbox_part_new(g_strdup(*parts)));
  assert_done(outbox_store_put_context(db, id, &context, ERR));
}

static char *parts_of(gint64 id)
{
  g_autoptr(OutboxContext) context = NULL;
  GString *parts = g_string_new(NULL);

  assert_done(outbox_store_load_context(db, id, &context, ERR));
  for (guint i = 0; i < context->parts->len; i++)
    g_string_append(parts, ((const OutboxPart *)context->parts->pdata[i])->json);
  return g_string_free(parts, FALSE);
}

/* What two messages say in the same words is kept once; a message put anew has its new parts alone, and
 * what was changed beside kigen is put right. */
START_TEST(test_parts)
{
  static const char *const both[] = { "{\"a\":1}", "{\"b\":2}", NULL },
                           *const other[] = { "{\"b\":2}", NULL }, *const none[] = { NULL };
  g_autoptr(GBytes) set = g_bytes_new_static("set", 3);

  assert_done(db_begin(db, ERR));
  assert_done(outbox_store_put_template_set(db, "abc", set, ERR));
  put_with(1, both);
  put_with(2, other);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM context_part"), 2);

  g_autofree char *first = parts_of(1), *second = parts_of(2);

  ck_assert_str_eq(first, "{\"a\":1}{\"b\":2}");
  ck_assert_str_eq(second, "{\"b\":2}");
  put_with(1, other);
  put_with(2, none);

  g_autofree char *again = parts_of(1), *empty = parts_of(2);

  ck_assert_str_eq(again, "{\"b\":2}");
  ck_assert_str_eq(empty, "");
  scratch_sql(db, "UPDATE context_part SET json = '{}'");
  put_with(2, both);

  g_autofree char *mended = parts_of(1), *whole = parts_of(2);

  ck_assert_str_eq(mended, "{\"b\":2}");
  ck_assert_str_eq(whole, "{\"a\":1}{\"b\":2}");
  assert_done(db_commit(db, ERR));
}
END_TEST

static OutboxLetter *loaded(gint64 id)
{
  OutboxLetter *letter = NULL;

  assert_done(outbox_letter_load(db, id, NULL, &letter, ERR));
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
  OutboxFilter any = OUTBOX_FILTER_NONE, in_state = any, kita_only = any;
  gint64 counts[OUTBOX_STATE_COUNT];

  assert_done(db_begin(db, ERR));
  scratch_sql(db, "UPDATE outbox SET state = 'deferred' WHERE id = 2");
  scratch_sql(db, "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                  " VALUES (2, '2030-09-29T22:15:00Z', '2030-09-30', 1, 'deferred', '451 later')");
  assert_done(db_commit(db, ERR));
  in_state.state = &state;
  kita_only.organization = "KITA";
  kita_only.id = 1;
  assert_done(outbox_list_rows(db, &any, 0, &all, ERR));
  assert_done(outbox_list_rows(db, &in_state, 0, &deferred, ERR));
  assert_done(outbox_list_rows(db, &kita_only, 0, &of_kita, ERR));
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
  tcase_add_test(tcase, test_context);
  tcase_add_test(tcase, test_parts);
  tcase_add_test(tcase, test_letter_recipient);
  tcase_add_test(tcase, test_letter_notices);
  tcase_add_test(tcase, test_letter_devices);
  tcase_add_test(tcase, test_letter_devices_bounded);
  tcase_add_test(tcase, test_list_rows);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
