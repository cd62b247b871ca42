#include "db/audit_key.h"
#include "db/link_key.h"
#include "db/setting_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/config_template.h"

#include <glib/gstdio.h>

static const ArgOption options[] = {
  { "simulation", NULL, "a store to play with: writes may take --today; nothing in it is proof" },
  { "uid-domain", "DOMAIN",
    "right-hand side of event UIDs and Message-IDs, for ever (default: a random one)" },
  { NULL },
};

static const char help[] =
    "Makes four files: the store (--store); beside it the key of its links (STORE.key) and the key that "
    "signs "
    "its audit\n"
    "trail (STORE.sign-key): keep both secret, and back them up apart from the store; and kigen.conf, unless "
    "there is\n"
    "one. Nothing that exists is overwritten.\n"
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

/* What is made; `configuration` is NULL when the file is there. */
typedef struct {
  char *key, *sign_key;
  const char *configuration;
} Files;

static void files_clear(Files *files)
{
  g_free(files->key);
  g_free(files->sign_key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static bool fill_store(Db *db, const Files *files, const Args *args, const AuditContext *context,
                       const char *domain, GError **error)
{
  return db_begin(db, error) &&
         setting_store_init(db, context, args_flag(args, "simulation"), domain, error) &&
         link_key_create(files->key, error) && audit_key_make(db, context, files->sign_key, error) &&
         (files->configuration == NULL || config_template_write(files->configuration, error)) &&
         db_commit(db, error);
}

/* Makes everything or nothing. */
static bool make_store(const char *url, const Files *files, const Args *args, const AuditContext *context,
                       const char *domain, GError **error)
{
  g_autoptr(Db) db = NULL;

  if (!db_open(url, DB_CREATE, &db, error))
    return false;
  if (fill_store(db, files, args, context, domain, error))
    return true;
  db_discard(g_steal_pointer(&db));
  g_unlink(files->key);
  g_unlink(files->sign_key);
  if (files->configuration != NULL)
    g_unlink(files->configuration);
  return false;
}

static void print_done(Cli *cli, const Args *args, const Files *files, const char *conf_path,
                       const char *domain)
{
  const char *path = cli_store_path(cli);
  g_autoptr(Json) document = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "store", path, "key", files->key,
                                       "sign_key", files->sign_key, "configuration", conf_path, "uid_domain",
                                       domain, "simulation", args_flag(args, "simulation"));

  if (cli_json(cli)) {
    cli_print_json(document);
    return;
  }
  printf("store          %s%s\nkey            %s\nsigning key    %s\nconfiguration  %s\nuid domain     %s\n",
         path, args_flag(args, "simulation") ? " (simulation: not for proof)" : "", files->key,
         files->sign_key, conf_path, domain);
  printf("\nNext: kigen maker set name_ja=… ; kigen import products FILE ; kigen help\n");
}

static bool init_run(Cli *cli, const Args *args, GError **error)
{
  const char *path = cli_store_path(cli);
  const Config *config = NULL;
  AuditContext context = { 0 };
  g_autofree char *domain =
      args_text(args, "uid-domain") != NULL ? g_strdup(args_text(args, "uid-domain")) : random_domain();
  g_auto(Files) files = { link_key_path(path), sign_key_path(path), NULL };

  if (!check_domain(domain, error) || !cli_config_or_defaults(cli, &config, error) ||
      !cli_context(cli, args, &context, error))
    return false;
  if (!g_file_test(path, G_FILE_TEST_EXISTS) &&
      (refuse_key(files.key, error) || refuse_key(files.sign_key, error)))
    return false;
  if (!g_file_test(config->path, G_FILE_TEST_EXISTS))
    files.configuration = config->path;
  if (!make_store(cli_store_url(cli), &files, args, &context, domain, error))
    return false;
  print_done(cli, args, &files, config->path, domain);
  return true;
}

const Command cmd_init = {
  .name = "init",
  .summary = "Make a new store, its key files and kigen.conf",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .run = init_run,
};
