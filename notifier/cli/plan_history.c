#include "notifier/cli/plan_history.h"

#include "notifier/cli/table.h"
#include "planner/revision.h"

#include <string.h>

static bool has_event(const GPtrArray *events, const char *name)
{
  for (guint i = 0; i < events->len; i++)
    if (strcmp(((const PlanEvent *)events->pdata[i])->event, name) == 0)
      return true;
  return false;
}

/* An event that only the row tells of. */
static PlanEvent *event_new(const PlanRow *row, RevisionEvent event, const char *by, Day day,
                            const char *reason)
{
  PlanEvent *told = g_new0(PlanEvent, 1);

  told->plan = row->plan;
  told->event = g_strdup(revision_event_key(event));
  told->by = g_strdup(by != NULL ? by : "");
  told->day = day;
  told->reason = g_strdup(reason);
  return told;
}

/* What the row says and no event does, each in its place. */
static void add_untold(const PlanRow *row, const PlanRow *next, GPtrArray *events)
{
  if (!has_event(events, revision_event_key(REVISION_SET)))
    g_ptr_array_insert(events, 0, event_new(row, REVISION_SET, row->author, DAY_NONE, NULL));
  if (row->published_on != DAY_NONE && !has_event(events, revision_event_key(REVISION_PUBLISH)))
    g_ptr_array_insert(events, 1,
                       event_new(row, REVISION_PUBLISH, row->published_by, row->published_on, row->reason));
  if (g_strcmp0(row->state, revision_state_key(REVISION_SUPERSEDED)) == 0 && next != NULL) {
    g_autofree char *why = g_strdup_printf("revision %d was published", next->revision);

    g_ptr_array_add(events, event_new(row, REVISION_SUPERSEDE, NULL, next->published_on, why));
  }
  if (row->withdrawn_on != DAY_NONE && !has_event(events, revision_event_key(REVISION_WITHDRAW)))
    g_ptr_array_add(events, event_new(row, REVISION_WITHDRAW, row->withdrawn_by, row->withdrawn_on,
                                      row->withdrawn_reason));
}

bool plan_history_load(Db *db, const PlanRow *row, const PlanRow *next, GPtrArray **ret_events,
                       GError **error)
{
  g_autoptr(GPtrArray) events = NULL;

  if (!plan_event_store_list(db, row->plan, &events, error))
    return false;
  add_untold(row, next, events);
  *ret_events = g_steal_pointer(&events);
  return true;
}

void plan_history_print(const GPtrArray *events)
{
  g_autoptr(Table) table = table_new("DAY|WHAT|WHO|ROLE|WHY");

  for (guint i = 0; i < events->len; i++) {
    const PlanEvent *event = events->pdata[i];
    g_autofree char *what =
        event->rule != NULL ? g_strconcat(event->event, " ", event->rule, NULL) : g_strdup(event->event);
    char day[DAY_TEXT_SIZE];

    table_cell(table, event->day != DAY_NONE ? day_format(event->day, day) : "unknown");
    table_cell(table, what);
    table_cell(table, plan_event_who(event));
    table_cell(table, event->role);
    table_cell(table, event->reason);
  }
  table_print(table, stdout);
}

Json *plan_history_json(const GPtrArray *events)
{
  Json *list = json_array();

  for (guint i = 0; i < events->len; i++) {
    const PlanEvent *event = events->pdata[i];

    json_array_append_new(list,
                          json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "event",
                                    cli_json_text(event->event), "rule", cli_json_text(event->rule), "by",
                                    cli_json_text(event->by), "person", cli_json_text(event->person), "role",
                                    cli_json_text(event->role), "reason", cli_json_text(event->reason), "day",
                                    cli_json_day(event->day), "at", cli_json_text(event->at)));
  }
  return list;
}
