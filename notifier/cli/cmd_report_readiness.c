#include "db/decision_store.h"
#include "db/report_store_readiness.h"
#include "notifier/cli/cmd_report.h"

static const ArgOption options[] = {
  { "all", NULL, "list those who have confirmed, too" },
  { "within", "MONTHS", "only releases whose EOS lies within so many months, or has passed" },
  { NULL },
};

static const char help[] =
    "Customer by customer, who has not confirmed the transfer of responsibility at EOS. A confirmation "
    "counts for the EOS it\n"
    "was given for: when EOS moves, it is asked for again. EOS is the customer's own: the plan's, or a later "
    "one "
    "by contract.\n"
    "Units end from the day on which the first of them does, by its hardware or its software (at the latest, "
    "where one of these\n"
    "is not known).";

static const ReportColumn columns[] = {
  { "organization", "ORGANIZATION" },
  { "name", "NAME" },
  { "product", NULL },
  { "release", "PRODUCT/RELEASE" },
  { "market", NULL },
  { "units", ">UNITS" },
  { "eos", "EOS" },
  { "plan_eos", "PLAN'S EOS" },
  { "first_end", "UNITS END FROM" },
  { "first_end_sure", "SURE" },
  { "months_left", ">MONTHS LEFT" },
  { "asked_on", "ASKED" },
  { "transfer", "TRANSFER" },
  { "confirmed_on", "ON" },
  { "confirmed_by", "BY" },
  { "confirmed_title", NULL },
  { "confirmed_how", "HOW" },
  { "decided", "DECIDED" },
  { NULL, NULL },
};

static bool read_until(const Args *args, Day today, Day *ret_until, GError **error)
{
  const char *text = args_text(args, "within");
  guint64 months = 0;

  if (text == NULL)
    return true;
  if (!g_ascii_string_to_unsigned(text, 10, 0, 1200, &months, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--within %s: expected months, 0 to 1200", text);
    return false;
  }
  *ret_until = day_add_months(today, (int)months);
  return true;
}

/* "confirmed", "asked" or "not asked", and how bad that is on `today`. */
static void put_transfer(ReportSheet *sheet, const ReadinessRow *row, Day today)
{
  if (row->confirmed_by != NULL)
    report_sheet_styled(sheet, "confirmed", STYLE_GREEN);
  else
    report_sheet_styled(sheet, row->asked_on != DAY_NONE ? "asked" : "not asked",
                        row->eos < today ? STYLE_RED : STYLE_YELLOW);
}

/* What each customer decided about each release, by "ORGANIZATION\nPRODUCT\nRELEASE": "replace 2, isolate 1",
 * in units; one for all that they have goes for those without one of their own. */
static GHashTable *gather_decisions(const GPtrArray *decisions)
{
  GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < decisions->len; i++) {
    const DecisionRow *row = decisions->pdata[i];
    g_autofree char *key = g_strjoin("\n", row->organization, row->product, row->release, NULL);
    const char *before = g_hash_table_lookup(table, key);
    g_autofree char *units =
        row->device != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, row->units) : g_strdup("all");
    char *text = g_strconcat(before != NULL ? before : "", before != NULL ? ", " : "",
                             decision_kind_key(row->kind), " ", units, NULL);

    g_hash_table_replace(table, g_steal_pointer(&key), text);
  }
  return table;
}

static const char *decided(GHashTable *decisions, const ReadinessRow *row)
{
  g_autofree char *key = g_strjoin("\n", row->organization, row->product, row->release, NULL);

  return g_hash_table_lookup(decisions, key);
}

static void put_row(ReportSheet *sheet, const ReadinessRow *row, GHashTable *decisions, Day today)
{
  report_sheet_text(sheet, row->organization);
  report_sheet_text(sheet, row->name);
  report_sheet_release(sheet, row->product, row->release, row->market);
  report_sheet_int(sheet, row->count);
  report_sheet_day(sheet, row->eos);
  report_sheet_day(sheet, row->plan_eos);
  report_sheet_day(sheet, row->first_end.date.day);
  report_sheet_bool(sheet, !effective_is_latest(row->first_end));
  report_sheet_int(sheet, day_months_between(today, row->eos));
  report_sheet_day(sheet, row->asked_on);
  put_transfer(sheet, row, today);
  report_sheet_day(sheet, row->confirmed_on);
  report_sheet_text(sheet, row->confirmed_by);
  report_sheet_text(sheet, row->confirmed_title);
  report_sheet_text(sheet, row->confirmed_how);
  report_sheet_text(sheet, decided(decisions, row));
}

static void print(const GPtrArray *rows, GHashTable *decisions, bool all, Day today, ReportFormat format)
{
  g_autoptr(ReportSheet) sheet = report_sheet_new(columns);
  guint confirmed = 0, decisive = 0;

  for (guint i = 0; i < rows->len; i++) {
    const ReadinessRow *row = rows->pdata[i];

    confirmed += row->confirmed_by != NULL ? 1 : 0;
    decisive += decided(decisions, row) != NULL ? 1 : 0;
    if (all || row->confirmed_by == NULL)
      put_row(sheet, row, decisions, today);
  }
  g_autoptr(Json) summary = json_pack("{s:o, s:i, s:i, s:i}", "today", cli_json_day(today), "asked_of",
                                      (int)rows->len, "confirmed", (int)confirmed, "decided", (int)decisive);
  g_autofree char *line = g_strdup_printf("%u of %u have confirmed the transfer, %u have decided what to do",
                                          confirmed, rows->len, decisive);

  cmd_report_print(sheet, format, "customers", summary,
                   rows->len == 0 ? "no customer holds a release whose EOS is published"
                                  : "every customer has confirmed the transfer",
                   line);
}

static bool readiness_run(Cli *cli, const Args *args, GError **error)
{
  const char *pattern = args_word(args, 0);
  g_autoptr(GPtrArray) rows = NULL, decisions = NULL;
  ReportFormat format = REPORT_TEXT;
  Day today = DAY_NONE, until = DAY_NONE;
  Db *db = NULL;

  if (!report_format_read(cli, args, false, &format, error) || !cli_today(cli, &today, error) ||
      !read_until(args, today, &until, error) || !cli_store(cli, DB_READ, &db, error) ||
      !cmd_report_check_pattern(db, pattern, error) ||
      !report_store_readiness(db, pattern, until, &rows, error) ||
      !decision_store_list(db, 0, pattern, false, &decisions, error))
    return false;

  g_autoptr(GHashTable) table = gather_decisions(decisions);

  print(rows, table, args_flag(args, "all"), today, format);
  return true;
}

const Command cmd_report_readiness = {
  .name = "readiness",
  .summary = "Which customer has not confirmed the transfer of responsibility at EOS",
  .words = "[PRODUCT[/RELEASE]]",
  .max_words = 1,
  .options = { options, report_sheet_format_option },
  .help = help,
  .run = readiness_run,
};
