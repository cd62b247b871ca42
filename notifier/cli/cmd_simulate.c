#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/simulation.h"
#include "notifier/cli/table.h"
#include "notifier/cli/terms.h"

static const ArgOption options[] = {
  { "until", "DAY", "play up to and including this day" },
  { "from", "DAY", "begin on this day (default: today)" },
  { "silent", NULL, "nobody ever confirms: show to whom it goes next" },
  { NULL },
};

static const char help[] =
    "Plays the days on a copy of the store and prints, day by day, what would go to whom. Nothing is sent, "
    "and the store\n"
    "itself is not touched. What waits already goes on the first day; drafts are not published.\n"
    "\n"
    "  kigen simulate --until 2029-12-31";

/* What was played so far. */
typedef struct {
  gint64 messages;
  guint days;
  Json *list; /* a document a day, or NULL: print */
} Played;

static const OutboxTelling *telling_at(const GPtrArray *tellings, guint i)
{
  return tellings->pdata[i];
}

static bool begins_message(const GPtrArray *tellings, guint i)
{
  return i == 0 || telling_at(tellings, i)->message != telling_at(tellings, i - 1)->message;
}

static gint64 count_messages(const GPtrArray *tellings)
{
  gint64 n = 0;

  for (guint i = 0; i < tellings->len; i++)
    n += begins_message(tellings, i);
  return n;
}

static Json *message_json(const OutboxTelling *telling)
{
  return json_pack("{s:s, s:s, s:o, s:o, s:[]}", "channel", telling->channel, "through", telling->through,
                   "contact", cli_json_text(telling->contact), "email", cli_json_text(telling->email),
                   "notices");
}

static Json *notice_json(const OutboxTelling *telling)
{
  return json_pack("{s:s, s:i, s:s, s:o, s:s, s:s}", "kind", telling->kind, "lead_months",
                   MAX(telling->lead_months, 0), "product", telling->product, "release",
                   cli_json_text(telling->release), "organization", telling->organization,
                   "organization_name", telling->organization_name);
}

static Json *day_json(Day day, const GPtrArray *tellings)
{
  Json *messages = json_array();

  for (guint i = 0; i < tellings->len; i++) {
    if (begins_message(tellings, i))
      json_array_append_new(messages, message_json(telling_at(tellings, i)));

    Json *message = json_array_get(messages, json_array_size(messages) - 1);

    json_array_append_new(json_object_get(message, "notices"), notice_json(telling_at(tellings, i)));
  }
  return json_pack("{s:o, s:o}", "day", cli_json_day(day), "messages", messages);
}

static char *recipient(const OutboxTelling *telling)
{
  if (telling->contact == NULL)
    return g_strdup("nobody in particular");
  return telling->email != NULL ? g_strdup_printf("%s <%s>", telling->contact, telling->email)
                                : g_strdup(telling->contact);
}

/* One line a notice; the recipient once a message. */
static void print_day(Day day, const GPtrArray *tellings)
{
  static const char *const weekdays[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  char buffer[DAY_TEXT_SIZE];
  gint64 messages = count_messages(tellings);
  g_autoptr(Table) table = table_new("CHANNEL|TO|NOTICE|PRODUCT/RELEASE|ORGANIZATION");

  for (guint i = 0; i < tellings->len; i++) {
    const OutboxTelling *telling = telling_at(tellings, i);
    bool first = begins_message(tellings, i);
    g_autofree char *to = recipient(telling);
    g_autofree char *release = telling->release != NULL
                                   ? g_strdup_printf("%s/%s", telling->product, telling->release)
                                   : g_strdup(telling->product);

    table_cell(table, first ? telling->channel : NULL);
    table_cell(table, first ? to : NULL);
    table_cell(table, telling->kind);
    table_cell(table, release);
    table_cell(table, telling->organization_name);
  }
  printf("%s%s %s%s  %" G_GINT64_FORMAT " %s\n", term_begin(stdout, STYLE_BOLD), day_format(day, buffer),
         weekdays[day_weekday(day)], term_end(stdout, STYLE_BOLD), messages,
         messages == 1 ? "message" : "messages");
  table_print_body(table, 2, stdout);
}

static void show_day(Played *played, Day day, const GPtrArray *tellings)
{
  if (tellings->len == 0)
    return;
  played->days++;
  played->messages += count_messages(tellings);
  if (played->list != NULL)
    json_array_append_new(played->list, day_json(day, tellings));
  else
    print_day(day, tellings);
}

/* Plays to the end, or to a signal. */
static bool play(Simulation *simulation, Played *played, GError **error)
{
  const volatile sig_atomic_t *interrupted = interrupt_watch();
  g_autoptr(Progress) progress = progress_new("days");

  while (simulation_played(simulation) < simulation_days(simulation)) {
    g_autoptr(GPtrArray) tellings = NULL;
    Day day = DAY_NONE;

    if (*interrupted != 0) {
      g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "interrupted: the store itself is as it was");
      return false;
    }
    if (!simulation_next(simulation, &day, &tellings, error))
      return false;
    progress_hide(progress);
    show_day(played, day, tellings);
    progress_update(progress, simulation_played(simulation), simulation_days(simulation),
                    g_get_monotonic_time());
  }
  return true;
}

static void print_end(const Played *played, Day from, Day until)
{
  char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
  g_autoptr(Json) document = NULL;

  if (played->list == NULL) {
    printf("%s%s to %s: %" G_GINT64_FORMAT " %s on %u %s. Nothing was sent; the store is as it was.\n",
           played->days > 0 ? "\n" : "", day_format(from, first), day_format(until, last), played->messages,
           played->messages == 1 ? "message" : "messages", played->days, played->days == 1 ? "day" : "days");
    return;
  }
  document = json_pack("{s:o, s:o, s:I, s:O}", "from", cli_json_day(from), "until", cli_json_day(until),
                       "messages", (json_int_t)played->messages, "days", played->list);
  cli_print_json(document);
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
  g_autoptr(Json) list = cli_json(cli) ? json_array() : NULL;
  Played played = { .list = list };
  const Policy *policy = NULL;
  Day from = DAY_NONE, until = DAY_NONE;
  Db *db = NULL;

  if (!read_window(cli, args, &from, &until, error) || !cli_store(cli, DB_READ, &db, error) ||
      !terms_load(cli, db, from, &policy, &calendar, error))
    return false;
  if (!simulation_new(db, from, until, policy, calendar, args_flag(args, "silent"), &simulation, error) ||
      !play(simulation, &played, error))
    return false;
  print_end(&played, from, until);
  return true;
}

const Command cmd_simulate = {
  .name = "simulate",
  .summary = "Play the days to come on a copy: what would go to whom",
  .words = "",
  .options = { options },
  .help = help,
  .run = run,
};
