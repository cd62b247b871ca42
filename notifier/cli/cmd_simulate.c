#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/simulation.h"
#include "notifier/cli/table.h"

static const ArgOption options[] = {
  { "until", "DAY", "play up to and including this day" },
  { "from", "DAY", "begin on this day (default: today)" },
  { NULL },
};

static const char help[] =
    "Plays the days on a copy of the store and prints, day by day, what would go to whom. Nothing is sent, "
    "and the store\n"
    "itself is not touched. What waits already goes on the first day; drafts are not published.\n"
    "\n"
    "  kigen simulate --until 2029-12-31";

static Json *message_json(const OutboxRow *row)
{
  return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:s}", "notices", cli_json_text(row->kinds), "releases",
                   cli_json_text(row->releases), "organization", row->organization, "organization_name",
                   cli_json_text(row->organization_name), "contact", cli_json_text(row->contact), "email",
                   cli_json_text(row->email), "channel", row->channel);
}

static Json *day_json(Day day, const GPtrArray *messages)
{
  Json *list = json_array();

  for (guint i = 0; i < messages->len; i++)
    json_array_append_new(list, message_json(messages->pdata[i]));
  return json_pack("{s:o, s:o}", "day", cli_json_day(day), "messages", list);
}

static char *recipient(const OutboxRow *row)
{
  if (row->contact == NULL)
    return g_strdup("nobody in particular");
  return row->email != NULL ? g_strdup_printf("%s <%s>", row->contact, row->email) : g_strdup(row->contact);
}

static void print_day(Day day, const GPtrArray *messages)
{
  static const char *const weekdays[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  char buffer[DAY_TEXT_SIZE];
  g_autoptr(Table) table = table_new("CHANNEL|ORGANIZATION|CONTACT|NOTICES|ABOUT");

  for (guint i = 0; i < messages->len; i++) {
    const OutboxRow *row = messages->pdata[i];
    g_autofree char *to = recipient(row);

    table_cell(table, row->channel);
    table_cell(table, row->organization_name);
    table_cell(table, to);
    table_cell(table, row->kinds);
    table_cell(table, row->releases);
  }
  printf("%s%s %s%s  %u %s\n", term_begin(stdout, STYLE_BOLD), day_format(day, buffer),
         weekdays[day_weekday(day)], term_end(stdout, STYLE_BOLD), messages->len,
         messages->len == 1 ? "message" : "messages");
  table_print_body(table, 2, stdout);
}

/* Plays to the end, or to a signal. */
static bool play(const Cli *cli, Simulation *simulation, Day from, Day until, GError **error)
{
  const volatile sig_atomic_t *interrupted = interrupt_watch();
  g_autoptr(Json) days = json_array();
  guint n = 0;
  gint64 total = 0;
  char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];

  for (;;) {
    g_autoptr(GPtrArray) messages = NULL;
    Day day = DAY_NONE;

    if (*interrupted != 0) {
      g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "interrupted: the store itself is as it was");
      return false;
    }
    if (!simulation_next(simulation, &day, &messages, error))
      return false;
    if (day == DAY_NONE)
      break;
    n++;
    total += messages->len;
    if (cli_json(cli))
      json_array_append_new(days, day_json(day, messages));
    else
      print_day(day, messages);
  }

  g_autoptr(Json) document = json_pack("{s:o, s:o, s:I, s:O}", "from", cli_json_day(from), "until",
                                       cli_json_day(until), "messages", (json_int_t)total, "days", days);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s%s to %s: %" G_GINT64_FORMAT " %s on %u %s. Nothing was sent; the store is as it was.\n",
           n > 0 ? "\n" : "", day_format(from, first), day_format(until, last), total,
           total == 1 ? "message" : "messages", n, n == 1 ? "day" : "days");
  return true;
}

static bool read_window(Cli *cli, const Args *args, Day *ret_from, Day *ret_until, GError **error)
{
  if (args_text(args, "until") == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "until when? Give --until DAY");
    return false;
  }
  if (!cli_today(cli, ret_from, error) || !cli_day_option(args, "from", ret_from, error) ||
      !cli_day_option(args, "until", ret_until, error))
    return false;
  if (*ret_from > *ret_until)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--until lies before the first day");
  return *ret_from <= *ret_until;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_autoptr(Simulation) simulation = NULL;
  const Config *config = NULL;
  const Policy *policy = NULL;
  Day from = DAY_NONE, until = DAY_NONE;
  Db *db = NULL;

  if (!read_window(cli, args, &from, &until, error) || !cli_config(cli, &config, error) ||
      !cli_policy(cli, &policy, error))
    return false;
  if (!config_calendar(config, &calendar, error) || !cli_store(cli, DB_READ, &db, error))
    return false;
  return simulation_new(db, from, until, policy, calendar, &simulation, error) &&
         play(cli, simulation, from, until, error);
}

const Command cmd_simulate = {
  .name = "simulate",
  .summary = "Play the days to come on a copy: what would go to whom",
  .words = "",
  .options = { options },
  .help = help,
  .run = run,
};
