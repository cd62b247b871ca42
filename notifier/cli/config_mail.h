#ifndef KIGEN_CLI_CONFIG_MAIL_H
#define KIGEN_CLI_CONFIG_MAIL_H

/* The [mail] group of kigen.conf: who sends, where it goes, how fast. */

#include "notifier/cli/config_table.h"

typedef struct {
  char *from;      /* "Name <user@domain>" or "user@domain", or NULL */
  char *reply_to;  /* or NULL */
  char *transport; /* URL */
  char *bounces;   /* mailbox for returned mail, or NULL: it goes to the sender */
  char *unhandled; /* maildir for piped mail that a person has to read */
  char *auth_user; /* for the relay, or NULL */
  char *auth_password_file;
  char *ca_file;        /* or NULL: the system's certificates */
  gboolean require_tls; /* on the loopback too */
  int connections, rate, session_messages, deadline;
} ConfigMail;

/* The defaults of a store in `folder`. */
void config_mail_init(ConfigMail *mail, const char *folder);
void config_mail_clear(ConfigMail *mail);

/* Takes the group from `table`. Errors: those of config_table_take. */
bool config_mail_take(ConfigMail *mail, ConfigTable *table, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes "Name <user@domain>" apart: *ret_name (own) is NULL where there is none. */
void config_mail_split(const char *mailbox, char **ret_name, char **ret_address);

#endif
