#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_REPORT_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_REPORT_H

/* What became of an import: a plain struct, ready to be shown as text or JSON. */

#include "notifier/exchange/import_kind.h"
#include "notifier/exchange/import_problem.h"

/* At most this many problems stay in a report; the rest are counted, and passed to on_problem as they come.
 */
#define IMPORT_REPORT_PROBLEMS 10000

typedef struct {
  ImportKind kind;
  char *file;              /* the path's last part */
  const char *encoding;    /* "utf-8" or "cp932", as read */
  bool encoding_guessed;   /* CP932 taken because the bytes are not UTF-8: say so */
  char *sha256;            /* of the file's bytes, 64 hex digits */
  bool dry_run;            /* as asked */
  bool stored;             /* committed: false when a row was refused without keep_going, and in a dry run */
  gint64 rows;             /* records below the header, blank ones left out */
  gint64 added;            /* new rows */
  gint64 changed;          /* rows that differed */
  gint64 unchanged;        /* rows the store had already */
  gint64 refused;          /* rows refused */
  gint64 warnings;         /* cells accepted with doubt */
  gint64 holdings_changed; /* devices, custody: holdings opened, changed or ended */
  GPtrArray *ignored_columns; /* char *: unknown columns skipped under ignore_unknown */
  GPtrArray *problems;        /* ImportProblem *, as found; at most IMPORT_REPORT_PROBLEMS */
  gint64 problems_left_out;   /* problems beyond those */
} ImportReport;

ImportReport *import_report_new(ImportKind kind, const char *path);
void import_report_free(ImportReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportReport, import_report_free)

/* Takes `problem`: keeps it, or counts it once the report is full. */
void import_report_add(ImportReport *report, ImportProblem *problem);

/* The counts and what became of them, one line without a newline (own string): «devices.csv: 1,200 rows:
 * 1,180 new, 12 changed, 8 unchanged; stored». */
char *import_report_summary(const ImportReport *report);

#endif
