#include "db/advisory_store.h"
#include "db/advisory_telling.h"
#include "db/notice_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/due.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/table.h"
#include "notifier/cli/terms.h"

#define WINDOW_MONTHS 12

static const ArgOption options[] = {
  { "from", "DAY", "begin of the window (default: today, and what is overdue)" },
  { "to", "DAY", "end of the window (default: 12 months after its begin)" },
  { NULL },
};

static const char help[] =
    "What the published plans will have to tell, on which day, to how many organizations as things stand "
    "today. Reminders\n"
    "move to the business day before a closed day, other notices to the one after. What was made already is "
    "not listed:\n"
    "see kigen outbox list. An advisory in force is listed while somebody "
    "has come to hold\n"
    "what it is about and was not told. Several notices for one contact on one day become one message.";

/* A notice still to be made. */
typedef struct {
  const PlanRow *row; /* NULL: of an advisory, to whoever came to hold what it is about */
  char *number;       /* the advisory's, own string */
  ScheduledNotice notice;
  gint64 organizations;
  bool overdue;
} Entry;

typedef struct {
  Day today, from, to;
  bool overdue; /* list what is overdue, too */
  const Policy *policy;
  BusinessCalendar *calendar;
  GArray *entries; /* of Entry */
} Listing;

static bool add_entry(Db *db, Listing *listing, const PlanRow *row, const ScheduledNotice *notice,
                      bool overdue, GError **error)
{
  Entry entry = { .row = row, .notice = *notice, .overdue = overdue };

  if (!notice_store_count_audience(db, notice, row->plan, &entry.organizations, error))
    return false;
  g_array_append_val(listing->entries, entry);
  return true;
}

static bool add_plan(Db *db, Listing *listing, const PlanRow *row, GError **error)
{
  g_autoptr(GArray) open = NULL;

  if (!due_list(db, row, listing->policy, listing->calendar, listing->today, &open, error))
    return false;
  for (guint i = 0; i < open->len; i++) {
    const ScheduledNotice *notice = &g_array_index(open, ScheduledNotice, i);
    bool overdue = notice->due < listing->today;
    bool inside = notice->due >= listing->from && notice->due <= listing->to;

    if ((inside || (overdue && listing->overdue)) && !add_entry(db, listing, row, notice, overdue, error))
      return false;
  }
  return true;
}

static bool add_advisory(Db *db, Listing *listing, gint64 id, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  Entry entry = { 0 };

  if (!advisory_store_load(db, id, &row, error) ||
      !advisory_telling_count_newcomers(db, id, &entry.organizations, error))
    return false;
  if (row == NULL)
    return true;
  entry.number = g_strdup(row->number);
  entry.notice = (ScheduledNotice){
    .kind = row->content->kind, .nominal = listing->today, .due = listing->today, .extended_eos = DAY_NONE
  };
  g_array_append_val(listing->entries, entry);
  return true;
}

/* Newcomers are told by the next delivery. */
static bool add_advisories(Db *db, Listing *listing, GError **error)
{
  g_autoptr(GArray) ids = NULL;

  if (listing->from > listing->today || !advisory_telling_with_newcomers(db, &ids, error))
    return listing->from > listing->today;
  for (guint i = 0; i < ids->len; i++)
    if (!add_advisory(db, listing, g_array_index(ids, gint64, i), error))
      return false;
  return true;
}

static void entry_clear(gpointer data)
{
  Entry *entry = data;

  g_free(entry->number);
}

static gint by_day(gconstpointer a, gconstpointer b)
{
  const Entry *one = a, *other = b;

  return one->notice.due != other->notice.due ? (one->notice.due < other->notice.due ? -1 : 1) : 0;
}

static bool add_plans(Db *db, Listing *listing, const GPtrArray *rows, GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans");

  for (guint i = 0; i < rows->len; i++) {
    if (!add_plan(db, listing, rows->pdata[i], error))
      return false;
    progress_update(progress, i + 1, rows->len, g_get_monotonic_time());
  }
  g_array_sort(listing->entries, by_day);
  return true;
}

static Json *entry_json(const Entry *entry)
{
  const ScheduledNotice *notice = &entry->notice;
  const PlanRow *row = entry->row;

  return json_pack("{s:o, s:o, s:s, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:I, s:b}", "due",
                   cli_json_day(notice->due), "nominal", cli_json_day(notice->nominal), "kind",
                   notice_kind_key(notice->kind), "extended_eos", cli_json_day(notice->extended_eos),
                   "lead_months", MAX(notice->lead_months, 0), "budget_month", notice->budget_month,
                   "product", cli_json_text(row != NULL ? row->product : NULL), "release",
                   cli_json_text(row != NULL ? row->name : NULL), "market",
                   cli_json_text(row != NULL ? row->market : NULL), "advisory", cli_json_text(entry->number),
                   "organizations", (json_int_t)entry->organizations, "overdue", entry->overdue);
}

static void put_entry(Table *table, const Entry *entry)
{
  char buffer[DAY_TEXT_SIZE];
  g_autofree char *name = entry->row != NULL ? plan_view_name(entry->row) : g_strdup(entry->number);
  g_autofree char *lead = due_lead_text(&entry->notice);
  g_autofree char *day =
      g_strconcat(day_format(entry->notice.due, buffer), entry->overdue ? " overdue" : NULL, NULL);

  table_cell_styled(table, day, entry->overdue ? STYLE_RED : STYLE_PLAIN);
  table_cell(table, notice_kind_key(entry->notice.kind));
  table_cell(table, lead);
  table_cell(table, name);
  table_cell_int(table, entry->organizations);
}

static void print(const Cli *cli, const Listing *listing, guint plans)
{
  char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
  g_autoptr(Json) list = json_array();
  g_autoptr(Table) table = table_new("DAY|NOTICE|LEAD TIME|PRODUCT/RELEASE|>ORGANIZATIONS");

  for (guint i = 0; i < listing->entries->len; i++) {
    if (cli_json(cli))
      json_array_append_new(list, entry_json(&g_array_index(listing->entries, Entry, i)));
    else
      put_entry(table, &g_array_index(listing->entries, Entry, i));
  }
  if (cli_json(cli)) {
    cli_print_json_list("notices", list);
    return;
  }
  table_print(table, stdout);
  printf("%s%u %s of %u published %s, %s to %s\n", listing->entries->len > 0 ? "\n" : "",
         listing->entries->len, listing->entries->len == 1 ? "notice" : "notices", plans,
         plans == 1 ? "plan" : "plans", day_format(listing->from, from), day_format(listing->to, to));
}

static bool read_window(Cli *cli, const Args *args, Listing *listing, GError **error)
{
  if (!cli_today(cli, &listing->today, error))
    return false;
  listing->from = listing->today;
  listing->overdue = args_text(args, "from") == NULL;
  if (!cli_day_option(args, "from", &listing->from, error))
    return false;
  listing->to = day_add_months(listing->from, WINDOW_MONTHS);
  if (!cli_day_option(args, "to", &listing->to, error))
    return false;
  if (listing->from > listing->to)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "the window ends before it begins: give --from and --to");
  return listing->from <= listing->to;
}

static bool schedule_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_autoptr(GPtrArray) rows = NULL;
  Listing listing = { .entries = entries };
  Db *db = NULL;

  if (!read_window(cli, args, &listing, error) || !cli_store(cli, DB_READ, &db, error) ||
      !db_begin_read(db, error) || !terms_load(cli, db, listing.today, &listing.policy, &calendar, error))
    return false;
  listing.calendar = calendar;
  g_array_set_clear_func(entries, entry_clear);
  if (args_count(args) == 0 && !add_advisories(db, &listing, error))
    return false;
  if (!plan_match_list(db, args, PLAN_IN_FORCE, &rows, error) || !add_plans(db, &listing, rows, error))
    return false;
  print(cli, &listing, rows->len);
  return true;
}

const Command cmd_schedule = {
  .name = "schedule",
  .summary = "Show what will go out, when, to how many",
  .words = "[PRODUCT[/RELEASE]…]",
  .max_words = -1,
  .options = { options },
  .help = help,
  .run = schedule_run,
};
