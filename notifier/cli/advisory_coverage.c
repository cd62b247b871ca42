#include "notifier/cli/advisory_coverage.h"

#include "db/report_store_advisory.h"
#include "notifier/cli/cmd_report.h"

static const ReportColumn columns[] = {
  { "number", "ADVISORY" },
  { "revision", ">REVISION" },
  { "kind", "NOTICE" },
  { "state", "STATE" },
  { "told_on", "TOLD" },
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
  { "number", "ADVISORY" },
  { "revision", ">REVISION" },
  { "kind", "NOTICE" },
  { "organization", "ORGANIZATION" },
  { "name", "NAME" },
  { "message", "MESSAGE" },
  { "acknowledged", "ACKNOWLEDGED" },
  { NULL, NULL },
};

static void put_row(ReportSheet *sheet, const AdvisoryCoverage *row)
{
  static const Reach shown[] = { REACH_ACCEPTED,  REACH_SENT,    REACH_HANDED,  REACH_RELAYED,
                                 REACH_REQUESTED, REACH_PRINTED, REACH_WAITING, REACH_RETURNED,
                                 REACH_BOUNCED,   REACH_FAILED };

  report_sheet_text(sheet, row->number);
  report_sheet_int(sheet, row->revision);
  report_sheet_text(sheet, row->kind);
  report_sheet_text(sheet, row->state);
  report_sheet_day(sheet, row->due_on);
  report_sheet_int(sheet, row->affected);
  for (gsize i = 0; i < G_N_ELEMENTS(shown); i++)
    report_sheet_int(sheet, row->reach[shown[i]]);
  report_sheet_int(sheet, row->acknowledged);
  report_sheet_int(sheet, row->unreached);
}

static TermStyle style_of(const AdvisoryCoverageName *name)
{
  return name->reach >= REACH_ACCEPTED || name->acknowledged ? STYLE_PLAIN
         : name->reach >= REACH_WAITING                      ? STYLE_YELLOW
                                                             : STYLE_RED;
}

static void put_name(ReportSheet *sheet, const AdvisoryCoverageName *name)
{
  report_sheet_text(sheet, name->number);
  report_sheet_int(sheet, name->revision);
  report_sheet_text(sheet, name->kind);
  report_sheet_text(sheet, name->organization);
  report_sheet_text(sheet, name->name);
  report_sheet_styled(sheet, reach_key(name->reach), style_of(name));
  report_sheet_bool(sheet, name->acknowledged);
}

bool advisory_coverage_sheet(Db *db, const char *number, bool names, ReportSheet **ret_sheet, GError **error)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(names ? name_columns : columns);
  g_autoptr(GPtrArray) rows = NULL;

  if (!(names ? report_store_advisory_names : report_store_advisory)(db, number, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    if (names)
      put_name(sheet, rows->pdata[i]);
    else
      put_row(sheet, rows->pdata[i]);
  }
  *ret_sheet = g_steal_pointer(&sheet);
  return true;
}

bool advisory_coverage_print(Db *db, const char *number, bool names, ReportFormat format, GError **error)
{
  g_autoptr(ReportSheet) sheet = NULL;

  if (!advisory_coverage_sheet(db, number, names, &sheet, error))
    return false;
  cmd_report_print(sheet, format, names ? "organizations" : "advisories", NULL,
                   names ? "no organization is affected" : "it was not published yet", NULL);
  return true;
}
