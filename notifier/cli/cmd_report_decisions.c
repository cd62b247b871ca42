#include "db/decision_store.h"
#include "notifier/cli/cmd_report.h"
#include "notifier/cli/organization_match.h"

static const ArgOption options[] = {
  { "organization", "CODE", "only of this customer" },
  { "history", NULL, "those that a later one took the place of, or whose units are gone, too" },
  { NULL },
};

static const char help[] =
    "What customers have decided to do with what reaches its end, as they said on their page: replace it by "
    "a day, "
    "isolate it,\n"
    "or go on with controls. One for a device goes before the one for all that they have of the release.";

static const ReportColumn columns[] = {
  { "organization", "ORGANIZATION" },
  { "name", "NAME" },
  { "product", NULL },
  { "release", "PRODUCT/RELEASE" },
  { "market", NULL },
  { "device", "DEVICE" },
  { "asset_no", NULL },
  { "units", ">UNITS" },
  { "decision", "DECISION" },
  { "replace_by", "REPLACE BY" },
  { "controls", "CONTROLS" },
  { "day", "DECIDED" },
  { "person", "BY" },
  { "title", NULL },
  { "in_force", NULL },
  { NULL, NULL },
};

static void put_row(ReportSheet *sheet, const DecisionRow *row)
{
  report_sheet_text(sheet, row->organization);
  report_sheet_text(sheet, row->organization_name);
  report_sheet_release(sheet, row->product, row->release, NULL);
  report_sheet_text(sheet, row->device != 0 ? (row->serial != NULL ? row->serial : "one") : "all");
  report_sheet_text(sheet, row->asset_no);
  report_sheet_int(sheet, row->units);
  report_sheet_styled(sheet, decision_kind_key(row->kind), row->in_force ? STYLE_BOLD : STYLE_DIM);
  report_sheet_day(sheet, row->replace_by);
  report_sheet_text(sheet, row->controls);
  report_sheet_day(sheet, row->day);
  report_sheet_text(sheet, row->person);
  report_sheet_text(sheet, row->title);
  report_sheet_bool(sheet, row->in_force);
}

static void print(const GPtrArray *rows, Day today, ReportFormat format)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  guint counts[DECISION_KIND_COUNT] = { 0 };

  for (guint i = 0; i < rows->len; i++) {
    const DecisionRow *row = rows->pdata[i];

    counts[row->kind] += row->in_force ? 1 : 0;
    put_row(sheet, row);
  }

  g_autoptr(Json) summary = json_pack("{s:o}", "today", cli_json_day(today));
  g_autofree char *line =
      g_strdup_printf("%u replace, %u isolate, %u continue with controls", counts[DECISION_REPLACE],
                      counts[DECISION_ISOLATE], counts[DECISION_CONTINUE]);

  for (int kind = 0; kind < DECISION_KIND_COUNT; kind++)
    json_object_set_new(summary, decision_kind_key((DecisionKind)kind), json_integer(counts[kind]));
  cmd_report_print(sheet, format, "decisions", summary, "no customer has decided anything yet", line);
}

static bool decisions_run(Cli *cli, const Args *args, GError **error)
{
  const char *pattern = args_word(args, 0), *code = args_text(args, "organization");
  g_autoptr(GPtrArray) rows = NULL;
  ReportFormat format = REPORT_TEXT;
  gint64 organization = 0;
  Day today = DAY_NONE;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !cli_today(cli, &today, error) ||
      !cli_store(cli, DB_READ, &db, error) || !cmd_report_check_pattern(db, pattern, error) ||
      (code != NULL && !organization_match_find(db, code, &organization, error)) ||
      !decision_store_list(db, organization, pattern, args_flag(args, "history"), &rows, error))
    return false;
  print(rows, today, format);
  return true;
}

const Command cmd_report_decisions = {
  .name = "decisions",
  .summary = "What customers decided to do with what reaches its end",
  .words = "[PRODUCT[/RELEASE]]",
  .max_words = 1,
  .options = { options, report_sheet_format_option },
  .help = help,
  .run = decisions_run,
};
