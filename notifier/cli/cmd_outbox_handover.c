#include "db/handover_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/organization_match.h"
#include "notifier/cli/outbox_words.h"
#include "notifier/cli/suggest.h"
#include "planner/role.h"

#define ROLES                                                                                                \
  (ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_ADMIN) | ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_QUALITY) |  \
   ROLE_BIT(ROLE_GENERAL_MANAGER))

static const ArgOption on_option[] = { { "on", "DAY", "the day it was done (default: today)" }, { NULL } };

static const ArgOption sent_options[] = { { "tracking", "N",
                                            "the post's number (書留・特定記録・レターパック)" },
                                          { "note", "TEXT", "what else there is to know" },
                                          { NULL } };

static const ArgOption handed_options[] = { { "to", "NAME", "into whose hands" },
                                            { "how", "H", "hand or fax" },
                                            { "note", "TEXT", "what else there is to know" },
                                            { NULL } };

static const ArgOption relayed_options[] = { { "how", "H", "post, hand, fax, mail, phone or other" },
                                             { "person", "NAME", "who passed it on" },
                                             { "note", "TEXT", "what else there is to know" },
                                             { NULL } };

/* The option `name` without white space around it; NULL where it is not given. Errors: when it is empty. */
static bool read_text(const Args *args, const char *name, bool needed, const char **ret_text, GError **error)
{
  const char *text = args_text(args, name);

  while (text != NULL && g_ascii_isspace(*text))
    text++;
  if (text == NULL ? !needed : *text != '\0') {
    *ret_text = text;
    return true;
  }
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, text != NULL ? "--%s: it is empty" : "--%s is missing",
              name);
  return false;
}

static bool read_how(const Args *args, const char *const *known, const char **ret_how, GError **error)
{
  const char *how = NULL;

  if (!read_text(args, "how", true, &how, error))
    return false;
  if (g_strv_contains(known, how)) {
    *ret_how = how;
    return true;
  }

  g_autofree char *hint = suggest_hint(how, known);

  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--how %s: %s", how, hint);
  return false;
}

static Json *entry_json(const HandoverEntry *entry, const Args *args, guint words)
{
  Json *messages = json_array();

  for (guint i = 0; i < words; i++)
    json_array_append_new(messages, json_integer(g_ascii_strtoll(args_word(args, i), NULL, 10)));
  return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "step", handover_step_key(entry->step),
                   "messages", messages, "day", cli_json_day(entry->day), "how", entry->how, "by",
                   cli_json_text(entry->by), "person", cli_json_text(entry->person), "tracking",
                   cli_json_text(entry->tracking), "note", cli_json_text(entry->note));
}

/* All messages that the first `words` words name, or none. */
static bool record_all(Db *db, const AuditContext *context, const Args *args, guint words,
                       const HandoverEntry *entry, GError **error)
{
  for (guint i = 0; i < words; i++) {
    UpsertResult result;
    gint64 id = 0;

    if (!outbox_words_id(args_word(args, i), &id, error) ||
        !handover_store_record(db, context, id, entry, &result, error))
      return false;
  }
  return true;
}

static void print_done(Cli *cli, const HandoverEntry *entry, const Args *args, guint words)
{
  g_autoptr(Json) document = entry_json(entry, args, words);
  char day[DAY_TEXT_SIZE];

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%u %s %s on %s\n", words, words == 1 ? "message" : "messages", handover_step_key(entry->step),
           day_format(entry->day, day));
}

/* Records `entry` of the messages that the first `words` words name; with `customer`, of that organization.
 */
static bool record(Cli *cli, const Args *args, HandoverEntry *entry, guint words, const char *customer,
                   GError **error)
{
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_write(cli, args, &db, &context, error))
    return false;
  entry->day = context.today;
  if (!cli_day_option(args, "on", &entry->day, error) || !db_begin(db, error))
    return false;
  if ((customer != NULL && !organization_match_find(db, customer, &entry->organization, error)) ||
      !record_all(db, &context, args, words, entry, error) || !db_commit(db, error)) {
    db_rollback(db);
    return false;
  }
  print_done(cli, entry, args, words);
  return true;
}

static bool sent_run(Cli *cli, const Args *args, GError **error)
{
  HandoverEntry entry = { .step = HANDOVER_SENT, .how = "post" };

  if (!read_text(args, "tracking", false, &entry.tracking, error) ||
      !read_text(args, "note", false, &entry.note, error))
    return false;
  if (entry.tracking != NULL && args_count(args) > 1) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--tracking %s is of one letter: record each by itself",
                entry.tracking);
    return false;
  }
  return record(cli, args, &entry, args_count(args), NULL, error);
}

static bool returned_run(Cli *cli, const Args *args, GError **error)
{
  HandoverEntry entry = { .step = HANDOVER_RETURNED, .how = "post" };

  return read_text(args, "reason", true, &entry.note, error) &&
         record(cli, args, &entry, args_count(args), NULL, error);
}

static bool handed_run(Cli *cli, const Args *args, GError **error)
{
  static const char *const ways[] = { "hand", "fax", NULL };
  HandoverEntry entry = { .step = HANDOVER_HANDED };

  return read_text(args, "to", true, &entry.person, error) && read_how(args, ways, &entry.how, error) &&
         read_text(args, "note", false, &entry.note, error) &&
         record(cli, args, &entry, args_count(args), NULL, error);
}

static bool relayed_run(Cli *cli, const Args *args, GError **error)
{
  HandoverEntry entry = { .step = HANDOVER_RELAYED };

  return read_how(args, handover_ways, &entry.how, error) &&
         read_text(args, "person", false, &entry.by, error) &&
         read_text(args, "note", false, &entry.note, error) &&
         record(cli, args, &entry, 1, args_word(args, 1), error);
}

const Command cmd_outbox_handover_sent = {
  .name = "sent",
  .summary = "Record that printed letters were posted",
  .words = "ID…",
  .min_words = 1,
  .max_words = -1,
  .options = { sent_options, on_option, cli_by_option },
  .help = "From that day on the letter counts as told, until it comes back (kigen outbox returned).\n"
          "\n"
          "  kigen outbox sent 4711 --tracking 123-45-67890-1 --on 2031-04-02",
  .roles = ROLES,
  .run = sent_run,
};

const Command cmd_outbox_handover_returned = {
  .name = "returned",
  .summary = "Record that letters came back by post",
  .words = "ID…",
  .min_words = 1,
  .max_words = -1,
  .options = { on_option, cli_by_option, cli_reason_option },
  .help = "What a bounce is to a mail: it told nobody any more. Mend the address and print it anew (kigen "
          "outbox retry, "
          "print).\n"
          "\n"
          "  kigen outbox returned 4711 --reason 宛先不明 --on 2031-04-09",
  .roles = ROLES,
  .run = returned_run,
};

const Command cmd_outbox_handover_handed = {
  .name = "handed",
  .summary = "Record that messages were handed over or faxed",
  .words = "ID…",
  .min_words = 1,
  .max_words = -1,
  .options = { handed_options, on_option, cli_by_option },
  .help = "For letters, faxes and what goes by hand; and in place of what bounced, failed or came back.\n"
          "\n"
          "  kigen outbox handed 4711 --to 佐藤健 --how hand --on 2031-04-02",
  .roles = ROLES,
  .run = handed_run,
};

const Command cmd_outbox_handover_relayed = {
  .name = "relayed",
  .summary = "Record that a distributor passed one on",
  .words = "ID CUSTOMER",
  .min_words = 2,
  .max_words = 2,
  .options = { relayed_options, on_option, cli_by_option },
  .help = "What a distributor reports back of a request (転送のお願い), customer by customer; many at once: "
          "kigen import\n"
          "relay-reports. The request alone tells a customer nothing.\n"
          "\n"
          "  kigen outbox relayed 4711 H0901 --how hand --person 藤代理沙 --on 2031-04-02",
  .roles = ROLES,
  .run = relayed_run,
};
