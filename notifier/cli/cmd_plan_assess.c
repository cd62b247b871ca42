#include "db/assessment_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/document_name.h"

static const ArgOption options[] = { { "on", "DAY", "the day it was assessed on (default: today)" },
                                     { NULL } };

static const char help[] = "Records that the support of a release was assessed, and that its plan in force "
                           "stands. STALE-1 asks for it again "
                           "after\n"
                           "the profile's stale_months. To publish a revision is an assessment, too.\n"
                           "\n"
                           "  kigen plan assess CT-100/2.1 --reason \"保守会議 2031-04: 部品の供給を確認\"";

static bool read_note(const Args *args, const char **ret_note, GError **error)
{
  const char *note = args_text(args, "reason");
  g_autofree char *trimmed = g_strstrip(g_strdup(note != NULL ? note : ""));

  if (trimmed[0] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "say what was assessed by --reason TEXT");
    return false;
  }
  if (term_has_control(note)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "--reason must be on one line, without control characters");
    return false;
  }
  *ret_note = note;
  return true;
}

static bool check_day(Day day, Day today, GError **error)
{
  char text[DAY_TEXT_SIZE];

  if (day > today)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--on %s: that day is still to come",
                day_format(day, text));
  return day <= today;
}

static void print_done(Cli *cli, const char *name, Day day, const Policy *policy)
{
  Day next = day_add_months(day, policy->stale_months);
  char text[DAY_TEXT_SIZE], next_text[DAY_TEXT_SIZE];
  g_autoptr(Json) document = json_pack("{s:s, s:o, s:o}", "release", name, "day", cli_json_day(day),
                                       "good_until", cli_json_day(next));

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s: assessed on %s; good until %s (profile %s)\n", name, day_format(day, text),
           day_format(next, next_text), policy->key);
}

static bool assess_run(Cli *cli, const Args *args, GError **error)
{
  const char *name = args_word(args, 0), *note = NULL;
  AuditContext context = { 0 };
  const Policy *policy = NULL;
  gint64 release = 0;
  Db *db = NULL;

  if (!read_note(args, &note, error) || !cli_policy(cli, &policy, error) ||
      !cli_write(cli, args, &db, &context, error))
    return false;

  Day day = context.today;

  if (!cli_day_option(args, "on", &day, error) || !check_day(day, context.today, error) ||
      !db_begin(db, error) || !document_name_find_release(db, name, &release, error) ||
      !assessment_store_add(db, &context, release, name, day, note, error) || !db_commit(db, error))
    return false;
  print_done(cli, name, day, policy);
  return true;
}

const Command cmd_plan_assess = {
  .name = "assess",
  .summary = "Record that the support of a release was assessed",
  .words = "PRODUCT/RELEASE",
  .min_words = 1,
  .max_words = 1,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_QUALITY) |
           ROLE_BIT(ROLE_GENERAL_MANAGER),
  .run = assess_run,
};
