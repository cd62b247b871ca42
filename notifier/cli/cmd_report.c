#include "notifier/cli/cmd_report.h"

#include "notifier/cli/document_name.h"

bool cmd_report_check_pattern(Db *db, const char *pattern, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  return pattern == NULL || document_name_find(db, pattern, &targets, error);
}

bool cmd_report_refuse_product(Db *db, const char *word, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  if (document_name_find(db, word, &targets, error))
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: name one product, such as %s", word,
                ((const DocumentTarget *)targets->pdata[0])->product_code);
  return false;
}

static void print_json(const ReportSheet *sheet, const char *name, Json *summary)
{
  g_autoptr(Json) document = json_object();

  if (summary != NULL)
    json_object_update(document, summary);
  json_object_set_new(document, name, report_sheet_json(sheet));
  cli_print_json(document);
}

void cmd_report_print(const ReportSheet *sheet, ReportFormat format, const char *name, Json *summary,
                      const char *nothing, const char *line)
{
  if (format == REPORT_JSON) {
    print_json(sheet, name, summary);
  } else if (format == REPORT_CSV) {
    report_sheet_print_csv(sheet);
  } else {
    report_sheet_print(sheet, nothing);
    if (line != NULL && report_sheet_rows(sheet) > 0)
      printf("\n%s\n", line);
  }
}

static const Command *const subcommands[] = { &cmd_report_coverage,   &cmd_report_presentations,
                                              &cmd_report_readiness,  &cmd_report_decisions,
                                              &cmd_report_stale,      &cmd_report_lifecycle,
                                              &cmd_report_conformity, NULL };

const Command cmd_report = {
  .name = "report",
  .summary = "Who was told, who confirmed, what was promised, what an application needs",
  .words = "COMMAND",
  .subcommands = subcommands,
};
