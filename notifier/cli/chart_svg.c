#include "notifier/cli/chart_svg.h"

#include "planner/date_text.h"

#include <string.h>

#define WIDTH 1200
#define LEFT 250   /* where the bars begin */
#define RIGHT 1000 /* where they end; the dates stand behind them */
#define TOP 118    /* of the first row */
#define ROW 24     /* of a release */
#define GROUP 34   /* of a product's name */
#define BOTTOM 30
#define LABEL_COLUMNS 30 /* of a name, in terminal columns */

typedef struct {
  const char *title, *desc;
  const char *as_of_before, *as_of_after; /* around the day */
  const char *release, *today, *none, *not_announced, *unknown, *draft;
} Words;

static const Words words_ja = {
  .title = "サポート期間一覧",
  .desc = "リリースごとに、開発、サポート、限定的サポート、サポート終了の期間を横棒で示す。縦線は本日。",
  .as_of_before = "",
  .as_of_after = " 現在",
  .release = "製品・型式（版）",
  .today = "本日",
  .none = "登録されたリリースはありません",
  .not_announced = "未定",
  .unknown = "不明",
  .draft = "（未公表）",
};

static const Words words_en = {
  .title = "Support windows",
  .desc = "Bars show when each release is in development, support, limited support and end of support. The "
          "vertical line is today.",
  .as_of_before = "as of ",
  .as_of_after = "",
  .release = "Product, release",
  .today = "today",
  .none = "No release is registered",
  .not_announced = "not announced",
  .unknown = "unknown",
  .draft = " (not published)",
};

static const char style[] = "<style>\n"
                            "svg{--bg:#fff;--fg:#1b1f24;--dim:#5b6570;--line:#dfe3e8;--dev:#9fb3c8;--sup:#"
                            "2f8f5b;--lim:#e0a100;--end:#b4bcc6;--unk:#8a94a0;"
                            "--today:#c62828;background:var(--bg)}\n"
                            "@media "
                            "(prefers-color-scheme:dark){svg{--bg:#14181d;--fg:#e8ecf1;--dim:#9aa5b1;--line:#"
                            "2b333c;--dev:#4f6478;--sup:#41b37a;"
                            "--lim:#f2b824;--end:#59636e;--unk:#7d8894;--today:#ff6b6b}}\n"
                            "text{font-family:\"Noto Sans CJK JP\",\"Hiragino Sans\",\"Yu Gothic "
                            "UI\",Meiryo,\"Noto Sans\",sans-serif;font-size:13px;"
                            "fill:var(--fg)}\n"
                            ".bg{fill:var(--bg)}.h{font-size:20px;font-weight:700}.p{font-weight:700}.s{font-"
                            "size:12px;fill:var(--dim)}"
                            ".n{font-variant-numeric:tabular-nums;font-size:12px}.m{text-anchor:middle}\n"
                            ".g{stroke:var(--line)}.t{stroke:var(--today);stroke-width:1.5}.tt{fill:var(--"
                            "today);font-size:12px;text-anchor:middle}\n"
                            ".development{fill:var(--dev)}.support{fill:var(--sup)}.limited-support{fill:url("
                            "#hatch)}.end-of-support{fill:var(--end)}"
                            ".unknown{fill:none;stroke:var(--unk);stroke-dasharray:2 3}\n"
                            "</style>\n"
                            "<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" "
                            "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                            "<rect width=\"8\" height=\"8\" style=\"fill:var(--lim)\"/><rect width=\"3\" "
                            "height=\"8\" style=\"fill:var(--bg);opacity:.45\"/>"
                            "</pattern></defs>\n";

/* Text as XML takes it: escaped, control characters replaced. Own string. */
static char *escape(const char *text)
{
  g_autoptr(GString) clean = g_string_new("");

  for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
    gunichar c = g_utf8_get_char(p);

    g_string_append_unichar(clean, g_unichar_iscntrl(c) || (c & 0xfffe) == 0xfffe ? 0xfffd : c);
  }
  return g_markup_escape_text(clean->str, -1);
}

static void put_text(GString *svg, double x, double y, const char *class_name, const char *text)
{
  g_autofree char *escaped = escape(text);

  g_string_append_printf(svg, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y, class_name,
                         escaped);
}

static double x_of(const Chart *chart, Day day)
{
  return LEFT + (double)(day - chart->from) * (RIGHT - LEFT) / (chart->to - chart->from + 1);
}

static const PlanRow *plan_at(const Chart *chart, guint i)
{
  return ((const ChartRow *)chart->rows->pdata[i])->plan;
}

static bool begins_product(const Chart *chart, guint i)
{
  return i == 0 || strcmp(plan_at(chart, i)->product, plan_at(chart, i - 1)->product) != 0;
}

static int height_of(const Chart *chart)
{
  int height = TOP + BOTTOM + ROW;

  for (guint i = 0; i < chart->rows->len; i++)
    height += ROW + (begins_product(chart, i) ? GROUP : 0);
  return height;
}

static void put_head(GString *svg, const Chart *chart, const Words *words, const char *language)
{
  char buffer[DAY_TEXT_SIZE];
  g_autofree char *as_of =
      g_strconcat(words->as_of_before, day_format(chart->today, buffer), words->as_of_after, NULL);
  int height = height_of(chart);

  g_string_append_printf(
      svg,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
      "height=\"%d\" viewBox=\"0 0 %d %d\" lang=\"%s\" role=\"img\" aria-labelledby=\"title desc\">\n"
      "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n%s<rect class=\"bg\" width=\"%d\" "
      "height=\"%d\"/>\n",
      WIDTH, height, WIDTH, height, language, words->title, words->desc, style, WIDTH, height);
  put_text(svg, 24, 38, "h", words->title);
  put_text(svg, 24, 60, "s", as_of);
}

static void put_legend(GString *svg, const char *language)
{
  double x = LEFT;

  for (Stage stage = STAGE_UNKNOWN; stage <= STAGE_END_OF_SUPPORT; stage++) {
    Stage shown = stage == STAGE_END_OF_SUPPORT ? STAGE_UNKNOWN : stage + 1; /* unknown comes last */
    const char *name = stage_name(shown, language);

    g_string_append_printf(svg,
                           "<rect x=\"%.1f\" y=\"48\" width=\"24\" height=\"12\" rx=\"2\" class=\"%s\"/>\n",
                           x, stage_key(shown));
    put_text(svg, x + 30, 59, "s", name);
    x += 30 + term_width(name) * 6.6 + 24;
  }
}

static void put_axis(GString *svg, const Chart *chart, const Words *words)
{
  int step = chart_year_step(chart, (RIGHT - LEFT) / 44);
  int first = chart_year(chart->from), last = chart_year(chart->to);
  int bottom = height_of(chart) - BOTTOM;

  put_text(svg, 24, TOP - 12, "s", words->release);
  put_text(svg, RIGHT + 14, TOP - 12, "s", "EOL");
  put_text(svg, RIGHT + 108, TOP - 12, "s", "EOS");
  for (int year = first + (step - first % step) % step; year <= last; year += step) {
    double x = x_of(chart, day_from_ymd(year, 1, 1));
    g_autofree char *text = g_strdup_printf("%d", year);

    g_string_append_printf(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"g\"/>\n", x,
                           TOP - 6, x, bottom);
    put_text(svg, x, TOP - 12, "s m", text);
  }
}

static void put_today(GString *svg, const Chart *chart, const Words *words)
{
  double x = x_of(chart, chart->today);

  if (chart->today < chart->from || chart->today > chart->to)
    return;
  g_string_append_printf(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"t\"/>\n", x,
                         TOP - 28, x, height_of(chart) - BOTTOM);
  put_text(svg, x, TOP - 33, "tt", words->today);
}

static void put_span(GString *svg, const Chart *chart, const StageSpan *span, double y)
{
  double from = x_of(chart, span->from), to = x_of(chart, span->to + 1);
  bool thin = span->stage == STAGE_END_OF_SUPPORT || span->stage == STAGE_DEVELOPMENT;

  g_string_append_printf(svg, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n",
                         from, y + (thin ? 9 : 4), MAX(to - from, 1.0), thin ? 4 : 14,
                         stage_key(span->stage));
}

static char *date_word(PlanDate date, const Words *words)
{
  char buffer[DAY_TEXT_SIZE];

  return g_strdup(date.state == DATE_KNOWN ? day_format(date.day, buffer)
                  : date.state == DATE_TBA ? words->not_announced
                                           : words->unknown);
}

/* What a pointer resting on the row reads: every milestone. */
static void put_tooltip(GString *svg, const PlanRow *plan, const Words *words, const char *language)
{
  g_autoptr(GString) text = g_string_new("");

  g_string_append_printf(text, "%s %s", plan->product_name_ja, plan->name);
  for (Milestone milestone = 0; milestone < MILESTONE_COUNT; milestone++) {
    g_autofree char *date = date_word(plan->dates->date[milestone], words);

    if (plan->dates->date[milestone].state != DATE_UNKNOWN)
      g_string_append_printf(text, " / %s %s", milestone_name(milestone, language), date);
  }

  g_autofree char *escaped = escape(text->str);

  g_string_append_printf(svg, "<title>%s</title>\n", escaped);
}

static void put_row(GString *svg, const Chart *chart, const ChartRow *row, const Words *words,
                    const char *language, double y)
{
  bool draft = row->plan->plan == 0 || g_strcmp0(row->plan->state, "published") != 0;
  bool everywhere = row->plan->market == NULL || strcmp(row->plan->market, "*") == 0;
  g_autofree char *whole =
      g_strconcat(row->plan->name, everywhere ? NULL : " ", everywhere ? NULL : row->plan->market, NULL);
  g_autofree char *name = term_clip(whole, LABEL_COLUMNS - (draft ? term_width(words->draft) : 0));
  g_autofree char *label = g_strconcat(name, draft ? words->draft : NULL, NULL);
  g_autofree char *eol = date_word(row->plan->dates->date[MILESTONE_EOL], words);
  g_autofree char *eos = date_word(row->plan->dates->date[MILESTONE_EOS], words);

  g_string_append(svg, "<g>\n");
  put_tooltip(svg, row->plan, words, language);
  put_text(svg, 36, y + 16, draft ? "s" : "", label);
  for (guint i = 0; i < row->spans->len; i++)
    put_span(svg, chart, &g_array_index(row->spans, StageSpan, i), y);
  put_text(svg, RIGHT + 14, y + 16, "n", eol);
  put_text(svg, RIGHT + 108, y + 16, "n", eos);
  g_string_append(svg, "</g>\n");
}

static void put_product(GString *svg, const PlanRow *plan, const char *language, double y)
{
  bool english = strcmp(language, "en") == 0 && plan->product_name_en != NULL;
  g_autofree char *name =
      g_strdup_printf("%s (%s)", english ? plan->product_name_en : plan->product_name_ja, plan->product);

  put_text(svg, 24, y + GROUP - 10, "p", name);
}

char *chart_svg_render(const Chart *chart, const char *language)
{
  const Words *words = strcmp(language, "ja") == 0 ? &words_ja : &words_en;
  GString *svg = g_string_new("");
  double y = TOP;

  put_head(svg, chart, words, language);
  put_legend(svg, language);
  put_axis(svg, chart, words);
  for (guint i = 0; i < chart->rows->len; i++) {
    if (begins_product(chart, i)) {
      put_product(svg, plan_at(chart, i), language, y);
      y += GROUP;
    }
    put_row(svg, chart, chart->rows->pdata[i], words, language, y);
    y += ROW;
  }
  if (chart->rows->len == 0)
    put_text(svg, 24, TOP + 16, "s", words->none);
  put_today(svg, chart, words);
  g_string_append(svg, "</svg>\n");
  return g_string_free(svg, FALSE);
}
