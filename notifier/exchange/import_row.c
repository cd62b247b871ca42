#include "notifier/exchange/import_row.h"

#include <string.h>

static void free_problem(gpointer problem)
{
  import_problem_free(problem);
}

void import_row_add(ImportRow *row, ImportProblem *problem)
{
  if (row->problems == NULL)
    row->problems = g_ptr_array_new_with_free_func(free_problem);
  row->refused = row->refused || !problem->warning;
  g_ptr_array_add(row->problems, problem);
}

void import_row_clear(ImportRow *row)
{
  g_clear_pointer(&row->problems, g_ptr_array_unref);
}

static void refuse_cell(ImportRow *row, const ImportColumn *column, const char *cell, const char *reason)
{
  import_row_add(row, import_problem_new(row->line, column->name, cell, reason));
}

static void read_cell(ImportRow *row, const ImportColumn *column, const char *cell, GStringChunk *chunk)
{
  g_autoptr(GError) error = NULL;
  ValueSink sink = { .chunk = chunk };
  const char *trimmed = values_trim(cell, chunk);
  const char *value = NULL;

  if (*trimmed != '\0' && !column->parse(trimmed, column->detail, &sink, &value, &error)) {
    refuse_cell(row, column, cell, error->message);
    return;
  }
  if (sink.warning != NULL) {
    ImportProblem *warning = import_problem_new(row->line, column->name, cell, sink.warning);

    warning->warning = true;
    import_row_add(row, warning);
    g_free(sink.warning);
  }
  if (value == NULL && column->need == COLUMN_FILLED)
    refuse_cell(row, column, cell, "empty; every row needs it");
  row->value[column->target] = value;
}

/* The record's strings in one piece. */
static void copy_cells(ImportRow *row, const CsvRecord *record, GStringChunk *chunk)
{
  const char *start = record->field[0];
  char *copy = g_string_chunk_insert_len(chunk, start, (gssize)record->size);

  for (guint i = 0; i < record->n; i++)
    row->cell[i] = copy + (record->field[i] - start);
}

void import_row_read(ImportRow *row, const ColumnMap *map, const CsvRecord *record, GStringChunk *chunk)
{
  row->line = record->line;
  row->n = record->n;
  row->refused = row->kept = false;
  memset(row->value, 0, sizeof row->value);
  copy_cells(row, record, chunk);
  if (record->n != map->n) {
    g_autofree char *reason = g_strdup_printf(
        "the row has %u field%s, the header %u; is there a comma %s?", record->n, record->n == 1 ? "" : "s",
        map->n, record->n < map->n ? "missing" : "too many, or a text with a comma without quotes");

    import_row_add(row, import_problem_new(row->line, NULL, row->cell[0], reason));
    return;
  }
  for (guint i = 0; i < map->n; i++) {
    if (map->column[i] != NULL)
      read_cell(row, map->column[i], row->cell[i], chunk);
  }
}

ImportRow *import_row_copy(const ImportRow *row)
{
  ImportRow *copy = g_new0(ImportRow, 1);

  *copy = *row;
  copy->problems = NULL;
  copy->cell = g_new0(const char *, row->n);
  for (guint i = 0; i < row->n; i++)
    copy->cell[i] = g_strdup(row->cell[i]);
  for (int i = 0; i < COLUMNS_TARGETS_MAX; i++)
    copy->value[i] = g_strdup(row->value[i]);
  for (guint i = 0; row->problems != NULL && i < row->problems->len; i++)
    import_row_add(copy, import_problem_copy(g_ptr_array_index(row->problems, i)));
  return copy;
}

void import_row_free(ImportRow *row)
{
  if (row == NULL)
    return;
  for (guint i = 0; i < row->n; i++)
    g_free((gpointer)(gsize)row->cell[i]);
  for (int i = 0; i < COLUMNS_TARGETS_MAX; i++)
    g_free((gpointer)(gsize)row->value[i]);
  g_free(row->cell);
  import_row_clear(row);
  g_free(row);
}

const char *import_row_cell(const ImportRow *row, const ColumnMap *map, int target)
{
  for (guint i = 0; i < map->n && i < row->n; i++) {
    if (map->column[i] != NULL && map->column[i]->target == target)
      return row->cell[i];
  }
  return NULL;
}
