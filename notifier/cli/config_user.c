#include "notifier/cli/config_user.h"

#include "notifier/cli/cli_error.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>

const char *config_user_of(const Config *config, const char *os_user)
{
  return os_user != NULL ? g_hash_table_lookup(config->users, os_user) : NULL;
}

bool config_user_is_mapped(const Config *config, const char *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init(&iter, config->users);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    if (g_str_equal(value, name))
      return true;
  return false;
}

/* "hayase", or "uid 1234" where the system knows no name. Own string. */
static char *owner_name(uid_t uid)
{
  const struct passwd *entry = getpwuid(uid);

  return entry != NULL ? g_strdup(entry->pw_name) : g_strdup_printf("uid %u", (unsigned)uid);
}

static bool refuse_owner(const Config *config, uid_t store_owner, GError **error)
{
  g_autofree char *owner = owner_name(config->owner);
  g_autofree char *expected = owner_name(store_owner);

  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "%s belongs to %s, so its [users] says nothing about who you are: only a file of root or of the "
      "store's owner (%s) does. Say --as NAME and give your password",
      config->path, owner, expected);
  return false;
}

bool config_user_check(const Config *config, const char *store_path, GError **error)
{
  struct stat store;

  if (stat(store_path, &store) < 0) {
    int saved = errno;

    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", store_path, g_strerror(saved));
    return false;
  }
  if (config->owner != 0 && config->owner != store.st_uid)
    return refuse_owner(config, store.st_uid, error);
  if ((config->mode & 022) == 0)
    return true;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "%s has mode %04o: others than its owner can write it, so its [users] says nothing about who you "
      "are. Run `chmod go-w %s`, or say --as NAME and give your password",
      config->path, (unsigned)(config->mode & 07777), config->path);
  return false;
}
