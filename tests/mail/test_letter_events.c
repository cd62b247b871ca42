#include "notifier/mail/letter_calendar.h"

#include <string.h>

#include "db/setting_store.h"
#include "notifier/feed/feed_source.h"
#include "notifier/mail/letter_context.h"
#include "notifier/mail/letter_json.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static Db *db;
static TemplateSet *templates;

static void setup(void)
{
  scratch_setup();
  db = outbox_base_store();
  assert_done(template_set_load(&templates, ERR));
}

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static void teardown(void)
{
  template_set_free(templates);
  db_close(db);
  scratch_teardown();
}

static int compare_lines(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool with_words; /* SUMMARY and DESCRIPTION too: where both are in one language */

/* A line for each event in force, "UID SEQUENCE LAST-MODIFIED DTSTAMP DTSTART SUMMARY DESCRIPTION", in the
 * order of their UIDs. Own string. */
static char *events_of(GBytes *calendar)
{
  static const char *const names[] = {
    "UID:", "SEQUENCE:", "LAST-MODIFIED:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "SUMMARY:", "DESCRIPTION:"
  };
  g_autofree char *folded = calendar != NULL
                                ? g_strndup(g_bytes_get_data(calendar, NULL), g_bytes_get_size(calendar))
                                : g_strdup("");
  g_auto(GStrv) pieces = g_strsplit(folded, "\r\n ", -1);
  g_autofree char *text = g_strjoinv("", pieces);
  g_auto(GStrv) events = g_strsplit(text, "BEGIN:VEVENT", -1);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

  for (guint i = 1; i < g_strv_length(events); i++) {
    g_autoptr(GString) line = g_string_new(NULL);

    if (strstr(events[i], "\r\nSTATUS:CANCELLED\r\n") != NULL)
      continue;
    for (gsize j = 0; j < G_N_ELEMENTS(names) - (with_words ? 0 : 2); j++) {
      g_autofree char *head = g_strconcat("\r\n", names[j], NULL);
      const char *value = strstr(events[i], head);

      ck_assert_msg(value != NULL, "no %s in %s", names[j], events[i]);
      value += strlen(head);
      g_string_append_printf(line, "%.*s ", (int)strcspn(value, "\r"), value);
    }
    g_ptr_array_add(lines, g_string_free(g_steal_pointer(&line), FALSE));
  }
  g_ptr_array_sort(lines, compare_lines);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

/* Of the calendar attached to message `id`, as it would go now. */
static char *events_of_letter(gint64 id)
{
  g_autoptr(GHashTable) maker = g_hash_table_new(g_str_hash, g_str_equal);
  LetterStyle style = { .today = base_context.today,
                        .now = base_context.now,
                        .from_address = "notice@maker.example",
                        .uid_domain = "kigen.example",
                        .maker = maker };
  g_autoptr(OutboxLetter) letter = NULL;
  g_autoptr(GBytes) calendar = NULL;

  assert_done(db_begin_read(db, ERR));
  assert_done(outbox_letter_load(db, id, NULL, &letter, ERR));
  db_end_read(db);

  g_autoptr(json_t) context = letter_context_json(letter, &style);

  assert_done(letter_calendar_render(templates, context, NULL, &calendar, ERR));
  return events_of(calendar);
}

/* Of the feed of the recipient of message `id`. */
static char *events_of_feed(gint64 id)
{
  g_autofree char *query =
      g_strdup_printf("SELECT organization FROM outbox WHERE id = %" G_GINT64_FORMAT, id);
  g_autoptr(GBytes) feed = NULL;

  assert_done(db_begin_read(db, ERR));
  assert_done(
      feed_source_render(db, templates, scratch_number(db, query), NULL, base_context.today, &feed, ERR));
  db_end_read(db);
  return events_of(feed);
}

/* Each recipient holds one release, and each message tells of it: the file is the feed. */
START_TEST(test_as_it_stands)
{
  for (gint64 id = 1; id <= 3; id++) {
    g_autofree char *attached = events_of_letter(id);
    g_autofree char *fed = events_of_feed(id);

    ck_assert_str_ne(fed, "");
    ck_assert_str_eq(attached, fed);
  }
}
END_TEST

#define COLUMNS                                                                                              \
  "release, general_availability, end_of_sale, eol, eos, repair_until, limited_support_doc,"                 \
  " limited_support_duties, limited_support_url, successor, author"
#define KITA "uid-kita-1-"
#define REVISION_2 "20300110T010000Z 20300110T010000Z "
#define REVISION_3 "20300510T010000Z 20300510T010000Z "

/* Plan 9 comes after revision 2 of release 1, and `change` is what it has of its own. Of the hospital's
 * events, whose holding has version 2, `line` is one. The first row's change moves all of them, for every
 * event says EOL and EOS; the second's only the event that it adds. */
static const struct {
  const char *name, *before, *change, *line;
} revisions[] = {
  { "EOS alone", "UPDATE support_plan SET state = 'superseded' WHERE id = 2", "eos = '2034-03-31'",
    KITA "eos@kigen.example 5 " REVISION_3 "20340331 " },
  { "EOS alone, the event of EOL", "UPDATE support_plan SET state = 'superseded' WHERE id = 2",
    "eos = '2034-03-31'", KITA "eol@kigen.example 5 " REVISION_3 "20310331 " },
  { "repair alone, the event of EOL", "UPDATE support_plan SET state = 'superseded' WHERE id = 2",
    "repair_until = '2035-03-31'", KITA "eol@kigen.example 4 " REVISION_2 "20310331 " },
  { "repair alone", "UPDATE support_plan SET state = 'superseded' WHERE id = 2",
    "repair_until = '2035-03-31'", KITA "repair_until@kigen.example 5 " REVISION_3 "20350331 " },
  { "after a withdrawal",
    "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-05-01',"
    " withdrawn_at = '2030-05-01T01:00:00Z' WHERE id = 2",
    "eos = '2034-03-31'", KITA "eos@kigen.example 6 " REVISION_3 "20340331 " },
};

static void revise(const char *before, const char *change)
{
  g_autofree char *changes = g_strdup_printf("UPDATE support_plan SET %s WHERE id = 9", change);

  sql(before);
  sql("INSERT INTO support_plan (id, market, revision, state, created_at, " COLUMNS
      ") SELECT 9, '*', 3, 'draft',"
      " '2030-05-01T00:00:00Z', " COLUMNS " FROM support_plan WHERE id = 2");
  sql("INSERT INTO service_line (plan, kind, until, terms_ja, terms_en)"
      " SELECT 9, kind, until, terms_ja, terms_en FROM service_line WHERE plan = 2");
  sql(changes);
  sql("UPDATE support_plan SET state = 'published', published_by = '品質保証部長', published_on = "
      "'2030-05-10',"
      " published_at = '2030-05-10T01:00:00Z' WHERE id = 9");
  sql("INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES"
      " (9, 'plan-change', 9, '2030-09-30', 0, '2030-05-10T01:00:00Z')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (9, 1, 1), (9, 2, 2)");
}

START_TEST(test_after_revision)
{
  revise(revisions[_i].before, revisions[_i].change);

  for (gint64 id = 1; id <= 2; id++) {
    g_autofree char *attached = events_of_letter(id);
    g_autofree char *fed = events_of_feed(id);

    ck_assert_msg(strcmp(attached, fed) == 0, "%s, message %" G_GINT64_FORMAT ":\n%s\nfeed:\n%s",
                  revisions[_i].name, id, attached, fed);
    ck_assert_msg(id != 1 || strstr(attached, revisions[_i].line) != NULL, "%s: no %s in\n%s",
                  revisions[_i].name, revisions[_i].line, attached);
  }
}
END_TEST

/* A changed number of devices moves the events too. */
START_TEST(test_after_holding)
{
  sql("UPDATE holding SET count = 5, version = 3, changed_at = '2030-06-01T00:00:00Z' WHERE uid = "
      "'uid-kita-1'");

  g_autofree char *attached = events_of_letter(1);
  g_autofree char *fed = events_of_feed(1);

  ck_assert_str_eq(attached, fed);
  ck_assert_ptr_nonnull(strstr(attached, KITA "eol@kigen.example 5 20300601T000000Z "));
}
END_TEST

/* What the events say of software and of contracts is in both. */
START_TEST(test_after_extension)
{
  sql("INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at) VALUES"
      " (4, 1, 'user', 1, 1, 'uid-kita-4', '2025-04-01', '2025-04-01T00:00:00Z')");
  sql("INSERT INTO holding_pair VALUES (1, 'user', 1, 4, 1, 2, '2030-06-01T00:00:00Z')");
  sql("INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reason,"
      " created_by, created_on, created_at) VALUES"
      " (1, 1, NULL, '2036-03-31', '2036-03-31', NULL, 1, '2030-07-01T00:00:00Z', '契約', 'x', '2030-07-01', "
      "''),"
      " (1, 1, 1, '2037-03-31', '2037-03-31', 1, 1, '2030-07-02T00:00:00Z', '契約', 'x', '2030-07-02', '')");
  with_words = true;

  g_autofree char *attached = events_of_letter(1);
  g_autofree char *fed = events_of_feed(1);

  ck_assert_msg(strcmp(attached, fed) == 0, "%.800s\nfeed:\n%.800s", attached, fed);
  ck_assert_msg(strstr(attached, KITA "eos@kigen.example 8 20300702T000000Z 20300702T000000Z 20360331"
                                      " サポート最終日（EOS・契約により延長）") != NULL,
                "%.800s", attached);
  ck_assert_ptr_nonnull(strstr(attached, "・1台（ソフトウェア SW 3.1）：遅くとも 2036年3月31日"));
  ck_assert_ptr_nonnull(strstr(attached, "機器ごとの契約による期日：1台 2037年3月31日"));
}
END_TEST

/* In the feed of the recipient its own market's plan holds. What tells of another's carries no event: it
 * would give the feed's UIDs other days. */
START_TEST(test_other_market)
{
  sql("INSERT INTO support_plan (id, market, revision, state, eol, eos, published_by, published_on, "
      "published_at,"
      " release, author, created_at) VALUES (9, 'JP', 1, 'published', '2030-12-31', '2032-12-31', '山田',"
      " '2030-05-10', '2030-05-10T01:00:00Z', 1, '山田', '2030-05-01T00:00:00Z')");

  g_autofree char *attached = events_of_letter(1);
  g_autofree char *fed = events_of_feed(1);

  ck_assert_str_eq(attached, "");
  ck_assert_ptr_nonnull(strstr(fed, KITA "eol@kigen.example 5 " REVISION_3 "20301231 "));
  sql("INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at) VALUES"
      " (9, 'plan-announcement', 9, '2030-09-30', 0, '2030-05-10T01:00:00Z')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (9, 1, 1)");

  g_autofree char *own = events_of_letter(1);

  ck_assert_str_eq(own, fed);
}
END_TEST

/* Nothing is held any more: the feed shows the events cancelled, the file none. */
START_TEST(test_holding_ended)
{
  sql("UPDATE holding SET ended_on = '2030-09-01', count = 0, version = 3, changed_at = "
      "'2030-09-01T00:00:00Z'");

  for (gint64 id = 1; id <= 3; id++) {
    g_autofree char *attached = events_of_letter(id);

    ck_assert_str_eq(attached, "");
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("letter_events");
  TCase *tcase = tcase_create("letter_events");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_as_it_stands);
  tcase_add_loop_test(tcase, test_after_revision, 0, G_N_ELEMENTS(revisions));
  tcase_add_test(tcase, test_after_holding);
  tcase_add_test(tcase, test_after_extension);
  tcase_add_test(tcase, test_other_market);
  tcase_add_test(tcase, test_holding_ended);
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
