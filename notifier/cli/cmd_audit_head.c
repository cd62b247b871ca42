#include "db/audit_head.h"
#include "db/audit_key.h"
#include "notifier/cli/cmd.h"

#include <glib/gstdio.h>

static const ArgOption options[] = {
  { "public-key", NULL, "print the public key that verifies heads, and nothing else" },
  { "make-key", NULL, "make the signing key of a store that has none; the trail tells it" },
  { NULL },
};

static const char help[] = "One line: kigen-head 1 ROW AT HASH KEY SIGNATURE. Keep it where who can write "
                           "the store cannot: a trail that\n"
                           "was cut off or made anew later does not fit it (kigen audit verify --head). Give "
                           "the public key to whoever\n"
                           "verifies, once, by a way of its own.";

static bool make_key(Cli *cli, const Args *args, const char *path, Db **ret_db, GError **error)
{
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !audit_key_make(db, &context, path, error))
    return false;
  if (!db_commit(db, error)) {
    g_unlink(path);
    return false;
  }
  *ret_db = db;
  return true;
}

static void print_public_key(Cli *cli, const SignKey *key)
{
  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *text = sign_key_public_format(&public_key);
  g_autoptr(Json) document = json_pack("{s:s}", "public_key", text);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s\n", text);
}

static void print_head(Cli *cli, const AuditHead *head)
{
  g_autofree char *line = audit_head_format(head);
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_autoptr(Json) document =
      json_pack("{s:s, s:I, s:s, s:s, s:s, s:s}", "head", line, "id", (json_int_t)head->point.id, "at",
                head->at, "hash", words[4], "key", head->key, "signature", words[6]);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s\n", line);
}

static bool head_run(Cli *cli, const Args *args, GError **error)
{
  g_autofree char *path = sign_key_path(cli_store_path(cli));
  g_autoptr(SignKey) key = NULL;
  AuditContext context = { 0 };
  AuditPoint end;
  Db *db = NULL;

  if (args_flag(args, "make-key") ? !make_key(cli, args, path, &db, error)
                                  : !cli_store(cli, DB_READ, &db, error))
    return false;
  if (!sign_key_load(path, &key, error) || !cli_context(cli, args, &context, error) ||
      !audit_load_end(db, &end, error))
    return false;

  AuditHead head = audit_head_sign(key, &end, context.now);

  if (args_flag(args, "public-key"))
    print_public_key(cli, key);
  else
    print_head(cli, &head);
  return true;
}

const Command cmd_audit_head = {
  .name = "head",
  .summary = "Print the signed head: what proves later that nothing was cut off",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = head_run,
};
