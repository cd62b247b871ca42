#include "notifier/cli/table.h"

#define COLUMN_GAP 2
#define LAST_MIN 20 /* columns that the last cell must have left to be wrapped */

typedef struct {
  char *text;
  TermStyle style;
} Cell;

struct Table {
  guint columns;
  bool *right;
  GArray *cells; /* of Cell; the header is the first row */
};

static void cell_clear(gpointer cell)
{
  g_free(((Cell *)cell)->text);
}

Table *table_new(const char *headers)
{
  g_auto(GStrv) names = g_strsplit(headers, "|", -1);
  Table *table = g_new0(Table, 1);

  table->columns = g_strv_length(names);
  table->right = g_new0(bool, table->columns);
  table->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
  g_array_set_clear_func(table->cells, cell_clear);
  for (guint i = 0; i < table->columns; i++) {
    table->right[i] = names[i][0] == '>';
    table_cell_styled(table, names[i] + table->right[i], STYLE_BOLD);
  }
  return table;
}

void table_free(Table *table)
{
  if (table == NULL)
    return;
  g_array_unref(table->cells);
  g_free(table->right);
  g_free(table);
}

/* A cell is on one line: what stood on several is set apart by " / ". */
static char *one_line(const char *text)
{
  g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
  g_autoptr(GString) line = g_string_new(NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      g_string_append_printf(line, "%s%s", line->len > 0 ? " / " : "", lines[i]);
  return g_string_free(g_steal_pointer(&line), FALSE);
}

void table_cell_styled(Table *table, const char *text, TermStyle style)
{
  Cell cell = { .text = one_line(text != NULL ? text : ""), .style = style };

  g_array_append_val(table->cells, cell);
}

void table_cell(Table *table, const char *text)
{
  table_cell_styled(table, text, STYLE_PLAIN);
}

void table_cell_int(Table *table, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

  table_cell(table, text);
}

guint table_rows(const Table *table)
{
  return (table->cells->len + table->columns - 1) / table->columns - 1;
}

static const Cell *cell_at(const Table *table, guint row, guint column)
{
  return &g_array_index(table->cells, Cell, row * table->columns + column);
}

static void put_styled(FILE *stream, const char *text, TermStyle style)
{
  fputs(term_begin(stream, style), stream);
  term_put(stream, text, 0);
  fputs(term_end(stream, style), stream);
}

/* The last cell of a row, which begins in column `indent`; on a terminal it goes on in further lines. */
static void print_last(const Cell *cell, int indent, int columns, FILE *stream)
{
  g_auto(GStrv) lines = term_wrap(cell->text, columns - indent >= LAST_MIN ? columns - indent : G_MAXINT);

  for (guint i = 0; lines[i] != NULL; i++) {
    fprintf(stream, "%*s", i > 0 ? indent : 0, "");
    put_styled(stream, lines[i], cell->style);
    fputc('\n', stream);
  }
}

static void print_row(const Table *table, guint row, const int width[], int indent, int columns, FILE *stream)
{
  fprintf(stream, "%*s", indent, "");
  for (guint column = 0; column < table->columns; column++) {
    const Cell *cell = cell_at(table, row, column);
    int blanks = width[column] - term_width(cell->text);

    if (table->right[column])
      fprintf(stream, "%*s", blanks, "");
    if (column + 1 == table->columns) {
      print_last(cell, indent + (table->right[column] ? blanks : 0), columns, stream);
      return;
    }
    put_styled(stream, cell->text, cell->style);
    fprintf(stream, "%*s", COLUMN_GAP + (table->right[column] ? 0 : blanks), "");
    indent += width[column] + COLUMN_GAP;
  }
}

static void print_rows(const Table *table, guint first, int indent, FILE *stream)
{
  guint rows = table->cells->len / table->columns;
  int columns = term_columns(stream, G_MAXINT);
  g_autofree int *width = g_new0(int, table->columns);

  g_assert(table->cells->len % table->columns == 0);
  for (guint row = first; row < rows; row++)
    for (guint column = 0; column < table->columns; column++)
      width[column] = MAX(width[column], term_width(cell_at(table, row, column)->text));
  for (guint row = first; row < rows && rows > 1; row++)
    print_row(table, row, width, indent, columns, stream);
}

void table_print(const Table *table, FILE *stream)
{
  print_rows(table, 0, 0, stream);
}

void table_print_body(const Table *table, int indent, FILE *stream)
{
  print_rows(table, 1, indent, stream);
}
