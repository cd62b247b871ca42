#include "notifier/page/page_timeline.h"

#include "notifier/page/timeline_picture.h"

#define BACK_MONTHS (3 * 12)
#define AHEAD_MONTHS (15 * 12)

static void free_plan(gpointer data)
{
  support_plan_free(data);
}

/* The plan with EOS as the holder's contract has it. */
static SupportPlan *effective_plan_of(const Holding *holding, const HeldRevision *revision)
{
  SupportPlan *plan = support_plan_copy(revision->plan);

  plan->date[MILESTONE_EOS] = held_end(holding, DAY_NONE).eos.date;
  return plan;
}

static Day year_begin(Day day)
{
  int year;

  day_to_ymd(day, &year, NULL, NULL);
  return day_from_ymd(year, 1, 1);
}

static Day year_end(Day day)
{
  int year;

  day_to_ymd(day, &year, NULL, NULL);
  return day_from_ymd(year, 12, 31);
}

static void fit_window(TimelinePicture *picture)
{
  Day first = picture->today, last = picture->today;

  for (gsize i = 0; i < picture->n; i++)
    timeline_widen(picture->rows[i].plan, &first, &last);
  picture->from = year_begin(MAX(first, day_add_months(picture->today, -BACK_MONTHS)));
  picture->to = year_end(MIN(last, day_add_months(picture->today, AHEAD_MONTHS)));
}

char *page_timeline_svg(const PageFrame *frame, const GPtrArray *holdings, const char *name)
{
  g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func(free_plan);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(TimelineRow));
  TimelinePicture picture = { .today = frame->today };

  for (guint i = 0; i < holdings->len; i++) {
    const Holding *holding = holdings->pdata[i];
    const HeldRevision *revision = held_end_in_force(holding);
    const HeldRelease *release = holding->release;
    TimelineRow row = { .group = page_frame_choose(frame, release->product_name_ja, release->product_name_en),
                        .label = release->name };

    if (revision == NULL || row.group == NULL)
      continue;
    g_ptr_array_add(plans, effective_plan_of(holding, revision));
    row.plan = plans->pdata[plans->len - 1];
    g_array_append_val(rows, row);
  }
  if (rows->len == 0)
    return NULL;
  picture.rows = (const TimelineRow *)(gconstpointer)rows->data;
  picture.n = rows->len;
  fit_window(&picture);
  return timeline_picture_inline(&picture, name, frame->language);
}
