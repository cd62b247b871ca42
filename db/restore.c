#include "db/restore.h"

#include "db/backup.h"
#include "db/backup_file.h"
#include "db/contact_erased.h"
#include "db/setting_store.h"
#include "db/store_path.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

void restore_report_clear(RestoreReport *report)
{
  audit_result_clear(&report->trail);
  g_clear_pointer(&report->returned, g_ptr_array_unref);
}

/* ---- the store to restore into ---- */

/* A store whose init never came to its end holds nothing. */
static bool is_empty(Db *db)
{
  g_auto(Setting) setting = { 0 };

  return !setting_store_load(db, &setting, NULL);
}

static bool open_store(const RestoreTerms *terms, Db **ret_db, bool *ret_made, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(Db) db = NULL;

  *ret_made = false;
  if (db_open(terms->store, DB_WRITE, &db, &cause)) {
    if (!terms->replace && !is_empty(db)) {
      g_set_error(
          error, DB_ERROR, DB_ERROR_EXISTS,
          "store %s holds data: to replace everything in it, give --force; to look at the backup first, "
          "restore it into another store with --store",
          db_path(db));
      return false;
    }
    *ret_db = g_steal_pointer(&db);
    return true;
  }
  if (!g_error_matches(cause, DB_ERROR, DB_ERROR_MISSING)) {
    g_propagate_prefixed_error(
        error, g_steal_pointer(&cause),
        "nothing can be restored into what is there (move it away, with its -wal and -shm "
        "files, and try again): ");
    return false;
  }
  *ret_made = true;
  return db_open(terms->store, DB_CREATE, ret_db, error);
}

/* ---- the copy that is made ready beside it ---- */

/* The engine copies whole pages: both files must have pages of one size. */
static bool load_page_size(Db *db, gint64 *ret_size, GError **error)
{
  static const DbQuery query = { "SELECT page_size FROM pragma_page_size" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_size = row ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

static bool check_pages(Db *db, Db *backup, GError **error)
{
  gint64 here, there;

  if (!load_page_size(db, &here, error) || !load_page_size(backup, &there, error))
    return false;
  if (here != there)
    g_set_error(error, DB_ERROR, DB_ERROR_CONSTRAINT,
                "the backup has pages of %" G_GINT64_FORMAT " bytes, the store of %" G_GINT64_FORMAT
                ": some other program wrote it; make the backup with 'kigen backup'",
                there, here);
  return here == there;
}

/* Copies the backup to `stage`. */
static bool copy_backup(const RestoreTerms *terms, Db *db, const char *stage, const DbProgress *progress,
                        GError **error)
{
  g_autoptr(Db) backup = NULL;

  if (backup_file_is_same(terms->backup, db_path(db))) {
    g_set_error(error, DB_ERROR, DB_ERROR_CONSTRAINT, "%s is the store itself: name its backup",
                terms->backup);
    return false;
  }
  if (!db_open(terms->backup, DB_INSPECT, &backup, error)) {
    g_prefix_error(error, "the backup: ");
    return false;
  }
  db_set_interrupt(backup, terms->interrupt);
  return check_pages(db, backup, error) && db_copy(backup, stage, progress, error) &&
         db_copy_settle(stage, error);
}

static bool check_stage(const RestoreTerms *terms, const char *stage, AuditResult *ret_trail, GError **error)
{
  g_autoptr(Db) copy = NULL;

  if (!db_open(stage, DB_INSPECT, &copy, error))
    return false;
  db_set_interrupt(copy, terms->interrupt);
  if (!backup_verify(copy, ret_trail, error)) {
    g_prefix_error(error, "the backup %s is damaged: ", terms->backup);
    return false;
  }
  if (ret_trail->verdict == AUDIT_HOLDS || terms->broken_trail)
    return true;
  g_set_error(
      error, DB_ERROR, DB_ERROR_CONSTRAINT,
      "the audit trail of the backup %s does not hold: %s: %s; take an older backup, or restore it all the "
      "same with --broken-trail",
      terms->backup, audit_verdict_key(ret_trail->verdict), ret_trail->detail);
  return false;
}

static bool check_day(Db *copy, const RestoreTerms *terms, GError **error)
{
  g_auto(Setting) setting = { 0 };

  if (!setting_store_load(copy, &setting, error))
    return false;
  if (terms->given_day && !setting.simulation)
    g_set_error(
        error, DB_ERROR, DB_ERROR_CONSTRAINT,
        "the backup keeps proof, so nothing is written into it on another day than the real one: leave "
        "--today and KIGEN_TODAY away");
  return !terms->given_day || setting.simulation;
}

/* ---- what the trail will say ---- */

static json_t *point_json(const AuditPoint *point)
{
  char hash[2 * AUDIT_HASH_SIZE + 1];

  sodium_bin2hex(hash, sizeof hash, point->hash, AUDIT_HASH_SIZE);
  return json_pack("{s:I, s:s}", "row", (json_int_t)point->id, "hash", hash);
}

static bool make_payload(const RestoreTerms *terms, const RestoreReport *report, char **ret_payload,
                         GError **error)
{
  g_autofree char *base = g_path_get_basename(terms->backup);
  g_autofree char *name = g_filename_display_name(base);
  g_autofree char *digest = NULL;
  gint64 bytes = 0;

  if (!backup_file_digest(terms->backup, &digest, &bytes, error))
    return false;

  g_autoptr(json_t) object = json_pack(
      "{s:s, s:I, s:s, s:o, s:o, s:s*, s:s*}", "file", name, "bytes", (json_int_t)bytes, "sha256", digest,
      "from", point_json(&report->replaced), "to", point_json(&report->trail.end), "why", terms->reason,
      "trail", report->trail.verdict == AUDIT_HOLDS ? NULL : audit_verdict_key(report->trail.verdict));
  char *text = json_dumps(object, JSON_COMPACT);

  *ret_payload = g_strdup(text);
  free(text);
  return true;
}

/* More than the store's own counters were, so that whoever keeps a rendered page or feed throws it away. */
static bool raise_changes(Db *copy, gint64 beyond, GError **error)
{
  static const DbQuery query = { "INSERT INTO change (scope, n) VALUES ('restore', $1)"
                                 " ON CONFLICT (scope) DO UPDATE SET n = change.n + $1" };
  DbStatement *statement;

  if (!db_prepare(copy, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, beyond + 1);
  return db_run(statement, error);
}

static bool count_waiting(Db *copy, gint64 *ret_waiting, GError **error)
{
  static const DbQuery query = {
    "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'deferred', 'unknown')"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(copy, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_waiting = db_int(statement, 0);
  db_reset(statement);
  return true;
}

/* Brings the copy to this program's schema (db_open does) and appends its audit row. The store is locked. */
static bool finish_stage(const RestoreTerms *terms, const AuditContext *context, Db *db, const char *stage,
                         RestoreReport *report, GError **error)
{
  g_autoptr(Db) copy = NULL;
  g_autofree char *payload = NULL;
  AuditContext by_name = *context; /* the users of the store that is replaced are not those of the backup */
  gint64 changes = 0;

  by_name.user = 0;
  if (!audit_load_end(db, &report->replaced, error) || !change_read(db, &changes, error) ||
      !db_open(stage, DB_WRITE, &copy, error) || !check_day(copy, terms, error) ||
      !make_payload(terms, report, &payload, error) || !count_waiting(copy, &report->waiting, error) ||
      !contact_erased_returning(db, copy, &report->returned, error))
    return false;
  return db_begin(copy, error) && raise_changes(copy, changes, error) &&
         audit_append(copy, &by_name, "restore", payload, error) && db_commit(copy, error);
}

static bool restore(const RestoreTerms *terms, const AuditContext *context, Db *db, const char *stage,
                    const DbProgress *progress, RestoreReport *report, GError **error)
{
  if (!copy_backup(terms, db, stage, progress, error) || !check_stage(terms, stage, &report->trail, error) ||
      !db_lock(db, error))
    return false;

  bool done = finish_stage(terms, context, db, stage, report, error) && db_copy_settle(stage, error) &&
              db_replace(db, stage, progress, error);

  db_unlock(db);
  return done;
}

bool restore_run(const RestoreTerms *terms, const AuditContext *context, const DbProgress *progress,
                 RestoreReport *ret_report, GError **error)
{
  g_auto(RestoreReport) report = { 0 };
  g_autofree char *stage = NULL;
  Db *db = NULL;

  if (!open_store(terms, &db, &report.made, error))
    return false;
  db_set_interrupt(db, terms->interrupt);

  bool done = backup_file_make(db_path(db), &stage, error) &&
              restore(terms, context, db, stage, progress, &report, error);

  if (stage != NULL)
    store_path_remove(stage);
  if (report.made && !done)
    db_discard(db);
  else
    db_close(db);
  if (!done)
    return false;
  *ret_report = report;
  report = (RestoreReport){ 0 };
  return true;
}
