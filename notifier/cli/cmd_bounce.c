#include "notifier/cli/cmd.h"
#include "notifier/cli/table.h"
#include "notifier/mail/incoming.h"
#include "notifier/mail/mailbox.h"

#include <unistd.h>

static const ArgOption options[] = {
  { "recipient", "ADDRESS", "whom the mail was for (default: its Delivered-To, X-Original-To … To)" },
  { NULL }
};

static const char help[] =
    "Reads mail that came back, or in: one from standard input, as a mail system's pipe transport calls it, "
    "or "
    "those of a\n"
    "maildir, or files. A bounce (RFC 3464, or the free text of the usual mail systems) that came to the "
    "return "
    "path of a message\n"
    "(mail.bounces) marks it bounced; a delay is noted. A reply that holds the confirmation number "
    "(確認番号) "
    "of a letter, and\n"
    "says that it was received or nothing else, is an acknowledgement; one of the transfer of responsibility "
    "must say so and\n"
    "name the responsible person. What is quoted, automatic answers, and what leaves a doubt never "
    "acknowledge.\n"
    "\n"
    "What was handled moves from new to cur in a maildir. What a person has to read is listed and stays; "
    "from "
    "standard input\n"
    "it is kept in the maildir mail.unhandled. Exit codes from standard input are those of sysexits(3): 0 "
    "done, "
    "75 not now (the\n"
    "store cannot be had), so that the mail system tries again, 65 larger than 16 MiB.\n"
    "\n"
    "  kigen bounce --recipient \"bounces+12-k3…@maker.example\" < mail\n"
    "  kigen bounce /var/mail/bounces";

/* What all mails of a call share. */
typedef struct {
  Cli *cli;
  Db *db;
  AuditContext context;
  IncomingOptions options;
  LinkKey *key;
  const char *unhandled; /* maildir */
  Table *table;
  Json *list;
  guint counts[INCOMING_COUNT];
} Work;

static void work_clear(Work *work)
{
  link_key_free(work->key);
  table_free(work->table);
  json_decref(work->list);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static const TermStyle styles[INCOMING_COUNT] = {
  [INCOMING_BOUNCED] = STYLE_RED,        [INCOMING_DELAYED] = STYLE_YELLOW, [INCOMING_ARRIVED] = STYLE_GREEN,
  [INCOMING_ACKNOWLEDGED] = STYLE_GREEN, [INCOMING_KNOWN] = STYLE_DIM,      [INCOMING_LEFT] = STYLE_YELLOW,
  [INCOMING_LATER] = STYLE_YELLOW,
};

static void note(Work *work, const char *name, const IncomingResult *result)
{
  work->counts[result->outcome]++;
  json_array_append_new(work->list,
                        json_pack("{s:s, s:s, s:o, s:o, s:I}", "file", name, "outcome",
                                  incoming_key(result->outcome), "message",
                                  result->message > 0 ? json_integer(result->message) : json_null(), "detail",
                                  cli_json_text(result->detail), "escalated", (json_int_t)result->escalated));
  table_cell_styled(work->table, incoming_key(result->outcome), styles[result->outcome]);
  if (result->message > 0)
    table_cell_int(work->table, result->message);
  else
    table_cell(work->table, "");
  table_cell(work->table, name);
  table_cell(work->table, result->detail);
}

static bool handle(Work *work, const char *name, const GByteArray *bytes, IncomingResult *result,
                   GError **error)
{
  if (bytes == NULL) {
    result->outcome = INCOMING_LEFT;
    result->detail = g_strdup("larger than 16 MiB");
  } else if (!incoming_handle(work->db, &work->context, &work->options, bytes->data, bytes->len, result,
                              error)) {
    return false;
  }
  note(work, name, result);
  return true;
}

/* One mail from a mail system, which keeps it until it is told that this one is done with it. */
static bool handle_piped(Work *work, GError **error)
{
  g_autoptr(GByteArray) bytes = NULL;
  g_auto(IncomingResult) result = { 0 };

  if (!mailbox_read(NULL, "-", INCOMING_SIZE_MAX, &bytes, error) || !handle(work, "-", bytes, &result, error))
    return false;
  if (bytes == NULL)
    cli_set_exit(work->cli, CLI_EXIT_DATA);
  else if (result.outcome == INCOMING_LATER)
    cli_set_exit(work->cli, CLI_EXIT_TRY_AGAIN);
  return bytes == NULL || result.outcome != INCOMING_LEFT || mailbox_keep(work->unhandled, bytes, error);
}

static bool handle_file(Work *work, const char *folder, const char *name, GError **error)
{
  g_autoptr(GByteArray) bytes = NULL;
  g_auto(IncomingResult) result = { 0 };

  if (!mailbox_read(folder, name, INCOMING_SIZE_MAX, &bytes, error) ||
      !handle(work, name, bytes, &result, error))
    return false;
  if (folder == NULL || result.outcome == INCOMING_LEFT || result.outcome == INCOMING_LATER)
    return true;
  return mailbox_done(folder, name, error);
}

static bool handle_path(Work *work, const char *path, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;

  if (!mailbox_is_maildir(path))
    return handle_file(work, NULL, path, error);
  if (!mailbox_list(path, &names, error))
    return false;
  for (guint i = 0; i < names->len; i++)
    if (!handle_file(work, path, names->pdata[i], error))
      return false;
  return true;
}

static void show(const Work *work, bool piped)
{
  const char *comma = "";
  guint total = 0;

  if (cli_json(work->cli)) {
    cli_print_json_list("mails", work->list);
    return;
  }
  table_print(work->table, stdout);
  if (piped)
    return;
  for (IncomingOutcome outcome = 0; outcome < INCOMING_COUNT; outcome++)
    total += work->counts[outcome];
  printf("%s%u %s", total > 0 ? "\n" : "", total, total == 1 ? "mail" : "mails");
  comma = ": ";
  for (IncomingOutcome outcome = 0; outcome < INCOMING_COUNT; outcome++) {
    if (work->counts[outcome] == 0)
      continue;
    printf("%s%u %s", comma, work->counts[outcome], incoming_key(outcome));
    comma = ", ";
  }
  putchar('\n');
}

static bool set_up(Cli *cli, const Args *args, Work *work, GError **error)
{
  g_autofree char *key = link_key_path(cli_store_path(cli));
  const Config *config = NULL;

  if (!cli_config(cli, &config, error) || !cli_write_as_kigen(cli, args, &work->db, &work->context, error) ||
      !link_key_load(key, &work->key, error))
    return false;
  work->options = (IncomingOptions){ .key = work->key,
                                     .mailbox = config->mail.bounces,
                                     .recipient = args_text(args, "recipient"),
                                     .policy = &config->policy };
  work->unhandled = config->mail.unhandled;
  return true;
}

static bool work_through(Cli *cli, const Args *args, GError **error)
{
  g_auto(Work)
      work = { .cli = cli, .table = table_new("OUTCOME|>MESSAGE|FILE|DETAIL"), .list = json_array() };
  bool piped = args_word(args, 0) == NULL;

  if (!set_up(cli, args, &work, error) || (piped && !handle_piped(&work, error)))
    return false;
  for (guint i = 0; args_word(args, i) != NULL; i++)
    if (!handle_path(&work, args_word(args, i), error))
      return false;
  show(&work, piped);
  if (!piped && work.counts[INCOMING_LATER] > 0)
    cli_set_exit(cli, CLI_EXIT_ENVIRONMENT);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  bool piped = args_word(args, 0) == NULL;
  g_autoptr(GError) inner = NULL;

  if (piped && isatty(STDIN_FILENO)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "a mail on standard input, a maildir or files are missing");
    return false;
  }
  if (!piped)
    return work_through(cli, args, error);
  /* Whatever is wrong here, it is not the mail's fault: the mail system keeps it. */
  if (!work_through(cli, args, &inner)) {
    cli_report(inner);
    cli_set_exit(cli, CLI_EXIT_TRY_AGAIN);
  }
  return true;
}

const Command cmd_bounce = {
  .name = "bounce",
  .summary = "Read mail that came back: bounces, and replies that confirm",
  .words = "[MAILDIR|FILE…]",
  .max_words = -1,
  .options = { options, cli_by_option },
  .help = help,
  .run = run,
};
