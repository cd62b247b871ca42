#include "db/report_store_coverage.h"
#include "notifier/cli/advisory_coverage.h"
#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/cmd_report.h"

static const ArgOption options[] = { { "names", NULL, "name the organizations, those not reached first" },
                                     { NULL } };

static const char help[] =
    "For each published revision: the organizations that it affects (those it was told to and, while it is "
    "in force, all who\n"
    "hold the release), each counted by the best of its messages. ACKNOWLEDGED over AFFECTED is its "
    "coverage; UNREACHED has\n"
    "neither taken a message nor acknowledged one. ACCEPTED by mail, SENT by post, HANDED over or faxed, "
    "RELAYED as the\n"
    "distributor reported back; not yet there: REQUESTED of a distributor, PRINTED, WAITING; RETURNED by "
    "post, BOUNCED, FAILED.\n"
    "\n"
    "Of advisories, each notice: the advisory's own and its withdrawal's, whom it was made for. With the "
    "number of "
    "one only that.";

static const ReportColumn columns[] = {
  { "product", NULL },
  { "release", "PRODUCT/RELEASE" },
  { "market", NULL },
  { "revision", ">REVISION" },
  { "state", "STATE" },
  { "published_on", "PUBLISHED" },
  { "affected", ">AFFECTED" },
  { "accepted", ">ACCEPTED" },
  { "sent", ">SENT" },
  { "handed", ">HANDED" },
  { "relayed", ">RELAYED" },
  { "requested", ">REQUESTED" },
  { "printed", ">PRINTED" },
  { "waiting", ">WAITING" },
  { "returned", ">RETURNED" },
  { "bounced", ">BOUNCED" },
  { "failed", ">FAILED" },
  { "acknowledged", ">ACKNOWLEDGED" },
  { "unreached", ">UNREACHED" },
  { NULL, NULL },
};

static const ReportColumn name_columns[] = {
  { "product", NULL },         { "release", "PRODUCT/RELEASE" },   { "market", NULL },
  { "revision", ">REVISION" }, { "organization", "ORGANIZATION" }, { "name", "NAME" },
  { "message", "MESSAGE" },    { "acknowledged", "ACKNOWLEDGED" }, { NULL, NULL },
};

static void put_row(ReportSheet *sheet, const CoverageRow *row)
{
  static const Reach shown[] = { REACH_ACCEPTED,  REACH_SENT,    REACH_HANDED,  REACH_RELAYED,
                                 REACH_REQUESTED, REACH_PRINTED, REACH_WAITING, REACH_RETURNED,
                                 REACH_BOUNCED,   REACH_FAILED };

  report_sheet_release(sheet, row->product, row->release, row->market);
  report_sheet_int(sheet, row->revision);
  report_sheet_text(sheet, row->state);
  report_sheet_day(sheet, row->published_on);
  report_sheet_int(sheet, row->affected);
  for (gsize i = 0; i < G_N_ELEMENTS(shown); i++)
    report_sheet_int(sheet, row->reach[shown[i]]);
  report_sheet_int(sheet, row->acknowledged);
  report_sheet_int(sheet, row->unreached);
}

static bool print_counts(Db *db, const char *pattern, ReportFormat format, GError **error)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  g_autoptr(ReportSheet) advisories = NULL;
  g_autoptr(GPtrArray) rows = NULL;

  if (!report_store_coverage(db, pattern, &rows, error) ||
      (pattern == NULL && !advisory_coverage_sheet(db, NULL, false, &advisories, error)))
    return false;
  for (guint i = 0; i < rows->len; i++)
    put_row(sheet, rows->pdata[i]);

  g_autoptr(Json) summary =
      advisories != NULL ? json_pack("{s:o}", "advisories", report_sheet_json(advisories)) : NULL;

  cmd_report_print(sheet, format, "revisions", summary, "no revision was published yet", NULL);
  if (format == REPORT_TEXT && advisories != NULL && report_sheet_rows(advisories) > 0) {
    printf("\n");
    report_sheet_print(advisories, NULL);
  }
  return true;
}

static TermStyle style_of(const CoverageName *name)
{
  return name->reach >= REACH_ACCEPTED || name->acknowledged ? STYLE_PLAIN
         : name->reach >= REACH_WAITING                      ? STYLE_YELLOW
                                                             : STYLE_RED;
}

static bool print_names(Db *db, const char *pattern, ReportFormat format, GError **error)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(name_columns);
  g_autoptr(GPtrArray) names = NULL;

  if (!report_store_coverage_names(db, pattern, &names, error))
    return false;
  for (guint i = 0; i < names->len; i++) {
    const CoverageName *name = names->pdata[i];

    report_sheet_release(sheet, name->product, name->release, name->market);
    report_sheet_int(sheet, name->revision);
    report_sheet_text(sheet, name->organization);
    report_sheet_text(sheet, name->name);
    report_sheet_styled(sheet, reach_key(name->reach), style_of(name));
    report_sheet_bool(sheet, name->acknowledged);
  }
  cmd_report_print(sheet, format, "organizations", NULL, "no organization is affected", NULL);
  return true;
}

static bool coverage_run(Cli *cli, const Args *args, GError **error)
{
  const char *pattern = args_word(args, 0);
  g_autoptr(AdvisoryRow) advisory = NULL;
  ReportFormat format = REPORT_TEXT;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !cli_store(cli, DB_READ, &db, error) ||
      (pattern != NULL && !advisory_edit_find_any(db, pattern, &advisory, error)))
    return false;
  if (advisory != NULL)
    return advisory_coverage_print(db, advisory->number, args_flag(args, "names"), format, error);
  if (!cmd_report_check_pattern(db, pattern, error))
    return false;
  return args_flag(args, "names") ? print_names(db, pattern, format, error)
                                  : print_counts(db, pattern, format, error);
}

const Command cmd_report_coverage = {
  .name = "coverage",
  .summary = "Whom each revision, or each advisory, reached",
  .words = "[PRODUCT[/RELEASE] | ADVISORY]",
  .max_words = 1,
  .options = { options, report_sheet_format_option },
  .help = help,
  .run = coverage_run,
};
