#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_H

/* Import of the CSV kinds (architecture.md, «Import columns»): file bytes → records → checked values →
 * store, in one write transaction of its own. All or nothing, unless keep_going. One import is one audit row
 * with the file's name, SHA-256 and counts. The command line prints what the report says; nothing here
 * prints. */

#include <signal.h>

#include "db/audit.h"
#include "db/link_key.h"
#include "notifier/exchange/import_error.h"
#include "notifier/exchange/import_report.h"
#include "notifier/exchange/text.h"

/* Called now and then from the importing thread: bytes read of all bytes of the file. */
typedef void (*ImportProgress)(gint64 done, gint64 total, void *data);
/* Called for every problem as it is found, those a report leaves out included. */
typedef void (*ImportOnProblem)(const ImportProblem *problem, const char *file, void *data);

typedef struct {
  bool dry_run;          /* check everything, store nothing */
  bool keep_going;       /* store the good rows, list the others */
  bool ignore_unknown;   /* skip unknown columns and list them */
  TextEncoding encoding; /* 0: UTF-8, or CP932 where the bytes say so */
  const char *rejects;   /* keep_going: write refused rows here, or NULL. The file must not exist or be a
                            regular file; it is written only when a row is refused */
  AuditContext audit;
  const LinkKey *link_key;    /* knows contacts again that were erased (db/contact_erased.h), to refuse them;
                                 NULL: they are not known */
  ImportProgress on_progress; /* or NULL */
  ImportOnProblem on_problem; /* or NULL */
  void *data;                 /* for the two callbacks */
  const volatile sig_atomic_t *interrupted; /* or NULL: becomes non-zero when a signal says stop */
} ImportOptions;

/* Imports the file at `path` into `db`, which has no transaction open. True when the file was read to its
 * end: the report says whether anything was refused or stored (refused > 0 && !keep_going: nothing was).
 * False: nothing was stored. Errors: IMPORT_ERROR (bad input: exit 1; REJECTS: exit 3), DB_ERROR. Every
 * message names the file, and the line where there is one. */
bool import_run(Db *db, ImportKind kind, const char *path, const ImportOptions *options,
                ImportReport **ret_report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
