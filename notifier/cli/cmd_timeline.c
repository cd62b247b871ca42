#include "notifier/cli/chart_svg.h"
#include "notifier/cli/chart_text.h"
#include "notifier/cli/cmd.h"

#include <string.h>

#define COLUMNS_WITHOUT_TERMINAL 100

static const ArgOption options[] = {
  { "svg", "FILE", "write the chart as SVG (- is standard output)" },
  { "language", "L", "of the SVG: ja (default) or en" },
  { "from", "DAY", "begin of the window" },
  { "to", "DAY", "end of the window" },
  { NULL },
};

static const char help[] = "One line a release: the plan in force, or the latest draft, marked so. The "
                           "window fits the dates, at most 20 years back\n"
                           "and ahead, unless --from and --to say otherwise.";

static bool write_svg(const Chart *chart, const char *path, const char *language, GError **error)
{
  g_autofree char *svg = chart_svg_render(chart, language);

  if (strcmp(path, "-") != 0)
    return g_file_set_contents(path, svg, -1, error);
  fputs(svg, stdout);
  return true;
}

static bool timeline_run(Cli *cli, const Args *args, GError **error)
{
  const char *svg = args_text(args, "svg");
  const char *language = args_text(args, "language") != NULL ? args_text(args, "language") : "ja";
  g_auto(Chart) chart = { 0 };
  Day today = DAY_NONE, from = DAY_NONE, to = DAY_NONE;
  Db *db = NULL;

  if (strcmp(language, "ja") != 0 && strcmp(language, "en") != 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--language %s: expected ja or en", language);
    return false;
  }
  if (!cli_day_option(args, "from", &from, error) || !cli_day_option(args, "to", &to, error) ||
      !cli_today(cli, &today, error))
    return false;
  if (!cli_store(cli, DB_READ, &db, error) || !chart_load(db, args, today, from, to, &chart, error))
    return false;
  if (svg != NULL && !write_svg(&chart, svg, language, error))
    return false;

  g_autoptr(Json) document = chart_json(&chart);

  if (cli_json(cli) && g_strcmp0(svg, "-") != 0)
    cli_print_json(document);
  else if (svg == NULL)
    chart_text_print(&chart, term_columns(stdout, COLUMNS_WITHOUT_TERMINAL), stdout);
  return true;
}

const Command cmd_timeline = {
  .name = "timeline",
  .summary = "Show support windows as a chart, in the terminal or as SVG",
  .words = "[PRODUCT[/RELEASE]…]",
  .max_words = -1,
  .options = { options },
  .help = help,
  .run = timeline_run,
};
