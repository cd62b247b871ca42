#include "db/report_store_lifecycle.h"
#include "notifier/cli/cmd_report.h"
#include "notifier/cli/extension_view.h"

#include <string.h>

static const ArgOption options[] = { { "as-of", "DAY", "the day (default: today)" }, { NULL } };

static const char help[] =
    "What was promised on that day: of each release, the revision that was in force. What was announced "
    "before kigen kept it\n"
    "is not shown: nothing says what it was. Contracts that extended EOS for a customer are listed below.";

static const ReportColumn columns[] = {
  { "product", NULL },
  { "release", "PRODUCT/RELEASE" },
  { "market", NULL },
  { "promise", "PROMISE" },
  { "revision", ">REVISION" },
  { "published_on", "PUBLISHED" },
  { "published_by", "BY" },
  { "stage", "STAGE" },
  { "general_availability", NULL },
  { "end_of_sale", "END OF SALE" },
  { "security_support_end", NULL },
  { "eol", "EOL" },
  { "eos", "EOS" },
  { "parts_until", NULL },
  { "repair_until", NULL },
  { "limited_support_doc", "LIMITED SUPPORT" },
  { "limited_support_lines", NULL },
  { NULL, NULL },
};

static const char *stage_on(const LifecycleRow *row, Day day)
{
  SupportPlan plan = { 0 };

  memcpy(plan.date, row->date, sizeof plan.date);
  return stage_key(support_plan_stage(&plan, day));
}

static void put_promise(ReportSheet *sheet, const LifecycleRow *row, bool holds, Day as_of)
{
  char buffer[DAY_TEXT_SIZE];

  report_sheet_text(sheet, row->revision == 0 ? "none" : holds ? "in force" : "withdrawn");
  if (row->revision != 0)
    report_sheet_int(sheet, row->revision);
  else
    report_sheet_text(sheet, NULL);
  report_sheet_day(sheet, row->published_on);
  report_sheet_text(sheet, row->published_by);
  report_sheet_text(sheet, holds ? stage_on(row, as_of) : NULL);
  for (int i = 0; i < MILESTONE_COUNT; i++)
    report_sheet_text(sheet, holds ? plan_date_to_store(row->date[i], buffer) : NULL);
  report_sheet_text(sheet, holds ? row->limited_support_doc : NULL);
  report_sheet_text(sheet, holds ? row->limited_support_lines : NULL);
}

/* The day may not lie ahead: nobody knows yet what will be promised then. */
static bool read_as_of(Cli *cli, const Args *args, Day *ret_as_of, GError **error)
{
  Day today = DAY_NONE, as_of = DAY_NONE;
  char day[DAY_TEXT_SIZE];

  if (!cli_today(cli, &today, error))
    return false;
  as_of = today;
  if (!cli_day_option(args, "as-of", &as_of, error))
    return false;
  if (as_of > today) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "--as-of %s lies after today: kigen plan show tells what is planned", day_format(as_of, day));
    return false;
  }
  *ret_as_of = as_of;
  return true;
}

/* What customers were promised besides, by contract. CSV holds one table: kigen extension list has them too.
 */
static void print_extensions(const GPtrArray *extensions, ReportFormat format)
{
  if (format != REPORT_TEXT || extensions->len == 0)
    return;
  printf("\nLater by contract:\n");
  extension_view_table(extensions);
}

static bool lifecycle_run(Cli *cli, const Args *args, GError **error)
{
  const char *pattern = args_word(args, 0);
  g_autoptr(GPtrArray) rows = NULL, extensions = NULL;
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  ReportFormat format = REPORT_TEXT;
  Day as_of = DAY_NONE;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !read_as_of(cli, args, &as_of, error) ||
      !cli_store(cli, DB_READ, &db, error) || !cmd_report_check_pattern(db, pattern, error) ||
      !report_store_lifecycle(db, pattern, as_of, &rows, error) ||
      !extension_list_rows(db, NULL, pattern, as_of, false, &extensions, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const LifecycleRow *row = rows->pdata[i];

    report_sheet_release(sheet, row->product, row->release, row->market);
    put_promise(sheet, row, row->revision != 0 && !row->withdrawn, as_of);
  }
  g_autoptr(Json) summary =
      json_pack("{s:o, s:o}", "as_of", cli_json_day(as_of), "extensions", extension_view_json(extensions));

  cmd_report_print(sheet, format, "releases", summary, "no release yet: kigen import lifecycles FILE", NULL);
  print_extensions(extensions, format);
  return true;
}

const Command cmd_report_lifecycle = {
  .name = "lifecycle",
  .summary = "What was promised on a day",
  .words = "[PRODUCT[/RELEASE]]",
  .max_words = 1,
  .options = { options, report_sheet_format_option },
  .help = help,
  .run = lifecycle_run,
};
