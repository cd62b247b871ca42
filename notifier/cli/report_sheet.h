#ifndef KIGEN_CLI_REPORT_SHEET_H
#define KIGEN_CLI_REPORT_SHEET_H

/* A report as a sheet of columns and rows, printed as a text table, as CSV or as JSON. */

#include "notifier/cli/cli.h"

/* Options of every report: --format, --language. */
extern const ArgOption report_sheet_format_option[];
extern const ArgOption report_sheet_language_option[];

typedef enum { REPORT_TEXT, REPORT_CSV, REPORT_HTML, REPORT_JSON } ReportFormat;

/* --format, or JSON where --json is given. `html` tells whether the report has such a page. Errors:
 * CLI_ERROR_USAGE. */
bool report_format_read(const Cli *cli, const Args *args, bool html, ReportFormat *ret_format, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* --language, else the locale's: "ja" or "en". Errors: CLI_ERROR_USAGE. */
bool report_sheet_language(const Args *args, const char **ret_language, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  const char *key;    /* in CSV and JSON: "affected" */
  const char *header; /* of the text table, '>' in front aligns to the right; NULL: not shown there */
} ReportColumn;

typedef struct ReportSheet ReportSheet;

/* `columns`: static, ended by a NULL key. */
ReportSheet *report_sheet_new(const ReportColumn *columns);
void report_sheet_free(ReportSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportSheet, report_sheet_free)

/* The next cell, row by row. NULL, DAY_NONE: empty, null in JSON. */
void report_sheet_text(ReportSheet *sheet, const char *text);
void report_sheet_styled(ReportSheet *sheet, const char *text, TermStyle style);
void report_sheet_int(ReportSheet *sheet, gint64 value);
void report_sheet_bool(ReportSheet *sheet, bool value); /* "yes", "no"; true, false in JSON */
void report_sheet_day(ReportSheet *sheet, Day day);

/* Three cells, product, release and market, of which a text table shows only the second, as "PRODUCT/RELEASE"
 * with " (MARKET)" behind it unless that is "*" or NULL. */
void report_sheet_release(ReportSheet *sheet, const char *product, const char *release, const char *market);

/* Rows so far; the last one must be complete. */
guint report_sheet_rows(const ReportSheet *sheet);

/* The text table, or `nothing` and a line end where there is no row. */
void report_sheet_print(const ReportSheet *sheet, const char *nothing);
/* CSV as RFC 4180, UTF-8 with BOM as Excel wants it. */
void report_sheet_print_csv(const ReportSheet *sheet);
/* An array of one object a row. */
Json *report_sheet_json(const ReportSheet *sheet);

#endif
