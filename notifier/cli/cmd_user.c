#include "notifier/cli/cli_user.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/user_view.h"

#include <string.h>

static const char roles_help[] =
    "ROLES are words between commas, and replace those that the user has: planner, approver, viewer,\n"
    "admin, safety_officer (安全管理責任者), quality (国内品質業務運営責任者), general_manager\n"
    "(総括製造販売責任者). The last enabled admin stays one.";
static const char password_help[] =
    "An admin sets anybody's, everybody else their own. On a terminal kigen asks for it; --password-file is "
    "that of who acts.";
static const char disable_help[] =
    "A disabled user can do nothing any more. Nobody is ever removed: the audit trail names them. The last "
    "enabled admin\nstays enabled.";

static void print_user(Cli *cli, const UserRow *user, const char *done)
{
  g_autoptr(Json) document = user_view_json(user);
  g_autofree char *roles = role_format_set(user->roles);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s (%s): %s\n", user->name, roles, done);
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) users = NULL;
  g_autoptr(Json) list = json_array();
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !user_store_list(db, &users, error))
    return false;
  for (guint i = 0; i < users->len; i++)
    json_array_append_new(list, user_view_json(users->pdata[i]));
  if (cli_json(cli))
    cli_print_json_list("users", list);
  else if (users->len == 0)
    printf("no user yet, so nobody has to prove who they are: kigen user add NAME --role admin\n");
  else
    user_view_print(users);
  return true;
}

/* Ends a write on the user `name`: commits, and shows what they are now. */
static bool finish(Cli *cli, Db *db, const char *name, const char *done, GError **error)
{
  g_autoptr(UserRow) user = NULL;

  if (!user_view_find(db, name, &user, error) || !db_commit(db, error))
    return false;
  print_user(cli, user, done);
  return true;
}

/* Begins a write on the user that the first word names. */
static bool begin(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context, UserRow **ret_user,
                  GError **error)
{
  return cli_write(cli, args, ret_db, ret_context, error) && db_begin(*ret_db, error) &&
         user_view_find(*ret_db, args_word(args, 0), ret_user, error);
}

static bool roles_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(UserRow) user = NULL;
  AuditContext context = { 0 };
  guint roles = 0;
  bool changed = false;
  Db *db = NULL;

  return user_view_read_roles(args_word(args, 1), &roles, error) &&
         begin(cli, args, &db, &context, &user, error) &&
         user_store_set_roles(db, &context, user, roles, args_text(args, "reason"), &changed, error) &&
         finish(cli, db, user->name, changed ? "has these roles now" : "had these roles before", error);
}

static bool set_enabled(Cli *cli, const Args *args, bool enabled, GError **error)
{
  const char *reason = args_text(args, "reason");
  g_autoptr(UserRow) user = NULL;
  AuditContext context = { 0 };
  bool changed = false;
  Db *db = NULL;

  if (reason == NULL || reason[strspn(reason, " \t")] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "why? Give --reason TEXT, for the audit trail");
    return false;
  }
  if (!begin(cli, args, &db, &context, &user, error) ||
      !user_store_set_enabled(db, &context, user, enabled, reason, &changed, error))
    return false;
  return finish(cli, db, user->name,
                changed ? (enabled ? "is enabled again" : "is disabled from now on")
                        : (enabled ? "was enabled before" : "was disabled before"),
                error);
}

static bool disable_run(Cli *cli, const Args *args, GError **error)
{
  return set_enabled(cli, args, false, error);
}

static bool enable_run(Cli *cli, const Args *args, GError **error)
{
  return set_enabled(cli, args, true, error);
}

static bool check_whose(const AuditContext *context, const UserRow *user, GError **error)
{
  if ((context->roles & ROLE_BIT(ROLE_ADMIN)) != 0 || context->user == user->id)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "only an admin sets somebody else's password; you are %s",
              context->actor);
  return false;
}

static bool read_password(const Args *args, const char *name, Password *ret_password, GError **error)
{
  bool given = false;

  if (!cli_user_new_password(args, name, ret_password, &given, error))
    return false;
  if (!given)
    g_set_error(
        error, CLI_ERROR, CLI_ERROR_USAGE,
        "which password? Give --new-password-file FILE (a file that you alone can read; - is standard "
        "input)");
  return given;
}

/* The password is asked for before the transaction: who types holds no lock. */
static bool password_run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Password) password = { 0 };
  g_autoptr(UserRow) user = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_write(cli, args, &db, &context, error) || !user_view_find(db, args_word(args, 0), &user, error) ||
      !check_whose(&context, user, error) || !read_password(args, user->name, &password, error))
    return false;
  return db_begin(db, error) &&
         user_store_set_password(db, &context, user, password.text, args_text(args, "reason"), error) &&
         finish(cli, db, user->name, "has a new password", error);
}

static const Command user_list = {
  .name = "list",
  .summary = "List users, their roles, and who is disabled",
  .words = "",
  .run = list_run,
};

static const Command user_roles = {
  .name = "roles",
  .summary = "Give a user other roles",
  .words = "NAME ROLES",
  .min_words = 2,
  .max_words = 2,
  .options = { cli_reason_option },
  .help = roles_help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = roles_run,
};

static const Command user_password = {
  .name = "password",
  .summary = "Set a user's password",
  .words = "NAME",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_user_new_password_option, cli_reason_option },
  .help = password_help,
  .roles = ROLE_ANY,
  .run = password_run,
};

static const Command user_disable = {
  .name = "disable",
  .summary = "Take a user out of service",
  .words = "NAME",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_reason_option },
  .help = disable_help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = disable_run,
};

static const Command user_enable = {
  .name = "enable",
  .summary = "Bring a disabled user back",
  .words = "NAME",
  .min_words = 1,
  .max_words = 1,
  .options = { cli_reason_option },
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = enable_run,
};

static const Command *const subcommands[] = { &cmd_user_add, &user_list,   &user_roles, &user_password,
                                              &user_disable, &user_enable, NULL };

const Command cmd_user = {
  .name = "user",
  .summary = "The maker's own people, and what each may do",
  .words = "COMMAND",
  .subcommands = subcommands,
};
