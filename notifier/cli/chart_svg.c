#include "notifier/cli/chart_svg.h"

#include "notifier/page/timeline_picture.h"

#include <string.h>

static char *group_of(const PlanRow *plan, const char *language)
{
  bool english = strcmp(language, "en") == 0 && plan->product_name_en != NULL;

  return g_strdup_printf("%s (%s)", english ? plan->product_name_en : plan->product_name_ja, plan->product);
}

static char *label_of(const PlanRow *plan)
{
  bool everywhere = plan->market == NULL || strcmp(plan->market, "*") == 0;

  return g_strconcat(plan->name, everywhere ? NULL : " ", everywhere ? NULL : plan->market, NULL);
}

static const char *remark_of(const PlanRow *plan, const char *language)
{
  if (plan->plan != 0 && g_strcmp0(plan->state, "published") == 0)
    return NULL;
  return strcmp(language, "en") == 0 ? " (not published)" : "（未公表）";
}

/* `texts` owns what the row points to. */
static TimelineRow row_of(const PlanRow *plan, const char *language, GPtrArray *texts)
{
  char *group = group_of(plan, language), *label = label_of(plan);

  g_ptr_array_add(texts, group);
  g_ptr_array_add(texts, label);
  return (TimelineRow){ group, label, remark_of(plan, language), plan->dates };
}

char *chart_svg_render(const Chart *chart, const char *language)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(TimelineRow));

  for (guint i = 0; i < chart->rows->len; i++) {
    TimelineRow row = row_of(((const ChartRow *)chart->rows->pdata[i])->plan, language, texts);

    g_array_append_val(rows, row);
  }

  const TimelinePicture picture = { chart->today, chart->from, chart->to,
                                    (const TimelineRow *)(gconstpointer)rows->data, rows->len };

  return timeline_picture_file(&picture, language);
}
