#include "notifier/page/timeline_picture.h"

#include <string.h>

#include "notifier/template/text_width.h"

#define WIDTH 1200
#define LEFT 250   /* where the bars begin */
#define RIGHT 1000 /* where they end; the dates stand behind them */
#define TOP 118    /* of the first row, below title and legend */
#define CROP 38    /* of that, what a picture in a page leaves out: its title stands in the page */
#define ROW 24     /* of a release */
#define GROUP 34   /* of a product's name */
#define BOTTOM 30
#define LABEL_COLUMNS 30 /* of a name, in terminal columns */

typedef struct {
  const char *title, *desc;
  const char *as_of_before, *as_of_after; /* around the day */
  const char *release, *today, *none, *not_announced, *unknown;
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
};

/* Names of what a picture is drawn with: a page's stylesheet gives them their colours too. */
static const char style[] =
    "<style>\n"
    "svg{--bg:#fff;--fg:#1b1f24;--dim:#5b6570;--line:#dfe3e8;--dev:#9fb3c8;--sup:#2f8f5b;--lim:#e0a100;"
    "--end:#b4bcc6;--unk:#8a94a0;--today:#c62828;background:var(--bg)}\n"
    "@media (prefers-color-scheme:dark){svg{--bg:#14181d;--fg:#e8ecf1;--dim:#9aa5b1;--line:#2b333c;"
    "--dev:#4f6478;--sup:#41b37a;--lim:#f2b824;--end:#59636e;--unk:#7d8894;--today:#ff6b6b}}\n"
    "text{font-family:\"Noto Sans CJK JP\",\"Hiragino Sans\",\"Yu Gothic UI\",Meiryo,\"Noto "
    "Sans\",sans-serif;"
    "font-size:13px;fill:var(--fg)}\n"
    ".bg{fill:var(--bg)}.h{font-size:20px;font-weight:700}.p{font-weight:700}"
    ".s{font-size:12px;fill:var(--dim)}.n{font-variant-numeric:tabular-nums;font-size:12px}"
    ".m{text-anchor:middle}\n"
    ".g{stroke:var(--line)}.t{stroke:var(--today);stroke-width:1.5}"
    ".tt{fill:var(--today);font-size:12px;text-anchor:middle}\n"
    ".development{fill:var(--dev)}.support{fill:var(--sup)}.lim{fill:var(--lim)}"
    ".gap{fill:var(--bg);opacity:.45}.end-of-support{fill:var(--end)}"
    ".unknown{fill:none;stroke:var(--unk);stroke-dasharray:2 3}\n"
    "</style>\n";

/* A drawing under way. */
typedef struct {
  GString *svg;
  const TimelinePicture *picture;
  const char *name; /* of its ids: one document may hold several pictures */
  const char *language;
  const Words *words;
} Pen;

/* Text as XML takes it: escaped, control characters replaced. Own string. */
static char *escape(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autoptr(GString) clean = g_string_new("");

  for (const char *p = valid; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
    gunichar c = g_utf8_get_char(p);

    g_string_append_unichar(clean, g_unichar_iscntrl(c) || (c & 0xfffe) == 0xfffe ? 0xfffd : c);
  }
  return g_markup_escape_text(clean->str, -1);
}

static void put_text(const Pen *pen, double x, double y, const char *class_name, const char *text)
{
  g_autofree char *escaped = escape(text);

  g_string_append_printf(pen->svg, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y, class_name,
                         escaped);
}

static double x_of(const TimelinePicture *picture, Day day)
{
  return LEFT + (double)(day - picture->from) * (RIGHT - LEFT) / (picture->to - picture->from + 1);
}

static bool begins_group(const TimelinePicture *picture, gsize i)
{
  return i == 0 || strcmp(picture->rows[i].group, picture->rows[i - 1].group) != 0;
}

static int height_of(const TimelinePicture *picture)
{
  int height = TOP + BOTTOM + ROW;

  for (gsize i = 0; i < picture->n; i++)
    height += ROW + (begins_group(picture, i) ? GROUP : 0);
  return height;
}

static void put_hatch(const Pen *pen)
{
  g_string_append_printf(pen->svg,
                         "<defs><pattern id=\"%s-hatch\" width=\"8\" height=\"8\" "
                         "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                         "<rect width=\"8\" height=\"8\" class=\"lim\"/><rect width=\"3\" height=\"8\" "
                         "class=\"gap\"/></pattern></defs>\n",
                         pen->name);
}

/* Title and description, which a reader hears instead of the picture. */
static void put_title(const Pen *pen)
{
  g_string_append_printf(pen->svg, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n",
                         pen->name, pen->words->title, pen->name, pen->words->desc);
}

static void put_head(const Pen *pen)
{
  const Words *words = pen->words;
  char buffer[DAY_TEXT_SIZE];
  g_autofree char *as_of =
      g_strconcat(words->as_of_before, day_format(pen->picture->today, buffer), words->as_of_after, NULL);
  int height = height_of(pen->picture);

  g_string_append_printf(
      pen->svg,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
      "height=\"%d\" viewBox=\"0 0 %d %d\" lang=\"%s\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n",
      WIDTH, height, WIDTH, height, pen->language, pen->name, pen->name);
  put_title(pen);
  g_string_append(pen->svg, style);
  put_hatch(pen);
  g_string_append_printf(pen->svg, "<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", WIDTH, height);
  put_text(pen, 24, 38, "h", words->title);
  put_text(pen, 24, 60, "s", as_of);
}

/* Without what stands in the page anyway. */
static void put_inline_head(const Pen *pen)
{
  g_string_append_printf(pen->svg,
                         "<svg viewBox=\"0 %d %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n",
                         CROP, WIDTH, height_of(pen->picture) - CROP, pen->name, pen->name);
  put_title(pen);
  put_hatch(pen);
}

/* A bar in the look of a stage. */
static void put_bar(const Pen *pen, Stage stage, double x, double y, double width, int height)
{
  g_autofree char *fill =
      stage == STAGE_LIMITED_SUPPORT ? g_strdup_printf(" fill=\"url(#%s-hatch)\"", pen->name) : g_strdup("");

  g_string_append_printf(pen->svg,
                         "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" class=\"%s\"%s/>\n", x, y,
                         width, height, stage_key(stage), fill);
}

static void put_legend(const Pen *pen)
{
  double x = LEFT;

  for (Stage stage = STAGE_UNKNOWN; stage <= STAGE_END_OF_SUPPORT; stage++) {
    Stage shown = stage == STAGE_END_OF_SUPPORT ? STAGE_UNKNOWN : stage + 1; /* unknown comes last */
    const char *name = stage_name(shown, pen->language);

    put_bar(pen, shown, x, 48, 24, 12);
    put_text(pen, x + 30, 59, "s", name);
    x += 30 + text_width(name) * 6.6 + 24;
  }
}

static int year_of(Day day)
{
  int year = 0;

  day_to_ymd(day, &year, NULL, NULL);
  return year;
}

int timeline_picture_year_step(Day from, Day to, int labels)
{
  static const int steps[] = { 1, 2, 5, 10, 20, 50, 100 };
  int years = year_of(to) - year_of(from) + 1;

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    if (years / steps[i] <= MAX(labels, 1))
      return steps[i];
  return 1000;
}

static void put_axis(const Pen *pen)
{
  const TimelinePicture *picture = pen->picture;
  int step = timeline_picture_year_step(picture->from, picture->to, (RIGHT - LEFT) / 44);
  int first = year_of(picture->from), last = year_of(picture->to);
  int bottom = height_of(picture) - BOTTOM;

  put_text(pen, 24, TOP - 12, "s", pen->words->release);
  put_text(pen, RIGHT + 14, TOP - 12, "s", "EOL");
  put_text(pen, RIGHT + 108, TOP - 12, "s", "EOS");
  for (int year = first + (step - first % step) % step; year <= last; year += step) {
    double x = x_of(picture, day_from_ymd(year, 1, 1));
    g_autofree char *text = g_strdup_printf("%d", year);

    g_string_append_printf(pen->svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"g\"/>\n", x,
                           TOP - 6, x, bottom);
    put_text(pen, x, TOP - 12, "s m", text);
  }
}

static void put_today(const Pen *pen)
{
  const TimelinePicture *picture = pen->picture;
  double x = x_of(picture, picture->today);

  if (picture->today < picture->from || picture->today > picture->to)
    return;
  g_string_append_printf(pen->svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"t\"/>\n", x,
                         TOP - 28, x, height_of(picture) - BOTTOM);
  put_text(pen, x, TOP - 33, "tt", pen->words->today);
}

static void put_span(const Pen *pen, const StageSpan *span, double y)
{
  double from = x_of(pen->picture, span->from), to = x_of(pen->picture, span->to + 1);
  bool thin = span->stage == STAGE_END_OF_SUPPORT || span->stage == STAGE_DEVELOPMENT;

  put_bar(pen, span->stage, from, y + (thin ? 9 : 4), MAX(to - from, 1.0), thin ? 4 : 14);
}

static char *date_word(PlanDate date, const Words *words)
{
  char buffer[DAY_TEXT_SIZE];

  return g_strdup(date.state == DATE_KNOWN ? day_format(date.day, buffer)
                  : date.state == DATE_TBA ? words->not_announced
                                           : words->unknown);
}

/* What a pointer resting on the row reads: every milestone. */
static void put_tooltip(const Pen *pen, const TimelineRow *row)
{
  g_autoptr(GString) text = g_string_new("");

  g_string_append_printf(text, "%s %s", row->group, row->label);
  for (Milestone milestone = 0; milestone < MILESTONE_COUNT; milestone++) {
    g_autofree char *date = date_word(row->plan->date[milestone], pen->words);

    if (row->plan->date[milestone].state != DATE_UNKNOWN)
      g_string_append_printf(text, " / %s %s", milestone_name(milestone, pen->language), date);
  }

  g_autofree char *escaped = escape(text->str);

  g_string_append_printf(pen->svg, "<title>%s</title>\n", escaped);
}

static void put_row(const Pen *pen, const TimelineRow *row, double y)
{
  const char *remark = row->remark != NULL ? row->remark : "";
  g_autofree char *name = text_width_clip(row->label, LABEL_COLUMNS - text_width(remark));
  g_autofree char *label = g_strconcat(name, remark, NULL);
  g_autofree char *eol = date_word(row->plan->date[MILESTONE_EOL], pen->words);
  g_autofree char *eos = date_word(row->plan->date[MILESTONE_EOS], pen->words);
  g_autoptr(GArray) spans = timeline_spans(row->plan, pen->picture->from, pen->picture->to);

  g_string_append(pen->svg, "<g>\n");
  put_tooltip(pen, row);
  put_text(pen, 36, y + 16, row->remark != NULL ? "s" : "", label);
  for (guint i = 0; i < spans->len; i++)
    put_span(pen, &g_array_index(spans, StageSpan, i), y);
  put_text(pen, RIGHT + 14, y + 16, "n", eol);
  put_text(pen, RIGHT + 108, y + 16, "n", eos);
  g_string_append(pen->svg, "</g>\n");
}

static void put_rows(const Pen *pen)
{
  const TimelinePicture *picture = pen->picture;
  double y = TOP;

  for (gsize i = 0; i < picture->n; i++) {
    if (begins_group(picture, i)) {
      put_text(pen, 24, y + GROUP - 10, "p", picture->rows[i].group);
      y += GROUP;
    }
    put_row(pen, &picture->rows[i], y);
    y += ROW;
  }
  if (picture->n == 0)
    put_text(pen, 24, TOP + 16, "s", pen->words->none);
}

static char *draw(const TimelinePicture *picture, const char *name, const char *language,
                  void (*put_begin)(const Pen *))
{
  const Pen pen = { g_string_new(""), picture, name, language,
                    strcmp(language, "ja") == 0 ? &words_ja : &words_en };

  put_begin(&pen);
  put_legend(&pen);
  put_axis(&pen);
  put_rows(&pen);
  put_today(&pen);
  g_string_append(pen.svg, "</svg>\n");
  return g_string_free(pen.svg, FALSE);
}

char *timeline_picture_file(const TimelinePicture *picture, const char *language)
{
  return draw(picture, "timeline", language, put_head);
}

char *timeline_picture_inline(const TimelinePicture *picture, const char *name, const char *language)
{
  return draw(picture, name, language, put_inline_head);
}
