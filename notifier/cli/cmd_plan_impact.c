#include "notifier/cli/cmd.h"
#include "notifier/cli/impact_json.h"
#include "notifier/cli/impact_view.h"

static const ArgOption options[] = {
  { "market", "M", "the market the plan is for (default: *, everywhere)" },
  { "all-names", NULL, "name every organization of a list, not only the first 20" },
  { NULL },
};

static const char help[] = "What publishing the open draft today would do: whom it concerns, which events in "
                           "calendars appear, move or "
                           "go, what\n"
                           "goes out by which channel, what that waits is overtaken, which reminders come or "
                           "go, who is left with less "
                           "than the\n"
                           "lead time, and which rules it breaks. With FIELD=VALUE (as for plan set) it is "
                           "asked of the draft, or where "
                           "none is open\n"
                           "of the plan in force, with these changed. Nothing is stored and nobody is told.\n"
                           "\n"
                           "  kigen plan impact CT-100/2.1\n"
                           "  kigen plan impact CT-100/2.1 eol=2030-03-31 eos=2033-03-31\n"
                           "\n"
                           "A device counts at its user; a lessor, distributor or repairer of it is an "
                           "organization of its own. Exit "
                           "code 1 when an\n"
                           "error of the publish gate stands.";

static bool impact_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(ImpactReport) report = NULL;

  if (!impact_report_make(cli, args, &report, error))
    return false;
  if (cli_json(cli)) {
    g_autoptr(Json) document = impact_json(report);

    cli_print_json(document);
  } else {
    impact_view_print(report);
  }
  cli_set_exit(cli, report->refused_by[0] != '\0' ? CLI_EXIT_REFUSED : CLI_EXIT_DONE);
  return true;
}

const Command cmd_plan_impact = {
  .name = "impact",
  .summary = "Show what publishing a plan would do, before it is done",
  .words = "PRODUCT/RELEASE [FIELD=VALUE…]",
  .min_words = 1,
  .max_words = -1,
  .options = { options },
  .help = help,
  .run = impact_run,
};
