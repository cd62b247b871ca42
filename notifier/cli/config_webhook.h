#ifndef KIGEN_CLI_CONFIG_WEBHOOK_H
#define KIGEN_CLI_CONFIG_WEBHOOK_H

/* The [webhook] group of kigen.conf: how notices are posted to contacts that are programs. */

#include "notifier/cli/config_table.h"

typedef struct {
  char *secret_file;          /* what bodies are signed with; NULL: nothing is posted */
  char *ca_file;              /* or NULL: the system's certificates */
  gboolean private_addresses; /* addresses of this machine and its network are posted to as well */
  int connections, deadline;  /* at a time; seconds for one message */
} ConfigWebhook;

void config_webhook_init(ConfigWebhook *webhook);
void config_webhook_clear(ConfigWebhook *webhook);

/* Takes the group from `table`. Errors: those of config_table_take. */
bool config_webhook_take(ConfigWebhook *webhook, ConfigTable *table, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
