#include "db/outbox_retry.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/outbox_words.h"
#include "planner/role.h"

static const ArgOption options[] = {
  { "all", NULL, "every message that failed, bounced or came back" },
  { "dry-run", NULL, "only show how many it would be" },
  { NULL },
};

static const char help[] =
    "Messages that failed, bounced or came back wait again, and are tried as if for the first time; an "
    "address that was "
    "mended meanwhile\n"
    "is used. With --state deferred or --state unknown, and for a message named by its number, those that "
    "wait for their next\n"
    "try need not wait any longer.\n"
    "\n"
    "  kigen outbox retry --state failed --organization H0101 --reason アドレス訂正\n"
    "  kigen outbox retry 4711 4712";

static bool retry(Db *db, const AuditContext *context, const OutboxFilter *filter, const Args *args,
                  OutboxRetried *sum, GError **error)
{
  OutboxRetried retried = { 0 };

  if (!outbox_retry(db, context, filter, args_text(args, "reason"), args_flag(args, "dry-run"), &retried,
                    error))
    return false;
  for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
    sum->count[i] += retried.count[i];
  sum->total += retried.total;
  return true;
}

static bool retry_named(Db *db, const AuditContext *context, const Args *args, OutboxFilter filter,
                        OutboxRetried *sum, GError **error)
{
  for (guint i = 0; i < args_count(args); i++) {
    gint64 before = sum->total;

    if (!outbox_words_id(args_word(args, i), &filter.id, error) ||
        !retry(db, context, &filter, args, sum, error))
      return false;
    if (sum->total == before) {
      g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                  "message %s cannot be tried again: only one that was deferred, failed, bounced, came back, "
                  "is printed or unknown can (kigen outbox show %s)",
                  args_word(args, i), args_word(args, i));
      return false;
    }
  }
  return true;
}

static bool retry_all(Db *db, const AuditContext *context, const Args *args, const OutboxWords *words,
                      OutboxRetried *ret_sum, GError **error)
{
  if (!db_begin(db, error))
    return false;
  if ((args_count(args) > 0 ? retry_named(db, context, args, words->filter, ret_sum, error)
                            : retry(db, context, &words->filter, args, ret_sum, error)) &&
      db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

static Json *sum_json(const OutboxRetried *sum)
{
  Json *document = json_pack("{s:I}", "messages", (json_int_t)sum->total);

  for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
    if (sum->count[i] > 0)
      json_object_set_new(document, outbox_state_key((OutboxState)i), json_integer(sum->count[i]));
  return document;
}

static void print_sum(const OutboxRetried *sum, bool dry_run)
{
  const char *comma = ": ";

  printf("%" G_GINT64_FORMAT " %s %s", sum->total, sum->total == 1 ? "message" : "messages",
         dry_run ? "would be tried again" : "to be tried again");
  for (int i = 0; i < OUTBOX_STATE_COUNT; i++) {
    if (sum->count[i] == 0)
      continue;
    printf("%s%" G_GINT64_FORMAT " %s", comma, sum->count[i], outbox_state_key((OutboxState)i));
    comma = ", ";
  }
  printf("%s\n",
         sum->total > 0 && !dry_run ? "\nNext: kigen deliver (a running one takes them up at once)" : "");
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  OutboxWords words = { 0 };
  OutboxRetried sum = { 0 };
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!outbox_words_read(args, &words, error))
    return false;
  if (args_count(args) == 0 && !words.is_given && !args_flag(args, "all")) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "which messages? Name their numbers, say --state, --organization … or --all");
    return false;
  }
  if (!cli_write(cli, args, &db, &context, error) || !retry_all(db, &context, args, &words, &sum, error))
    return false;

  g_autoptr(Json) document = sum_json(&sum);

  if (cli_json(cli))
    cli_print_json(document);
  else
    print_sum(&sum, args_flag(args, "dry-run"));
  return true;
}

const Command cmd_outbox_retry = {
  .name = "retry",
  .summary = "Try messages again that failed, or that wait",
  .words = "[ID…]",
  .max_words = -1,
  .options = { options, outbox_words_options, cli_by_option, cli_reason_option },
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_ADMIN) | ROLE_BIT(ROLE_SAFETY_OFFICER) |
           ROLE_BIT(ROLE_QUALITY) | ROLE_BIT(ROLE_GENERAL_MANAGER),
  .help = help,
  .run = run,
};
