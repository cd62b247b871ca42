#include "db/presented.h"

#include "db/plan_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

#define ACCEPTED(where, day)                                                                                 \
  "UPDATE outbox SET state = 'accepted', attempt = attempt + 1 WHERE " where ";"                             \
  "INSERT INTO outbox_event SELECT NULL, id, 'x', '" day "', attempt, 'accepted', NULL FROM outbox WHERE "   \
  "" where " AND state = 'accepted';"
/* `state` by people, of the one message for H2 and H6; and what a distributor reported of H2 alone. */
#define CARRIED(state, day)                                                                                  \
  "UPDATE outbox SET state = '" state                                                                        \
  "' WHERE contact = 3; INSERT INTO outbox_event SELECT NULL, id, 'x', '" day "', attempt, '" state          \
  "', NULL FROM outbox WHERE contact = 3;"
#define RELAYED(day)                                                                                         \
  ACCEPTED("contact = 3", "2031-04-01")                                                                      \
  "UPDATE outbox SET channel = 'relay' WHERE contact = 3;"                                                   \
  "INSERT INTO handover (outbox, step, organization, how, day, by, recorded_by, at) SELECT id, 'relayed', "  \
  "2, 'hand', '" day "', '藤代', 'a', 'x' FROM outbox WHERE contact = 3;"
#define ACKNOWLEDGED(organization, day)                                                                      \
  "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (NULL, 1, " organization \
  ", 'receipt', '佐藤', 'telephone', '" day "T00:00:00Z');"
#define RECORDED(organization, how, day, note)                                                               \
  "INSERT INTO presentation VALUES (NULL, 1, " organization ", '" how "', '" day "', '田中', " note ", "     \
  "'x');"
/* H2's holding is of 2035-03-21, its unit of `installed`. */
#define HAS_UNIT(installed)                                                                                  \
  "UPDATE holding SET since = '2035-03-21' WHERE organization = 2;"                                          \
  "INSERT INTO device (id, product, release, serial_key, organization, installed_on) VALUES"                 \
  " (1, 1, 1, 'A', 2, " installed ");"
#define OTHERS ACCEPTED("contact <> 3 OR contact IS NULL", "2031-04-01")

/* What happens after the publication on 2031-03-31 with EOL 2035-03-31. Hospitals and clinics by id: 1 H1, 2
 * H2 and 6 H6 through one message to contact 3, 3 H3, 7 H7, 8 H8, 10 H10. */
static const struct {
  const char *name, *sql, *today;
  int missing, pending;
  const char *names; /* of them; NULL: none */
  const char *h2;    /* its line in the list */
} cases[] = {
  { "nothing went out", "", "2031-04-01", 7, 0, "A病院, B病院, C病院, F病院, G病院 …", "missing" },
  { "all accepted", ACCEPTED("true", "2031-04-01"), "2031-04-02", 0, 0, NULL, "in-time 2031-04-01 mail" },
  { "one message for two", OTHERS, "2031-04-02", 2, 0, "B病院, F病院", "missing" },
  { "bounced since", ACCEPTED("true", "2031-04-01") "UPDATE outbox SET state = 'bounced' WHERE contact = 3;",
    "2031-04-02", 2, 0, "B病院, F病院", "missing" },
  { "bounced, tried again and accepted too late",
    OTHERS ACCEPTED("contact = 3", "2031-04-01") CARRIED("bounced", "2031-04-02")
        ACCEPTED("contact = 3", "2035-04-01"),
    "2035-04-02", 2, 0, "B病院, F病院", "late 2035-04-01 mail" },
  { "printed, and still here", OTHERS CARRIED("printed", "2031-04-03"), "2031-04-04", 2, 0, "B病院, F病院",
    "missing" },
  { "posted", OTHERS CARRIED("sent", "2031-04-03"), "2031-04-04", 0, 0, NULL, "in-time 2031-04-03 mail" },
  { "came back", OTHERS CARRIED("sent", "2031-04-03") CARRIED("returned", "2031-04-09"), "2031-04-10", 2, 0,
    "B病院, F病院", "missing" },
  { "faxed", OTHERS CARRIED("handed", "2031-04-03"), "2031-04-04", 0, 0, NULL, "in-time 2031-04-03 mail" },
  { "a distributor was asked, and told one of two", OTHERS RELAYED("2031-04-05"), "2031-04-06", 1, 0, "F病院",
    "in-time 2031-04-05 relay 藤代" },
  { "passed on too late", OTHERS RELAYED("2035-04-01"), "2035-04-02", 2, 0, "B病院, F病院",
    "late 2035-04-01 relay 藤代" },
  { "on the last day", OTHERS ACCEPTED("contact = 3", "2035-03-31"), "2035-04-01", 0, 0, NULL,
    "in-time 2035-03-31 mail" },
  { "a message that is late says nothing of why", OTHERS ACCEPTED("contact = 3", "2035-04-01"), "2035-04-02",
    2, 0, "B病院, F病院", "late 2035-04-01 mail" },
  { "acknowledged without any mail", OTHERS ACKNOWLEDGED("2", "2031-05-01"), "2031-06-01", 1, 0, "F病院",
    "in-time 2031-05-01 acknowledgement 佐藤" },
  { "acknowledged late", OTHERS ACKNOWLEDGED("2", "2035-05-01"), "2035-06-01", 2, 0, "B病院, F病院",
    "late 2035-05-01 acknowledgement 佐藤" },
  { "handed over", OTHERS RECORDED("2", "hand-over", "2035-03-31", "NULL"), "2035-06-01", 1, 0, "F病院",
    "in-time 2035-03-31 hand-over 田中" },
  { "page opened", OTHERS RECORDED("2", "page", "2031-05-01", "NULL"), "2031-06-01", 1, 0, "F病院",
    "in-time 2031-05-01 page 田中" },
  { "by letter, late, with the reason", OTHERS RECORDED("2", "letter", "2035-05-01", "'宛先の変更'"),
    "2035-06-01", 1, 0, "F病院", "late-with-reason 2035-05-01 letter 田中 宛先の変更" },
  { "late, without", OTHERS RECORDED("2", "letter", "2035-05-01", "NULL"), "2035-06-01", 2, 0, "B病院, F病院",
    "late 2035-05-01 letter 田中" },
  { "late, with a blank", OTHERS RECORDED("2", "letter", "2035-05-01", "'  '"), "2035-06-01", 2, 0,
    "B病院, F病院", "late 2035-05-01 letter 田中   " },
  { "late twice, the second says why",
    OTHERS RECORDED("2", "fax", "2035-05-01", "NULL") RECORDED("2", "letter", "2035-05-02", "'宛先の変更'"),
    "2035-06-01", 1, 0, "F病院", "late-with-reason 2035-05-02 letter 田中 宛先の変更" },
  { "in time and late",
    OTHERS RECORDED("2", "fax", "2034-05-01", "NULL") ACCEPTED("contact = 3", "2035-05-02"), "2035-06-01", 1,
    0, "F病院", "in-time 2034-05-01 fax 田中" },
  { "the first of two in time",
    OTHERS RECORDED("2", "fax", "2033-05-01", "NULL") RECORDED("2", "page", "2032-05-01", "NULL"),
    "2034-06-01", 1, 0, "F病院", "in-time 2032-05-01 page 田中" },
  /* a unit acquired later */
  { "within 30 days",
    OTHERS
    "UPDATE holding SET since = '2035-03-20' WHERE organization = 2;" ACCEPTED("contact = 3", "2035-04-19"),
    "2035-05-01", 1, 0, "F病院", "in-time 2035-04-19 mail" },
  { "after 30 days",
    OTHERS
    "UPDATE holding SET since = '2035-03-20' WHERE organization = 2;" ACCEPTED("contact = 3", "2035-04-20"),
    "2035-05-01", 2, 0, "B病院, F病院", "late 2035-04-20 mail" },
  { "days left",
    ACCEPTED("true", "2031-04-01") "UPDATE holding SET since = '2035-05-01' WHERE organization = 2;"
                                   "UPDATE outbox SET state = 'failed' WHERE contact = 3;" RECORDED(
                                       "6", "fax", "2031-04-01", "NULL"),
    "2035-05-30", 1, 1, "B病院", "missing" },
  { "no day left",
    ACCEPTED("true", "2031-04-01") "UPDATE holding SET since = '2035-05-01' WHERE organization = 2;"
                                   "UPDATE outbox SET state = 'failed' WHERE contact = 3;" RECORDED(
                                       "6", "fax", "2031-04-01", "NULL"),
    "2035-05-31", 1, 0, "B病院", "missing" },
  /* the holding is as old as the store; the unit is older, or of no known day */
  { "installed long before", OTHERS HAS_UNIT("'2020-04-01'") ACCEPTED("contact = 3", "2035-04-19"),
    "2035-05-01", 2, 0, "B病院, F病院", "late 2035-04-19 mail" },
  { "installed lately", OTHERS HAS_UNIT("'2035-03-21'") ACCEPTED("contact = 3", "2035-04-20"), "2035-05-01",
    1, 0, "F病院", "in-time 2035-04-20 mail" },
  { "no day is known", OTHERS HAS_UNIT("NULL") ACCEPTED("contact = 3", "2035-04-19"), "2035-05-01", 2, 0,
    "B病院, F病院", "late 2035-04-19 mail" },
  { "an old unit, second-hand",
    OTHERS HAS_UNIT("'2015-04-01'") "INSERT INTO custody (device, role, organization, since) VALUES"
                                    " (1, 'user', 1, '2015-04-01'), (1, 'user', 2, '2035-03-21');" ACCEPTED(
                                        "contact = 3", "2035-04-20"),
    "2035-05-01", 1, 0, "F病院", "in-time 2035-04-20 mail" },
  { "one of two is old",
    OTHERS HAS_UNIT(
        "'2035-03-21'") "INSERT INTO device (product, release, serial_key, organization, installed_on)"
                        " VALUES (1, 1, 'B', 2, '2020-04-01');" ACCEPTED("contact = 3", "2035-04-20"),
    "2035-05-01", 2, 0, "B病院, F病院", "late 2035-04-20 mail" },
  { "the old one is gone",
    OTHERS HAS_UNIT(
        "'2035-03-21'") "INSERT INTO device (product, release, serial_key, organization, installed_on,"
                        " status) VALUES (1, 1, 'B', 2, '2020-04-01', 'disposed');" ACCEPTED("contact = 3",
                                                                                             "2035-04-20"),
    "2035-05-01", 1, 0, "F病院", "in-time 2035-04-20 mail" },
  { "as software of another release",
    OTHERS "UPDATE holding SET since = '2035-03-21' WHERE organization = 2;"
           "INSERT INTO device (product, release, software_release, serial_key, organization, installed_on)"
           " VALUES (1, 2, 1, 'A', 2, '2020-04-01');" ACCEPTED("contact = 3", "2035-04-20"),
    "2035-05-01", 2, 0, "B病院, F病院", "late 2035-04-20 mail" },
  /* who is asked for */
  { "holds none any more", OTHERS "UPDATE holding SET ended_on = '2031-04-01' WHERE organization = 2",
    "2031-05-01", 1, 0, "F病院", NULL },
  { "a lessor is no hospital", OTHERS "UPDATE organization SET role = 'lessor' WHERE id = 2", "2031-05-01", 1,
    0, "F病院", NULL },
  /* what does not show the plan */
  { "a withdrawal tells none",
    OTHERS
    "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'withdrawal', 1, '2031-05-01', 'x');"
    "INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, state, created_at) VALUES"
    " (99, 9, 3, 'mail', '2031-05-01', 'm', 'accepted', 'x'); INSERT INTO outbox_notice VALUES (9, 2, 99);"
    "INSERT INTO outbox_event VALUES (NULL, 99, 'x', '2031-05-01', 1, 'accepted', NULL);",
    "2031-06-01", 2, 0, "B病院, F病院", "missing" },
  { "withdrawn before it went out",
    "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-01';" ACCEPTED("true",
                                                                                         "2031-04-01"),
    "2031-06-01", 7, 0, "A病院, B病院, C病院, F病院, G病院 …", "missing" },
  { "withdrawn after it went out",
    "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2031-04-02';" ACCEPTED("true",
                                                                                         "2031-04-01"),
    "2031-06-01", 0, 0, NULL, "in-time 2031-04-01 mail" },
  { "a document that is none",
    "DROP TRIGGER support_plan_update; UPDATE support_plan SET limited_support_doc ="
    " '未定';" ACCEPTED("true", "2031-04-01"),
    "2031-06-01", 7, 0, "A病院, B病院, C病院, F病院, G病院 …", "missing" },
  { "no service line",
    "DROP TRIGGER service_line_delete; DELETE FROM service_line;" ACCEPTED("true", "2031-04-01"),
    "2031-06-01", 7, 0, "A病院, B病院, C病院, F病院, G病院 …", "missing" },
};

static PlanRow *latest(Db *db)
{
  GPtrArray *rows = NULL;
  PlanRow *row;

  assert_done(plan_store_list(db, "PUMP/1.0", PLAN_LATEST, &rows, ERR));
  ck_assert_uint_eq(rows->len, 1);
  row = g_steal_pointer(&rows->pdata[0]);
  g_ptr_array_unref(rows);
  return row;
}

/* "in-time 2031-04-01 mail"; NULL where `code` is not in the list. */
static char *describe(const GPtrArray *rows, const char *code)
{
  for (guint i = 0; i < rows->len; i++) {
    const PresentedRow *row = rows->pdata[i];
    char day[DAY_TEXT_SIZE];

    if (strcmp(row->organization, code) == 0)
      return g_strdup_printf(
          "%s%s%s%s%s%s%s%s%s", presentation_state_key(row->state), row->day != DAY_NONE ? " " : "",
          row->day != DAY_NONE ? day_format(row->day, day) : "", row->how != NULL ? " " : "",
          row->how != NULL ? row->how : "", row->by != NULL ? " " : "", row->by != NULL ? row->by : "",
          row->note != NULL ? " " : "", row->note != NULL ? row->note : "");
  }
  return NULL;
}

static int count_missing(const GPtrArray *rows)
{
  int n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += ((const PresentedRow *)rows->pdata[i])->state < PRESENTATION_CURED;
  return n;
}

/* The count and the list say the same. */
START_TEST(test_cases)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *said = NULL;
  PresentedCount count;
  Day today;

  base_publish(db, 1, "2035-03-31");
  ck_assert_msg(scratch_shell("kigen.db", cases[_i].sql, &said) == 0, "%s: %s", cases[_i].name, said);
  ck_assert(day_parse(cases[_i].today, &today));

  g_autoptr(PlanRow) row = latest(db);

  assert_done(presented_count(db, row, today, &count, ERR));
  assert_done(presented_list(db, row, today, &rows, ERR));

  g_autofree char *names = count.names;
  g_autofree char *h2 = describe(rows, "H2");

  ck_assert_msg(count.missing == cases[_i].missing && count.pending == cases[_i].pending,
                "%s: %d missing, %d pending", cases[_i].name, (int)count.missing, (int)count.pending);
  ck_assert_msg(g_strcmp0(names, cases[_i].names) == 0, "%s: %s", cases[_i].name, names);
  ck_assert_msg(count_missing(rows) == cases[_i].missing, "%s: %d in the list", cases[_i].name,
                count_missing(rows));
  ck_assert_msg(g_strcmp0(h2, cases[_i].h2) == 0, "%s: %s", cases[_i].name, h2);
}
END_TEST

/* A revision without a declared plan showed nothing, the next one does; what showed the first one before
 * counts on. */
START_TEST(test_revisions)
{
  g_autoptr(Db) db = base_installed();
  g_autofree char *said = NULL;
  PresentedCount count;

  base_publish(db, 1, "2035-03-31");
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "DROP TRIGGER support_plan_update;"
                                 "UPDATE support_plan SET limited_support_doc = 'TBD';" OTHERS,
                                 &said),
                   0);
  base_context.today += 10;
  base_publish(db, 1, "2036-03-31");
  g_autoptr(PlanRow) second = latest(db);

  assert_done(presented_count(db, second, base_context.today, &count, ERR));
  ck_assert_int_eq(count.missing, 7);
  g_free(count.names);
  ck_assert_int_eq(scratch_shell("kigen.db", RECORDED("2", "fax", "2031-04-11", "NULL"), NULL), 0);
  assert_done(presented_count(db, second, base_context.today, &count, ERR)); /* of revision 1 */
  ck_assert_int_eq(count.missing, 7);
  g_free(count.names);
  ck_assert_int_eq(
      scratch_shell(
          "kigen.db",
          "UPDATE outbox SET state = 'accepted', attempt = 2 WHERE contact = 3; INSERT INTO outbox_event"
          " SELECT NULL, id, 'x', '2031-04-11', 2, 'accepted', NULL FROM outbox"
          " WHERE contact = 3",
          NULL),
      0);
  assert_done(presented_count(db, second, base_context.today, &count, ERR));
  ck_assert_int_eq(count.missing, 5);
  g_free(count.names);
  base_context.today += 10;
  base_publish(db, 1, "2037-03-31");
  g_autoptr(PlanRow) third = latest(db);

  assert_done(presented_count(db, third, base_context.today, &count, ERR));
  ck_assert_int_eq(count.missing, 5);
  g_free(count.names);
}
END_TEST

START_TEST(test_history)
{
  static const struct {
    const char *presented_on, *reason, *state; /* of H3 */
  } rows[] = {
    { "2030-01-01", NULL, "in-time 2030-01-01 presented_on" },
    { "2035-04-01", NULL, "late 2035-04-01 presented_on" },
    { "2035-04-01", "引継ぎ", "late-with-reason 2035-04-01 presented_on" },
    { "2036-01-01", "引継ぎ", "missing" }, /* not yet */
    { "tba", "引継ぎ", "missing" },
    { NULL, "引継ぎ", "missing" },
  };
  g_autoptr(Db) db = base_installed();

  base_publish(db, 1, "2035-03-31");
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(PlanRow) row = latest(db);
    g_autoptr(GPtrArray) list = NULL;

    g_free(row->reason);
    row->reason = g_strdup(rows[i].reason);
    ck_assert(plan_date_from_store(rows[i].presented_on, &row->dates->presented_on));
    assert_done(presented_list(db, row, day_from_ymd(2035, 6, 1), &list, ERR));

    g_autofree char *found = describe(list, "H3");

    ck_assert_msg(g_strcmp0(found, rows[i].state) == 0, "row %zu: %s", i, found);
  }
}
END_TEST

/* A draft: nobody can have seen it. */
START_TEST(test_draft_that_nobody_saw)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2038-03-31");
  g_autoptr(GPtrArray) rows = NULL;
  PresentedCount count;

  base_draft(db, 1, plan);
  g_autoptr(PlanRow) row = latest(db);

  assert_done(presented_count(db, row, base_context.today, &count, ERR));
  assert_done(presented_list(db, row, base_context.today, &rows, ERR));
  ck_assert_int_eq(count.missing, 7);
  ck_assert_uint_eq(rows->len, 7);
  ck_assert_str_eq(((const PresentedRow *)rows->pdata[0])->organization, "H1");
  ck_assert_str_eq(((const PresentedRow *)rows->pdata[1])->organization, "H10");
  ck_assert_int_eq(((const PresentedRow *)rows->pdata[0])->count, 2);
  g_free(count.names);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("presented");
  TCase *tcase = tcase_create("presented");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tcase, test_cases, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, test_revisions);
  tcase_add_test(tcase, test_history);
  tcase_add_test(tcase, test_draft_that_nobody_saw);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
