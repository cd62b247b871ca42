#include "notifier/cli/advisory_work.h"

#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/advisory_view.h"

#include <string.h>

static bool check_reason(const AdvisoryVerb *verb, const Args *args, GError **error)
{
  const char *reason = args_text(args, "reason");

  if (reason != NULL && reason[strspn(reason, " \t　")] == '\0')
    g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason: it is empty");
  else if (reason == NULL && verb->needs_reason != NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason TEXT is missing: %s", verb->needs_reason);
  else
    return true;
  return false;
}

static void print(Cli *cli, const AdvisoryVerb *verb, const AdvisoryRow *row, const AdvisoryTelling *telling)
{
  g_autofree char *name = advisory_view_name(row);
  g_autofree char *told = advisory_view_telling(telling);
  g_autoptr(Json) document = advisory_view_json(row);

  if (cli_json(cli)) {
    advisory_view_add_telling(document, telling);
    cli_print_json(document);
    return;
  }
  printf("%s: %s%s%s\n", name, verb->done, telling->organizations >= 0 ? ", " : "",
         telling->organizations >= 0 ? told : "");
  if (telling->corrected > 0)
    printf("%" G_GINT64_FORMAT " of them %s told before\n", telling->corrected,
           telling->corrected == 1 ? "was" : "were");
  if (verb->next != NULL) {
    g_auto(GStrv) parts = g_strsplit(verb->next, "%s", -1);
    g_autofree char *next = g_strjoinv(row->number, parts);

    printf("Next: %s\n", next);
  }
}

bool advisory_work_run(Cli *cli, const Args *args, const AdvisoryVerb *verb, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(AdvisoryRow) after = NULL;
  AdvisoryTelling telling = { .organizations = -1 };
  const Policy *policy = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!check_reason(verb, args, error) || !cli_policy(cli, &policy, error) ||
      !cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !advisory_edit_find(db, args_word(args, 0), &row, error) ||
      !verb->run(db, &context, row, policy, args_text(args, "reason"), &telling, error) ||
      !advisory_store_load(db, row->id, &after, error) || !db_commit(db, error))
    return false;
  print(cli, verb, after, &telling);
  return true;
}
