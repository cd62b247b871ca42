#include "notifier/cli/config.h"

#include "notifier/cli/cli_error.h"
#include "notifier/cli/config_file.h"
#include "notifier/cli/suggest.h"
#include "planner/user_name.h"

#include <errno.h>
#include <string.h>

#define DEFAULT_BASE_URL "http://127.0.0.1:8765"
#define DEFAULT_TIME_ZONE "Asia/Tokyo"

static const char template[] =
    "# kigen.conf: how kigen runs here. Lines that begin with # are comments.\n"
    "# Who you are (name, address, telephone …) is in the store: kigen maker set --help\n"
    "\n"
    "[kigen]\n"
    "# Where hospitals reach `kigen web`: feed addresses begin with it.\n"
    "base_url = " DEFAULT_BASE_URL "\n"
    "# Rules and lead times: jp, us or eu (kigen rules shows them).\n"
    "profile = jp\n"
    "# The zone that decides what \"today\" is.\n"
    "time_zone = " DEFAULT_TIME_ZONE "\n"
    "# Days closed besides weekends and 12-29 to 01-03: a file with one day a line (2031-05-03).\n"
    "#holidays = holidays.txt\n"
    "\n"
    "[mail]\n"
    "# Sender of every mail; must be set before mail leaves this machine.\n"
    "#from = Example Medical <support@maker.example>\n"
    "# A mailbox that somebody reads.\n"
    "#reply_to = support@maker.example\n"
    "# Where mail goes: maildir:DIR keeps it on this machine, smtp://relay:25 hands it to a relay.\n"
    "transport = maildir:maildir\n"
    "\n"
    "# Once the store has users (kigen user add): which of them somebody is who is logged in here, so that\n"
    "# no password is asked. It counts only in a file that nobody but its owner can write.\n"
    "#[users]\n"
    "#hayase = Hayase\n";

void config_free(Config *config)
{
  if (config == NULL)
    return;
  g_free(config->path);
  g_free(config->base_url);
  g_free(config->time_zone);
  g_free(config->holidays);
  g_free(config->mail_from);
  g_free(config->mail_reply_to);
  g_free(config->transport);
  g_hash_table_unref(config->users);
  g_free(config);
}

static bool take_base_url(Config *config, const char *value)
{
  if (!g_str_has_prefix(value, "http://") && !g_str_has_prefix(value, "https://"))
    return false;
  g_free(config->base_url);
  config->base_url = g_strdup(value);
  while (g_str_has_suffix(config->base_url, "/"))
    config->base_url[strlen(config->base_url) - 1] = '\0';
  return true;
}

static bool take_profile(Config *config, const char *value)
{
  return profile_parse(value, &config->profile);
}

/* Debian's smallest images come without tzdata: Japan, which has no summer time, must work there too. */
static GTimeZone *find_zone(const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier(name);

  return zone == NULL && strcmp(name, DEFAULT_TIME_ZONE) == 0 ? g_time_zone_new_identifier("+09:00") : zone;
}

static bool take_time_zone(Config *config, const char *value)
{
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

static bool take_holidays(Config *config, const char *value)
{
  g_free(config->holidays);
  config->holidays = beside(config, value);
  return true;
}

/* One line of text with an at sign: what is an address exactly the mail module decides. */
static bool take_address(char **ret_address, const char *value)
{
  if (strchr(value, '@') == NULL)
    return false;
  g_free(*ret_address);
  *ret_address = g_strdup(value);
  return true;
}

static bool take_mail_from(Config *config, const char *value)
{
  return take_address(&config->mail_from, value);
}

static bool take_mail_reply_to(Config *config, const char *value)
{
  return take_address(&config->mail_reply_to, value);
}

static bool take_transport(Config *config, const char *value)
{
  bool maildir = g_str_has_prefix(value, "maildir:") && strlen(value) > strlen("maildir:");
  g_autofree char *folder = maildir ? beside(config, value + strlen("maildir:")) : NULL;

  if (!maildir && !g_str_has_prefix(value, "smtp://") && !g_str_has_prefix(value, "smtps://"))
    return false;
  g_free(config->transport);
  config->transport = maildir ? g_strconcat("maildir:", folder, NULL) : g_strdup(value);
  return true;
}

typedef struct {
  const char *group;
  const char *key;
  bool (*take)(Config *config, const char *value); /* false: `value` is none */
  const char *expected;
} ConfigKey;

static const ConfigKey config_keys[] = {
  { "kigen", "base_url", take_base_url, "https://kigen.maker.example" },
  { "kigen", "profile", take_profile, "jp, us or eu" },
  { "kigen", "time_zone", take_time_zone, "an IANA name like " DEFAULT_TIME_ZONE " (package tzdata)" },
  { "kigen", "holidays", take_holidays, "a file with one day a line" },
  { "mail", "from", take_mail_from, "Name <user@domain>" },
  { "mail", "reply_to", take_mail_reply_to, "user@domain" },
  { "mail", "transport", take_transport, "maildir:DIR, smtp://host:25 or smtps://host:465" },
};

/* The line, from 1, that sets `key` in `group` of the file at `path`; 0 when it cannot be told. */
static int find_line(const char *path, const char *group, const char *key)
{
  g_autofree char *text = NULL;
  g_autofree char *header = g_strdup_printf("[%s]", group);
  bool inside = false;

  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;

  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (int i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip(lines[i]);
    size_t length = strcspn(line, " \t=");

    if (line[0] == '[')
      inside = strcmp(line, header) == 0;
    if (key == NULL ? line[0] == '[' && inside
                    : inside && strlen(key) == length && strncmp(line, key, length) == 0)
      return i + 1;
  }
  return 0;
}

static bool refuse(const Config *config, const char *group, const char *key, const char *message,
                   GError **error)
{
  int line = find_line(config->path, group, key);

  if (line > 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s:%d: %s", config->path, line, message);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", config->path, message);
  return false;
}

static bool refuse_unknown(const Config *config, const char *group, const char *key, GError **error)
{
  const char *known[G_N_ELEMENTS(config_keys) + 1] = { NULL };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(config_keys); i++)
    if (strcmp(config_keys[i].group, group) == 0)
      known[n++] = config_keys[i].key;

  g_autofree char *hint = suggest_hint(key, known);
  g_autofree char *message = g_strdup_printf("unknown key \"%s\" in [%s]: %s", key, group, hint);

  return refuse(config, group, key, message, error);
}

static bool take_key(Config *config, GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autofree char *value = g_key_file_get_string(file, group, key, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(config_keys); i++) {
    const ConfigKey *row = &config_keys[i];

    if (strcmp(row->group, group) != 0 || strcmp(row->key, key) != 0)
      continue;
    if (value != NULL && (g_strstrip(value)[0] == '\0' || row->take(config, value)))
      return true; /* an empty value leaves the default */

    g_autofree char *message =
        g_strdup_printf("%s = %s: expected %s", key, value != NULL ? value : "(broken)", row->expected);

    return refuse(config, group, key, message, error);
  }
  return refuse_unknown(config, group, key, error);
}

/* A key of [users] is whatever the operating system calls somebody. */
static bool take_user(Config *config, GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autofree char *value = g_key_file_get_string(file, group, key, NULL);
  g_autofree char *name = NULL;
  g_autoptr(GError) cause = NULL;

  if (value != NULL && g_strstrip(value)[0] == '\0')
    return true;
  if (!user_name_parse(value, &name, &cause)) {
    g_autofree char *message = g_strdup_printf("%s = %s: expected the name of a user (kigen user list): %s",
                                               key, value != NULL ? value : "(broken)", cause->message);

    return refuse(config, group, key, message, error);
  }
  g_hash_table_replace(config->users, g_strdup(key), g_steal_pointer(&name));
  return true;
}

static const struct {
  const char *name;
  bool (*take)(Config *config, GKeyFile *file, const char *group, const char *key, GError **error);
} config_groups[] = {
  { "kigen", take_key },
  { "mail", take_key },
  { "users", take_user },
};

static bool refuse_group(const Config *config, const char *group, GError **error)
{
  g_autoptr(GString) message = g_string_new(NULL);

  g_string_append_printf(message, "unknown section [%s]; known are: ", group);
  for (gsize i = 0; i < G_N_ELEMENTS(config_groups); i++)
    g_string_append_printf(message, "%s[%s]", i > 0 ? ", " : "", config_groups[i].name);
  return refuse(config, group, NULL, message->str, error);
}

static bool take_group(Config *config, GKeyFile *file, const char *group, GError **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
  gsize row = 0;

  while (row < G_N_ELEMENTS(config_groups) && strcmp(config_groups[row].name, group) != 0)
    row++;
  if (row == G_N_ELEMENTS(config_groups))
    return refuse_group(config, group, error);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!config_groups[row].take(config, file, group, keys[i], error))
      return false;
  return true;
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
  g_autofree char *maildir = g_build_filename(folder, "maildir", NULL);

  config->path = config_path(store_path);
  config->base_url = g_strdup(DEFAULT_BASE_URL);
  config->profile = PROFILE_JP;
  config->time_zone = g_strdup(DEFAULT_TIME_ZONE);
  config->transport = g_strconcat("maildir:", maildir, NULL);
  config->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return config;
}

bool config_load(const char *store_path, bool may_be_missing, Config **ret_config, GError **error)
{
  g_autoptr(Config) config = config_defaults(store_path);
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_auto(ConfigFile) read = { 0 };
  g_autoptr(GError) cause = NULL;
  int code = config_file_read(config->path, &read);

  if (code != 0 && (code != ENOENT || (is_named() && !may_be_missing))) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: cannot read the configuration: %s",
                config->path, g_strerror(code));
    return false;
  }
  if (code == 0 &&
      !g_key_file_load_from_data(file, read.text->str, read.text->len, G_KEY_FILE_NONE, &cause)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", config->path, cause->message);
    return false;
  }

  config->owner = read.owner;
  config->mode = read.mode;

  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (!take_group(config, file, groups[i], error))
      return false;
  *ret_config = g_steal_pointer(&config);
  return true;
}

bool config_write(const char *path, GError **error)
{
  return g_file_set_contents_full(path, template, -1,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

bool config_calendar(const Config *config, BusinessCalendar **ret_calendar, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));

  if (config->holidays != NULL && !g_file_get_contents(config->holidays, &text, NULL, error)) {
    g_prefix_error(error, "holidays of %s: ", config->path);
    return false;
  }

  g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

  for (int i = 0; lines[i] != NULL; i++) {
    char *word = g_strstrip(lines[i]);
    Day day = DAY_NONE;

    if (word[0] == '\0' || word[0] == '#')
      continue;
    word[strcspn(word, " \t,#")] = '\0'; /* what follows the day is its name */
    if (!day_parse(word, &day)) {
      g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
                  "%s:%d: \"%s\" is no day: write one a line, like 2031-05-03", config->holidays, i + 1,
                  word);
      return false;
    }
    g_array_append_val(days, day);
  }
  *ret_calendar = calendar_new((const Day *)(const void *)days->data, days->len);
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
  if (config->mail_from != NULL || is_loopback(g_uri_get_host(uri)))
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
