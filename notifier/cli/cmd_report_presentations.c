#include "db/presented.h"
#include "notifier/cli/cmd_report.h"
#include "notifier/cli/plan_match.h"

static const ArgOption options[] = {
  { "all", NULL, "list those who were shown it in time, too" },
  { NULL },
};

static const char help[] = "Hospital by hospital that uses a release: how and when it was shown the "
                           "limited-support plan, and who was not, "
                           "by name\n"
                           "(rule LSP-4). What counts is a mail accepted and not bounced, an "
                           "acknowledgement, the page opened, what kigen "
                           "plan present\n"
                           "recorded, and presented_on of the plan: until EOL, or until 30 days after a unit "
                           "that came later; after that "
                           "with a reason.";

static const ReportColumn columns[] = {
  { "product", NULL },      { "release", "PRODUCT/RELEASE" },
  { "market", NULL },       { "organization", "ORGANIZATION" },
  { "name", "NAME" },       { "units", ">UNITS" },
  { "since", NULL },        { "due", "UNTIL" },
  { "state", "PRESENTED" }, { "on", "ON" },
  { "how", "HOW" },         { "by", "BY" },
  { "note", "NOTE" },       { NULL, NULL },
};

typedef struct {
  ReportSheet *sheet;
  guint hospitals, presented;
} Listing;

/* "missing" and "late" are what LSP-4 finds: red once the day is over. */
static void put_state(ReportSheet *sheet, const PresentedRow *row, Day today)
{
  bool over = row->due != DAY_NONE && row->due < today;

  report_sheet_styled(sheet, presentation_state_key(row->state),
                      row->state == PRESENTATION_IN_TIME ? STYLE_GREEN
                      : row->state == PRESENTATION_CURED ? STYLE_PLAIN
                      : over                             ? STYLE_RED
                                                         : STYLE_YELLOW);
}

static void put_row(Listing *listing, const PlanRow *plan, const PresentedRow *row, Day today)
{
  report_sheet_release(listing->sheet, plan->product, plan->name, plan->market);
  report_sheet_text(listing->sheet, row->organization);
  report_sheet_text(listing->sheet, row->name);
  report_sheet_int(listing->sheet, row->count);
  report_sheet_day(listing->sheet, row->since);
  report_sheet_day(listing->sheet, row->due);
  put_state(listing->sheet, row, today);
  report_sheet_day(listing->sheet, row->day);
  report_sheet_text(listing->sheet, row->how);
  report_sheet_text(listing->sheet, row->by);
  report_sheet_text(listing->sheet, row->note);
}

static bool add_plan(Listing *listing, Db *db, const PlanRow *plan, bool all, Day today, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!presented_list(db, plan, today, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PresentedRow *row = rows->pdata[i];

    listing->hospitals++;
    listing->presented += row->state >= PRESENTATION_CURED;
    if (all || row->state != PRESENTATION_IN_TIME)
      put_row(listing, plan, row, today);
  }
  return true;
}

static void print(const Listing *listing, Day today, ReportFormat format)
{
  g_autoptr(Json) summary = json_pack("{s:o, s:i, s:i}", "today", cli_json_day(today), "hospitals",
                                      (int)listing->hospitals, "presented", (int)listing->presented);
  g_autofree char *line =
      g_strdup_printf("%u of %u were shown the plan", listing->presented, listing->hospitals);

  cmd_report_print(listing->sheet, format, "presentations", summary,
                   listing->hospitals == 0 ? "no hospital uses a release whose plan is published"
                                           : "every hospital was shown the plan in time",
                   line);
}

static bool presentations_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  g_autoptr(GPtrArray) plans = NULL;
  Listing listing = { .sheet = sheet };
  ReportFormat format = REPORT_TEXT;
  Day today = DAY_NONE;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !cli_today(cli, &today, error) ||
      !cli_store(cli, DB_READ, &db, error) || !db_begin_read(db, error) ||
      !plan_match_list(db, args, PLAN_IN_FORCE, &plans, error))
    return false;
  for (guint i = 0; i < plans->len; i++)
    if (!add_plan(&listing, db, plans->pdata[i], args_flag(args, "all"), today, error))
      return false;
  print(&listing, today, format);
  return true;
}

const Command cmd_report_presentations = {
  .name = "presentations",
  .summary = "Which hospital was shown the limited-support plan, how and when",
  .words = "[PRODUCT[/RELEASE]…]",
  .max_words = -1,
  .options = { options, report_sheet_format_option },
  .help = help,
  .run = presentations_run,
};
