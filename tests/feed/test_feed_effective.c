/* The feed of a hospital whose units are made of hardware and software, with extensions: what it says, and
 * that SEQUENCE and LAST-MODIFIED move when and only when an event changes, whatever happens. */

#include "db/extension_store.h"
#include "db/holding_store.h"
#include "db/plan_publish.h"
#include "db/plan_withdraw.h"
#include "notifier/feed/feed_source.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* PUMP/1.0 (1) and PUMP/2.0 (2) are hardware, SOFT/A (5) and SOFT/B (6) software. H1 (1) has the devices S-1
 * … */
static Db *db;
static TemplateSet *templates;
static Day today;
static int minute; /* of the instant "now" */
static char now[32];

static void later(void)
{
  char day[DAY_TEXT_SIZE];

  minute++;
  g_snprintf(now, sizeof now, "%sT%02d:%02d:00Z", day_format(today, day), minute / 60 % 24, minute % 60);
  base_context.today = today;
  base_context.now = now;
}

static Day iso(const char *text)
{
  Day day;

  ck_assert_msg(day_parse(text, &day), "%s", text);
  return day;
}

static void setup(void)
{
  scratch_setup();
  db = base_store();
  today = iso("2026-04-01");
  minute = 0;
  later();
  assert_done(template_set_load(&templates, ERR));
  assert_done(db_begin(db, ERR));
  scratch_sql(
      db, "INSERT INTO product (id, code, name_ja, name_en) VALUES (3, 'SOFT', '解析ソフト', 'Analysis')");
  scratch_sql(db, "INSERT INTO release (id, product, name, kind) VALUES (5, 3, 'A', 'software'), (6, 3, 'B',"
                  " 'software')");
  scratch_sql(db, "INSERT INTO organization (id, code, name_ja, role) VALUES (1, 'H1', 'A病院', 'hospital')");
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  g_clear_pointer(&templates, template_set_free);
  scratch_teardown();
}

/* Puts device `id` (serial S-id) as it is now; software 0: none. */
static void put_device(gint64 id, gint64 release, gint64 software, const char *status)
{
  g_autofree char *sql = g_strdup_printf(
      "INSERT INTO device (id, product, release, software_release, serial, serial_key, organization, status)"
      " SELECT x.id, 1, x.hardware, nullif(x.software, 0), 'S-' || x.id, 'S-' || x.id, 1, '%s'"
      " FROM (SELECT %" G_GINT64_FORMAT " AS id, %" G_GINT64_FORMAT " AS hardware, %" G_GINT64_FORMAT
      " AS software) x WHERE true ON CONFLICT (id) DO UPDATE SET release = excluded.release,"
      " software_release = excluded.software_release, status = excluded.status",
      status, id, release, software);
  bool known;
  gint64 changed;
  g_autofree char *ask = g_strdup_printf("SELECT count(*) FROM device WHERE id = %" G_GINT64_FORMAT, id);

  later();
  assert_done(db_begin(db, ERR));
  assert_done(holding_store_begin(db, ERR));
  known = scratch_number(db, ask) > 0;
  if (known)
    assert_done(holding_store_touch(db, id, ERR));
  scratch_sql(db, sql);
  assert_done(holding_store_touch(db, id, ERR));
  assert_done(holding_store_refresh(db, &base_context, &changed, ERR));
  assert_done(db_commit(db, ERR));
}

static void publish(gint64 release, const char *eol, const char *eos)
{
  g_autoptr(SupportPlan) plan = base_plan(eol, eos);
  PlanTelling telling;
  bool changed;
  g_autofree char *ask = g_strdup_printf(
      "SELECT id FROM support_plan WHERE release = %" G_GINT64_FORMAT " AND state = 'draft'", release);

  later();
  assert_done(db_begin(db, ERR));
  assert_done(plan_store_put_draft(db, &base_context, release, "*", plan, "理由", &changed, ERR));
  if (changed)
    assert_done(plan_publish(db, &base_context, scratch_number(db, ask), "理由", &telling, ERR));
  assert_done(db_commit(db, ERR));
}

static void withdraw(gint64 release)
{
  g_autofree char *ask = g_strdup_printf(
      "SELECT id FROM support_plan WHERE release = %" G_GINT64_FORMAT " AND state = 'published'", release);
  gint64 plan = scratch_number(db, ask);
  PlanWithdrawal withdrawal;

  if (plan < 0)
    return;
  later();
  assert_done(db_begin(db, ERR));
  assert_done(plan_withdraw(db, &base_context, plan, policy_for(PROFILE_JP), "誤り", &withdrawal, ERR));
  assert_done(db_commit(db, ERR));
}

/* True when it was set, false when it was refused. */
static bool extend(gint64 release, const char *serial, const char *eos)
{
  ExtensionRequest request = { release, 1, serial, serial, iso(eos), NULL, "契約" };
  ExtensionResult result;

  later();
  assert_done(db_begin(db, ERR));
  if (!extension_store_set(db, &base_context, &request, &result, NULL)) {
    db_rollback(db);
    return false;
  }
  assert_done(db_commit(db, ERR));
  return true;
}

static void end_extension(gint64 id)
{
  later();
  assert_done(db_begin(db, ERR));
  if (extension_store_end(db, &base_context, id, "解約", NULL))
    assert_done(db_commit(db, ERR));
  else
    db_rollback(db);
}

/* The events of H1's feed, unfolded, by UID. */
static GHashTable *events(const char *language)
{
  GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GBytes) bytes = NULL;

  assert_done(feed_source_render(db, templates, 1, language, today, &bytes, ERR));

  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_auto(GStrv) parts = g_strsplit(text, "\r\n ", -1);
  g_autofree char *unfolded = g_strjoinv("", parts);
  g_auto(GStrv) blocks = g_strsplit(unfolded, "BEGIN:VEVENT\r\n", -1);

  for (gsize i = 1; blocks[i] != NULL; i++) {
    const char *uid = strstr(blocks[i], "UID:") + 4;

    g_hash_table_replace(found, g_strndup(uid, strcspn(uid, "\r")),
                         g_strndup(blocks[i], (gsize)(strstr(blocks[i], "END:VEVENT") - blocks[i])));
  }
  return found;
}

/* The value of a property; own string. */
static char *value_of(const char *event, const char *property)
{
  g_autofree char *head = g_strconcat("\n", property, NULL);
  const char *at = strstr(event, head);

  ck_assert_msg(at != NULL, "%s in %s", property, event);
  at = strchr(at, ':') + 1;
  return g_strndup(at, strcspn(at, "\r"));
}

/* The event without what tells when it changed. */
static char *said_by(const char *event)
{
  g_auto(GStrv) lines = g_strsplit(event, "\r\n", -1);
  g_autoptr(GString) out = g_string_new(NULL);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix(lines[i], "SEQUENCE:") && !g_str_has_prefix(lines[i], "LAST-MODIFIED:") &&
        !g_str_has_prefix(lines[i], "DTSTAMP:"))
      g_string_append_printf(out, "%s\n", lines[i]);
  return g_strdup(out->str);
}

static int number_of(const char *event)
{
  g_autofree char *text = value_of(event, "SEQUENCE");

  return (int)g_ascii_strtoll(text, NULL, 10);
}

/* Compares with the events before: who changed says so, and nobody else. Returns how many did. */
static int compare(GHashTable *before, GHashTable *after, const char *what)
{
  GHashTableIter iter;
  gpointer uid, event;
  int changed = 0;

  g_hash_table_iter_init(&iter, after);
  while (g_hash_table_iter_next(&iter, &uid, &event)) {
    const char *old = g_hash_table_lookup(before, uid);

    if (old == NULL)
      continue;
    g_autofree char *was = said_by(old), *is = said_by(event);
    g_autofree char *was_at = value_of(old, "LAST-MODIFIED"), *is_at = value_of(event, "LAST-MODIFIED");
    bool differs = strcmp(was, is) != 0;
    int rise = number_of(event) - number_of(old);

    ck_assert_msg(differs ? rise > 0 : rise == 0, "%s: SEQUENCE %+d\n%s\n%s", what, rise, was, is);
    ck_assert_msg(differs == (strcmp(was_at, is_at) != 0), "%s: LAST-MODIFIED %s, %s\n%s\n%s", what, was_at,
                  is_at, was, is);
    ck_assert_msg(strcmp(was_at, is_at) <= 0, "%s: LAST-MODIFIED falls", what);
    changed += differs;
  }
  return changed;
}

static const char *event_of(GHashTable *all, gint64 release, const char *milestone)
{
  g_autofree char *ask = g_strdup_printf(
      "SELECT uid FROM holding WHERE organization = 1 AND role = 'user' AND release = %" G_GINT64_FORMAT,
      release);
  g_autofree char *uid = scratch_text(db, ask);
  g_autofree char *key = g_strdup_printf("%s-%s@kigen.example", uid, milestone);
  const char *event = g_hash_table_lookup(all, key);

  ck_assert_msg(event != NULL, "no event %s of %" G_GINT64_FORMAT, milestone, release);
  return event;
}

static void assert_says(const char *event, const char *text)
{
  ck_assert_msg(strstr(event, text) != NULL, "\"%s\" is not said by %s", text, event);
}

static void start(void)
{
  put_device(1, 1, 5, "in-use");
  put_device(2, 1, 5, "in-use");
  put_device(3, 1, 0, "in-use");
  publish(1, "2029-03-31", "2033-03-31");
  publish(5, "2030-03-31", "2031-03-31");
}

START_TEST(test_mixed_units)
{
  g_autoptr(GHashTable) ja = NULL, en = NULL;

  start();
  ja = events("ja");
  en = events("en");
  assert_says(event_of(ja, 1, "eol"),
              "・2台（ソフトウェア 解析ソフト A）：2029年3月31日（令和11年3月31日・土）\\n"
              "　この予定の期日が先に来ます。Aの期日：2030年3月31日");
  assert_says(event_of(ja, 1, "eos"),
              "・2台（ソフトウェア 解析ソフト A）：2031年3月31日（令和13年3月31日・月）\\n"
              "　Aの期日が先に来ます。");
  assert_says(event_of(ja, 5, "eos"), "この予定の期日が先に来ます。1.0の期日：2033年3月31日");
  assert_says(event_of(en, 1, "eos"),
              "- 2 units with software Analysis A: Monday\\, 31 March 2031\\n  A ends first.");
  ck_assert_ptr_null(strstr(event_of(ja, 1, "eol"), "機器ごとの契約"));
}
END_TEST

START_TEST(test_mixed_units_in_doubt)
{
  g_autoptr(GHashTable) tba = NULL, unknown = NULL;

  put_device(1, 1, 5, "in-use");
  publish(1, "2029-03-31", "2033-03-31");
  unknown = events("ja");
  assert_says(event_of(unknown, 1, "eos"),
              "遅くとも 2033年3月31日（令和15年3月31日・木）\\n　Aの期日は不明です。");
  publish(5, "tba", "tba");
  tba = events("ja");
  assert_says(event_of(tba, 1, "eol"),
              "遅くとも 2029年3月31日（令和11年3月31日・土）\\n　Aの期日は未定です。");
  ck_assert_int_eq(compare(unknown, tba, "not announced"), 2);
}
END_TEST

START_TEST(test_extension_moves_eos)
{
  g_autoptr(GHashTable) before = NULL, after = NULL, own = NULL, passed = NULL;

  start();
  before = events("ja");
  ck_assert(extend(5, NULL, "2032-03-31"));
  after = events("ja");
  ck_assert_int_eq(compare(before, after, "extension"),
                   2); /* its own event of EOS, and that of the hardware */

  g_autofree char *day = value_of(event_of(after, 5, "eos"), "DTSTART");

  ck_assert_str_eq(day, "20320331");
  assert_says(event_of(after, 5, "eos"), "SUMMARY:サポート最終日（EOS・契約により延長）");
  assert_says(event_of(after, 5, "eos"), "2032年3月31日（令和14年3月31日・水）をもってサポート終了");
  assert_says(event_of(after, 5, "eos"),
              "計画のサポート終了日 2031年3月31日（令和13年3月31日・月） から延長");
  assert_says(event_of(after, 1, "eos"),
              "：2032年3月31日（令和14年3月31日・水）\\n　Aの期日が先に来ます。"
              "Aの期日：計画 2031年3月31日（令和13年3月31日・月）、契約 2032年3月31日");
  ck_assert(extend(1, "S-1", "2035-03-31"));
  ck_assert(extend(1, "S-2", "2035-03-31"));
  own = events("ja");
  ck_assert_int_eq(compare(after, own, "a device's own"), 1);
  assert_says(event_of(own, 1, "eos"), "機器ごとの契約による期日：2台 2035年3月31日");
  publish(5, "2030-03-31", "2033-03-31");
  passed = events("ja");
  assert_says(event_of(passed, 5, "eos"),
              "契約による期日 2032年3月31日（令和14年3月31日・水） よりも計画の期日のほうが後");
  compare(own, passed, "the plan passes it");
}
END_TEST

START_TEST(test_extension_in_english)
{
  g_autoptr(GHashTable) en = NULL;

  start();
  ck_assert(extend(5, NULL, "2032-03-31"));
  ck_assert(extend(5, "S-1", "2034-03-31"));
  en = events("en");
  assert_says(event_of(en, 5, "eos"), "SUMMARY:EOS: last day of support (extended by contract) – Analysis A");
  assert_says(event_of(en, 5, "eos"), "the plan's end of support is Monday\\, 31 March 2031.");
  assert_says(event_of(en, 5, "eos"), "By contract for single devices: 1 unit until Friday\\, 31 March 2034");
}
END_TEST

/* One random thing. Returns what it was (own string). */
static char *happen(void)
{
  static const char *const eols[] = { "2028-03-31", "2029-03-31", "tba", NULL };
  static const char *const eoss[] = { "2031-03-31", "2032-03-31", "2033-03-31", "tba" };
  static const char *const extended[] = { "2032-03-31", "2033-03-31", "2034-03-31" };
  static const char *const statuses[] = { "in-use", "in-use", "spare", "disposed" };
  static const gint64 releases[] = { 1, 2, 5, 6 }, software[] = { 0, 5, 6 };
  gint64 release = releases[g_random_int_range(0, 4)];
  gint64 device = g_random_int_range(1, 4);
  g_autofree char *serial = g_strdup_printf("S-%" G_GINT64_FORMAT, device);
  const char *eos = eoss[g_random_int_range(0, 4)], *day = extended[g_random_int_range(0, 3)];

  switch (g_random_int_range(0, 7)) {
  case 0:
  case 1:
    publish(release, eols[g_random_int_range(0, 4)], eos);
    return g_strdup_printf("publish %" G_GINT64_FORMAT " %s", release, eos);
  case 2:
    withdraw(release);
    return g_strdup_printf("withdraw %" G_GINT64_FORMAT, release);
  case 3:
    return g_strdup_printf("extend %" G_GINT64_FORMAT " %s %d", release, day, extend(release, NULL, day));
  case 4:
    return g_strdup_printf("extend %s %" G_GINT64_FORMAT " %s %d", serial, release, day,
                           extend(release, serial, day));
  case 5:
    device = scratch_number(db, "SELECT id FROM extension WHERE ended_on IS NULL ORDER BY random() LIMIT 1");
    end_extension(device);
    return g_strdup_printf("end %" G_GINT64_FORMAT, device);
  default:
    put_device(device, releases[g_random_int_range(0, 2)], software[g_random_int_range(0, 3)],
               statuses[g_random_int_range(0, 4)]);
    return g_strdup_printf("device %s", serial);
  }
}

/* Also what is gone for a while goes on where it was. */
static void remember(GHashTable *seen, GHashTable *now_there)
{
  GHashTableIter iter;
  gpointer uid, event;

  g_hash_table_iter_init(&iter, now_there);
  while (g_hash_table_iter_next(&iter, &uid, &event))
    g_hash_table_replace(seen, g_strdup(uid), g_strdup(event));
}

static void assert_never_falls(GHashTable *seen, GHashTable *now_there, const char *what)
{
  GHashTableIter iter;
  gpointer uid, event;

  g_hash_table_iter_init(&iter, now_there);
  while (g_hash_table_iter_next(&iter, &uid, &event)) {
    const char *old = g_hash_table_lookup(seen, uid);

    ck_assert_msg(old == NULL || number_of(event) >= number_of(old), "%s: SEQUENCE falls\n%s\n%s", what, old,
                  (const char *)event);
  }
}

START_TEST(test_random_histories)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  int changed = 0;

  g_random_set_seed((guint32)_i);
  start();
  g_autoptr(GHashTable) before = events("ja");

  for (int step = 0; step < 120; step++) {
    today++;

    g_autofree char *what = happen();
    GHashTable *after = events("ja");
    g_autofree char *where = g_strdup_printf("seed %d step %d: %s", _i, step, what);

    changed += compare(before, after, where);
    assert_never_falls(seen, after, where);
    remember(seen, after);
    g_hash_table_unref(before);
    before = after;
  }
  ck_assert_int_gt(changed, 50);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_effective");
  TCase *tcase = tcase_create("feed_effective");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 100);
  tcase_add_test(tcase, test_mixed_units);
  tcase_add_test(tcase, test_mixed_units_in_doubt);
  tcase_add_test(tcase, test_extension_moves_eos);
  tcase_add_test(tcase, test_extension_in_english);
  tcase_add_loop_test(tcase, test_random_histories, 0, 20);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
