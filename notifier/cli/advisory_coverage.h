#ifndef KIGEN_CLI_ADVISORY_COVERAGE_H
#define KIGEN_CLI_ADVISORY_COVERAGE_H

/* `kigen report coverage` of advisories. */

#include "db/db.h"
#include "notifier/cli/report_sheet.h"

/* Prints the coverage of advisory `number`, or with `names` the organizations. */
bool advisory_coverage_print(Db *db, const char *number, bool names, ReportFormat format, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same as a sheet; `number` NULL: of all advisories. */
bool advisory_coverage_sheet(Db *db, const char *number, bool names, ReportSheet **ret_sheet, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
