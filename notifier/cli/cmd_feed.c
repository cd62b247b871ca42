#include "db/feed_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/organization_match.h"
#include "notifier/cli/table.h"
#include "notifier/feed/feed_source.h"

#include <string.h>

static const ArgOption create_options[] = {
  { "language", "L", "ja or en (default: the organization's own)" },
  { "lead-times", NULL, "the lead times before EOL and EOS as events of their own" },
  { NULL },
};
static const ArgOption export_options[] = {
  { "output", "FILE", "write it there instead of to standard output" },
  { "language", "L", "ja or en (default: the organization's own)" },
  { "lead-times", NULL, "with the lead times before EOL and EOS as events of their own" },
  { NULL },
};
static const ArgOption feed_option[] = { { "feed", "N", "which of its feeds (kigen feed list)" }, { NULL } };

static const char create_help[] =
    "Prints the address of a new calendar feed, alone on standard output. It "
    "is shown now and never again: who knows it, reads\n"
    "the calendar. An organization may have several. Calendar programs drop alarms, so\n"
    "reminders are events: --lead-times adds one at each of the policy's lead times before EOL and EOS.";
static const char rotate_help[] =
    "The old address says \"gone\" from now on; the new one is printed, alone on standard output.";

static bool load_key(const Db *db, LinkKey **ret_key, GError **error)
{
  g_autofree char *path = link_key_path(db_path(db));

  return link_key_load(path, ret_key, error);
}

/* The URL alone on standard output; for a person, what to do with it beside it. */
static bool print_url(Cli *cli, const char *organization, const char *token, GError **error)
{
  const Config *config = NULL;

  if (!cli_config(cli, &config, error))
    return false;

  const char *rest = strstr(config->base_url, "://");
  g_autofree char *url = g_strdup_printf("%s/feeds/%s.ics", config->base_url, token);
  g_autofree char *webcal = g_strdup_printf("webcal%s/feeds/%s.ics", rest, token);
  g_autoptr(Json) document =
      json_pack("{s:s, s:s, s:s}", "organization", organization, "url", url, "webcal", webcal);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s\n", url);
  if (!cli_json(cli) && term_is_terminal(stderr))
    fprintf(stderr, "Shown only now. To subscribe with one click: %s\n", webcal);
  return true;
}

static bool create_run(Cli *cli, const Args *args, GError **error)
{
  const char *organization = args_word(args, 0);
  g_autoptr(LinkKey) key = NULL;
  g_autofree char *token = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_write(cli, args, &db, &context, error) || !load_key(db, &key, error) || !db_begin(db, error))
    return false;

  const FeedTerms terms = { .language = args_text(args, "language"),
                            .lead_times = args_flag(args, "lead-times") };

  if (!feed_store_create(db, &context, key, organization, &terms, &token, error) || !db_commit(db, error))
    return false;
  return print_url(cli, organization, token, error);
}

static Json *feed_json(const FeedRow *row)
{
  return json_pack("{s:I, s:s, s:s, s:s, s:b, s:s, s:o, s:o}", "feed", (json_int_t)row->id, "organization",
                   row->organization_code, "name", row->organization_name, "language", row->language,
                   "lead_times", row->lead_times, "created_at", row->created_at, "revoked_at",
                   cli_json_text(row->revoked_at), "page",
                   row->page != 0 ? json_integer(row->page) : json_null());
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Table) table = table_new(">FEED|ORGANIZATION|NAME|LANGUAGE|CREATED|REVOKED|>PAGE");
  g_autoptr(Json) list = json_array();
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !feed_store_list(db, args_word(args, 0), &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const FeedRow *row = rows->pdata[i];

    json_array_append_new(list, feed_json(row));
    table_cell_int(table, row->id);
    table_cell(table, row->organization_code);
    table_cell(table, row->organization_name);
    table_cell(table, row->language);
    table_cell(table, row->created_at);
    table_cell(table, row->revoked_at);
    if (row->page != 0)
      table_cell_int(table, row->page);
    else
      table_cell(table, NULL);
  }
  if (cli_json(cli))
    cli_print_json_list("feeds", list);
  else if (rows->len == 0)
    printf("no feed yet: kigen feed create ORGANIZATION\n");
  else
    table_print(table, stdout);
  return true;
}

/* Of the live feeds among `rows` the one that --feed names, or the only one. */
static bool choose_feed(const GPtrArray *rows, const char *organization, const char *chosen, gint64 *ret_feed,
                        GError **error)
{
  g_autoptr(GString) live = g_string_new("");
  guint n = 0;

  for (guint i = 0; i < rows->len; i++) {
    const FeedRow *row = rows->pdata[i];
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

    if (row->revoked_at != NULL || (chosen != NULL && strcmp(chosen, number) != 0))
      continue;
    g_string_append_printf(live, "%s%s", n++ > 0 ? ", " : "", number);
    *ret_feed = row->id;
  }
  if (n == 1)
    return true;
  if (n == 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s has no such feed in use: kigen feed list %s",
                organization, organization);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s has %u feeds: say which by --feed (%s)", organization,
                n, live->str);
  return false;
}

/* Begins a write on the one feed that the command line means. */
static bool begin_on_feed(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context,
                          gint64 *ret_feed, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  return cli_write(cli, args, ret_db, ret_context, error) && db_begin(*ret_db, error) &&
         feed_store_list(*ret_db, args_word(args, 0), &rows, error) &&
         choose_feed(rows, args_word(args, 0), args_text(args, "feed"), ret_feed, error);
}

static bool rotate_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(LinkKey) key = NULL;
  g_autofree char *token = NULL;
  AuditContext context = { 0 };
  gint64 feed = 0;
  Db *db = NULL;

  if (!begin_on_feed(cli, args, &db, &context, &feed, error) || !load_key(db, &key, error))
    return false;
  if (!feed_store_rotate(db, &context, key, feed, &token, error) || !db_commit(db, error))
    return false;
  return print_url(cli, args_word(args, 0), token, error);
}

static bool revoke_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  gint64 feed = 0;
  Db *db = NULL;

  if (!begin_on_feed(cli, args, &db, &context, &feed, error))
    return false;
  if (!feed_store_revoke(db, &context, feed, error) || !db_commit(db, error))
    return false;

  g_autoptr(Json) document = json_pack("{s:I, s:s}", "feed", (json_int_t)feed, "revoked_at", context.now);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("feed %" G_GINT64_FORMAT " of %s is revoked: its address says \"gone\" from now on\n", feed,
           args_word(args, 0));
  return true;
}

/* Renders the calendar from one state of the store. */
static bool render(Db *db, const Args *args, const Policy *leads, Day today, GBytes **ret_bytes,
                   GError **error)
{
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(GArray) scopes = NULL;
  FeedSource source = { .language = args_text(args, "language"), .leads = leads };

  return template_set_load(&templates, error) && db_begin_read(db, error) &&
         organization_match_find(db, args_word(args, 0), &source.organization, error) &&
         feed_source_render_from(db, templates, &source, today, ret_bytes, &scopes, error);
}

static bool export_run(Cli *cli, const Args *args, GError **error)
{
  const char *output = args_text(args, "output");
  bool with_leads = args_flag(args, "lead-times");
  g_autoptr(GBytes) bytes = NULL;
  const Policy *policy = NULL;
  Day day = DAY_NONE;
  Db *db = NULL;

  if (!cli_today(cli, &day, error) || !cli_policy(cli, &policy, error) ||
      !cli_store(cli, DB_READ, &db, error) ||
      !render(db, args, with_leads ? policy : NULL, day, &bytes, error))
    return false;

  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);

  if (output != NULL && strcmp(output, "-") != 0)
    return g_file_set_contents(output, data, (gssize)size, error);
  fwrite(data, 1, size, stdout);
  return true;
}

static const Command feed_create = {
  .name = "create",
  .summary = "Make a calendar feed for an organization and print its address",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { create_options, cli_by_option },
  .help = create_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = create_run,
};

static const Command feed_list = {
  .name = "list",
  .summary = "List feeds, without their addresses",
  .words = "[ORGANIZATION]",
  .max_words = 1,
  .run = list_run,
};

static const Command feed_rotate = {
  .name = "rotate",
  .summary = "Give a feed a new address",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { feed_option, cli_by_option },
  .help = rotate_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = rotate_run,
};

static const Command feed_revoke = {
  .name = "revoke",
  .summary = "End a feed",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { feed_option, cli_by_option },
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = revoke_run,
};

static const Command feed_export = {
  .name = "export",
  .summary = "Write an organization's calendar as an .ics file",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { export_options },
  .run = export_run,
};

static const Command *const subcommands[] = { &feed_create, &feed_list,   &feed_rotate,
                                              &feed_revoke, &feed_export, NULL };

const Command cmd_feed = {
  .name = "feed",
  .summary = "Calendar feeds of organizations",
  .words = "COMMAND",
  .subcommands = subcommands,
};
