#include "db/outbox_lease.h"

#include <string.h>

#include "db/outbox_list.h"
#include "db/outbox_urgent.h"
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

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static GPtrArray *taken(const char *owner, const char *channel, guint limit)
{
  GPtrArray *leases = NULL;

  assert_done(db_begin(db, ERR));
  assert_done(outbox_lease_take(db, &base_context, owner, channel, limit, &leases, ERR));
  assert_done(db_commit(db, ERR));
  return leases;
}

/* Ids leased, as "1 2 3 ". */
static char *ids_of(const GPtrArray *leases)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < leases->len; i++)
    g_string_append_printf(text, "%" G_GINT64_FORMAT " ", ((OutboxLease *)leases->pdata[i])->id);
  return g_string_free(text, FALSE);
}

static bool settled(const char *owner, const OutboxLease *lease, OutboxInput input, const char *detail)
{
  OutboxVerdict verdict;
  bool ours = false;

  ck_assert(outbox_life_settle(&lease->tries, input, 0, G_MAXUINT32 / 2 + 1, &verdict));
  assert_done(db_begin(db, ERR));
  assert_done(outbox_lease_settle(db, &base_context, owner, lease, &verdict, detail, &ours, ERR));
  assert_done(db_commit(db, ERR));
  return ours;
}

static const struct {
  const char *state; /* of messages 1, 2 and 3 */
  const char *not_before, *channel, *today, *due;
} waiting[] = {
  { "pending", NULL, "mail", "2030-09-29", "" },
  { "pending", NULL, "mail", "2030-09-30", "1 2 " },
  { "pending", NULL, "mail", "2030-10-01", "1 2 3 " },
  { "pending", NULL, "letter", "2030-10-01", "4 " },
  { "pending", NULL, "fax", "2030-10-01", "" },
  { "sending", NULL, "mail", "2030-10-01", "" },
  { "accepted", NULL, "mail", "2030-10-01", "" },
  { "deferred", NULL, "mail", "2030-10-01", "1 2 3 " },
  { "deferred", NOW, "mail", "2030-10-01", "1 2 3 " },
  { "deferred", "2030-09-29T22:15:01Z", "mail", "2030-10-01", "" },
  { "deferred", "2030-09-29T23:27:00Z", "mail", "2030-10-01", "" },
  { "deferred", "2030-09-29T23:27:01Z", "mail", "2030-10-01", "1 2 3 " }, /* no wait is that long */
  { "deferred", "2038-01-19T03:14:07Z", "mail", "2030-10-01", "1 2 3 " },
  { "failed", NULL, "mail", "2030-10-01", "" },
  { "unknown", NOW, "mail", "2030-10-01", "1 2 3 " },
  { "unknown", "2030-09-29T22:15:01Z", "mail", "2030-10-01", "" },
  { "bounced", NULL, "mail", "2030-10-01", "" },
  { "superseded", NULL, "mail", "2030-10-01", "" },
};

START_TEST(test_take_due)
{
  g_autofree char *update =
      g_strdup_printf("UPDATE outbox SET state = '%s', not_before = %s%s%s WHERE channel = 'mail'",
                      waiting[_i].state, waiting[_i].not_before != NULL ? "'" : "",
                      waiting[_i].not_before != NULL ? waiting[_i].not_before : "NULL",
                      waiting[_i].not_before != NULL ? "'" : "");
  gint64 count = -1;

  sql(update);
  ck_assert(day_parse(waiting[_i].today, &base_context.today));
  assert_done(outbox_lease_count_due(db, &base_context, waiting[_i].channel, &count, ERR));

  g_autoptr(GPtrArray) leases = taken("m", waiting[_i].channel, 100);
  g_autofree char *ids = ids_of(leases);

  ck_assert_msg(strcmp(ids, waiting[_i].due) == 0, "row %d: due are %s", _i, ids);
  ck_assert_int_eq(count, leases->len);
}
END_TEST

static const struct {
  guint limit;
  int deferred; /* of the messages 101 to 112 those up to this one */
  const char *ids;
} shares[] = {
  { 4, 106, "101 102 107 108 " },
  { 5, 106, "101 102 103 107 108 " },
  { 100, 106, "101 102 103 104 105 106 107 108 109 110 111 112 " },
  { 8, 112, "101 102 103 104 105 106 107 108 " },
  { 8, 100, "101 102 103 104 105 106 107 108 " },
  { 8, 102, "101 102 103 104 105 106 107 108 " },
  { 1, 106, "101 " },
};

/* New messages and those to be tried again: neither kind holds the other up. */
START_TEST(test_take_shares)
{
  g_autofree char *update =
      g_strdup_printf("UPDATE outbox SET state = 'deferred' WHERE id <= %d", shares[_i].deferred);

  sql("DELETE FROM outbox_notice");
  sql("DELETE FROM outbox");
  sql("WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 112)"
      " INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, attempt, created_at)"
      " SELECT i, 1, 1, 'mail', '2030-09-01', 'm' || i, 1, '' FROM n");
  sql(update);

  g_autoptr(GPtrArray) leases = taken("m", "mail", shares[_i].limit);
  g_autofree char *ids = ids_of(leases);

  ck_assert_msg(strcmp(ids, shares[_i].ids) == 0, "row %d: %s", _i, ids);
}
END_TEST

/* Message `id` carries an advisory of that number. */
static void carries_advisory(int id, const char *kind)
{
  g_autofree char *notice = g_strdup_printf("INSERT INTO notice (id, kind, advisory, due_on, created_at)"
                                            " VALUES (%d, '%s', %d, '2030-09-30', '2030-09-30T00:00:00Z')",
                                            id, kind, id);
  g_autofree char *advisory =
      g_strdup_printf("INSERT INTO advisory (id, serial, number, revision, kind, state, title_ja,"
                      " body_ja, component, author, created_at)"
                      " VALUES (%d, %d, 'SA-%d', 1, '%s', 'draft', '題', '文', 'OpenSSL', '早瀬',"
                      " '2030-09-30T00:00:00Z')",
                      id, id, id, kind);
  g_autofree char *joins =
      g_strdup_printf("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (%d, 1, %d)", id, id);

  sql(advisory);
  sql(notice);
  sql(joins);
}

static const struct {
  const char *kind, *channel; /* of what message 5100 carries */
  guint limit;
  int deferred; /* of the others, those up to this one */
  const char *ids;
} urgents[] = {
  { "security-advisory", "mail", 3, 0, "5100 101 102 " },
  { "stop-use-recommendation", "mail", 1, 0, "5100 " },
  { "stop-use-recommendation", "mail", 4, 110, "101 102 5100 111 " },
  { "component-notice", "mail", 3, 0, "101 102 103 " },
  { "security-advisory", "relay", 3, 0, "5100 101 102 " }, /* a request to pass it on */
};

/* Thousands of reminders wait, older ones too: who is told to stop using a device does not wait for them. */
START_TEST(test_take_urgent)
{
  g_autofree char *update =
      g_strdup_printf("UPDATE outbox SET state = 'deferred' WHERE id <= %d", urgents[_i].deferred);
  g_autofree char *channel =
      g_strdup_printf("UPDATE outbox SET channel = '%s' WHERE id = 5100", urgents[_i].channel);
  gint64 marked = 0;

  sql("DELETE FROM outbox_notice");
  sql("DELETE FROM outbox");
  sql("WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)"
      " INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, attempt, created_at)"
      " SELECT i, 1, 1, 'mail', CASE WHEN i < 5100 THEN '2030-09-01' ELSE '2030-09-30' END, 'm' || i, 1, ''"
      " FROM n");
  sql(update);
  sql(channel);
  carries_advisory(5100, urgents[_i].kind);
  assert_done(db_begin(db, ERR));
  assert_done(outbox_urgent_recount(db, &marked, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert(day_parse("2030-09-30", &base_context.today));

  g_autoptr(GPtrArray) leases = taken("m", "mail", urgents[_i].limit);
  g_autofree char *ids = ids_of(leases);

  ck_assert_msg(strcmp(ids, urgents[_i].ids) == 0, "row %d: %s", _i, ids);
}
END_TEST

/* A queue of a million costs what one of ten does: what waits comes out of the index, in its order. */
START_TEST(test_take_by_index)
{
  static const DbQuery queries[] = {
    { "EXPLAIN QUERY PLAN " OUTBOX_LEASE_PENDING_SQL("id", "1") " ORDER BY due_on, id LIMIT $3" },
    { "EXPLAIN QUERY PLAN " OUTBOX_LEASE_PENDING_SQL("id", "0") " ORDER BY due_on, id LIMIT $3" },
    { "EXPLAIN QUERY PLAN " OUTBOX_LEASE_PENDING_SQL("count(*)", "0, 1") },
  };
  DbStatement *statement;
  bool row;

  assert_done(db_prepare(db, &queries[_i], &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(row);
  ck_assert_str_eq(db_text(statement, 3), "SEARCH outbox USING COVERING INDEX outbox_state"
                                          " (state=? AND channel=? AND urgent=? AND due_on<?)");
  assert_done(db_step(statement, &row, ERR));
  ck_assert(!row); /* nothing is sorted */
}
END_TEST

START_TEST(test_settle)
{
  g_autoptr(GPtrArray) first = taken("m1", "mail", 1);
  const OutboxLease *lease = first->pdata[0];

  ck_assert_int_eq(lease->id, 1);
  ck_assert_int_eq(lease->attempt, 1);
  ck_assert_int_eq(lease->tries.before, OUTBOX_PENDING);
  ck_assert_str_eq(lease->message_id, "kigen.1@maker.example");
  ck_assert_str_eq(lease->tried_since, NOW);
  ck_assert(!settled("m2", lease, OUTBOX_INPUT_ACCEPT, "not mine"));
  ck_assert(!settled(NULL, lease, OUTBOX_INPUT_ACCEPT, "nobody's"));
  ck_assert(settled("m1", lease, OUTBOX_INPUT_DEFER, "451 later"));
  ck_assert(!settled("m1", lease, OUTBOX_INPUT_ACCEPT, "too late"));

  g_autofree char *not_before = scratch_text(db, "SELECT not_before FROM outbox WHERE id = 1");

  ck_assert_str_eq(not_before, "2030-09-29T22:20:00Z"); /* chance in the middle */
  base_context.now = "2030-09-29T22:20:00Z";
  sql("UPDATE outbox SET due_on = '2039-01-01' WHERE id <> 1");

  g_autoptr(GPtrArray) again = taken("m1", "mail", 9);
  g_autoptr(GPtrArray) none = taken("m1", "mail", 9);
  const OutboxLease *second = again->pdata[0];

  ck_assert_uint_eq(again->len, 1);
  ck_assert_uint_eq(none->len, 0);
  ck_assert_int_eq(second->attempt, 2);
  ck_assert_int_eq(second->tries.before, OUTBOX_DEFERRED);
  ck_assert_int_eq(second->tries.deferrals, 1);
  ck_assert_str_eq(second->tried_since, NOW);
  ck_assert(settled("m1", second, OUTBOX_INPUT_RETURN, "stopped"));

  g_autofree char *kept = scratch_text(db, "SELECT state || ' ' || not_before FROM outbox WHERE id = 1");
  g_autofree char *events =
      scratch_text(db, "SELECT group_concat(state || attempt || coalesce(' ' || detail, ''))"
                       " FROM (SELECT * FROM outbox_event ORDER BY id)");

  ck_assert_str_eq(kept, "deferred 2030-09-29T22:20:00Z");
  ck_assert_str_eq(events, "sending1,deferred1 451 later,sending2,deferred2 stopped");
}
END_TEST

START_TEST(test_list)
{
  g_autoptr(GPtrArray) leases = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sql("UPDATE outbox SET state = 'unknown', unknowns = 2, attempt = 3, not_before = '2030-09-29T22:10:00Z'"
      " WHERE id = 1");
  sql("UPDATE outbox SET state = 'sending', attempt = 1 WHERE id = 2"); /* by a kigen before leases */
  assert_done(outbox_lease_next(db, "mail", &before, ERR));
  ck_assert_str_eq(before, "2030-09-29T22:10:00Z");
  g_ptr_array_unref(taken("m7", "mail", 1));
  assert_done(outbox_lease_next(db, "mail", &after, ERR));
  ck_assert_ptr_null(after);
  assert_done(outbox_lease_list(db, "mail", &leases, ERR));
  assert_done(outbox_lease_list(db, "letter", &none, ERR));
  ck_assert_uint_eq(leases->len, 2);
  ck_assert_uint_eq(none->len, 0);

  const OutboxLease *ours = leases->pdata[0], *old = leases->pdata[1];

  ck_assert_str_eq(ours->owner, "m7");
  ck_assert_int_eq(ours->attempt, 4);
  ck_assert_int_eq(ours->tries.before, OUTBOX_UNKNOWN);
  ck_assert_int_eq(ours->tries.unknowns, 2);
  ck_assert_ptr_null(old->owner);
  ck_assert_int_eq(old->tries.before, OUTBOX_PENDING);
  ck_assert(settled(NULL, old, OUTBOX_INPUT_LOST_IN_DATA, "the program ended"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("outbox_lease");
  TCase *tcase = tcase_create("lease");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_take_due, 0, G_N_ELEMENTS(waiting));
  tcase_add_loop_test(tcase, test_take_shares, 0, G_N_ELEMENTS(shares));
  tcase_add_loop_test(tcase, test_take_urgent, 0, G_N_ELEMENTS(urgents));
  tcase_add_loop_test(tcase, test_take_by_index, 0, 3);
  tcase_add_test(tcase, test_settle);
  tcase_add_test(tcase, test_list);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
