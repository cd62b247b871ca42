#include "db/user_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/finding_view.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"
#include "planner/revision.h"

static const ArgOption options[] = { { "market", "M", "the market the plan is for (default: *, everywhere)" },
                                     { NULL } };

static const char help[] =
    "Changes the draft; where there is none, begins one from the plan in force. Nothing goes out before plan "
    "publish.\n"
    "\n"
    "Dates are last days: eol the last day of full support, eos the last day of any support. Forms: "
    "2031-03-31,\n"
    "2031/3/31, 令和13年3月31日, 2031年3月末, 2031年度末; 未定 is \"not announced\", an empty value "
    "\"unknown\".\n"
    "\n"
    "Fields: general_availability, end_of_sale, security_support_end, eol, eos, parts_until, repair_until,\n"
    "limited_support_doc (short: doc), limited_support_duties (duties), limited_support_duties_en "
    "(duties_en),\n"
    "limited_support_url (url), limited_support_lines (lines), limited_support_terms (terms), "
    "limited_support_terms_en\n"
    "(terms_en), successor (a product's code, or its name), limited_support_rationale (rationale), "
    "announced_on, presented_on.\n"
    "\n"
    "Service lines go on until a day of their own, each on its terms, in Japanese and English: "
    "line.parts=2033-03-31\n"
    "terms.parts=有償 terms_en.parts=charged, of security-updates, parts, on-site-repair, telephone, "
    "compensating-controls,\n"
    "migration-path; an empty day removes the line with its terms. All at once: "
    "lines=\"security-updates:2033-03-31;parts:2031-03-31\"\n"
    "terms=\"parts:有償;telephone:平日9-17時\"; those left out go.\n"
    "\n"
    "  kigen plan set CT-100/2.1 eol=2031-03-31 eos=2034-03-31 doc=LSP-014 "
    "duties=\"院内ネットワークから分離\" \\\n"
    "    line.security-updates=2034-03-31 --by 佐藤 --reason \"部品供給の終了\"";

static bool append_audit(Db *db, const AuditContext *context, const PlanRow *row, const char *market,
                         const char *reason, Json *changes, GError **error)
{
  g_autoptr(Json) payload =
      json_pack("{s:s, s:s, s:s, s:O, s:o}", "product", row->product, "release", row->name, "market", market,
                "changes", changes, "reason", cli_json_text(reason));
  g_autofree char *text = json_dumps(payload, JSON_PRESERVE_ORDER);

  return audit_append(db, context, "plan.set", text, error);
}

/* An approval that is lost is said: somebody may wait for the plan to be published. */
static void warn_lost(const PlanRow *before, const char *name)
{
  RevisionState state;

  if (before->plan == 0 || !revision_state_parse(before->state, &state) || !revision_is_open(state) ||
      state == REVISION_DRAFT)
    return;
  cli_warn("%s: revision %d was %s%s%s, and is a draft again", name, before->revision, before->state,
           before->approved_by != NULL ? " by " : "", before->approved_by != NULL ? before->approved_by : "");
}

static void print_result(Cli *cli, const PlanRow *row, Json *changes, bool changed, bool two_people,
                         Day today)
{
  g_autofree char *name = plan_view_name(row);
  g_autofree char *revision = plan_view_revision(row);

  if (cli_json(cli)) {
    g_autoptr(Json) document = json_pack("{s:b, s:O, s:o}", "changed", changed, "changes", changes, "plan",
                                         plan_view_json(row, today));

    cli_print_json(document);
    return;
  }
  if (!changed) {
    printf("%s: nothing to change, %s says so already\n", name, revision);
    return;
  }
  printf("%s: %s\n", name, revision);
  plan_edit_print_changes(changes);
  printf("Next: kigen check %s/%s ; kigen plan %s %s/%s --reason TEXT\n", row->product, row->name,
         two_people ? "submit" : "publish", row->product, row->name);
}

/* The work inside the open transaction. */
static bool set_fields(Cli *cli, Db *db, const AuditContext *context, const Args *args, GError **error)
{
  const char *market = args_text(args, "market") != NULL ? args_text(args, "market") : "*";
  const char *reason = args_text(args, "reason");
  g_autoptr(PlanRow) row = NULL;
  g_autoptr(PlanRow) stored = NULL;
  g_autoptr(Json) changes = NULL;
  bool changed = false, two_people = false;

  if (!plan_edit_find(db, args_word(args, 0), market, &row, error))
    return false;

  g_autoptr(SupportPlan) plan = support_plan_copy(row->dates);

  if (!plan_edit_apply(args, 1, plan, error))
    return false;
  if (rule_store_gate(plan) != NULL) {
    finding_view_refuse(rule_store_gate(plan), args_word(args, 0), error);
    return false;
  }
  changes = plan_edit_changes(row->dates, plan);
  if (!plan_store_put_draft(db, context, row->release, market, plan, reason, &changed, error))
    return false;
  if (changed && !append_audit(db, context, row, market, reason, changes, error))
    return false;
  if (!plan_match_one(db, row->product, row->name, market, PLAN_LATEST, &stored, error) ||
      !user_store_any(db, &two_people, error) || !db_commit(db, error))
    return false;
  if (changed)
    warn_lost(row, args_word(args, 0));
  print_result(cli, stored, changes, changed, two_people, context->today);
  return true;
}

static bool set_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  Db *db = NULL;

  return cli_write(cli, args, &db, &context, error) && db_begin(db, error) &&
         set_fields(cli, db, &context, args, error);
}

const Command cmd_plan_set = {
  .name = "set",
  .summary = "Change the draft of a release's plan",
  .words = "PRODUCT/RELEASE FIELD=VALUE…",
  .min_words = 2,
  .max_words = -1,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = set_run,
};
