#include "notifier/cli/acknowledgement_view.h"

#include "notifier/cli/table.h"

Json *acknowledgement_view_json(const Acknowledgement *row)
{
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
                   acknowledgement_kind_key(row->kind), "product", cli_json_text(row->product), "release",
                   cli_json_text(row->release), "organization", cli_json_text(row->organization),
                   "organization_name", cli_json_text(row->organization_name), "notice",
                   notice_kind_key(row->notice), "due_on", cli_json_day(row->notice_due_on), "revision",
                   row->revision, "person", cli_json_text(row->person), "title", cli_json_text(row->title),
                   "how", cli_json_text(row->how), "day", cli_json_day(row->day), "note",
                   cli_json_text(row->note), "recorded_by", cli_json_text(row->recorded_by));
}

Json *acknowledgement_view_list_json(const GPtrArray *list)
{
  Json *array = json_array();

  for (guint i = 0; i < list->len; i++)
    json_array_append_new(array, acknowledgement_view_json(list->pdata[i]));
  return array;
}

static const char *day_text(Day day, char buffer[static DAY_TEXT_SIZE])
{
  return day != DAY_NONE ? day_format(day, buffer) : "-";
}

static void print_line(const char *label, const char *text)
{
  if (text == NULL)
    return;
  printf("%-12s", label);
  term_put(stdout, text, 0);
  putchar('\n');
}

void acknowledgement_view_print(const Acknowledgement *row)
{
  char day[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];
  g_autofree char *what =
      g_strdup_printf("%s of %s%s%s", acknowledgement_kind_key(row->kind), row->product,
                      row->release != NULL ? "/" : "", row->release != NULL ? row->release : "");
  g_autofree char *organization = g_strdup_printf("%s (%s)", row->organization_name, row->organization);
  g_autofree char *notice = g_strdup_printf("%s of %s, revision %d", notice_kind_key(row->notice),
                                            day_text(row->notice_due_on, due), row->revision);

  print_line("confirmed", what);
  print_line("by", organization);
  print_line("person", row->person);
  print_line("title", row->title);
  print_line("how", row->how);
  print_line("on", day_text(row->day, day));
  print_line("notice", notice);
  print_line("note", row->note);
}

void acknowledgement_view_print_list(const GPtrArray *list)
{
  g_autoptr(Table) table = table_new("CONFIRMED|ON|ORGANIZATION|BY|TITLE|HOW|NOTICE|NOTE");
  char day[DAY_TEXT_SIZE];

  for (guint i = 0; i < list->len; i++) {
    const Acknowledgement *row = list->pdata[i];

    table_cell_styled(table, acknowledgement_kind_key(row->kind), STYLE_GREEN);
    table_cell(table, day_text(row->day, day));
    table_cell(table, row->organization_name != NULL ? row->organization_name : row->organization);
    table_cell(table, row->person);
    table_cell(table, row->title);
    table_cell(table, row->how);
    table_cell(table, notice_kind_key(row->notice));
    table_cell(table, row->note);
  }
  if (list->len > 0)
    putchar('\n');
  table_print(table, stdout);
}
