#ifndef KIGEN_DB_AUDIT_LOG_H
#define KIGEN_DB_AUDIT_LOG_H

/* Reads a store's audit trail: raw rows for who checks or exports them, entries for people. */

#include "db/audit.h"

/* Every row of the trail, in order of id. Free with audit_log_reader_free before `db`; one at a time. */
AuditReader *audit_log_reader_new(Db *db);
void audit_log_reader_free(AuditReader *reader);

/* Rows of the trail. */
bool audit_log_count(Db *db, gint64 *ret_rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gint64 id;
  char *at;  /* UTC instant */
  char *day; /* what "today" was */
  char *action;
  char *actor;   /* NULL: erased, or not said */
  char *payload; /* JSON text as it was stored, NULL: erased */
} AuditEntry;

/* What to list; zeros and NULL: no bound. */
typedef struct {
  Day from, to;       /* by `day`, both included */
  const char *action; /* "plan.publish", or "plan" for all of plan.* */
  gint64 limit;       /* only the newest ones */
  gint64 id;          /* only that row */
} AuditFilter;

/* Oldest first: GPtrArray of AuditEntry with free function. */
bool audit_log_list(Db *db, const AuditFilter *filter, GPtrArray **ret_entries, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
