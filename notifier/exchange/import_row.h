#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_ROW_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_ROW_H

/* One record of a file, its cells read by the columns' parsers. Made in the reading thread. */

#include "notifier/exchange/column_map.h"
#include "notifier/exchange/import_problem.h"

typedef struct {
  guint line;
  guint n;                                /* cells, as in the file */
  const char **cell;                      /* as in the file */
  const char *value[COLUMNS_TARGETS_MAX]; /* by target; NULL: empty, or no such column */
  GPtrArray *problems;                    /* ImportProblem *, or NULL: none */
  bool refused;                           /* one of the problems is no warning */
  bool kept;                              /* the kind deals with a copy of it at the end */
} ImportRow;

/* Reads `record` by `map` into *row; cells and values lie in `chunk`. Every column is read, so that all that
 * is wrong is said at once. */
void import_row_read(ImportRow *row, const ColumnMap *map, const CsvRecord *record, GStringChunk *chunk);

/* An own copy, with own strings. */
ImportRow *import_row_copy(const ImportRow *row);
/* Frees a copy. */
void import_row_free(ImportRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportRow, import_row_free)

/* Drops what `row` holds beside its chunk. */
void import_row_clear(ImportRow *row);

/* Takes `problem`. */
void import_row_add(ImportRow *row, ImportProblem *problem);

/* The cell of `target` as in the file, NULL where it has no column or the row ends before. */
const char *import_row_cell(const ImportRow *row, const ColumnMap *map, int target);

#endif
