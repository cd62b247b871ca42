#include "db/acknowledgement_store.h"
#include "db/outbox_list.h"
#include "notifier/cli/acknowledgement_view.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/handover_view.h"
#include "notifier/cli/outbox_words.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/table.h"
#include "notifier/mail/letter.h"

#include <string.h>

static const ArgOption list_options[] = { { "limit", "N", "at most so many, the oldest ones" }, { NULL } };

static const ArgOption show_options[] = { { "raw", NULL, "print the mail itself, byte for byte" }, { NULL } };

static const TermStyle state_styles[OUTBOX_STATE_COUNT] = {
  [OUTBOX_SENDING] = STYLE_BLUE,   [OUTBOX_ACCEPTED] = STYLE_GREEN, [OUTBOX_DEFERRED] = STYLE_YELLOW,
  [OUTBOX_FAILED] = STYLE_RED,     [OUTBOX_UNKNOWN] = STYLE_YELLOW, [OUTBOX_BOUNCED] = STYLE_RED,
  [OUTBOX_PRINTED] = STYLE_YELLOW, [OUTBOX_SENT] = STYLE_GREEN,     [OUTBOX_HANDED] = STYLE_GREEN,
  [OUTBOX_RETURNED] = STYLE_RED,   [OUTBOX_SUPERSEDED] = STYLE_DIM,
};

static Json *row_json(const OutboxRow *row)
{
  return json_pack("{s:I, s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                   (json_int_t)row->id, "message_id", row->message_id, "channel", row->channel, "state",
                   outbox_state_key(row->state), "attempt", row->attempt, "due_on", cli_json_day(row->due_on),
                   "kinds", cli_json_text(row->kinds), "releases", cli_json_text(row->releases),
                   "organization", row->organization, "organization_name",
                   cli_json_text(row->organization_name), "contact", cli_json_text(row->contact), "email",
                   cli_json_text(row->email), "erased_on", cli_json_day(row->erased_on), "acknowledged",
                   cli_json_text(row->acknowledged), "last_at", cli_json_text(row->event_at), "last",
                   cli_json_text(row->event_detail));
}

static void put_row(Table *table, const OutboxRow *row)
{
  char buffer[DAY_TEXT_SIZE];

  table_cell_int(table, row->id);
  table_cell(table, day_format(row->due_on, buffer));
  table_cell_styled(table, outbox_state_key(row->state), state_styles[row->state]);
  table_cell_styled(table, row->acknowledged, STYLE_GREEN);
  table_cell(table, row->channel);
  table_cell(table, row->organization_name != NULL ? row->organization_name : row->organization);
  table_cell(table, row->contact != NULL ? row->contact : "(nobody in particular)");
  table_cell(table, row->kinds);
  table_cell(table, row->releases);
}

static bool print_counts(Db *db, guint shown, GError **error)
{
  gint64 counts[OUTBOX_STATE_COUNT] = { 0 };
  const char *comma = ": ";

  if (!outbox_list_counts(db, counts, error))
    return false;
  printf("%s%u %s; in the outbox", shown > 0 ? "\n" : "", shown, shown == 1 ? "message" : "messages");
  for (OutboxState state = 0; state < OUTBOX_STATE_COUNT; state++) {
    if (counts[state] == 0)
      continue;
    printf("%s%" G_GINT64_FORMAT " %s", comma, counts[state], outbox_state_key(state));
    comma = ", ";
  }
  printf("%s\n", comma[0] == ':' ? ": none" : "");
  return true;
}

static bool read_limit(const Args *args, gint64 *ret_limit, GError **error)
{
  const char *text = args_text(args, "limit");

  if (text == NULL || g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, ret_limit, NULL))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--limit %s: expected a number above 0", text);
  return false;
}

static void show_rows(Cli *cli, const GPtrArray *rows, bool with_detail)
{
  g_autoptr(Json) list = json_array();
  g_autoptr(Table) table =
      table_new(with_detail ? ">ID|DUE|STATE|CONFIRMED|CHANNEL|ORGANIZATION|CONTACT|NOTICES|ABOUT|LAST"
                            : ">ID|DUE|STATE|CONFIRMED|CHANNEL|ORGANIZATION|CONTACT|NOTICES|ABOUT");

  for (guint i = 0; i < rows->len; i++) {
    const OutboxRow *row = rows->pdata[i];

    if (cli_json(cli)) {
      json_array_append_new(list, row_json(row));
      continue;
    }
    put_row(table, row);
    if (with_detail)
      table_cell(table, row->event_detail);
  }
  if (cli_json(cli))
    cli_print_json_list("messages", list);
  else
    table_print(table, stdout);
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  OutboxWords words = { 0 };
  gint64 limit = 0;
  Db *db = NULL;

  if (!outbox_words_read(args, &words, error) || !read_limit(args, &limit, error) ||
      !cli_store(cli, DB_READ, &db, error) || !outbox_list_rows(db, &words.filter, limit, &rows, error))
    return false;
  show_rows(cli, rows, words.filter.state != NULL);
  return cli_json(cli) || print_counts(db, rows->len, error);
}

static bool find_message(Db *db, const char *word, OutboxRow **ret_row, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  OutboxFilter filter = OUTBOX_FILTER_NONE;

  if (!outbox_words_id(word, &filter.id, error) || !outbox_list_rows(db, &filter, 1, &rows, error))
    return false;
  if (rows->len == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "no message %s: kigen outbox list shows them", word);
    return false;
  }
  *ret_row = g_steal_pointer(&rows->pdata[0]);
  return true;
}

static Json *events_json(const GPtrArray *events)
{
  Json *list = json_array();

  for (guint i = 0; i < events->len; i++) {
    const OutboxEvent *event = events->pdata[i];

    json_array_append_new(list,
                          json_pack("{s:s, s:o, s:i, s:s, s:o}", "at", event->at, "day",
                                    cli_json_day(event->day), "attempt", event->attempt, "state",
                                    outbox_state_key(event->state), "detail", cli_json_text(event->detail)));
  }
  return list;
}

static void print_events(const GPtrArray *events)
{
  g_autoptr(Table) table = table_new("AT|>ATTEMPT|STATE|DETAIL");

  for (guint i = 0; i < events->len; i++) {
    const OutboxEvent *event = events->pdata[i];

    table_cell(table, event->at);
    table_cell_int(table, event->attempt);
    table_cell_styled(table, outbox_state_key(event->state), state_styles[event->state]);
    table_cell(table, event->detail);
  }
  if (events->len > 0)
    putchar('\n');
  table_print(table, stdout);
}

/* "overrides   LSP-3, signed by …": what the plan behind the message was let past. */
static void print_overrides(const GPtrArray *overrides)
{
  for (guint i = 0; i < overrides->len; i++) {
    const PlanEvent *event = overrides->pdata[i];
    char buffer[DAY_TEXT_SIZE];

    printf("overrides   %s, signed by %s (%s) on %s: %s\n", event->rule, plan_event_who(event),
           event->role != NULL ? event->role : "no role", day_format(event->day, buffer),
           event->reason != NULL ? event->reason : "");
  }
}

static void print_message(const OutboxRow *row, const GPtrArray *events, const GPtrArray *overrides)
{
  char buffer[DAY_TEXT_SIZE];

  printf("message     %" G_GINT64_FORMAT "  <%s>\n", row->id, row->message_id);
  printf("state       %s%s%s, attempt %d\n", term_begin(stdout, state_styles[row->state]),
         outbox_state_key(row->state), term_end(stdout, state_styles[row->state]), row->attempt);
  printf("due         %s by %s\n", day_format(row->due_on, buffer), row->channel);
  printf("to          %s (%s), %s%s%s%s\n", row->organization_name != NULL ? row->organization_name : "",
         row->organization, row->contact != NULL ? row->contact : "nobody in particular",
         row->email != NULL ? " <" : "", row->email != NULL ? row->email : "", row->email != NULL ? ">" : "");
  if (row->erased_on != DAY_NONE)
    printf("erased      on %s: who it went to; state, instants and digest stay as proof\n",
           day_format(row->erased_on, buffer));
  printf("notices     %s\nabout       %s\n", row->kinds != NULL ? row->kinds : "none",
         row->releases != NULL ? row->releases : "nothing");
  print_overrides(overrides);
  print_events(events);
}

static bool refuse_erased(const OutboxRow *row, const OutboxContext *context, GError **error)
{
  char day[DAY_TEXT_SIZE];

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "message %" G_GINT64_FORMAT
              ": what it was rendered from was erased on %s, so its bytes cannot be made "
              "again; of those that went out at %s the SHA-256 is %s",
              row->id, day_format(context->erased_on, day), context->date, context->sha256);
  return false;
}

/* NULL without one that can be read: only letters with a link need it, and say so. */
static LinkKey *load_key(Cli *cli)
{
  g_autofree char *path = link_key_path(cli_store_path(cli));
  LinkKey *key = NULL;

  return link_key_load(path, &key, NULL) ? key : NULL;
}

/* The bytes of a mail that was rendered: the same as went out, as long as the same version made them. */
static bool rebuild(Cli *cli, Db *db, const OutboxRow *row, GBytes **ret_bytes, char **ret_warning,
                    GError **error)
{
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) set_bytes = NULL;
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(LinkKey) key = load_key(cli);
  g_autofree char *sha256 = NULL;

  if (!outbox_store_load_context(db, row->id, &context, error))
    return false;
  if (context == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "message %" G_GINT64_FORMAT " was not sent yet, so there are no bytes: kigen deliver",
                row->id);
    return false;
  }
  if (context->erased_on != DAY_NONE)
    return refuse_erased(row, context, error);
  if (!outbox_store_load_template_set(db, context->template_set, &set_bytes, error))
    return false;
  if (set_bytes == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
                "message %" G_GINT64_FORMAT ": its templates are not in the store", row->id);
    return false;
  }
  if (!template_set_from_bytes(set_bytes, &templates, error) ||
      !letter_rebuild(context, templates, key, ret_bytes, error))
    return false;
  sha256 = letter_digest(*ret_bytes);
  if (g_strcmp0(context->renderer, KIGEN_VERSION) != 0)
    *ret_warning = g_strdup_printf("made by kigen %s, shown by kigen " KIGEN_VERSION ": not comparable",
                                   context->renderer);
  else if (g_strcmp0(sha256, context->sha256) != 0)
    *ret_warning = g_strdup("these are not the bytes that went out: their digest differs");
  return true;
}

static bool print_raw(Cli *cli, Db *db, const OutboxRow *row, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *warning = NULL;
  gsize size = 0;

  if (!rebuild(cli, db, row, &bytes, &warning, error))
    return false;
  if (warning != NULL)
    cli_warn("message %" G_GINT64_FORMAT ": %s", row->id, warning);

  const void *data = g_bytes_get_data(bytes, &size);

  fwrite(data, 1, size, stdout);
  return true;
}

static bool show(Cli *cli, Db *db, const Args *args, GError **error)
{
  g_autoptr(OutboxRow) row = NULL;
  g_autoptr(GPtrArray) events = NULL, overrides = NULL, acknowledgements = NULL, handovers = NULL,
                       open = NULL;

  if (!find_message(db, args_word(args, 0), &row, error))
    return false;
  if (args_flag(args, "raw"))
    return print_raw(cli, db, row, error);
  if (!outbox_list_events(db, row->id, &events, error) ||
      !plan_event_store_overrides_told(db, row->id, &overrides, error) ||
      !acknowledgement_store_of_message(db, row->id, &acknowledgements, error) ||
      !handover_store_of_message(db, row->id, &handovers, error) ||
      !handover_store_open(db, row->id, &open, error))
    return false;
  if (!cli_json(cli)) {
    print_message(row, events, overrides);
    handover_view_print_list(handovers);
    handover_view_print_open(open);
    acknowledgement_view_print_list(acknowledgements);
    return true;
  }

  g_autoptr(Json) document = row_json(row);

  json_object_set_new(document, "events", events_json(events));
  json_object_set_new(document, "overrides", plan_view_overrides_json(overrides));
  json_object_set_new(document, "handovers", handover_view_list_json(handovers));
  json_object_set_new(document, "not_reported", handover_view_open_json(open));
  json_object_set_new(document, "acknowledgements", acknowledgement_view_list_json(acknowledgements));
  cli_print_json(document);
  return true;
}

/* One state of it: what a message was rendered from and what happened to it lie in several tables. */
static bool show_run(Cli *cli, const Args *args, GError **error)
{
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !db_begin_read(db, error))
    return false;

  bool done = show(cli, db, args, error);

  db_end_read(db);
  return done;
}

static const Command outbox_list_command = {
  .name = "list",
  .summary = "List messages and their states",
  .words = "",
  .options = { outbox_words_options, list_options },
  .run = list_run,
};

static const Command outbox_show_command = {
  .name = "show",
  .summary = "Show one message and what happened to it",
  .words = "ID",
  .min_words = 1,
  .max_words = 1,
  .options = { show_options },
  .run = show_run,
};

static const Command *const subcommands[] = { &outbox_list_command,
                                              &outbox_show_command,
                                              &cmd_outbox_dossier,
                                              &cmd_outbox_print,
                                              &cmd_outbox_handover_sent,
                                              &cmd_outbox_handover_returned,
                                              &cmd_outbox_handover_handed,
                                              &cmd_outbox_handover_relayed,
                                              &cmd_outbox_ack,
                                              &cmd_outbox_retry,
                                              NULL };

const Command cmd_outbox = {
  .name = "outbox",
  .summary = "Messages: queued, sent, failed",
  .words = "COMMAND",
  .subcommands = subcommands,
};
