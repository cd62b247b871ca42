#include "notifier/cli/correction_view.h"

#include "notifier/cli/table.h"

/* What it is about: "CT-100/2.1 SN00012", a contact's name, or nothing. Own string. */
static char *subject(const CorrectionRow *row)
{
  if (row->product == NULL)
    return g_strdup(row->contact_name);
  return row->serial != NULL ? g_strdup_printf("%s/%s %s", row->product, row->release, row->serial)
                             : g_strdup_printf("%s/%s", row->product, row->release);
}

/* "asset_no: '' → 'A-12'", a line each. Own string. */
static char *changes(const CorrectionRow *row)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];

    g_string_append_printf(text, "%s%s: ", i > 0 ? "\n" : "", field->field);
    if (field->was != NULL)
      g_string_append_printf(text, "%s → ", field->was);
    g_string_append(text, field->said != NULL ? field->said : "(nothing)");
  }
  return g_string_free(text, FALSE);
}

static Json *fields_json(const CorrectionRow *row)
{
  Json *list = json_array();

  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];

    json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "field", field->field, "was",
                                          cli_json_text(field->was), "said", cli_json_text(field->said)));
  }
  return list;
}

Json *correction_view_json(const CorrectionRow *row)
{
  return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o}",
                   "correction", (json_int_t)row->id, "organization", row->organization, "name",
                   row->organization_name, "kind", correction_kind_key(row->kind), "state",
                   correction_state_key(row->state), "product", cli_json_text(row->product), "release",
                   cli_json_text(row->release), "serial", cli_json_text(row->serial), "contact",
                   cli_json_text(row->contact_name), "fields", fields_json(row), "person", row->person,
                   "note", cli_json_text(row->note), "day", cli_json_day(row->day), "at", row->at,
                   "decided_by", cli_json_text(row->decided_by), "decided_on", cli_json_day(row->decided_on),
                   "reason", cli_json_text(row->reason));
}

static TermStyle state_style(CorrectionState state)
{
  static const TermStyle styles[] = {
    [CORRECTION_WAITING] = STYLE_YELLOW,
    [CORRECTION_APPROVED] = STYLE_GREEN,
    [CORRECTION_REJECTED] = STYLE_RED,
  };

  return styles[state];
}

static void put_row(Table *table, const CorrectionRow *row)
{
  g_autofree char *about = subject(row), *what = changes(row);
  char day[DAY_TEXT_SIZE];

  table_cell_int(table, row->id);
  table_cell(table, day_format(row->day, day));
  table_cell(table, row->organization);
  table_cell(table, row->organization_name);
  table_cell(table, correction_kind_key(row->kind));
  table_cell(table, about);
  table_cell(table, what);
  table_cell(table, row->person);
  table_cell_styled(table, correction_state_key(row->state), state_style(row->state));
}

void correction_view_list(const Cli *cli, const GPtrArray *rows)
{
  g_autoptr(Table) table = table_new(">ID|SENT|ORGANIZATION|NAME|KIND|ABOUT|WHAT|BY|STATE");
  g_autoptr(Json) list = json_array();

  for (guint i = 0; i < rows->len; i++) {
    put_row(table, rows->pdata[i]);
    json_array_append_new(list, correction_view_json(rows->pdata[i]));
  }
  if (cli_json(cli))
    cli_print_json_list("corrections", list);
  else if (rows->len == 0)
    printf("no correction waits (--all shows those that were approved or rejected)\n");
  else
    table_print(table, stdout);
}

static void line(const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    printf("%-14s%s\n", label, value);
}

static void print_decision(const CorrectionRow *row)
{
  char day[DAY_TEXT_SIZE];

  printf("%-14s%s\n", "state", correction_state_key(row->state));
  if (row->state == CORRECTION_WAITING)
    return;
  printf("%-14s%s, %s\n", "by", row->decided_by,
         row->decided_on != DAY_NONE ? day_format(row->decided_on, day) : "an unknown day");
  line("reason", row->reason);
}

void correction_view_one(const Cli *cli, const CorrectionRow *row)
{
  g_autoptr(Json) document = correction_view_json(row);
  g_autofree char *about = subject(row);
  char day[DAY_TEXT_SIZE];

  if (cli_json(cli)) {
    cli_print_json(document);
    return;
  }
  printf("%-14s%" G_GINT64_FORMAT "\n", "correction", row->id);
  printf("%-14s%s %s\n", "organization", row->organization, row->organization_name);
  line("kind", correction_kind_key(row->kind));
  line("about", about);
  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];

    printf("  %-12s%s → %s\n", field->field, field->was != NULL ? field->was : "(nothing)",
           field->said != NULL ? field->said : "(nothing)");
  }
  printf("%-14s%s, %s\n", "sent by", row->person,
         row->day != DAY_NONE ? day_format(row->day, day) : "an unknown day");
  line("note", row->note);
  print_decision(row);
}
