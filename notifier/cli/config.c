#include "notifier/cli/config.h"

#include "notifier/cli/cli_error.h"
#include "notifier/cli/config_profile.h"
#include "notifier/cli/config_table.h"
#include "notifier/cli/suggest.h"
#include "planner/user_name.h"

#include <string.h>

void config_free(Config *config)
{
  if (config == NULL)
    return;
  g_free(config->path);
  g_free(config->base_url);
  g_free(config->time_zone);
  g_free(config->profile);
  g_ptr_array_unref(config->profiles);
  g_array_unref(config->products);
  g_strfreev(config->holidays);
  config_mail_clear(&config->mail);
  config_webhook_clear(&config->webhook);
  config_web_clear(&config->web);
  g_hash_table_unref(config->users);
  g_free(config);
}

static bool take_base_url(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                          char **ret_why)
{
  Config *config = target;

  if (!g_str_has_prefix(value, "http://") && !g_str_has_prefix(value, "https://"))
    return false;
  g_free(config->base_url);
  config->base_url = g_strdup(value);
  while (g_str_has_suffix(config->base_url, "/"))
    config->base_url[strlen(config->base_url) - 1] = '\0';
  return true;
}

/* It may be one of the file's own, further down: config_load looks for it. */
static bool take_profile(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                         char **ret_why)
{
  Config *config = target;

  g_free(config->profile);
  config->profile = g_strdup(value);
  return true;
}

/* Debian's smallest images come without tzdata: Japan, which has no summer time, must work there too. */
static GTimeZone *find_zone(const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier(name);

  return zone == NULL && strcmp(name, CONFIG_TIME_ZONE) == 0 ? g_time_zone_new_identifier("+09:00") : zone;
}

static bool take_time_zone(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                           char **ret_why)
{
  Config *config = target;
  g_autoptr(GTimeZone) zone = find_zone(value);

  if (zone == NULL)
    return false;
  g_free(config->time_zone);
  config->time_zone = g_strdup(value);
  return true;
}

/* Paths are relative to the file that names them. */
static char *beside(const Config *config, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(config->path);

  return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(folder, path, NULL);
}

static bool take_holidays(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                          char **ret_why)
{
  Config *config = target;
  g_auto(GStrv) names = g_strsplit(value, ";", -1);
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = beside(config, g_strstrip(names[i]));

    if (names[i][0] != '\0')
      g_strv_builder_add(paths, path);
  }
  g_strfreev(config->holidays);
  config->holidays = g_strv_builder_end(paths);
  return true;
}

/* A key of [users] is whatever the operating system calls somebody. */
static bool take_user(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                      char **ret_why)
{
  Config *config = target;
  g_autofree char *name = NULL;
  g_autoptr(GError) cause = NULL;

  if (!user_name_parse(value, &name, &cause)) {
    *ret_why = g_strdup_printf("expected the name of a user (kigen user list): %s", cause->message);
    return false;
  }
  g_hash_table_replace(config->users, g_strdup(rest), g_steal_pointer(&name));
  return true;
}

static const ConfigKey kigen_keys[] = {
  { "base_url", take_base_url, "https://kigen.maker.example", 0, 0, 0 },
  { "profile", take_profile, "jp, us, eu or an own one", 0, 0, 0 },
  { "time_zone", take_time_zone, "an IANA name like " CONFIG_TIME_ZONE " (package tzdata)", 0, 0, 0 },
  { "holidays", take_holidays, "files of days, with ; between them", 0, 0, 0 },
};
static const ConfigKey users_keys[] = {
  { "*", take_user, "the name of a user", 0, 0, 0 },
};

static bool read_group(Config *config, ConfigTable *table, const char *group, GError **error)
{
  g_autofree char *profile = config_profile_group(group, "profile");
  g_autofree char *product = config_profile_group(group, "product");

  if (strcmp(group, "kigen") == 0)
    return config_table_take(table, group, kigen_keys, G_N_ELEMENTS(kigen_keys), config, error);
  if (strcmp(group, "mail") == 0)
    return config_mail_take(&config->mail, table, error);
  if (strcmp(group, "web") == 0)
    return config_web_take(&config->web, table, group, error);
  if (strcmp(group, "webhook") == 0)
    return config_webhook_take(&config->webhook, table, error);
  if (strcmp(group, "users") == 0)
    return config_table_take(table, group, users_keys, G_N_ELEMENTS(users_keys), config, error);
  if (profile != NULL)
    return config_profile_add(config->profiles, table, group, profile, error);
  if (product != NULL)
    return config_profile_add_product(config->products, table, group, product, error);
  return config_table_refuse(table, group, NULL, error,
                             "unknown section [%s]; known are: [kigen], [mail], [web], [webhook], [users], "
                             "[profile NAME], [product CODE]",
                             group);
}

/* True when KIGEN_CONFIG says where the file lies; an empty one counts as not set. */
static bool is_named(void)
{
  const char *named = g_getenv("KIGEN_CONFIG");

  return named != NULL && named[0] != '\0';
}

char *config_path(const char *store_path)
{
  g_autofree char *folder = g_path_get_dirname(store_path);

  return is_named() ? g_strdup(g_getenv("KIGEN_CONFIG")) : g_build_filename(folder, "kigen.conf", NULL);
}

static Config *config_defaults(const char *store_path)
{
  Config *config = g_new0(Config, 1);
  g_autofree char *folder = g_path_get_dirname(store_path);
  g_autofree char *beside_conf = NULL;

  config->path = config_path(store_path);
  beside_conf = g_path_get_dirname(config->path);
  config_web_init(&config->web, beside_conf);
  config->base_url = g_strdup(CONFIG_BASE_URL);
  config->profile = g_strdup(policy_for(PROFILE_JP)->key);
  config->policy = *policy_for(PROFILE_JP);
  config->profiles = config_profile_list_new();
  config->products = config_profile_products_new();
  config->time_zone = g_strdup(CONFIG_TIME_ZONE);
  config_mail_init(&config->mail, folder);
  config_webhook_init(&config->webhook);
  config->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return config;
}

bool config_policy(const Config *config, const char *name, Policy *ret_policy, char **ret_hint)
{
  const ConfigProfile *own = config_profile_find(config->profiles, name);
  Profile built_in = PROFILE_COUNT;

  if (own != NULL || profile_parse(name, &built_in)) {
    *ret_policy = own != NULL ? own->policy : *policy_for(built_in);
    ret_policy->products = (const PolicyProduct *)(gconstpointer)config->products->data;
    ret_policy->n_products = config->products->len;
    return true;
  }

  g_autofree const char **known = g_new0(const char *, PROFILE_COUNT + config->profiles->len + 1);

  for (guint i = 0; i < PROFILE_COUNT; i++)
    known[i] = policy_for((Profile)i)->key;
  for (guint i = 0; i < config->profiles->len; i++)
    known[PROFILE_COUNT + i] = ((const ConfigProfile *)config->profiles->pdata[i])->name;
  *ret_hint = suggest_hint(name, known);
  return false;
}

static bool read_all(Config *config, ConfigTable *table, GError **error)
{
  g_auto(GStrv) groups = g_key_file_get_groups(table->keys, NULL);
  g_autofree char *hint = NULL;

  config->owner = table->file.owner;
  config->mode = table->file.mode;
  for (guint i = 0; groups[i] != NULL; i++)
    if (!read_group(config, table, groups[i], error))
      return false;
  return config_policy(config, config->profile, &config->policy, &hint) ||
         config_table_refuse(table, "kigen", "profile", error, "profile = %s: no such profile: %s",
                             config->profile, hint);
}

bool config_load(const char *store_path, bool may_be_missing, Config **ret_config, GError **error)
{
  g_autoptr(Config) config = config_defaults(store_path);
  g_autoptr(ConfigTable) table = NULL;

  if (!config_table_read(config->path, may_be_missing || !is_named(), &table, error) ||
      (table != NULL && !read_all(config, table, error)))
    return false;
  *ret_config = g_steal_pointer(&config);
  return true;
}

static bool is_loopback(const char *host)
{
  return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
         (g_hostname_is_ip_address(host) && g_str_has_prefix(host, "127."));
}

bool config_check_transport(const Config *config, const char *transport, GError **error)
{
  g_autoptr(GUri) uri = NULL;

  if (!g_str_has_prefix(transport, "smtp://") && !g_str_has_prefix(transport, "smtps://"))
    return true;
  uri = g_uri_parse(transport, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host(uri) == NULL || g_uri_get_host(uri)[0] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: expected smtp://host:25 or smtps://host:465",
                transport);
    return false;
  }
  if (config->mail.from != NULL || is_loopback(g_uri_get_host(uri)))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
              "%s: mail would leave this machine without a sender: set \"from\" in [mail] of %s", transport,
              config->path);
  return false;
}

Day config_day_at(const Config *config, gint64 utc_seconds)
{
  g_autoptr(GTimeZone) zone = find_zone(config->time_zone);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(utc_seconds);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

  return day_from_ymd(g_date_time_get_year(local), g_date_time_get_month(local),
                      g_date_time_get_day_of_month(local));
}
