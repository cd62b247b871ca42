#include "notifier/cli/cli_user.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/user_view.h"
#include "planner/user_name.h"

static const ArgOption options[] = {
  { "role", "R[,R]", "planner, approver, viewer, admin, safety_officer, quality, general_manager" },
  { "full-name", "TEXT", "as letters name who approved (default: NAME)" },
  { NULL },
};

static const char help[] =
    "The first user is an admin, and changes how the store is used: from then on everybody who writes is a "
    "user and proves\n"
    "it (--as), and a plan is published only when somebody who did not write it has approved it.\n"
    "\n"
    "On a terminal kigen asks for the new user's password (Enter alone: none; --password-file is that of who "
    "acts). A user\n"
    "without one acts by who is logged in, as [users] of kigen.conf maps it.";

static bool read_roles(const Args *args, guint *ret_roles, GError **error)
{
  const char *text = args_text(args, "role");

  if (text != NULL)
    return user_view_read_roles(text, ret_roles, error);
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "which role? Give --role %s", options[0].help);
  return false;
}

/* Whoever adds the first user, an admin, must not lock everybody out. */
static bool check_way_in(Cli *cli, Db *db, const char *name, bool has_password, GError **error)
{
  if (has_password || cli_user_is_mapped(cli, db, name))
    return true;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "the first user needs a way in, or nobody could write any more: a password (--new-password-file "
      "FILE, or answer on a terminal), or a line in [users] of kigen.conf that maps an operating "
      "system's user to %s",
      name);
  return false;
}

static void print_done(Cli *cli, const UserRow *user, bool first)
{
  g_autoptr(Json) document = user_view_json(user);
  g_autofree char *roles = role_format_set(user->roles);

  if (cli_json(cli)) {
    cli_print_json(document);
    return;
  }
  printf("%s (%s): added%s\n", user->name, roles,
         user->has_password ? "" : ", without a password: acts by who is logged in ([users] of kigen.conf)");
  if (first)
    printf("From now on whoever writes into this store says who they are (--as %s), and a plan is published\n"
           "only when somebody who did not write it has approved it. Next: kigen user add NAME --role …\n",
           user->name);
}

/* The user of the command line, with `password` (NULL: none), inside the open transaction. */
static bool add(Cli *cli, Db *db, const AuditContext *context, const Args *args, const char *name,
                const char *password, GError **error)
{
  g_autoptr(UserRow) user = NULL;
  guint roles = 0;
  bool any = false;

  if (!user_store_any(db, &any, error) || !read_roles(args, &roles, error))
    return false;
  if (any && context->user == 0) { /* who began without users proved nothing */
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "somebody else added the first user just now: do it again, with --as NAME");
    return false;
  }
  if (!user_store_add(db, context, name, args_text(args, "full-name"), roles, password, error) ||
      (!any && !check_way_in(cli, db, name, password != NULL, error)) ||
      !user_view_find(db, name, &user, error) || !db_commit(db, error))
    return false;
  print_done(cli, user, !any);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Password) password = { 0 };
  g_autofree char *name = NULL;
  AuditContext context = { 0 };
  bool given = false;
  guint roles = 0;
  Db *db = NULL;

  return user_name_parse(args_word(args, 0), &name, error) && read_roles(args, &roles, error) &&
         cli_write(cli, args, &db, &context, error) &&
         cli_user_new_password(args, name, &password, &given, error) && db_begin(db, error) &&
         add(cli, db, &context, args, name, given ? password.text : NULL, error);
}

const Command cmd_user_add = {
  .name = "add",
  .summary = "Add a user",
  .words = "NAME --role R[,R]",
  .min_words = 1,
  .max_words = 1,
  .options = { options, cli_user_new_password_option, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = run,
};
