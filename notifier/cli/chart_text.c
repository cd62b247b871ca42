#include "notifier/cli/chart_text.h"

#include "notifier/cli/plan_view.h"

#include <string.h>

#define LABEL_MAX 32
#define DATES_WIDTH 24 /* "  2031-03-31  2034-03-31" */
#define CHART_MIN 24
#define YEAR_WIDTH 6 /* columns that a year on the axis needs */

typedef struct {
  char mark;
  const char *colour; /* on terminals */
} StageMark;

static const StageMark marks[] = { [STAGE_UNKNOWN] = { '?', "\033[2m" },
                                   [STAGE_DEVELOPMENT] = { '-', "\033[34m" },
                                   [STAGE_SUPPORT] = { '=', "\033[30;42m" },
                                   [STAGE_LIMITED_SUPPORT] = { '~', "\033[30;43m" },
                                   [STAGE_END_OF_SUPPORT] = { '.', "\033[31m" } };

/* Where things stand on the line. */
typedef struct {
  int label, chart; /* widths */
  bool dates;       /* room for EOL and EOS at the end of the line */
  bool colour;
  int today; /* column of today's line, -1: outside the window */
} Layout;

/* The column of `day` in a chart of `width` columns. */
static int column_of(const Chart *chart, int width, Day day)
{
  return (int)((gint64)(day - chart->from) * width / (chart->to - chart->from + 1));
}

/* The day in the middle of a column. */
static Day day_of(const Chart *chart, int width, int column)
{
  gint64 days = chart->to - chart->from + 1;

  return chart->from + (Day)((days * column + days / 2) / width);
}

static Stage stage_on(const ChartRow *row, Day day)
{
  for (guint i = 0; i < row->spans->len; i++)
    if (g_array_index(row->spans, StageSpan, i).to >= day)
      return g_array_index(row->spans, StageSpan, i).stage;
  return STAGE_UNKNOWN;
}

static char *label_of(const PlanRow *plan)
{
  g_autofree char *name = plan_view_name(plan);
  bool draft = plan->plan == 0 || g_strcmp0(plan->state, "published") != 0;
  g_autofree char *whole = g_strconcat(name, draft ? " *" : NULL, NULL);

  return term_clip(whole, LABEL_MAX);
}

static Layout lay_out(const Chart *chart, int columns, FILE *stream)
{
  Layout layout = { .colour = term_has_colour(stream), .today = -1 };

  for (guint i = 0; i < chart->rows->len; i++) {
    g_autofree char *label = label_of(((const ChartRow *)chart->rows->pdata[i])->plan);

    layout.label = MAX(layout.label, term_width(label));
  }
  layout.chart = columns - layout.label - 2;
  layout.dates = layout.chart - DATES_WIDTH >= 2 * CHART_MIN;
  layout.chart = MAX(layout.chart - (layout.dates ? DATES_WIDTH : 0), CHART_MIN);
  if (chart->today >= chart->from && chart->today <= chart->to)
    layout.today = column_of(chart, layout.chart, chart->today);
  return layout;
}

static void print_axis(const Chart *chart, const Layout *layout, FILE *stream)
{
  int step = chart_year_step(chart, layout->chart / YEAR_WIDTH);
  int first = chart_year(chart->from), last = chart_year(chart->to);
  int column = 0;

  fprintf(stream, "%*s", layout->label + 2, "");
  for (int year = first + (step - first % step) % step; year <= last; year += step) {
    int place = column_of(chart, layout->chart, day_from_ymd(year, 1, 1));

    if (place + 4 > layout->chart)
      break;
    fprintf(stream, "%*s%d", place - column, "", year);
    column = place + 4;
  }
  if (layout->dates)
    fprintf(stream, "%*s  EOL         EOS", layout->chart - column, "");
  fputc('\n', stream);
}

static void print_date(PlanDate date, bool last, FILE *stream)
{
  char buffer[DAY_TEXT_SIZE];
  const char *text = date.state == DATE_KNOWN ? day_format(date.day, buffer)
                     : date.state == DATE_TBA ? "tba"
                                              : "unknown";

  fprintf(stream, last ? "  %s" : "  %-10s", text);
}

static void print_row(const Chart *chart, const ChartRow *row, const Layout *layout, FILE *stream)
{
  g_autofree char *label = label_of(row->plan);
  const char *colour = NULL;

  term_put(stream, label, layout->label + 2);
  for (int column = 0; column < layout->chart; column++) {
    const StageMark *mark = &marks[stage_on(row, day_of(chart, layout->chart, column))];

    if (layout->colour && colour != mark->colour)
      fprintf(stream, "\033[0m%s", mark->colour);
    colour = mark->colour;
    fputc(column == layout->today ? '|' : mark->mark, stream);
  }
  if (layout->colour)
    fputs("\033[0m", stream);
  if (layout->dates) {
    print_date(row->plan->dates->date[MILESTONE_EOL], false, stream);
    print_date(row->plan->dates->date[MILESTONE_EOS], true, stream);
  }
  fputc('\n', stream);
}

static void print_legend(const Chart *chart, const Layout *layout, FILE *stream)
{
  char buffer[DAY_TEXT_SIZE];

  fputc('\n', stream);
  for (Stage stage = STAGE_DEVELOPMENT; stage <= STAGE_END_OF_SUPPORT; stage++)
    fprintf(stream, "%s%c%c%s %s   ", layout->colour ? marks[stage].colour : "", marks[stage].mark,
            marks[stage].mark, layout->colour ? "\033[0m" : "", stage_key(stage));
  fprintf(stream, "?? unknown   | today, %s   * not published\n", day_format(chart->today, buffer));
  if (chart->cut)
    fprintf(stream, "Some plans reach further: --from and --to set the window.\n");
}

void chart_text_print(const Chart *chart, int columns, FILE *stream)
{
  Layout layout = lay_out(chart, columns, stream);

  if (chart->rows->len == 0) {
    fprintf(stream, "no release yet: kigen import lifecycles FILE\n");
    return;
  }
  print_axis(chart, &layout, stream);
  for (guint i = 0; i < chart->rows->len; i++)
    print_row(chart, chart->rows->pdata[i], &layout, stream);
  print_legend(chart, &layout, stream);
}
