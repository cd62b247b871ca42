#include "notifier/cli/cli_user.h"

#include "notifier/cli/config_user.h"
#include "notifier/cli/user_view.h"
#include "planner/user_name.h"

#include <pwd.h>
#include <unistd.h>

const ArgOption cli_user_new_password_option[] = {
  { "new-password-file", "FILE", "the new password, in a file that you alone can read (-: standard input)" },
  { NULL },
};

/* What the command line, the environment, the system and kigen.conf say, before anything is proven. */
typedef struct {
  const char *named;    /* --as, KIGEN_USER */
  const char *password; /* --password-file, KIGEN_PASSWORD_FILE */
  char *os_user;        /* of the real user id, not of the environment; NULL: the system has no name for it */
  const Config *config;
  const char *mapped; /* what [users] makes of it */
} Claim;

static void claim_clear(Claim *claim)
{
  g_free(claim->os_user);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

static bool read_claim(Cli *cli, Claim *ret_claim, GError **error)
{
  Claim claim = { .named = cli_setting(cli, "as", "KIGEN_USER"),
                  .password = cli_setting(cli, "password-file", "KIGEN_PASSWORD_FILE") };
  const struct passwd *entry = getpwuid(getuid());

  if (!cli_config(cli, &claim.config, error))
    return false;
  claim.os_user = entry != NULL ? g_strdup(entry->pw_name) : NULL;
  claim.mapped = config_user_of(claim.config, claim.os_user);
  *ret_claim = claim;
  return true;
}

static bool refuse_nobody(const Claim *claim, GError **error)
{
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "who are you? This store has users (kigen user list): say --as NAME, or let [users] of %s tell "
              "which of them %s is",
              claim->config->path, claim->os_user != NULL ? claim->os_user : "somebody");
  return false;
}

/* By the password: one answer for a name that is none and for a password that is not theirs. */
static bool prove_by_password(Db *db, const Claim *claim, const char *name, UserRow **ret_user,
                              GError **error)
{
  g_auto(Password) password = { 0 };
  g_autoptr(UserRow) user = NULL;
  g_autofree char *question = g_strdup_printf("Password of %s", name);

  if (claim->password != NULL ? !password_read(claim->password, &password, error)
                              : !password_ask(question, &password, error))
    return false;
  if (!user_store_verify(db, name, password.text, &user, error))
    return false;
  if (user == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--as %s: user or password is wrong", name);
    return false;
  }
  *ret_user = g_steal_pointer(&user);
  return true;
}

static bool refuse_mapping(Db *db, const Claim *claim, GError **error)
{
  g_autofree char *hint = NULL;

  if (user_view_hint(db, claim->mapped, &hint, error))
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "[users] of %s says that %s is %s, and there is no such user: %s", claim->config->path,
                claim->os_user, claim->mapped, hint);
  return false;
}

/* By who is logged in. */
static bool prove_by_mapping(Db *db, const Claim *claim, UserRow **ret_user, GError **error)
{
  g_autoptr(UserRow) user = NULL;

  if (!config_user_check(claim->config, db_path(db), error) ||
      !user_store_find(db, claim->mapped, &user, error))
    return false;
  if (user == NULL)
    return refuse_mapping(db, claim, error);
  *ret_user = g_steal_pointer(&user);
  return true;
}

/* True when `text`, as people type it, means the user `name`. */
static bool is_spelled(const char *text, const char *name)
{
  g_autofree char *spelled = NULL;

  return user_name_parse(text, &spelled, NULL) && g_str_equal(spelled, name);
}

/* A password that is given is checked, whatever is mapped. */
static bool prove(Db *db, const Claim *claim, UserRow **ret_user, GError **error)
{
  const char *name = claim->named != NULL ? claim->named : claim->mapped;

  if (name == NULL)
    return refuse_nobody(claim, error);
  if (claim->password == NULL && claim->mapped != NULL && is_spelled(name, claim->mapped))
    return prove_by_mapping(db, claim, ret_user, error);
  if (claim->password != NULL || password_can_ask())
    return prove_by_password(db, claim, name, ret_user, error);
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "--as %s: prove it: --password-file FILE (a file that you alone can read; - is standard input)",
              name);
  return false;
}

/* Of a store without users nobody can be one; KIGEN_USER may well be set for other stores. */
static bool check_without_users(const Args *args, GError **error)
{
  if (args_text(args, "as") == NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "--as %s: this store has no users yet: kigen user add NAME --role admin makes the first; until "
              "then --by NAME says who you are",
              args_text(args, "as"));
  return false;
}

bool cli_user_prove(Cli *cli, const Args *args, Db *db, UserRow **ret_user, GError **error)
{
  g_auto(Claim) claim = { 0 };
  g_autoptr(UserRow) user = NULL;
  bool any = false;

  if (!user_store_any(db, &any, error))
    return false;
  if (!any) {
    if (!check_without_users(args, error))
      return false;
    *ret_user = NULL;
    return true;
  }
  if (args_text(args, "by") != NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "--by %s: this store has users, and each acts in their own name: say --as NAME instead",
                args_text(args, "by"));
    return false;
  }
  if (!read_claim(cli, &claim, error) || !prove(db, &claim, &user, error))
    return false;
  if (user->disabled_at != NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s is disabled since %s: an admin can change that (%s)",
                user->name, user->disabled_at, "kigen user enable");
    return false;
  }
  *ret_user = g_steal_pointer(&user);
  return true;
}

bool cli_user_check_role(const UserRow *user, guint roles, const char *path, GError **error)
{
  g_autofree char *may = role_format_set(roles);
  g_autofree char *is = role_format_set(user->roles);

  if ((user->roles & roles) != 0)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s is for %s; you are %s (%s)", path, may, user->name,
              is[0] != '\0' ? is : "no role");
  return false;
}

bool cli_user_new_password(const Args *args, const char *name, Password *ret_password, bool *ret_given,
                           GError **error)
{
  const char *path = args_text(args, "new-password-file");
  g_autofree char *question = g_strdup_printf("New password of %s", name);
  g_auto(Password) password = { 0 };

  if (path != NULL ? !password_read(path, &password, error)
                   : password_can_ask() && !password_ask_new(question, &password, error))
    return false;
  *ret_password = password;
  *ret_given = password.text[0] != '\0';
  return true;
}

bool cli_user_is_mapped(Cli *cli, Db *db, const char *name)
{
  const Config *config = NULL;
  g_autoptr(GError) ignored = NULL;

  return cli_config(cli, &config, &ignored) && config_user_is_mapped(config, name) &&
         config_user_check(config, db_path(db), &ignored);
}
