#include "notifier/web/web_writer.h"

#include <sys/stat.h>

#include "db/setting_store.h"
#include "notifier/web/web_reader.h"
#include "planner/user_name.h"

struct WebWriter {
  const WebConfig *config;
  void (*report)(const GError *, gpointer);
  gpointer report_data;
  GThread *thread;
  GMutex mutex; /* of what follows */
  GCond changed;
  GQueue queue; /* WebWrite */
  bool busy;    /* with one that is not in the queue any more */
  bool closed, broken_off;
  volatile sig_atomic_t interrupt; /* what db_set_interrupt looks at */

  Db *db; /* the thread's own, as are the two below: which file that is */
  guint64 device, inode;
};

void web_write_free(WebWrite *write)
{
  if (write == NULL)
    return;
  if (write->free_data != NULL)
    write->free_data(write->data);
  g_free(write);
}

/* Another file lies there now, or none. */
static bool is_replaced(const WebWriter *writer)
{
  struct stat status;

  return stat(db_path(writer->db), &status) != 0 || status.st_dev != writer->device ||
         status.st_ino != writer->inode;
}

static bool open_store(WebWriter *writer, GError **error)
{
  struct stat status;

  if (writer->db != NULL && is_replaced(writer))
    g_clear_pointer(&writer->db, db_close);
  if (writer->db != NULL)
    return true;
  if (!db_open(writer->config->store, DB_WRITE, &writer->db, error))
    return false;
  if (stat(db_path(writer->db), &status) == 0) {
    writer->device = status.st_dev;
    writer->inode = status.st_ino;
  }
  db_set_interrupt(writer->db, &writer->interrupt);
  return true;
}

/* A store that keeps proof is written on the real day only, by whatever program. */
static bool check_day(const WebWriter *writer, GError **error)
{
  g_auto(Setting) setting = { 0 };

  if (!writer->config->today_is_given)
    return true;
  if (!setting_store_load(writer->db, &setting, error))
    return false;
  if (!setting.simulation)
    g_set_error_literal(
        error, DB_ERROR, DB_ERROR_READ_ONLY,
        "kigen web was given another day than the real one: forms are not taken in a store that "
        "keeps proof");
  return setting.simulation;
}

static bool write_in_transaction(WebWriter *writer, WebWrite *write, GError **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(web_reader_now(writer->config));
  g_autofree char *instant = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
  const AuditContext context = { .actor = USER_NAME_PROGRAM,
                                 .today = web_reader_today(writer->config),
                                 .now = instant };

  if (!check_day(writer, error) || !db_begin(writer->db, error))
    return false;
  if (write->work(writer->db, &context, write->data, error) && db_commit(writer->db, error))
    return true;
  db_rollback(writer->db);
  return false;
}

static bool try_write(WebWriter *writer, WebWrite *write, GError **error)
{
  gint64 left = (write->deadline - g_get_monotonic_time()) / 1000;

  if (left <= 0) {
    g_set_error_literal(error, DB_ERROR, DB_ERROR_BUSY, "others wrote for too long");
    return false;
  }
  if (!open_store(writer, error))
    return false;
  db_set_lock_timeout(writer->db, (int)left);
  return write_in_transaction(writer, write, error);
}

/* A connection that failed otherwise than by waiting is given up: the next write opens the store anew. */
static WebWriteOutcome attempt(WebWriter *writer, WebWrite *write)
{
  g_autoptr(GError) error = NULL;

  if (try_write(writer, write, &error))
    return WEB_WRITE_DONE;
  if (g_error_matches(error, DB_ERROR, DB_ERROR_BUSY) ||
      g_error_matches(error, DB_ERROR, DB_ERROR_INTERRUPTED))
    return WEB_WRITE_BUSY;
  writer->report(error, writer->report_data);
  g_clear_pointer(&writer->db, db_close);
  return WEB_WRITE_FAILED;
}

static gpointer run(gpointer data)
{
  WebWriter *writer = data;

  g_mutex_lock(&writer->mutex);
  for (;;) {
    while (writer->queue.length == 0 && !writer->closed)
      g_cond_wait(&writer->changed, &writer->mutex);

    WebWrite *write = g_queue_pop_head(&writer->queue);

    if (write == NULL)
      break;

    bool refused = writer->broken_off;

    writer->busy = true;
    g_mutex_unlock(&writer->mutex);
    write->outcome = refused ? WEB_WRITE_BUSY : attempt(writer, write);
    write->done(write->done_data);
    g_mutex_lock(&writer->mutex);
    writer->busy = false;
    g_cond_broadcast(&writer->changed);
  }
  g_mutex_unlock(&writer->mutex);
  g_clear_pointer(&writer->db, db_close);
  return NULL;
}

WebWriter *web_writer_new(const WebConfig *config, void (*report)(const GError *, gpointer),
                          gpointer report_data)
{
  WebWriter *writer = g_new0(WebWriter, 1);

  writer->config = config;
  writer->report = report;
  writer->report_data = report_data;
  g_mutex_init(&writer->mutex);
  g_cond_init(&writer->changed);
  g_queue_init(&writer->queue);
  writer->thread = g_thread_new("web-writer", run, writer);
  return writer;
}

bool web_writer_give(WebWriter *writer, WebWrite *write)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->mutex);

  if (writer->closed || writer->queue.length >= WEB_WRITER_QUEUE) {
    write->outcome = WEB_WRITE_BUSY;
    return false;
  }
  write->outcome = WEB_WRITE_WAITING;
  write->deadline = g_get_monotonic_time() + WEB_WRITER_SECONDS * G_TIME_SPAN_SECOND;
  g_queue_push_tail(&writer->queue, write);
  g_cond_broadcast(&writer->changed);
  return true;
}

guint web_writer_waiting(WebWriter *writer)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->mutex);

  return writer->queue.length + (writer->busy ? 1 : 0);
}

void web_writer_finish(WebWriter *writer, guint milliseconds)
{
  gint64 end = g_get_monotonic_time() + (gint64)milliseconds * 1000;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&writer->mutex);

  writer->closed = true;
  g_cond_broadcast(&writer->changed);
  while (writer->queue.length > 0 || writer->busy) {
    if (writer->broken_off) {
      g_cond_wait(&writer->changed, &writer->mutex);
    } else if (!g_cond_wait_until(&writer->changed, &writer->mutex, end)) {
      writer->broken_off = true;
      writer->interrupt = 1;
    }
  }
}

void web_writer_free(WebWriter *writer)
{
  g_thread_join(writer->thread);
  g_assert(writer->queue.length == 0);
  g_cond_clear(&writer->changed);
  g_mutex_clear(&writer->mutex);
  g_free(writer);
}
