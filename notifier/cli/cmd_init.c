#include "db/link_key.h"
#include "db/setting_store.h"
#include "notifier/cli/cmd.h"

#include <glib/gstdio.h>

static const ArgOption options[] = {
  { "simulation", NULL, "a store to play with: writes may take --today; nothing in it is proof" },
  { "uid-domain", "DOMAIN",
    "right-hand side of event UIDs and Message-IDs, for ever (default: a random one)" },
  { NULL },
};

static const char help[] =
    "Makes three files: the store (--store), the key of its links beside it (STORE.key: keep it secret, back "
    "it up\n"
    "apart from the store), and kigen.conf, unless there is one. Nothing that exists is overwritten.\n"
    "The domain need not exist in the DNS, but must be yours, like kigen.maker.example.";

static bool refuse_key(const char *key_path, GError **error)
{
  if (!g_file_test(key_path, G_FILE_TEST_EXISTS))
    return false;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "%s exists already, and nothing is overwritten: it is the key of another store. Name the new one "
      "by --store, or bring the old store back from its backup",
      key_path);
  return true;
}

static bool check_domain(const char *domain, GError **error)
{
  if (g_regex_match_simple("^(?=.{1,200}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9]([A-Za-"
                           "z0-9-]{0,61}[A-Za-z0-9])?$",
                           domain, G_REGEX_DOLLAR_ENDONLY, 0))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "--uid-domain \"%s\": expected a domain name like kigen.maker.example", domain);
  return false;
}

static char *random_domain(void)
{
  g_autofree char *uuid = g_uuid_string_random();

  return g_strdup_printf("%.8s.kigen.invalid", uuid);
}

static bool fill_store(Db *db, const char *key_path, const char *conf_path, const Args *args,
                       const AuditContext *context, const char *domain, GError **error)
{
  return db_begin(db, error) &&
         setting_store_init(db, context, args_flag(args, "simulation"), domain, error) &&
         link_key_create(key_path, error) && (conf_path == NULL || config_write(conf_path, error)) &&
         db_commit(db, error);
}

/* Makes everything or nothing; `conf_path` is NULL when the file is there. */
static bool make_store(const char *url, const char *key_path, const char *conf_path, const Args *args,
                       const AuditContext *context, const char *domain, GError **error)
{
  g_autoptr(Db) db = NULL;

  if (!db_open(url, DB_CREATE, &db, error))
    return false;
  if (fill_store(db, key_path, conf_path, args, context, domain, error))
    return true;
  db_discard(g_steal_pointer(&db));
  g_unlink(key_path);
  if (conf_path != NULL)
    g_unlink(conf_path);
  return false;
}

static void print_done(Cli *cli, const Args *args, const char *path, const char *key_path,
                       const char *conf_path, const char *domain)
{
  g_autoptr(Json) document =
      json_pack("{s:s, s:s, s:s, s:s, s:b}", "store", path, "key", key_path, "configuration", conf_path,
                "uid_domain", domain, "simulation", args_flag(args, "simulation"));

  if (cli_json(cli)) {
    cli_print_json(document);
    return;
  }
  printf("store          %s%s\nkey            %s\nconfiguration  %s\nuid domain     %s\n", path,
         args_flag(args, "simulation") ? " (simulation: not for proof)" : "", key_path, conf_path, domain);
  printf("\nNext: kigen maker set name_ja=… ; kigen import products FILE ; kigen help\n");
}

static bool init_run(Cli *cli, const Args *args, GError **error)
{
  const char *path = cli_store_path(cli);
  const Config *config = NULL;
  AuditContext context = { 0 };
  g_autofree char *domain =
      args_text(args, "uid-domain") != NULL ? g_strdup(args_text(args, "uid-domain")) : random_domain();
  g_autofree char *key_path = link_key_path(path);

  if (!check_domain(domain, error) || !cli_config(cli, &config, error) ||
      !cli_context(cli, args, &context, error))
    return false;
  if (!g_file_test(path, G_FILE_TEST_EXISTS) && refuse_key(key_path, error))
    return false;

  bool has_config = g_file_test(config->path, G_FILE_TEST_EXISTS);

  if (!make_store(cli_store_url(cli), key_path, has_config ? NULL : config->path, args, &context, domain,
                  error))
    return false;
  print_done(cli, args, path, key_path, config->path, domain);
  return true;
}

const Command cmd_init = {
  .name = "init",
  .summary = "Make a new store, its key file and kigen.conf",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .run = init_run,
};
