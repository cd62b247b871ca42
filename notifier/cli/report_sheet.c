#include "notifier/cli/report_sheet.h"

#include "notifier/cli/table.h"

#include <string.h>

const ArgOption report_sheet_format_option[] = {
  { "format", "F", "text (default) or csv; conformity: html too" }, { NULL }
};
const ArgOption report_sheet_language_option[] = { { "language", "L", "ja or en (default: the locale's)" },
                                                   { NULL } };

typedef struct {
  Json *value;
  char *shown; /* by a text table; NULL: the value */
  TermStyle style;
} Cell;

struct ReportSheet {
  const ReportColumn *columns;
  guint width;
  GArray *cells; /* of Cell */
};

bool report_format_read(const Cli *cli, const Args *args, bool html, ReportFormat *ret_format, GError **error)
{
  static const char *const names[] = { [REPORT_TEXT] = "text", [REPORT_CSV] = "csv", [REPORT_HTML] = "html" };
  const char *name = args_text(args, "format");

  if (cli_json(cli)) {
    *ret_format = REPORT_JSON;
    return true;
  }
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (strcmp(name != NULL ? name : "text", names[i]) == 0 && (html || i != REPORT_HTML)) {
      *ret_format = (ReportFormat)i;
      return true;
    }
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--format %s: expected text, csv%s", name,
              html ? " or html" : "");
  return false;
}

bool report_sheet_language(const Args *args, const char **ret_language, GError **error)
{
  const char *given = args_text(args, "language");

  if (given != NULL && strcmp(given, "ja") != 0 && strcmp(given, "en") != 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--language %s: expected ja or en", given);
    return false;
  }
  *ret_language = given != NULL ? given : cli_is_japanese() ? "ja" : "en";
  return true;
}

static void cell_clear(gpointer cell)
{
  json_decref(((Cell *)cell)->value);
  g_free(((Cell *)cell)->shown);
}

ReportSheet *report_sheet_new(const ReportColumn *columns)
{
  ReportSheet *sheet = g_new0(ReportSheet, 1);

  sheet->columns = columns;
  while (columns[sheet->width].key != NULL)
    sheet->width++;
  sheet->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
  g_array_set_clear_func(sheet->cells, cell_clear);
  return sheet;
}

void report_sheet_free(ReportSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_array_unref(sheet->cells);
  g_free(sheet);
}

static void add(ReportSheet *sheet, Json *value, TermStyle style)
{
  Cell cell = { .value = value, .style = style };

  g_array_append_val(sheet->cells, cell);
}

void report_sheet_styled(ReportSheet *sheet, const char *text, TermStyle style)
{
  add(sheet, cli_json_text(text), style);
}

void report_sheet_text(ReportSheet *sheet, const char *text)
{
  report_sheet_styled(sheet, text, STYLE_PLAIN);
}

void report_sheet_int(ReportSheet *sheet, gint64 value)
{
  add(sheet, json_integer(value), STYLE_PLAIN);
}

void report_sheet_bool(ReportSheet *sheet, bool value)
{
  add(sheet, json_boolean(value), STYLE_PLAIN);
}

void report_sheet_day(ReportSheet *sheet, Day day)
{
  add(sheet, cli_json_day(day), STYLE_PLAIN);
}

guint report_sheet_rows(const ReportSheet *sheet)
{
  g_assert(sheet->cells->len % sheet->width == 0);
  return sheet->cells->len / sheet->width;
}

static const Cell *cell_at(const ReportSheet *sheet, guint row, guint column)
{
  return &g_array_index(sheet->cells, Cell, row * sheet->width + column);
}

void report_sheet_release(ReportSheet *sheet, const char *product, const char *release, const char *market)
{
  bool everywhere = market == NULL || strcmp(market, "*") == 0;

  report_sheet_text(sheet, product);
  report_sheet_text(sheet, release);
  g_array_index(sheet->cells, Cell, sheet->cells->len - 1).shown =
      everywhere ? g_strconcat(product, "/", release, NULL)
                 : g_strdup_printf("%s/%s (%s)", product, release, market);
  report_sheet_text(sheet, market);
}

/* As text; own string. */
static char *cell_text(const Cell *cell)
{
  if (json_is_integer(cell->value))
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(cell->value));
  if (json_is_boolean(cell->value))
    return g_strdup(json_is_true(cell->value) ? "yes" : "no");
  return g_strdup(json_is_string(cell->value) ? json_string_value(cell->value) : "");
}

static void put_row(const ReportSheet *sheet, Table *table, guint row)
{
  for (guint column = 0; column < sheet->width; column++) {
    const Cell *cell = cell_at(sheet, row, column);
    g_autofree char *text = cell_text(cell);

    if (sheet->columns[column].header != NULL)
      table_cell_styled(table, cell->shown != NULL ? cell->shown : text, cell->style);
  }
}

void report_sheet_print(const ReportSheet *sheet, const char *nothing)
{
  g_autoptr(GString) headers = g_string_new(NULL);

  for (guint i = 0; i < sheet->width; i++)
    if (sheet->columns[i].header != NULL)
      g_string_append_printf(headers, "%s%s", headers->len > 0 ? "|" : "", sheet->columns[i].header);

  g_autoptr(Table) table = table_new(headers->str);

  for (guint row = 0; row < report_sheet_rows(sheet); row++)
    put_row(sheet, table, row);
  if (report_sheet_rows(sheet) > 0)
    table_print(table, stdout);
  else
    printf("%s\n", nothing);
}

/* A CSV cell: quoted where it must be; a text (not a number) that a spreadsheet would take for a formula gets
 * an apostrophe in front. */
static void append_csv(GString *out, const char *text, bool is_text)
{
  g_autoptr(GString) cell = g_string_new(text);

  if (is_text && *text != '\0' && strchr("=+-@\t\r", *text) != NULL)
    g_string_prepend_c(cell, '\'');
  if (strpbrk(cell->str, ",\"\r\n") == NULL) {
    g_string_append(out, cell->str);
    return;
  }
  g_string_replace(cell, "\"", "\"\"", 0);
  g_string_append_printf(out, "\"%s\"", cell->str);
}

void report_sheet_print_csv(const ReportSheet *sheet)
{
  g_autoptr(GString) out = g_string_new("\xEF\xBB\xBF");

  for (guint column = 0; column < sheet->width; column++)
    g_string_append_printf(out, "%s%s", column > 0 ? "," : "", sheet->columns[column].key);
  g_string_append(out, "\r\n");
  for (guint row = 0; row < report_sheet_rows(sheet); row++) {
    for (guint column = 0; column < sheet->width; column++) {
      const Cell *cell = cell_at(sheet, row, column);
      g_autofree char *text = cell_text(cell);

      if (column > 0)
        g_string_append_c(out, ',');
      append_csv(out, text, json_is_string(cell->value));
    }
    g_string_append(out, "\r\n");
  }
  fwrite(out->str, 1, out->len, stdout);
}

Json *report_sheet_json(const ReportSheet *sheet)
{
  Json *list = json_array();

  for (guint row = 0; row < report_sheet_rows(sheet); row++) {
    Json *object = json_object();

    for (guint column = 0; column < sheet->width; column++)
      json_object_set(object, sheet->columns[column].key, cell_at(sheet, row, column)->value);
    json_array_append_new(list, object);
  }
  return list;
}
