#include "db/report_store_stale.h"
#include "notifier/cli/cmd_report.h"

static const char help[] =
    "Organizations that hold the release, were told a revision, and took no message and acknowledged none "
    "since its dates\n"
    "changed or it was withdrawn. CONTACT is who might be called.";

static const ReportColumn columns[] = {
  { "organization", "ORGANIZATION" },
  { "name", "NAME" },
  { "product", NULL },
  { "release", "PRODUCT/RELEASE" },
  { "market", NULL },
  { "known_revision", ">KNOWS" },
  { "known_eol", "EOL" },
  { "known_eos", "EOS" },
  { "revision", ">IN FORCE" },
  { "eol", "EOL" },
  { "eos", "EOS" },
  { "since", "SINCE" },
  { "message", "MESSAGE" },
  { "contact", "CONTACT" },
  { "email", NULL },
  { "phone", "PHONE" },
  { NULL, NULL },
};

static void put_date(ReportSheet *sheet, PlanDate date)
{
  char buffer[DAY_TEXT_SIZE];

  report_sheet_text(sheet, plan_date_to_store(date, buffer));
}

static void put_row(ReportSheet *sheet, const StaleRow *row)
{
  report_sheet_text(sheet, row->organization);
  report_sheet_text(sheet, row->name);
  report_sheet_release(sheet, row->product, row->release, row->market);
  report_sheet_int(sheet, row->known_revision);
  put_date(sheet, row->known_eol);
  put_date(sheet, row->known_eos);
  if (row->revision != 0)
    report_sheet_int(sheet, row->revision);
  else
    report_sheet_text(sheet, "withdrawn");
  put_date(sheet, row->eol);
  put_date(sheet, row->eos);
  report_sheet_day(sheet, row->since);
  report_sheet_styled(sheet, reach_key(row->reach), row->reach == REACH_WAITING ? STYLE_YELLOW : STYLE_RED);
  report_sheet_text(sheet, row->contact);
  report_sheet_text(sheet, row->email);
  report_sheet_text(sheet, row->phone);
}

static bool stale_run(Cli *cli, const Args *args, GError **error)
{
  const char *pattern = args_word(args, 0);
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  ReportFormat format = REPORT_TEXT;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !cli_store(cli, DB_READ, &db, error) ||
      !cmd_report_check_pattern(db, pattern, error) || !report_store_stale(db, pattern, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++)
    put_row(sheet, rows->pdata[i]);

  g_autofree char *line = g_strdup_printf("%u %s hold a wrong date", rows->len,
                                          rows->len == 1 ? "organization" : "organizations");

  cmd_report_print(sheet, format, "organizations", NULL, "nobody is known to hold a wrong date", line);
  return true;
}

const Command cmd_report_stale = {
  .name = "stale",
  .summary = "Who still holds a wrong date",
  .words = "[PRODUCT[/RELEASE]]",
  .max_words = 1,
  .options = { report_sheet_format_option },
  .help = help,
  .run = stale_run,
};
