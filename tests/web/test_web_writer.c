#include "notifier/web/web_writer.h"
#include "tests/support/run.h"
#include "tests/web/site.h"

#include <string.h>

/* What a write found, and when it was done. */
typedef struct {
  GMutex mutex;
  GCond changed;
  int done;
  char *actor;
  bool fails;
} Seen;

static Seen seen;
static WebWriter *writer;
static WebConfig config;

static void report(const GError *error, gpointer data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&site.mutex);

  g_string_append_printf(site.reports, "%s\n", error->message);
}

static void note_done(gpointer data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&seen.mutex);

  seen.done++;
  g_cond_broadcast(&seen.changed);
}

static void wait_done(int n)
{
  gint64 end = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&seen.mutex);

  while (seen.done < n)
    ck_assert(g_cond_wait_until(&seen.changed, &seen.mutex, end));
}

static bool work(Db *db, const AuditContext *context, gpointer data, GError **error)
{
  g_free(seen.actor);
  seen.actor = g_strdup(context->actor);
  scratch_sql(db, "INSERT INTO maker (field, value) VALUES ('w' || (SELECT count(*) FROM maker), 'x')");
  if (seen.fails)
    g_set_error_literal(error, DB_ERROR, DB_ERROR_FAILED, "it went wrong");
  return !seen.fails;
}

static WebWrite *given(void)
{
  WebWrite *write = g_new0(WebWrite, 1);

  write->work = work;
  write->done = note_done;
  ck_assert(web_writer_give(writer, write));
  return write;
}

static gint64 written(void)
{
  return scratch_number(site.db, "SELECT count(*) FROM maker WHERE field GLOB 'w*'");
}

static void setup(void)
{
  site_setup();
  config = site.config;
  writer = web_writer_new(&config, report, NULL);
}

static void teardown(void)
{
  web_writer_finish(writer, 10000);
  web_writer_free(writer);
  g_free(seen.actor);
  site_teardown();
}

START_TEST(test_done)
{
  g_autoptr(WebWrite) write = given();

  wait_done(1);
  ck_assert_int_eq(write->outcome, WEB_WRITE_DONE);
  ck_assert_str_eq(seen.actor, "kigen");
  ck_assert_int_eq(written(), 1);
}
END_TEST

START_TEST(test_failed)
{
  seen.fails = true;

  g_autoptr(WebWrite) write = given();

  wait_done(1);
  ck_assert_int_eq(write->outcome, WEB_WRITE_FAILED);
  ck_assert_str_eq(site.reports->str, "it went wrong\n");
  ck_assert_int_eq(written(), 0);
  seen.fails = false;

  g_autoptr(WebWrite) next = given();

  wait_done(2);
  ck_assert_int_eq(next->outcome, WEB_WRITE_DONE);
  ck_assert_int_eq(written(), 1);
}
END_TEST

/* Those that wait behind one that waits for the lock have no longer time than it. */
START_TEST(test_locked)
{
  WebWrite *writes[3];
  gint64 begun = g_get_monotonic_time();

  assert_done(db_lock(site.db, ERR));
  for (int i = 0; i < 3; i++)
    writes[i] = given();
  wait_done(3);
  ck_assert_int_ge(g_get_monotonic_time() - begun, (WEB_WRITER_SECONDS - 1) * G_TIME_SPAN_SECOND);
  db_unlock(site.db);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq(writes[i]->outcome, WEB_WRITE_BUSY);
    web_write_free(writes[i]);
  }
  ck_assert_int_eq(written(), 0);
  ck_assert_str_eq(site.reports->str, "");

  g_autoptr(WebWrite) after = given();

  wait_done(4);
  ck_assert_int_eq(after->outcome, WEB_WRITE_DONE);
}
END_TEST

START_TEST(test_bounded)
{
  WebWrite *writes[WEB_WRITER_QUEUE + 1], more = { .work = work, .done = note_done };

  assert_done(db_lock(site.db, ERR));
  writes[0] = given();
  while (web_writer_waiting(writer) > 1) /* until the thread has taken it */
    g_usleep(1000);
  for (int i = 1; i <= WEB_WRITER_QUEUE; i++)
    while (writes[i] = g_new0(WebWrite, 1), writes[i]->work = work, writes[i]->done = note_done,
           !web_writer_give(writer, writes[i])) /* the first is still in the queue */
      web_write_free(writes[i]);
  ck_assert(!web_writer_give(writer, &more));
  ck_assert_int_eq(more.outcome, WEB_WRITE_BUSY);
  db_unlock(site.db);
  wait_done(WEB_WRITER_QUEUE + 1);
  for (int i = 0; i <= WEB_WRITER_QUEUE; i++) {
    ck_assert_int_eq(writes[i]->outcome, WEB_WRITE_DONE);
    web_write_free(writes[i]);
  }
  ck_assert_int_eq(written(), WEB_WRITER_QUEUE + 1);
}
END_TEST

/* A service that ends does not wait for a store that is locked. */
START_TEST(test_finish)
{
  WebWrite *writes[2], late = { .work = work, .done = note_done };

  assert_done(db_lock(site.db, ERR));
  writes[0] = given();
  writes[1] = given();
  web_writer_finish(writer, 10);
  ck_assert_int_eq(seen.done, 2);
  ck_assert(!web_writer_give(writer, &late));
  for (int i = 0; i < 2; i++) {
    ck_assert_int_eq(writes[i]->outcome, WEB_WRITE_BUSY);
    web_write_free(writes[i]);
  }
  db_unlock(site.db);
  ck_assert_int_eq(written(), 0);
}
END_TEST

/* Nobody backdates proof, by a service either; a simulation may. */
START_TEST(test_given_day)
{
  config.today_is_given = true;

  g_autoptr(WebWrite) write = given();

  wait_done(1);
  ck_assert_int_eq(write->outcome, WEB_WRITE_DONE);
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, "UPDATE setting SET simulation = 0");
  assert_done(db_commit(site.db, ERR));

  g_autoptr(WebWrite) refused = given();

  wait_done(2);
  ck_assert_int_eq(refused->outcome, WEB_WRITE_FAILED);
  ck_assert_ptr_nonnull(strstr(site.reports->str, "another day than the real one"));
  ck_assert_int_eq(written(), 1);
}
END_TEST

START_TEST(test_replaced)
{
  g_autofree char *aside = scratch_path("aside.db"), *path = g_strdup(db_path(site.db));
  g_autoptr(WebWrite) write = given();

  wait_done(1);
  ck_assert_int_eq(rename(path, aside), 0);

  g_autoptr(WebWrite) missing = given();

  wait_done(2);
  ck_assert_int_eq(missing->outcome, WEB_WRITE_FAILED);
  ck_assert_int_eq(rename(aside, path), 0);

  g_autoptr(WebWrite) back = given();

  wait_done(3);
  ck_assert_int_eq(back->outcome, WEB_WRITE_DONE);
  ck_assert_int_eq(written(), 2);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_writer");
  TCase *tcase = tcase_create("web_writer");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, test_done);
  tcase_add_test(tcase, test_failed);
  tcase_add_test(tcase, test_locked);
  tcase_add_test(tcase, test_bounded);
  tcase_add_test(tcase, test_finish);
  tcase_add_test(tcase, test_given_day);
  tcase_add_test(tcase, test_replaced);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
