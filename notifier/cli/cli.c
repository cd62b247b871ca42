#include "notifier/cli/cli.h"

#include "db/setting_store.h"
#include "notifier/cli/cli_user.h"
#include "planner/date_text.h"
#include "planner/user_name.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_STORE "sqlite:./kigen.db"

const ArgOption cli_options[] = {
  { "store", "URL", "the store (KIGEN_STORE; default " DEFAULT_STORE ")" },
  { "today", "DAY", "what today is (KIGEN_TODAY); writes take it only in a simulation store" },
  { "json", NULL, "print one JSON document" },
  { "as", "USER", "who you are, once the store has users (KIGEN_USER)" },
  { "password-file", "FILE", "your password (KIGEN_PASSWORD_FILE; -: standard input; default: kigen asks)" },
  { "help", NULL, "show this help" },
  { "version", NULL, "show the version" },
  { NULL },
};

const ArgOption cli_by_option[] = { { "by", "NAME", "who does it, in a store without users (default: you)" },
                                    { NULL } };
const ArgOption cli_reason_option[] = { { "reason", "TEXT", "why, for the audit trail" }, { NULL } };

struct Cli {
  const Args *args;
  Db *db;
  DbMode mode;
  Config *config;
  UserRow *user;
  const char *path;
  guint roles;
  char *now;
  CliExit exit;
};

Cli *cli_new(const Args *args)
{
  Cli *cli = g_new0(Cli, 1);

  cli->args = args;
  return cli;
}

void cli_free(Cli *cli)
{
  if (cli == NULL)
    return;
  db_close(cli->db);
  config_free(cli->config);
  user_row_free(cli->user);
  g_free(cli->now);
  g_free(cli);
}

void cli_set_command(Cli *cli, const char *path, guint roles)
{
  cli->path = path;
  cli->roles = roles;
}

bool cli_json(const Cli *cli)
{
  return args_flag(cli->args, "json");
}

const char *cli_setting(const Cli *cli, const char *option, const char *variable)
{
  const char *given = args_text(cli->args, option);
  const char *inherited = g_getenv(variable);

  if (given != NULL)
    return given;
  return inherited != NULL && inherited[0] != '\0' ? inherited : NULL;
}

const char *cli_store_url(const Cli *cli)
{
  const char *url = cli_setting(cli, "store", "KIGEN_STORE");

  return url != NULL ? url : DEFAULT_STORE;
}

const char *cli_store_path(const Cli *cli)
{
  const char *url = cli_store_url(cli);

  return g_str_has_prefix(url, "sqlite:") ? url + strlen("sqlite:") : url;
}

bool cli_is_japanese(void)
{
  return g_str_has_prefix(g_get_language_names()[0], "ja");
}

bool cli_store(Cli *cli, DbMode mode, Db **ret_db, GError **error)
{
  if (cli->db == NULL) {
    if (!db_open(cli_store_url(cli), mode, &cli->db, error))
      return false;
    cli->mode = mode;
  }
  g_assert(cli->mode == mode);
  *ret_db = cli->db;
  return true;
}

static bool load_config(Cli *cli, bool may_be_missing, const Config **ret_config, GError **error)
{
  if (cli->config == NULL && !config_load(cli_store_path(cli), may_be_missing, &cli->config, error))
    return false;
  *ret_config = cli->config;
  return true;
}

bool cli_config(Cli *cli, const Config **ret_config, GError **error)
{
  return load_config(cli, false, ret_config, error);
}

bool cli_config_or_defaults(Cli *cli, const Config **ret_config, GError **error)
{
  return load_config(cli, true, ret_config, error);
}

bool cli_policy(Cli *cli, const Policy **ret_policy, GError **error)
{
  const Config *config = NULL;

  if (!cli_config(cli, &config, error))
    return false;
  *ret_policy = &config->policy;
  return true;
}

bool cli_parse_day(const char *text, const char *what, Day *ret_day, GError **error)
{
  PlanDate date = { 0 };
  g_autoptr(GError) cause = NULL;

  if (!date_text_parse(text, &date, NULL, &cause)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: %s", what, cause->message);
    return false;
  }
  if (date.state != DATE_KNOWN) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: \"%s\" is no day: write one like 2031-03-31", what,
                text);
    return false;
  }
  *ret_day = date.day;
  return true;
}

bool cli_day_option(const Args *args, const char *name, Day *ret_day, GError **error)
{
  const char *text = args_text(args, name);
  g_autofree char *what = g_strconcat("--", name, NULL);

  return text == NULL || cli_parse_day(text, what, ret_day, error);
}

static const char *given_today(const Cli *cli)
{
  return cli_setting(cli, "today", "KIGEN_TODAY");
}

bool cli_has_today(const Cli *cli)
{
  return given_today(cli) != NULL;
}

bool cli_today(Cli *cli, Day *ret_today, GError **error)
{
  const char *text = given_today(cli);
  const Config *config = NULL;

  if (text != NULL)
    return cli_parse_day(text, args_text(cli->args, "today") != NULL ? "--today" : "KIGEN_TODAY", ret_today,
                         error);
  if (!cli_config(cli, &config, error))
    return false;
  *ret_today = config_day_at(config, g_get_real_time() / G_USEC_PER_SEC);
  return true;
}

static bool check_simulation(Cli *cli, Db *db, GError **error)
{
  g_auto(Setting) setting = { 0 };

  if (given_today(cli) == NULL)
    return true;
  if (!setting_store_load(db, &setting, error))
    return false;
  if (!setting.simulation)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: this store keeps proof, so nothing is written into it on another day than the real one. "
                "To try things out: kigen simulate, or a store made by kigen init --simulation",
                args_text(cli->args, "today") != NULL ? "--today" : "KIGEN_TODAY");
  return setting.simulation;
}

bool cli_context(Cli *cli, const Args *args, AuditContext *ret_context, GError **error)
{
  AuditContext context = { .actor = args_text(args, "by") };
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();

  if (!cli_today(cli, &context.today, error))
    return false;
  if (context.actor == NULL)
    context.actor = g_get_user_name();
  if (context.actor[0] == '\0' || !g_utf8_validate(context.actor, -1, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--by: give a name");
    return false;
  }
  g_free(cli->now);
  cli->now = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
  context.now = cli->now;
  *ret_context = context;
  return true;
}

bool cli_act(Cli *cli, const Args *args, Db *db, AuditContext *context, GError **error)
{
  g_autoptr(UserRow) user = NULL;

  g_assert(cli->roles != 0); /* a command that writes says who may */
  if (!cli_user_prove(cli, args, db, &user, error))
    return false;
  if (user == NULL)
    return true;
  if (!cli_user_check_role(user, cli->roles, cli->path, error))
    return false;
  context->actor = user->name;
  context->user = user->id;
  context->roles = user->roles;
  user_row_free(cli->user);
  cli->user = g_steal_pointer(&user);
  return true;
}

bool cli_write(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context, GError **error)
{
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_context(cli, args, &context, error) || !cli_store(cli, DB_WRITE, &db, error) ||
      !cli_act(cli, args, db, &context, error) || !check_simulation(cli, db, error))
    return false;
  *ret_db = db;
  *ret_context = context;
  return true;
}

bool cli_write_as_kigen(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context, GError **error)
{
  const char *claimed = args_text(args, "by") != NULL ? "by" : args_text(args, "as") != NULL ? "as" : NULL;
  AuditContext context = { 0 };
  bool users = false;
  Db *db = NULL;

  if (!cli_context(cli, args, &context, error) || !cli_store(cli, DB_WRITE, &db, error) ||
      !user_store_any(db, &users, error) || !check_simulation(cli, db, error))
    return false;
  if (users && claimed != NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "--%s: %s acts as kigen itself, which sends what people have published: leave --%s away",
                claimed, cli->path, claimed);
    return false;
  }
  if (users)
    context.actor = USER_NAME_PROGRAM;
  *ret_db = db;
  *ret_context = context;
  return true;
}

void cli_print_json(const Json *document)
{
  json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
  putchar('\n');
}

void cli_print_json_list(const char *name, Json *list)
{
  g_autoptr(Json) document = json_pack("{s:O}", name, list);

  cli_print_json(document);
}

Json *cli_json_text(const char *text)
{
  if (text == NULL)
    return json_null();

  Json *value = json_string(text);

  if (value == NULL) { /* another program wrote bytes into the store that are not UTF-8 */
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    value = json_string(valid);
  }
  return value;
}

Json *cli_json_date(PlanDate date)
{
  char buffer[DAY_TEXT_SIZE];

  return cli_json_text(plan_date_to_store(date, buffer));
}

Json *cli_json_day(Day day)
{
  char buffer[DAY_TEXT_SIZE];

  return day != DAY_NONE ? json_string(day_format(day, buffer)) : json_null();
}

void cli_set_exit(Cli *cli, CliExit code)
{
  cli->exit = code;
}

CliExit cli_exit(const Cli *cli)
{
  return cli->exit;
}

void cli_report(const GError *error)
{
  fprintf(stderr, "%skigen:%s %s\n", term_begin(stderr, STYLE_RED), term_end(stderr, STYLE_RED),
          error->message);
}

void cli_warn(const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start(arguments, format);
  message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  fprintf(stderr, "%skigen: warning:%s %s\n", term_begin(stderr, STYLE_YELLOW),
          term_end(stderr, STYLE_YELLOW), message);
}
