#include "notifier/exchange/import.h"

#include <jansson.h>

#include "db/setting_store.h"
#include "notifier/exchange/import_job.h"

#define BULK_BYTES (16 * 1024 * 1024) /* of a file */
#define ROWS_BETWEEN_LOOKS 256        /* at the interrupt flag, and for progress */

static const ImportHandler *const handlers[IMPORT_KIND_COUNT] = {
  [IMPORT_PRODUCTS] = &import_products_handler,
  [IMPORT_LIFECYCLES] = &import_lifecycles_handler,
  [IMPORT_ORGANIZATIONS] = &import_organizations_handler,
  [IMPORT_CONTACTS] = &import_contacts_handler,
  [IMPORT_DEVICES] = &import_devices_handler,
  [IMPORT_CUSTODY] = &import_custody_handler,
  [IMPORT_PRESENTATIONS] = &import_presentations_handler,
  [IMPORT_RELAY_REPORTS] = &import_relay_reports_handler,
};

static bool interrupted(const ImportJob *job, GError **error)
{
  if (job->options->interrupted == NULL || *job->options->interrupted == 0)
    return false;
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_INTERRUPTED,
              "%s: the import was interrupted; nothing was stored: run it again", job->path);
  return true;
}

/* Every now and then. */
static bool look_around(const ImportJob *job, const RowStream *stream, GError **error)
{
  const ImportOptions *options = job->options;

  if (options->on_progress != NULL)
    options->on_progress(row_stream_done(stream), row_stream_total(stream), options->data);
  return !interrupted(job, error);
}

static bool read_rows(ImportJob *job, RowStream *stream, GError **error)
{
  ImportRow *row;

  for (;;) {
    if (job->report->rows % ROWS_BETWEEN_LOOKS == 0 && !look_around(job, stream, error))
      return false;
    if (!row_stream_next(stream, &row, error))
      return false;
    if (row == NULL)
      return look_around(job, stream, error);
    job->report->rows++;
    if (!row->refused && !job->handler->put(job, row, error))
      return false;
    if (!row->kept && !import_job_settle(job, row, error))
      return false;
  }
}

/* Who imported what: the file itself is named by its hash. */
static bool audit(const ImportJob *job, GError **error)
{
  const ImportReport *report = job->report;
  g_autofree char *action = g_strconcat("import.", import_kind_key(report->kind), NULL);
  json_t *payload = json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I}", "file", report->file, "sha256",
                              report->sha256, "encoding", report->encoding, "keep_going",
                              (int)job->options->keep_going, "rows", (json_int_t)report->rows, "added",
                              (json_int_t)report->added, "changed", (json_int_t)report->changed, "unchanged",
                              (json_int_t)report->unchanged, "refused", (json_int_t)report->refused);
  char *text = payload != NULL ? json_dumps(payload, JSON_COMPACT) : NULL;
  bool done = text != NULL && audit_append(job->db, &job->options->audit, action, text, error);

  if (text == NULL) /* a file name that is no UTF-8 */
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE,
                "%s: the file's name is not UTF-8; rename the file, the audit trail keeps its name",
                job->path);
  free(text);
  json_decref(payload);
  return done;
}

static bool keep(ImportJob *job, GError **error)
{
  const ImportReport *report = job->report;

  g_clear_pointer(&job->seen, key_set_free); /* the memory is better used for indexes now */
  if (report->added + report->changed > 0 &&
      ((job->handler->finish != NULL && !job->handler->finish(job, error)) ||
       !change_bump(job->db, job->handler->scope, error)))
    return false;
  return audit(job, error) && !interrupted(job, error) && db_commit(job->db, error);
}

/* Inside the transaction, which it ends unless it fails. */
static bool run(ImportJob *job, RowStream *stream, GError **error)
{
  ImportReport *report = job->report;

  if (!job->handler->begin(job, error) || !read_rows(job, stream, error) ||
      (job->handler->check != NULL && !job->handler->check(job, error)))
    return false;
  report->sha256 = row_stream_sha256(stream);
  if (job->rejects != NULL && !rejects_flush(job->rejects, error))
    return false;
  report->stored = !report->dry_run && (report->refused == 0 || job->options->keep_going);
  if (report->stored && !keep(job, error))
    return false;
  db_rollback(job->db); /* what is not stored */
  return job->rejects == NULL || rejects_finish(job->rejects, error);
}

/* A first load, and a large file at any time, is a bulk load. */
static bool begin(ImportJob *job, const RowStream *stream, GError **error)
{
  const ImportHandler *handler = job->handler;
  bool first = false;

  if (handler->is_first_load != NULL && !handler->is_first_load(job->db, &first, error))
    return false;
  if (handler->tables == NULL || (!first && row_stream_total(stream) < BULK_BYTES))
    return db_begin(job->db, error);
  if (!db_begin_bulk(job->db, error))
    return false;
  db_set_bulk_tables(job->db, handler->tables);
  /* asked again: another program may have been first */
  return handler->is_first_load == NULL || handler->is_first_load(job->db, &job->first_load, error);
}

static void describe(const RowStream *stream, ImportReport *report)
{
  const GPtrArray *ignored = row_stream_map(stream)->ignored;

  report->encoding = text_encoding_key(row_stream_encoding(stream));
  report->encoding_guessed = row_stream_guessed(stream);
  for (guint i = 0; i < ignored->len; i++)
    g_ptr_array_add(report->ignored_columns, g_strdup(g_ptr_array_index(ignored, i)));
}

static bool run_job(ImportJob *job, RowStream *stream, GError **error)
{
  const ImportOptions *options = job->options;
  g_autoptr(GError) failed = NULL;

  if (options->keep_going && options->rejects != NULL &&
      !rejects_new(options->rejects, job->path, job->map, &job->rejects, error))
    return false;
  db_set_interrupt(job->db, options->interrupted);
  bool done = begin(job, stream, &failed) && run(job, stream, &failed);

  if (!done)
    db_rollback(job->db);
  db_set_interrupt(job->db, NULL);
  if (job->state != NULL)
    job->handler->end(job);
  if (done || (g_error_matches(failed, DB_ERROR, DB_ERROR_INTERRUPTED) && interrupted(job, error)))
    return done;
  g_propagate_error(error, g_steal_pointer(&failed));
  return false;
}

bool import_run(Db *db, ImportKind kind, const char *path, const ImportOptions *options,
                ImportReport **ret_report, GError **error)
{
  g_autoptr(RowStream) stream = NULL;
  g_autoptr(ImportReport) report = import_report_new(kind, path);
  ImportJob job = { .db = db, .options = options, .path = path, .handler = handlers[kind], .report = report };

  if (!row_stream_open(path, options->encoding, columns_for(kind), options->ignore_unknown, &stream, error))
    return false;
  describe(stream, report);
  report->dry_run = options->dry_run;
  job.map = row_stream_map(stream);
  job.seen = key_set_new();
  bool done = run_job(&job, stream, error);

  key_set_free(job.seen);
  lookup_free(job.lookup);
  rejects_free(job.rejects);
  if (!done)
    return false;
  *ret_report = g_steal_pointer(&report);
  return true;
}
