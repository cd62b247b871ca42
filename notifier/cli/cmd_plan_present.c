#include "db/presentation_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/organization_match.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/table.h"

static const ArgOption options[] = {
  { "how", "WAY", "hand-over, letter or fax" },
  { "on", "DAY", "the day (default: today)" },
  { "note", "TEXT", "what there is to know; after EOL, why it is late" },
  { "remove", NULL, "take back what was recorded by mistake" },
  { NULL },
};

static const char help[] =
    "Records that the limited-support plan was shown to organizations by another way than mail: handed over "
    "in "
    "person, by\n"
    "letter, by fax. It counts for rule LSP-4 as an accepted mail does; after EOL only with --note, which "
    "says why "
    "it is late.\n"
    "\n"
    "The day is not in the future, and a published plan was in force then (or, by its announced_on, known) "
    "that "
    "declares a\n"
    "limited-support plan. Many at once: kigen import presentations FILE. Who is left: kigen report "
    "presentations.\n"
    "\n"
    "  kigen plan present CT-100/2.1 H-001 H-002 --how hand-over --on 2026-11-20 --note 定期点検の際に説明";

/* What the command line says. */
typedef struct {
  const char *name; /* PRODUCT/RELEASE */
  gint64 release;
  PresentationWay way;
  Day day;
  const char *note; /* or NULL */
  bool remove;
} Request;

static const char *const results[] = {
  [UPSERT_ADDED] = "recorded", [UPSERT_CHANGED] = "note changed", [UPSERT_UNCHANGED] = "recorded before"
};

static bool read_words(const Args *args, Request *request, GError **error)
{
  const char *how = args_text(args, "how"), *note = args_text(args, "note");

  if (how == NULL || !presentation_way_parse(how, false, &request->way)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "--how%s%s: say how it was shown: hand-over, letter or fax", how != NULL ? " " : "",
                how != NULL ? how : "");
    return false;
  }
  if (note != NULL && term_has_control(note)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "--note must be on one line, without control characters");
    return false;
  }
  request->name = args_word(args, 0);
  request->note = note != NULL && note[0] != '\0' ? note : NULL;
  request->remove = args_flag(args, "remove");
  return cli_day_option(args, "on", &request->day, error);
}

/* Says what the record is not worth. */
static void warn(const Request *request, const char *organization, const PresentationTarget *target)
{
  char day[DAY_TEXT_SIZE];

  if (!target->uses)
    cli_warn("%s has no unit of %s in use", organization, request->name);
  else if (target->due != DAY_NONE && request->day > target->due && request->note == NULL)
    cli_warn("%s: it is late, after %s, and counts only with the reason: --note", organization,
             day_format(target->due, day));
}

/* Records it for one organization; *ret_result is a word for what was done. */
static bool present(Db *db, const AuditContext *context, const Request *request, const char *code,
                    const char **ret_result, GError **error)
{
  PresentationTarget target;
  UpsertResult result;
  gint64 organization = 0;

  if (!organization_match_find(db, code, &organization, error))
    return false;
  if (!presentation_store_find(db, request->release, organization, request->day, context->today, &target,
                               error)) {
    g_prefix_error(error, "%s, %s: ", request->name, code);
    return false;
  }
  if (!presentation_store_put(db, context, target.plan, organization, request->way, request->day,
                              request->note, &result, error))
    return false;
  warn(request, code, &target);
  *ret_result = results[result];
  return true;
}

static bool take_back(Db *db, const Request *request, const char *code, const char **ret_result,
                      GError **error)
{
  gint64 organization = 0;
  bool removed = false;

  if (!organization_match_find(db, code, &organization, error) ||
      !presentation_store_remove(db, request->release, organization, request->way, request->day, &removed,
                                 error))
    return false;
  *ret_result = removed ? "taken back" : "was not recorded";
  return true;
}

static bool append_audit(Db *db, const AuditContext *context, const Request *request, Json *done,
                         GError **error)
{
  char day[DAY_TEXT_SIZE];
  g_autoptr(Json) payload = json_pack("{s:s, s:s, s:s, s:o, s:O}", "what", request->name, "how",
                                      presentation_way_key(request->way), "on", day_format(request->day, day),
                                      "note", cli_json_text(request->note), "organizations", done);
  char *dumped = json_dumps(payload, JSON_COMPACT);
  g_autofree char *text = g_strdup(dumped);

  free(dumped);
  return audit_append(db, context, request->remove ? "plan.present.remove" : "plan.present", text, error);
}

static void print_result(Cli *cli, const Request *request, Json *done)
{
  g_autoptr(Table) table = table_new("ORGANIZATION|RESULT");
  const char *code = NULL;
  json_t *result = NULL;
  char day[DAY_TEXT_SIZE];

  if (cli_json(cli)) {
    g_autoptr(Json) document =
        json_pack("{s:s, s:s, s:s, s:O}", "plan", request->name, "how", presentation_way_key(request->way),
                  "on", day_format(request->day, day), "organizations", done);

    cli_print_json(document);
    return;
  }
  json_object_foreach(done, code, result)
  {
    table_cell(table, code);
    table_cell(table, json_string_value(result));
  }
  printf("%s, %s on %s\n", request->name, presentation_way_key(request->way), day_format(request->day, day));
  table_print(table, stdout);
}

/* The work inside the open transaction: {organization: result} of all, or nothing. */
static bool present_all(Cli *cli, Db *db, const AuditContext *context, const Args *args, Request *request,
                        GError **error)
{
  g_autoptr(PlanRow) row = NULL;
  g_autoptr(Json) done = json_object();

  if (!plan_edit_find(db, request->name, "*", &row, error))
    return false;
  request->release = row->release;
  if (request->day == DAY_NONE)
    request->day = context->today;
  for (guint i = 1; i < args_count(args); i++) {
    const char *code = args_word(args, i), *result = NULL;

    if (!(request->remove ? take_back(db, request, code, &result, error)
                          : present(db, context, request, code, &result, error)))
      return false;
    json_object_set_new(done, code, json_string(result));
  }
  if (!append_audit(db, context, request, done, error) || !db_commit(db, error))
    return false;
  print_result(cli, request, done);
  return true;
}

static bool present_run(Cli *cli, const Args *args, GError **error)
{
  Request request = { .day = DAY_NONE };
  AuditContext context = { 0 };
  Db *db = NULL;

  return read_words(args, &request, error) && cli_write(cli, args, &db, &context, error) &&
         db_begin(db, error) && present_all(cli, db, &context, args, &request, error);
}

const Command cmd_plan_present = {
  .name = "present",
  .summary = "Record that the limited-support plan was handed over, posted or faxed",
  .words = "PRODUCT/RELEASE ORGANIZATION…",
  .min_words = 2,
  .max_words = -1,
  .options = { options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = present_run,
};
