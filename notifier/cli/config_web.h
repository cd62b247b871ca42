#ifndef KIGEN_CLI_CONFIG_WEB_H
#define KIGEN_CLI_CONFIG_WEB_H

/* [web] of kigen.conf: how `kigen web` serves. */

#include "notifier/cli/config_table.h"

#define CONFIG_WEB_LISTEN "127.0.0.1:8765"

/* Numbers are 0, and texts NULL, where the file says nothing: the service then has its own defaults. */
typedef struct {
  char *folder; /* of the file: paths are relative to it */
  char *listen; /* ADDRESS:PORT */
  char *trusted_proxies;
  char *tls_certificate, *tls_key; /* paths */
  int threads, connections, connections_per_client;
  int idle_seconds, deadline_seconds;
  int posts_per_minute;
  int cache_mib;
  int gzip; /* 0: no */
} ConfigWeb;

/* The defaults, for a file in `folder`. */
void config_web_init(ConfigWeb *web, const char *folder);
void config_web_clear(ConfigWeb *web);

/* Reads the group. Errors: CLI_ERROR_ENVIRONMENT, with line and remedy. */
bool config_web_take(ConfigWeb *web, ConfigTable *table, const char *group, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
