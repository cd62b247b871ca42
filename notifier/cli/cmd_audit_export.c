#include "db/audit_export.h"
#include "notifier/cli/cmd.h"

static const char help[] =
    "On standard output, one JSON object a row, with everything its hashes are over; the last line is the "
    "signed\n"
    "head. kigen audit verify --export checks it without the store. It holds people's names: keep it so.";

static bool export_run(Cli *cli, const Args *args, GError **error)
{
  g_autofree char *path = sign_key_path(cli_store_path(cli));
  g_autoptr(SignKey) key = NULL;
  AuditContext context = { 0 };
  gint64 rows = 0;
  Db *db = NULL;

  return cli_store(cli, DB_READ, &db, error) && sign_key_load(path, &key, error) &&
         cli_context(cli, args, &context, error) &&
         audit_export_write(db, key, context.now, stdout, &rows, error);
}

const Command cmd_audit_export = {
  .name = "export",
  .summary = "Print the whole trail as JSON Lines, with its signed head",
  .words = "",
  .help = help,
  .run = export_run,
};
