#include "notifier/cli/handover_view.h"

#include "notifier/cli/table.h"

Json *handover_view_list_json(const GPtrArray *list)
{
  Json *array = json_array();

  for (guint i = 0; i < list->len; i++) {
    const Handover *row = list->pdata[i];

    json_array_append_new(
        array, json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:s}", "step",
                         handover_step_key(row->step), "day", cli_json_day(row->day), "organization",
                         cli_json_text(row->organization), "organization_name",
                         cli_json_text(row->organization_name), "how", row->how, "by", cli_json_text(row->by),
                         "person", cli_json_text(row->person), "tracking", cli_json_text(row->tracking),
                         "note", cli_json_text(row->note), "recorded_by", row->recorded_by, "at", row->at));
  }
  return array;
}

void handover_view_print_list(const GPtrArray *list)
{
  g_autoptr(Table) table = table_new("STEP|ON|HOW|CUSTOMER|BY|TO|TRACKING|NOTE|RECORDED BY");
  char day[DAY_TEXT_SIZE];

  for (guint i = 0; i < list->len; i++) {
    const Handover *row = list->pdata[i];

    table_cell(table, handover_step_key(row->step));
    table_cell(table, row->day != DAY_NONE ? day_format(row->day, day) : "-");
    table_cell(table, row->how);
    table_cell(table, row->organization_name);
    table_cell(table, row->by);
    table_cell(table, row->person);
    table_cell(table, row->tracking);
    table_cell(table, row->note);
    table_cell(table, row->recorded_by);
  }
  if (list->len > 0)
    putchar('\n');
  table_print(table, stdout);
}

Json *handover_view_open_json(const GPtrArray *list)
{
  Json *array = json_array();

  for (guint i = 0; i < list->len; i++)
    json_array_append_new(array, json_string(((const HandoverCustomer *)list->pdata[i])->code));
  return array;
}

void handover_view_print_open(const GPtrArray *list)
{
  if (list->len > 0)
    printf("\nnot reported back, so that nothing counts as told to them (kigen outbox relayed):\n");
  for (guint i = 0; i < list->len; i++) {
    const HandoverCustomer *customer = list->pdata[i];

    printf("  %s  %s\n", customer->code, customer->name);
  }
}
