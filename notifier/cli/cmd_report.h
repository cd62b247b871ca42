#ifndef KIGEN_CLI_CMD_REPORT_H
#define KIGEN_CLI_CMD_REPORT_H

/* The reports: `kigen report NAME`, one row a file, cmd_report_NAME.c; and what they share. Only these files
 * use this. */

#include "db/db.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/report_sheet.h"

extern const Command cmd_report_conformity;
extern const Command cmd_report_coverage;
extern const Command cmd_report_decisions;
extern const Command cmd_report_presentations;
extern const Command cmd_report_readiness;
extern const Command cmd_report_stale;
extern const Command cmd_report_lifecycle;

/* Refuses `pattern` when it means no release at all; NULL is fine. */
bool cmd_report_check_pattern(Db *db, const char *pattern, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses `word`, which is no product: false. */
bool cmd_report_refuse_product(Db *db, const char *word, GError **error);

/* Prints `sheet` in `format`; in text and JSON with `summary` (an object; NULL: none) beside it, which text
 * shows as `line` below the table. `name` names the list in JSON. */
void cmd_report_print(const ReportSheet *sheet, ReportFormat format, const char *name, Json *summary,
                      const char *nothing, const char *line);

#endif
