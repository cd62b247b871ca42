#include "notifier/cli/config_web.h"

#include "notifier/web/web_server.h"

#include <string.h>

void config_web_init(ConfigWeb *web, const char *folder)
{
  *web = (ConfigWeb){ .folder = g_strdup(folder), .listen = g_strdup(CONFIG_WEB_LISTEN), .gzip = 1 };
}

void config_web_clear(ConfigWeb *web)
{
  g_free(web->folder);
  g_free(web->listen);
  g_free(web->trusted_proxies);
  g_free(web->tls_certificate);
  g_free(web->tls_key);
}

static void *field(gpointer target, const ConfigKey *row)
{
  return (char *)target + row->offset;
}

static void set_text(gpointer target, const ConfigKey *row, char *text)
{
  char **into = field(target, row);

  g_free(*into);
  *into = text;
}

static bool take_listen(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  g_autofree char *address = NULL;
  g_autoptr(GError) cause = NULL;
  guint16 port;

  if (!web_server_parse_listen(value, &address, &port, &cause)) {
    *ret_why = g_strdup(cause->message);
    return false;
  }
  set_text(target, row, g_strdup(value));
  return true;
}

static bool take_proxies(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                         char **ret_why)
{
  bool none = strcmp(value, "none") == 0;

  if (!none && !web_server_check_proxies(value))
    return false;
  set_text(target, row, g_strdup(none ? "" : value));
  return true;
}

static bool take_path(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                      char **ret_why)
{
  const ConfigWeb *web = target;

  set_text(target, row,
           g_path_is_absolute(value) ? g_strdup(value) : g_build_filename(web->folder, value, NULL));
  return true;
}

static bool take_number(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  gint64 number;

  if (!g_ascii_string_to_signed(value, 10, row->min, row->max, &number, NULL))
    return false;
  *(int *)field(target, row) = (int)number;
  return true;
}

static bool take_yes_no(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  bool yes = strcmp(value, "yes") == 0;

  if (!yes && strcmp(value, "no") != 0)
    return false;
  *(int *)field(target, row) = yes;
  return true;
}

#define AT(member) G_STRUCT_OFFSET(ConfigWeb, member)

static const ConfigKey keys[] = {
  { "listen", take_listen, "", AT(listen), 0, 0 },
  { "threads", take_number, "1 to 64", AT(threads), 1, 64 },
  { "cache_mib", take_number, "1 to 65536, in MiB", AT(cache_mib), 1, 65536 },
  { "gzip", take_yes_no, "yes or no", AT(gzip), 0, 0 },
  { "trusted_proxies", take_proxies, "addresses and networks like 127.0.0.1 10.0.0.0/8, or none",
    AT(trusted_proxies), 0, 0 },
  { "connections", take_number, "16 to 100000", AT(connections), 16, 100000 },
  { "connections_per_client", take_number, "1 to 100000", AT(connections_per_client), 1, 100000 },
  { "idle_seconds", take_number, "1 to 3600", AT(idle_seconds), 1, 3600 },
  { "posts_per_minute", take_number, "1 to 100000", AT(posts_per_minute), 1, 100000 },
  { "deadline_seconds", take_number, "1 to 3600", AT(deadline_seconds), 1, 3600 },
  { "tls_certificate", take_path, "the path of a PEM file", AT(tls_certificate), 0, 0 },
  { "tls_key", take_path, "the path of a PEM file", AT(tls_key), 0, 0 },
};

bool config_web_take(ConfigWeb *web, ConfigTable *table, const char *group, GError **error)
{
  if (!config_table_take(table, group, keys, G_N_ELEMENTS(keys), web, error))
    return false;
  if ((web->tls_certificate == NULL) == (web->tls_key == NULL))
    return true;
  return config_table_refuse(table, group, web->tls_key == NULL ? "tls_certificate" : "tls_key", error,
                             "tls_certificate and tls_key go together: set both or none");
}
