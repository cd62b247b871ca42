#include "notifier/page/page_unit.h"

#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/page/page_plan.h"

Stage page_unit_stage(const HeldUnit *unit, Day today)
{
  return page_plan_stage(unit->plan, unit->end, today);
}

static int urgency(Stage stage)
{
  static const int order[] = {
    [STAGE_END_OF_SUPPORT] = 0, [STAGE_LIMITED_SUPPORT] = 1, [STAGE_UNKNOWN] = 2,
    [STAGE_SUPPORT] = 3,        [STAGE_DEVELOPMENT] = 4,
  };

  return order[stage];
}

static Day last_day(const HeldUnit *unit)
{
  return unit->end.eos.date.state == DATE_KNOWN ? unit->end.eos.date.day : G_MAXINT32;
}

static int compare_days(Day a, Day b)
{
  return (a > b) - (a < b);
}

int page_unit_compare(gconstpointer a, gconstpointer b, gpointer today)
{
  const HeldUnit *first = *(const HeldUnit *const *)a, *second = *(const HeldUnit *const *)b;
  Day day = *(const Day *)today;
  int order = urgency(page_unit_stage(first, day)) - urgency(page_unit_stage(second, day));

  if (order == 0)
    order = compare_days(last_day(first), last_day(second));
  if (order == 0)
    order = g_strcmp0(first->department, second->department);
  if (order == 0)
    order = g_strcmp0(first->serial, second->serial);
  return order != 0 ? order : (first->id > second->id) - (first->id < second->id);
}

json_t *page_unit_json(const PageFrame *frame, const HeldUnit *unit)
{
  json_t *object = json_object();

  page_json_text(object, "model", unit->model);
  page_json_text(object, "software", unit->software);
  page_json_text(object, "serial", unit->serial);
  page_json_text(object, "lot", unit->lot);
  if (unit->quantity != 1)
    json_object_set_new(object, "quantity", json_integer(unit->quantity));
  page_json_text(object, "asset_no", unit->asset_no);
  page_json_text(object, "department", unit->department);
  page_json_text(object, "location", unit->location);
  page_json_flag(object, "isolated", g_strcmp0(unit->status, "isolated") == 0);
  page_json_flag(object, "spare", g_strcmp0(unit->status, "spare") == 0);
  json_object_set_new(object, "stage",
                      page_plan_stage_json(page_unit_stage(unit, frame->today), frame->language));
  json_object_set_new(object, "eol", page_date_end_json(unit->end.eol, frame->today, frame->language));
  json_object_set_new(object, "eos", page_date_end_json(unit->end.eos, frame->today, frame->language));
  return object;
}
