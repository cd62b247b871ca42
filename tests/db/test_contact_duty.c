/* Who may go, who is needed, and whose time is over. */

#include "db/contact_duty.h"
#include "db/proof_retention.h"
#include "tests/db/contact_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;

static void setup(void)
{
  scratch_setup();
  db = contact_base_store();
}

static void teardown(void)
{
  db_close(db);
  scratch_teardown();
}

/* Statements, separated by "; ". */
static void sql(const char *text)
{
  g_auto(GStrv) statements = g_strsplit(text != NULL ? text : "", "; ", -1);

  assert_done(db_begin(db, ERR));
  for (guint i = 0; statements[i] != NULL; i++)
    scratch_sql(db, statements[i]);
  assert_done(db_commit(db, ERR));
}

/* After `change`, who of whom is what. */
static const struct {
  const char *change, *organization, *name;
  ContactDutyKind kind;
  gint64 units;
  const char *says;
} cases[] = {
  { NULL, "KITA", "佐藤 太郎", CONTACT_FREE, 3, NULL },
  { NULL, "KITA", "鈴木 花子", CONTACT_ON_DUTY, 3, "looks after 3 units in use (PUMP/1.0)" },
  /* ended today is not ended */
  { "UPDATE contact SET valid_to = '2031-03-31' WHERE id = 1", "KITA", "佐藤 太郎", CONTACT_ON_DUTY, 3,
    "valid_to" },
  /* the successor has no address, or begins tomorrow: nobody is reached */
  { "UPDATE contact SET email = NULL WHERE id = 2", "KITA", "佐藤 太郎", CONTACT_ALONE, 3,
    "nobody else can be reached" },
  { "UPDATE contact SET valid_from = '2031-04-01' WHERE id = 2", "KITA", "佐藤 太郎", CONTACT_ALONE, 3,
    "3 units" },
  /* a corporation looks after the sites that have nobody: SITE, not OWN */
  { NULL, "CORP", "佐藤 太郎", CONTACT_ON_DUTY, 1, "1 unit in use" },
  { NULL, "CORP", "田中 実", CONTACT_FREE, 1, NULL },
  { "UPDATE contact SET valid_to = '2031-01-31' WHERE id = 7", "CORP", "佐藤 太郎", CONTACT_ON_DUTY, 2,
    "2 units" },
  { "UPDATE contact SET valid_to = '2031-01-31' WHERE id = 4", "CORP", "田中 実", CONTACT_ALONE, 1,
    "CORP 田中 実" },
  /* parents in a circle */
  { "UPDATE organization SET parent = 3 WHERE id = 2", "CORP", "佐藤 太郎", CONTACT_ON_DUTY, 1, "1 unit" },
  /* no unit any more */
  { NULL, "OLD", "高橋 誠", CONTACT_FREE, 0, NULL },
  { NULL, "NEW", "伊藤 学", CONTACT_FREE, 0, NULL },
  { "UPDATE holding SET ended_on = '2031-03-30', count = 0 WHERE organization = 1", "KITA", "鈴木 花子",
    CONTACT_FREE, 0, NULL },
  /* a lessor's units are in custody, a device with software of its own counts once */
  { "INSERT INTO organization (id, code, name_ja, role) VALUES (8, 'LEASE', 'リース', 'lessor'); "
    "INSERT INTO contact (organization, name, email) VALUES (8, '斎藤', 's@lease.example'); "
    "INSERT INTO custody (device, role, organization) VALUES (1, 'owner', 8), (2, 'owner', 8); "
    "INSERT INTO custody (device, role, organization, until) VALUES (3, 'owner', 8, '2031-03-30'); "
    "INSERT INTO holding VALUES (1, 8, 'owner', 3, 1, 'x', '2025-04-01', NULL, '2025-04-01T00:00:00Z')",
    "LEASE", "斎藤", CONTACT_ON_DUTY, 3, "3 units" },
  { "INSERT INTO holding VALUES (2, 1, 'user', 3, 1, 'x', '2025-04-01', NULL, '2025-04-01T00:00:00Z')",
    "KITA", "鈴木 花子", CONTACT_ON_DUTY, 3, "(PUMP/1.0, PUMP/2.0)" },
  /* messages under way are nobody's to take away; what waits goes on where somebody is */
  { "UPDATE outbox SET state = 'sending' WHERE id = 2", "KITA", "佐藤 太郎", CONTACT_AWAITED, 3,
    "1 message is to" },
  { "UPDATE outbox SET state = 'unknown' WHERE id IN (1, 2)", "KITA", "佐藤 太郎", CONTACT_AWAITED, 3,
    "2 messages" },
  { "INSERT INTO contact (id, organization, name, email) VALUES (9, 3, '山本', 'y@site.example')", "CORP",
    "田中 実", CONTACT_FREE, 0, NULL },
};

START_TEST(test_duty)
{
  g_auto(ContactDuty) duty = { 0 };

  sql(cases[_i].change);

  g_autoptr(ContactRow) row = contact_base_find(db, cases[_i].organization, cases[_i].name);

  assert_done(contact_duty_load(db, row, base_context.today, &duty, ERR));

  g_autofree char *why = contact_duty_reason(&duty, row);

  ck_assert_msg(duty.kind == cases[_i].kind, "%d: %s", duty.kind, why != NULL ? why : "free");
  ck_assert_int_eq(duty.units, cases[_i].units);
  ck_assert_msg((why != NULL) == (cases[_i].says != NULL), "%s", why != NULL ? why : "free");
  if (why != NULL)
    ck_assert_msg(strstr(why, cases[_i].says) != NULL, "no «%s» in: %s", cases[_i].says, why);
}
END_TEST

/* CORP's contact gave way to SITE's own: what waits for CORP about SITE reaches nobody at CORP. */
START_TEST(test_what_waits_reaches_nobody_else)
{
  g_auto(ContactDuty) duty = { 0 };

  sql("INSERT INTO contact (id, organization, name, email) VALUES (9, 3, '山本', 'y@site.example')");
  sql("UPDATE contact SET valid_to = '2031-01-31' WHERE id = 4");

  g_autoptr(ContactRow) row = contact_base_find(db, "CORP", "田中 実");

  assert_done(contact_duty_load(db, row, base_context.today, &duty, ERR));
  ck_assert_int_eq(duty.kind, CONTACT_AWAITED);
  ck_assert_int_eq(duty.messages, 1);
}
END_TEST

/* Which contacts (ids) are kept for too long on which day, at 36 months. */
static const struct {
  const char *change, *today, *ids;
} expiries[] = {
  { NULL, "2031-03-31", "5" }, /* OLD had no unit since 2027-03-31: until 2030-03-31 */
  { NULL, "2030-03-31", "" },  /* the last day itself is not over */
  { NULL, "2030-04-01", "5" },
  { NULL, "2033-12-31", "5" }, /* 佐藤 of KITA ended on 2030-12-31 */
  { NULL, "2034-01-01", "1,5" },
  { NULL, "2034-02-01", "3,1,5" }, /* and 田中 of CORP on 2031-01-31: by organization */
  { "UPDATE contact SET valid_to = '2026-12-31' WHERE id = 5", "2030-01-01",
    "5" },                                                                 /* the earlier of the two */
  { "UPDATE organization SET parent = 4 WHERE id = 6", "2031-03-31", "" }, /* a unit below it */
  { "UPDATE holding SET ended_on = '2027-03-31', count = 0 WHERE organization IN (3, 6)", "2031-03-31",
    "3,4,5,7" },
};

START_TEST(test_expired)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GString) ids = g_string_new(NULL);
  Day today = DAY_NONE;

  sql(expiries[_i].change);
  ck_assert(day_parse(expiries[_i].today, &today));
  assert_done(contact_list_expired(db, today, 36, &rows, ERR));
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf(ids, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", ((ContactRow *)rows->pdata[i])->id);
  ck_assert_str_eq(ids->str, expiries[_i].ids);
}
END_TEST

/* How many messages tell of nothing that lasts beyond a day. PUMP/1.0 and 2.0 end on 2038-03-31. */
static const struct {
  const char *change, *limit;
  gint64 messages;
} proofs[] = {
  { NULL, "2038-03-31", 0 },
  { NULL, "2038-04-01", 3 }, /* not 5, which waits */
  { "UPDATE outbox SET state = 'failed' WHERE id = 5", "2038-04-01", 4 },
  { "INSERT INTO extension (release, organization, eos, until, version, changed_at, reason, created_by, "
    "created_on,"
    " created_at) VALUES (1, 1, '2041-03-31', '2041-03-31', 1, 'x', '契約', 'x', '2031-03-31', 'x')",
    "2041-03-31", 0 },
  { "INSERT INTO support_plan (release, market, revision, state, eol, eos, author, created_at, published_on)"
    " VALUES (1, 'US', 1, 'published', 'tba', 'tba', 'x', 'x', '2031-03-31')",
    "2038-04-01", 0 },
  { "UPDATE message_context SET context = '', erased_on = '2031-03-31' WHERE outbox = 1", "2038-04-01", 2 },
};

START_TEST(test_proof_retention)
{
  gint64 counted = -1, erased = -1;
  Day limit = DAY_NONE;

  sql(proofs[_i].change);
  ck_assert(day_parse(proofs[_i].limit, &limit));

  gint64 rows = scratch_number(db, "SELECT count(*) FROM audit");

  assert_done(proof_retention_count(db, limit, &counted, ERR));
  ck_assert_int_eq(counted, proofs[_i].messages);
  assert_done(db_begin(db, ERR));
  assert_done(proof_retention_erase(db, &base_context, limit, "保存期間の満了", &erased, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(erased, counted);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM message_context WHERE erased_on = '2031-03-31'"
                                      " AND context = '' AND sha256 <> ''"),
                   proofs[_i].change != NULL && strstr(proofs[_i].change, "message_context") != NULL
                       ? erased + 1
                       : erased);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit"), rows + (erased > 0 ? 1 : 0));
  assert_done(proof_retention_count(db, limit, &counted, ERR));
  ck_assert_int_eq(counted, 0);
}
END_TEST

START_TEST(test_find)
{
  g_autoptr(ContactRow) spaced = contact_base_find(db, "KITA", "佐藤　太郎");
  g_autoptr(ContactRow) joined = contact_base_find(db, "KITA", "佐藤太郎");
  g_autoptr(GPtrArray) same = NULL;
  g_autoptr(GError) error = NULL;
  ContactRow *row = NULL;

  ck_assert_int_eq(spaced->id, 1);
  ck_assert_int_eq(joined->id, 1);
  assert_done(contact_list_same(db, spaced, &same, ERR));
  ck_assert_uint_eq(same->len, 1);
  ck_assert_int_eq(((ContactRow *)same->pdata[0])->id, 4);
  ck_assert(!contact_list_find(db, "KITA", "佐藤", &row, &error));
  ck_assert(g_error_matches(error, CONTACT_ERROR, CONTACT_ERROR_NAME));
  ck_assert_ptr_nonnull(strstr(error->message, "kigen contact list KITA"));
  g_clear_error(&error);
  ck_assert(!contact_list_find(db, "NIL", "佐藤", &row, &error));
  ck_assert(g_error_matches(error, CONTACT_ERROR, CONTACT_ERROR_ORGANIZATION));
  /* two spellings of one name: only the very one is found */
  sql("INSERT INTO contact (organization, name) VALUES (1, '佐藤太郎')");
  g_clear_error(&error);
  ck_assert(!contact_list_find(db, "KITA", "佐藤　太郎", &row, &error));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("contact_duty");
  TCase *tcase = tcase_create("contact_duty");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_duty, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, test_what_waits_reaches_nobody_else);
  tcase_add_loop_test(tcase, test_expired, 0, G_N_ELEMENTS(expiries));
  tcase_add_loop_test(tcase, test_proof_retention, 0, G_N_ELEMENTS(proofs));
  tcase_add_test(tcase, test_find);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
