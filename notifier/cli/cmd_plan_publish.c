#include "db/notice_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/publish.h"

#include <string.h>

static const ArgOption options[] = {
  { "all", NULL, "every open plan" },
  { "market", "M", "only plans for that market" },
  { "keep-going", NULL, "publish those that pass, list the others" },
  { "dry-run", NULL, "show what would happen, change nothing" },
  { NULL },
};

static const char help[] =
    "Publishes the open revision of each plan that matches, makes its announcement (or, for a plan already "
    "published, the\n"
    "change notice) and queues a message for everyone who holds the release: all in one transaction.\n"
    "\n"
    "An error of the publish gate stops a plan; a warning must be answered by --reason. When one plan is "
    "stopped nothing\n"
    "is published, unless --keep-going is given. Reminders whose day lies before publication are left out, "
    "so plans of\n"
    "the past can be taken over in one go: plan publish --all --reason \"taken over from …\".";

static bool check_words(const Args *args, GError **error)
{
  const char *reason = args_text(args, "reason");

  if (args_flag(args, "all") == (args_count(args) > 0)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                args_flag(args, "all") ? "--all and a pattern: give one of them"
                                       : "which plans? Give PRODUCT/RELEASE, a pattern, or --all");
    return false;
  }
  if (reason != NULL && reason[strspn(reason, " \t")] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason: it is empty");
    return false;
  }
  return true;
}

static bool check_item(Db *db, PublishItem *item, const Policy *policy, Day today, bool reason_given,
                       GError **error)
{
  g_autoptr(PlanFacts) facts = NULL;

  if (!plan_store_facts(db, item->row, today, reason_given, &facts, error))
    return false;
  item->findings = rule_check(plan_facts_get(facts), policy);
  item->organizations = MAX(plan_facts_get(facts)->affected_organizations, 0); /* -1: no installed base yet */
  for (guint i = 0; i < item->findings->len; i++)
    item->refused = item->refused || rule_finding_blocks(item->findings->pdata[i], reason_given);
  return true;
}

/* Asks the rules about every plan of `rows`. */
static bool check_all(Db *db, GPtrArray *rows, const Args *args, const Policy *policy, Day today,
                      Publish *publish, GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans checked");
  const char *market = args_text(args, "market");

  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];

    if (market != NULL && g_strcmp0(row->market, market) != 0)
      continue;

    PublishItem *item = publish_add(publish, g_steal_pointer(&rows->pdata[i]));

    if (!check_item(db, item, policy, today, publish->reason_given, error))
      return false;
    publish->refused += item->refused;
    progress_update(progress, i + 1, rows->len, g_get_monotonic_time());
  }
  return true;
}

static bool publish_all(Db *db, const AuditContext *context, const char *reason, Publish *publish,
                        GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans published");

  for (guint i = 0; i < publish->items->len; i++) {
    PublishItem *item = publish->items->pdata[i];

    if (item->refused)
      continue;
    if (!plan_publish(db, context, item->row->plan, reason, &item->telling, error))
      return false;
    publish->published++;
    publish->messages += item->telling.messages;
    progress_update(progress, i + 1, publish->items->len, g_get_monotonic_time());
  }
  return true;
}

/* Nothing is open: says why, which is no error (the same command can be given twice). */
static bool print_nothing(Cli *cli, Db *db, const Args *args, const Publish *publish, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Json) document = publish_json(publish);

  if (!plan_match_list(db, args, PLAN_IN_FORCE, &rows, error))
    return false;
  if (cli_json(cli))
    cli_print_json(document);
  else if (rows->len > 0)
    printf("nothing to publish: %u %s published already, and no draft is open\n", rows->len,
           rows->len == 1 ? "plan is" : "plans are");
  else
    printf("nothing to publish: there is no plan yet (kigen plan set, kigen import lifecycles)\n");
  return true;
}

/* The work inside the open transaction. */
static bool publish_open(Cli *cli, Db *db, const AuditContext *context, const Args *args, GError **error)
{
  g_auto(Publish)
      publish = { .dry_run = args_flag(args, "dry-run"), .reason_given = args_text(args, "reason") != NULL };
  g_autoptr(GPtrArray) rows = NULL;
  const Policy *policy = NULL;

  if (!cli_policy(cli, &policy, error) || !plan_match_list(db, args, PLAN_OPEN, &rows, error))
    return false;
  if (!check_all(db, rows, args, policy, context->today, &publish, error))
    return false;
  if (publish.items == NULL)
    return print_nothing(cli, db, args, &publish, error);

  bool go = publish.refused == 0 || args_flag(args, "keep-going");

  if (go && !publish_all(db, context, args_text(args, "reason"), &publish, error))
    return false;
  if (publish.dry_run)
    db_rollback(db);
  else if (!db_commit(db, error))
    return false;

  g_autoptr(Json) document = publish_json(&publish);

  if (cli_json(cli))
    cli_print_json(document);
  else
    publish_print(&publish);
  cli_set_exit(cli, publish.refused > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE);
  return true;
}

static bool publish_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  Db *db = NULL;

  return check_words(args, error) && cli_write(cli, args, &db, &context, error) && db_begin(db, error) &&
         publish_open(cli, db, &context, args, error);
}

const Command cmd_plan_publish = {
  .name = "publish",
  .summary = "Publish plans and queue what has to be told",
  .words = "PRODUCT[/RELEASE]… | --all",
  .max_words = -1,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = publish_run,
};
