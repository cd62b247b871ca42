#include "notifier/cli/config_webhook.h"

#include <string.h>

#include "notifier/mail/deliver_crew.h"

#define CONNECTIONS 4
#define DEADLINE 30
#define DEADLINE_MAX 60

void config_webhook_init(ConfigWebhook *webhook)
{
  *webhook = (ConfigWebhook){ .connections = CONNECTIONS, .deadline = DEADLINE };
}

void config_webhook_clear(ConfigWebhook *webhook)
{
  g_free(webhook->secret_file);
  g_free(webhook->ca_file);
}

static bool take_text(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                      char **ret_why)
{
  char **text = (gpointer)((char *)target + row->offset);

  g_free(*text);
  *text = g_strdup(value);
  return true;
}

static bool take_number(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  gint64 number;

  if (!g_ascii_string_to_signed(value, 10, row->min, row->max, &number, NULL))
    return false;
  *(int *)(gpointer)((char *)target + row->offset) = (int)number;
  return true;
}

static bool take_switch(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                        char **ret_why)
{
  bool on = strcmp(value, "yes") == 0;

  if (!on && strcmp(value, "no") != 0)
    return false;
  *(gboolean *)(gpointer)((char *)target + row->offset) = on;
  return true;
}

#define ROW(key, take, expected, field, min, max)                                                            \
  {                                                                                                          \
    key, take, expected, G_STRUCT_OFFSET(ConfigWebhook, field), min, max                                     \
  }

static const ConfigKey keys[] = {
  ROW("secret_file", take_text, "a file with mode 0600", secret_file, 0, 0),
  ROW("ca_file", take_text, "a PEM file", ca_file, 0, 0),
  ROW("private_addresses", take_switch, "yes or no", private_addresses, 0, 0),
  ROW("connections", take_number, "connections at a time, 1 to 64", connections, 1, DELIVER_CREW_MAX),
  ROW("deadline", take_number, "seconds for one message, 1 to 60", deadline, 1, DEADLINE_MAX),
};

/* A path is relative to the file that names it. */
static void resolve(char **path, const char *folder)
{
  if (*path == NULL || g_path_is_absolute(*path))
    return;

  g_autofree char *old = *path;

  *path = g_build_filename(folder, old, NULL);
}

bool config_webhook_take(ConfigWebhook *webhook, ConfigTable *table, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(table->path);

  if (!config_table_take(table, "webhook", keys, G_N_ELEMENTS(keys), webhook, error))
    return false;
  resolve(&webhook->secret_file, folder);
  resolve(&webhook->ca_file, folder);
  return true;
}
