#include "db/outbox_retry.h"

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

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static OutboxRetried retried(const OutboxFilter *filter, bool dry_run)
{
  OutboxRetried sum = { 0 };

  assert_done(db_begin(db, ERR));
  assert_done(outbox_retry(db, &base_context, filter, "アドレス訂正", dry_run, &sum, ERR));
  assert_done(db_commit(db, ERR));
  return sum;
}

static void assert_text(const char *query, const char *expected)
{
  g_autofree char *text = scratch_text(db, query);

  ck_assert_msg(g_strcmp0(text, expected) == 0, "%s: %s", query, text != NULL ? text : "NULL");
}

/* Message 1 in each state. */
static const struct {
  const char *state;
  bool by_state, by_nothing; /* retried when the filter names it; when it names none */
  const char *next;
} states[] = {
  { "pending", false, false, "pending" },   { "sending", false, false, "sending" },
  { "accepted", false, false, "accepted" }, { "deferred", true, false, "deferred" },
  { "failed", true, true, "pending" },      { "unknown", true, false, "unknown" },
  { "bounced", true, true, "pending" },     { "superseded", false, false, "superseded" },
  { "printed", true, false, "pending" },    { "returned", true, true, "pending" },
  { "sent", false, false, "sent" },         { "handed", false, false, "handed" },
};

START_TEST(test_states)
{
  g_autofree char *update = g_strdup_printf("UPDATE outbox SET state = '%s', attempt = 7, deferrals = 3,"
                                            " unknowns = 2, tried_since = '2030-01-01T00:00:00Z',"
                                            " not_before = '2030-12-31T00:00:00Z' WHERE id = 1",
                                            states[_i].state);
  OutboxFilter any = OUTBOX_FILTER_NONE, named = OUTBOX_FILTER_NONE;
  OutboxState state = OUTBOX_PENDING;

  sql(update);
  ck_assert(outbox_state_parse(states[_i].state, &state));
  named.state = &state;
  ck_assert_int_eq(retried(&any, true).total, states[_i].by_nothing);
  ck_assert_int_eq(retried(&named, true).total, states[_i].by_state);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox_event"), 0);
  ck_assert_int_eq(retried(&named, false).count[state], states[_i].by_state);
  assert_text("SELECT state FROM outbox WHERE id = 1", states[_i].next);
  ck_assert_int_eq(scratch_number(db,
                                  "SELECT count(*) FROM outbox WHERE id = 1 AND attempt = 7 AND deferrals = 0"
                                  " AND unknowns = 0 AND tried_since IS NULL"
                                  " AND coalesce(not_before, '2030-09-29T22:15:00Z') ="
                                  " '2030-09-29T22:15:00Z'"),
                   states[_i].by_state);
  assert_text("SELECT group_concat(state || attempt || detail) FROM outbox_event",
              !states[_i].by_state       ? NULL
              : state == OUTBOX_DEFERRED ? "deferred7to be tried again: アドレス訂正"
              : state == OUTBOX_UNKNOWN  ? "unknown7to be tried again: アドレス訂正"
                                         : "pending7to be tried again: アドレス訂正");
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.retry'"),
                   states[_i].by_state);
}
END_TEST

/* All four messages have failed; which ones are meant. */
static const struct {
  const char *channel, *organization, *kind, *release, *from, *to;
  gint64 id, total;
} filters[] = {
  { .total = 4 },
  { .channel = "mail", .total = 3 },
  { .organization = "KITA", .total = 1 },
  { .organization = "NOBODY", .total = 0 },
  { .kind = "eol-reminder", .total = 2 },
  { .release = "PUMP", .total = 4 },
  { .release = "PUMP/2.0", .total = 2 },
  { .from = "2030-10-01", .total = 1 },
  { .to = "2030-09-30", .total = 3 },
  { .id = 3, .total = 1 },
  { .channel = "mail", .kind = "eol-reminder", .organization = "LEASE", .to = "2030-09-30", .total = 1 },
};

START_TEST(test_filters)
{
  OutboxFilter filter = OUTBOX_FILTER_NONE;

  sql("UPDATE outbox SET state = 'failed', attempt = 1");
  filter.channel = filters[_i].channel;
  filter.organization = filters[_i].organization;
  filter.kind = filters[_i].kind;
  filter.release = filters[_i].release;
  filter.id = filters[_i].id;
  ck_assert(filters[_i].from == NULL || day_parse(filters[_i].from, &filter.due_from));
  ck_assert(filters[_i].to == NULL || day_parse(filters[_i].to, &filter.due_to));
  ck_assert_msg(retried(&filter, false).total == filters[_i].total, "row %d", _i);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'pending'"),
                   filters[_i].total);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("outbox_retry");
  TCase *tcase = tcase_create("retry");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_states, 0, G_N_ELEMENTS(states));
  tcase_add_loop_test(tcase, test_filters, 0, G_N_ELEMENTS(filters));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
