#include "notifier/cli/config_mail.h"

#include <string.h>

#include "notifier/mail/deliver_crew.h"
#include "notifier/mail/transport.h"

#define CONNECTIONS 4
#define RATE_MAX 100000
#define SESSION_MAX 10000
#define DEADLINE_MAX 3600

void config_mail_init(ConfigMail *mail, const char *folder)
{
  g_autofree char *maildir = g_build_filename(folder, "maildir", NULL);

  *mail = (ConfigMail){ .transport = g_strconcat("maildir:", maildir, NULL),
                        .unhandled = g_build_filename(folder, "unhandled", NULL),
                        .connections = CONNECTIONS,
                        .session_messages = TRANSPORT_SESSION_MAILS,
                        .deadline = TRANSPORT_DEADLINE_SECONDS };
}

void config_mail_clear(ConfigMail *mail)
{
  g_free(mail->from);
  g_free(mail->reply_to);
  g_free(mail->transport);
  g_free(mail->bounces);
  g_free(mail->unhandled);
  g_free(mail->auth_user);
  g_free(mail->auth_password_file);
  g_free(mail->ca_file);
}

static void set_text(gpointer target, const ConfigKey *row, char *value)
{
  char **text = (gpointer)((char *)target + row->offset);

  g_free(*text);
  *text = value;
}

/* One line of text with an at sign: what is an address exactly the mail module decides. */
static bool take_address(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                         char **ret_why)
{
  if (strchr(value, '@') == NULL)
    return false;
  set_text(target, row, g_strdup(value));
  return true;
}

static bool take_text(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                      char **ret_why)
{
  set_text(target, row, g_strdup(value));
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

static bool take_transport(gpointer target, const ConfigKey *row, const char *rest, const char *value,
                           char **ret_why)
{
  g_autoptr(GError) cause = NULL;

  if (!transport_check(value, &cause)) {
    *ret_why = g_strdup(cause->message);
    return false;
  }
  set_text(target, row, g_strdup(value));
  return true;
}

#define TEXT(key, take, expected, field)                                                                     \
  {                                                                                                          \
    key, take, expected, G_STRUCT_OFFSET(ConfigMail, field), 0, 0                                            \
  }
#define NUMBER(key, expected, field, min, max)                                                               \
  {                                                                                                          \
    key, take_number, expected, G_STRUCT_OFFSET(ConfigMail, field), min, max                                 \
  }

static const ConfigKey keys[] = {
  TEXT("from", take_address, "Name <user@domain>", from),
  TEXT("reply_to", take_address, "user@domain", reply_to),
  TEXT("transport", take_transport, "maildir:DIR, smtp://host:25 or smtps://host:465", transport),
  TEXT("bounces", take_address, "user@domain", bounces),
  TEXT("unhandled", take_text, "a maildir", unhandled),
  TEXT("auth_user", take_text, "the relay's name for you", auth_user),
  TEXT("auth_password_file", take_text, "a file with mode 0600", auth_password_file),
  TEXT("ca_file", take_text, "a PEM file", ca_file),
  TEXT("require_tls", take_switch, "yes or no", require_tls),
  NUMBER("connections", "connections at a time, 1 to 64", connections, 1, DELIVER_CREW_MAX),
  NUMBER("rate", "messages a minute at most; 0 for no limit", rate, 0, RATE_MAX),
  NUMBER("session_messages", "messages a connection, 1 to 10000", session_messages, 1, SESSION_MAX),
  NUMBER("deadline", "seconds for one message, 1 to 3600", deadline, 1, DEADLINE_MAX),
};

/* Paths are relative to the file that names them. */
static void resolve(char **path, const char *folder, const char *prefix)
{
  const char *rest = *path != NULL && g_str_has_prefix(*path, prefix) ? *path + strlen(prefix) : NULL;

  if (rest == NULL || g_path_is_absolute(rest))
    return;

  g_autofree char *old = *path;
  g_autofree char *full = g_build_filename(folder, rest, NULL);

  *path = g_strconcat(prefix, full, NULL);
}

bool config_mail_take(ConfigMail *mail, ConfigTable *table, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(table->path);

  if (!config_table_take(table, "mail", keys, G_N_ELEMENTS(keys), mail, error))
    return false;
  resolve(&mail->transport, folder, "maildir:");
  resolve(&mail->auth_password_file, folder, "");
  resolve(&mail->ca_file, folder, "");
  resolve(&mail->unhandled, folder, "");
  if ((mail->auth_user == NULL) == (mail->auth_password_file == NULL))
    return true;
  return config_table_refuse(table, "mail", mail->auth_user != NULL ? "auth_user" : "auth_password_file",
                             error, "auth_user and auth_password_file belong together: give both, or none");
}

void config_mail_split(const char *mailbox, char **ret_name, char **ret_address)
{
  const char *open = strrchr(mailbox, '<');
  gsize size = strlen(mailbox);
  bool has_name = open != NULL && mailbox[size - 1] == '>';
  g_autofree char *name = has_name ? g_strstrip(g_strndup(mailbox, (gsize)(open - mailbox))) : NULL;
  gsize length = name != NULL ? strlen(name) : 0;

  if (length >= 2 && name[0] == '"' && name[length - 1] == '"') { /* as mail programs write it */
    memmove(name, name + 1, length - 2);
    name[length - 2] = '\0';
  }
  *ret_name = name != NULL && name[0] != '\0' ? g_steal_pointer(&name) : NULL;
  *ret_address = has_name ? g_strndup(open + 1, size - (gsize)(open - mailbox) - 2) : g_strdup(mailbox);
}
