#include "db/user_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_ready.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/plan_work.h"
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
    "Publishes the open revision of each plan that matches and queues a message for everyone who holds the "
    "release: the change\n"
    "notice to whoever was told an older revision, the announcement to the others; all in one transaction.\n"
    "\n"
    "In a store with users only what was approved is published, as it was approved; without users a draft "
    "straight away.\n"
    "An error of the publish gate stops a plan, unless a second person signed for it (kigen plan override); "
    "a "
    "warning must be\n"
    "answered by --reason, here or when it was submitted. When one plan is stopped nothing is published, "
    "unless "
    "--keep-going is\n"
    "given. Reminders whose day lies before publication are left out, so plans of the past can be taken over "
    "in "
    "one go:\n"
    "plan publish --all --reason \"taken over from …\".";

static bool ask_rules(Db *db, PublishItem *item, const Policy *policy, Day today, GError **error)
{
  g_autoptr(PlanFacts) facts = NULL;

  if (!plan_store_facts(db, item->row, today, item->reason_given, &facts, error))
    return false;
  item->findings = rule_check(plan_facts_get(facts), policy);
  item->organizations = MAX(plan_facts_get(facts)->affected_organizations, 0); /* -1: no installed base yet */
  for (guint i = 0; i < item->findings->len; i++)
    item->refused = item->refused || rule_finding_blocks(item->findings->pdata[i], item->reason_given);
  return true;
}

/* The row of `rows` at `i`, unless it is only meant by a pattern and not approved. */
static bool check_row(Db *db, GPtrArray *rows, guint i, const Args *args, const Policy *policy, Day today,
                      bool two_people, Publish *publish, GError **error)
{
  const char *problem = plan_ready_problem(rows->pdata[i], two_people);

  if (problem != NULL && !plan_match_is_named(args, 0, rows->pdata[i])) {
    publish->left++;
    return true;
  }
  PublishItem *item = publish_add(publish, g_steal_pointer(&rows->pdata[i]));

  item->problem = problem;
  item->refused = problem != NULL;
  if (problem == NULL &&
      (!plan_ready_reason_given(db, item->row, args_text(args, "reason"), &item->reason_given, error) ||
       !ask_rules(db, item, policy, today, error)))
    return false;
  publish->refused += item->refused;
  return true;
}

/* Asks the rules about every plan of `rows`. */
static bool check_all(Db *db, GPtrArray *rows, const Args *args, const Policy *policy, Day today,
                      Publish *publish, GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans checked");
  const char *market = args_text(args, "market");
  bool two_people = false;

  if (!user_store_any(db, &two_people, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];

    if (market != NULL && g_strcmp0(row->market, market) != 0)
      continue;
    if (!check_row(db, rows, i, args, policy, today, two_people, publish, error))
      return false;
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
    item->organizations = item->telling.announced + item->telling.changed;
    publish->messages += item->telling.messages;
    progress_update(progress, i + 1, publish->items->len, g_get_monotonic_time());
  }
  return true;
}

/* Nothing can be published: the error says why. */
static bool refuse_nothing(const GPtrArray *latest, guint left, GError **error)
{
  const PlanRow *first = latest->pdata[0];
  g_autofree char *name = plan_view_name(first);

  if (left > 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "nothing to publish: %u open %s not approved: kigen plan submit, and kigen plan approve by "
                "somebody else",
                left, left == 1 ? "plan is" : "plans are");
  else
    g_set_error(
        error, CLI_ERROR, CLI_ERROR_REFUSED,
        "nothing to publish: %s, revision %d, is %s and never comes back: begin the next revision with "
        "kigen plan set",
        name, first->revision, first->state);
  return false;
}

/* Nothing is open: says why, which is no error where all is published (the same command can be given twice).
 */
static bool print_nothing(Cli *cli, Db *db, const Args *args, const Publish *publish, GError **error)
{
  g_autoptr(GPtrArray) in_force = NULL;
  g_autoptr(GPtrArray) latest = NULL;
  g_autoptr(Json) document = publish_json(publish);

  if (!plan_match_list(db, args, PLAN_IN_FORCE, &in_force, error) ||
      !plan_match_list(db, args, PLAN_LATEST, &latest, error))
    return false;
  if (publish->left > 0 ||
      (in_force->len == 0 && latest->len > 0 && ((PlanRow *)latest->pdata[0])->plan != 0))
    return refuse_nothing(latest, publish->left, error);
  if (cli_json(cli))
    cli_print_json(document);
  else if (in_force->len > 0)
    printf("nothing to publish: %u %s published already, and no draft is open\n", in_force->len,
           in_force->len == 1 ? "plan is" : "plans are");
  else
    printf("nothing to publish: there is no plan yet (kigen plan set, kigen import lifecycles)\n");
  return true;
}

/* The work inside the open transaction. */
static bool publish_open(Cli *cli, Db *db, const AuditContext *context, const Args *args, GError **error)
{
  g_auto(Publish) publish = { .dry_run = args_flag(args, "dry-run") };
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

  return plan_work_check_words(args, 0, error) && cli_write(cli, args, &db, &context, error) &&
         db_begin(db, error) && publish_open(cli, db, &context, args, error);
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
