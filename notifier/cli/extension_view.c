#include "notifier/cli/extension_view.h"

#include "notifier/cli/table.h"

void extension_view_set(const Cli *cli, const char *release, const char *organization,
                        const ExtensionRequest *request, const ExtensionResult *result)
{
  g_autoptr(Json) done = json_pack(
      "{s:I, s:b, s:o, s:s, s:s, s:o, s:o, s:o}", "extension", (json_int_t)result->id, "changed",
      !result->same, "replaced", result->replaced != 0 ? json_integer(result->replaced) : json_null(),
      "release", release, "organization", organization, "device", cli_json_text(request->serial), "eos",
      cli_json_day(request->eos), "reference", cli_json_text(request->reference));
  char day[DAY_TEXT_SIZE];

  if (cli_json(cli)) {
    cli_print_json(done);
    return;
  }
  if (result->same) {
    printf("nothing changed: extension %" G_GINT64_FORMAT " says so already\n", result->id);
    return;
  }
  printf("extension %" G_GINT64_FORMAT ": EOS of %s at %s%s%s is %s by contract\n", result->id, release,
         organization, request->serial != NULL ? ", device " : "",
         request->serial != NULL ? request->serial : "", day_format(request->eos, day));
  if (result->replaced != 0)
    printf("it takes the place of extension %" G_GINT64_FORMAT "\n", result->replaced);
}

void extension_view_ended(const Cli *cli, gint64 id, Day today)
{
  g_autoptr(Json) done =
      json_pack("{s:I, s:o}", "extension", (json_int_t)id, "ended_on", cli_json_day(today));
  char day[DAY_TEXT_SIZE];

  if (cli_json(cli))
    cli_print_json(done);
  else
    printf("extension %" G_GINT64_FORMAT " is ended: %s is the last day on which it holds\n", id,
           day_format(today, day));
}

static Json *row_json(const ExtensionRow *row)
{
  return json_pack(
      "{s:I, s:s, s:s, s:s, s:s, s:o, s:I, s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}",
      "extension", (json_int_t)row->id, "organization", row->organization, "name", row->organization_name,
      "product", row->product, "release", row->release, "device", cli_json_text(row->serial), "units",
      (json_int_t)row->units, "eos", cli_json_day(row->eos), "until", cli_json_day(row->until), "plan_eos",
      cli_json_date(row->plan_eos), "state", extension_state_key(row->state), "reference",
      cli_json_text(row->reference), "reason", row->reason, "created_by", row->created_by, "created_on",
      cli_json_day(row->created_on), "ended_by", cli_json_text(row->ended_by), "ended_on",
      cli_json_day(row->ended_on), "ended_reason", cli_json_text(row->ended_reason));
}

Json *extension_view_json(const GPtrArray *rows)
{
  Json *list = json_array();

  for (guint i = 0; i < rows->len; i++)
    json_array_append_new(list, row_json(rows->pdata[i]));
  return list;
}

static void put_row(Table *table, const ExtensionRow *row)
{
  g_autofree char *release = g_strconcat(row->product, "/", row->release, NULL);
  char day[DAY_TEXT_SIZE];
  const char *plan = plan_date_to_store(row->plan_eos, day);

  table_cell_int(table, row->id);
  table_cell(table, row->organization);
  table_cell(table, row->organization_name);
  table_cell(table, release);
  table_cell(table, row->serial != NULL ? row->serial : "all");
  table_cell_int(table, row->units);
  table_cell(table, plan != NULL ? plan : "unknown");
  table_cell_styled(table, day_format(row->eos, day), STYLE_BOLD);
  table_cell_styled(table, extension_state_key(row->state),
                    row->state == EXTENSION_HOLDS ? STYLE_GREEN : STYLE_YELLOW);
  table_cell(table, row->reference);
  table_cell(table, row->reason);
  table_cell(table, row->created_by);
  table_cell(table, day_format(row->created_on, day));
}

void extension_view_table(const GPtrArray *rows)
{
  g_autoptr(Table) table =
      table_new(">ID|ORGANIZATION|NAME|PRODUCT/RELEASE|DEVICE|>UNITS|PLAN'S EOS|EXTENDED TO"
                "|STATE|CONTRACT|REASON|BY|ON");

  for (guint i = 0; i < rows->len; i++)
    put_row(table, rows->pdata[i]);
  table_print(table, stdout);
}

void extension_view_list(const Cli *cli, const GPtrArray *rows)
{
  g_autoptr(Json) list = extension_view_json(rows);

  if (cli_json(cli))
    cli_print_json_list("extensions", list);
  else if (rows->len == 0)
    printf("no extension: kigen extension set PRODUCT/RELEASE ORGANIZATION DAY --reason TEXT\n");
  else
    extension_view_table(rows);
}
