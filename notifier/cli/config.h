#ifndef KIGEN_CLI_CONFIG_H
#define KIGEN_CLI_CONFIG_H

/* kigen.conf: how this installation runs (kigen.conf lies beside the store; KIGEN_CONFIG names another). What
 * the maker is and promises is in the store instead. */

#include "notifier/cli/config_mail.h"
#include "notifier/cli/config_web.h"
#include "notifier/cli/config_webhook.h"
#include "planner/calendar.h"
#include "planner/policy.h"

#include <sys/types.h>

#define CONFIG_BASE_URL "http://127.0.0.1:8765"
#define CONFIG_TIME_ZONE "Asia/Tokyo"

typedef struct {
  char *path;          /* the file read, or where it would lie */
  char *base_url;      /* of the web service, without a slash at the end */
  char *profile;       /* name of the profile in force; default jp */
  Policy policy;       /* that profile, with the lead times of products; points into this Config */
  GPtrArray *profiles; /* own profiles: ConfigProfile (config_profile.h) */
  GArray *products;    /* PolicyProduct: lead times of products */
  char *time_zone;     /* IANA name, decides what "today" is; default Asia/Tokyo */
  char **holidays;     /* paths of files of days closed besides weekends, or NULL */
  ConfigMail mail;     /* default: into a maildir beside the store */
  ConfigWeb web;       /* [web] */
  ConfigWebhook webhook;
  GHashTable *users; /* [users]: operating system's user → user of the store; see config_user.h */
  uid_t owner;       /* of the file as it was read; 0 without one */
  mode_t mode;
} Config;

void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* Where the configuration of the store at `store_path` lies. Own string. */
char *config_path(const char *store_path);

/* Reads it; a missing file means the defaults, unless KIGEN_CONFIG names it and not `may_be_missing`. Errors:
 * CLI_ERROR_ENVIRONMENT with file, line and remedy, for a file that cannot be read, an unknown key or a value
 * that is none. */
bool config_load(const char *store_path, bool may_be_missing, Config **ret_config, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The built-in or own profile of that name, with the lead times of products; it points into `config`. False:
 * there is none; *ret_hint (own string) says which one may be meant. */
bool config_policy(const Config *config, const char *name, Policy *ret_policy, char **ret_hint)
    G_GNUC_WARN_UNUSED_RESULT;

/* Refuses `transport` (URL) when mail would leave this machine without a sender: smtp:// or smtps:// to
 * another host, and mail.from not set. */
bool config_check_transport(const Config *config, const char *transport, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The civil day at `utc_seconds` (Unix time) in the configured zone. */
Day config_day_at(const Config *config, gint64 utc_seconds);

#endif
