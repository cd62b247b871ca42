#ifndef KIGEN_NOTIFIER_WEB_WEB_WRITER_H
#define KIGEN_NOTIFIER_WEB_WEB_WRITER_H

/* The one thread that writes for the web service, over one connection of its own: whoever else holds the
 * store's lock stops this thread, and none that reads. What it cannot do within WEB_WRITER_SECONDS of being
 * asked it does not do at all. */

#include "db/audit.h"
#include "notifier/web/web_server.h"

#define WEB_WRITER_SECONDS 5
#define WEB_WRITER_QUEUE 64 /* writes that wait at most; more are refused at once */

typedef enum {
  WEB_WRITE_DONE,   /* committed */
  WEB_WRITE_BUSY,   /* nothing written: the store was locked all the time, or the service ends */
  WEB_WRITE_FAILED, /* nothing written: the store cannot be written, or an inner error; reported */
  WEB_WRITE_WAITING /* not yet */
} WebWriteOutcome;

/* Does its part inside an open write transaction as `context`, kigen itself, which then is committed; where
 * it returns false, nothing is. What it finds out on the way it keeps in `data`. */
typedef bool (*WebWriteWork)(Db *db, const AuditContext *context, gpointer data, GError **error);

/* One to be done. From web_writer_give until `done` is called it belongs to the writer. */
typedef struct {
  WebWriteWork work;
  gpointer data;
  GDestroyNotify free_data;
  void (*done)(gpointer done_data); /* called in the writer's thread, as the last that it does with it */
  gpointer done_data;
  WebWriteOutcome outcome;
  gint64 deadline; /* the writer's */
} WebWrite;

void web_write_free(WebWrite *write);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebWrite, web_write_free)

typedef struct WebWriter WebWriter;

/* Starts the thread; the store is opened with the first write. `config` and `report` (called with an error of
 * the store's, in that thread; `report_data`) must live as long. */
WebWriter *web_writer_new(const WebConfig *config, void (*report)(const GError *, gpointer),
                          gpointer report_data);

/* Queues `write`. False, and WEB_WRITE_BUSY as its outcome: there are too many, or the service ends; `done`
 * is not called then. */
bool web_writer_give(WebWriter *writer, WebWrite *write) G_GNUC_WARN_UNUSED_RESULT;

/* How many wait or are being done. */
guint web_writer_waiting(WebWriter *writer);

/* Takes no more, lets those that wait end for up to `milliseconds`, then breaks off what is under way and
 * gives the others back as WEB_WRITE_BUSY. Returns when `done` was called for each. */
void web_writer_finish(WebWriter *writer, guint milliseconds);

/* After web_writer_finish. */
void web_writer_free(WebWriter *writer);

#endif
