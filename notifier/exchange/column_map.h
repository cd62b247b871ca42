#ifndef KIGEN_NOTIFIER_EXCHANGE_COLUMN_MAP_H
#define KIGEN_NOTIFIER_EXCHANGE_COLUMN_MAP_H

/* A file's header, matched with the columns of its kind: which field of a record is what. Names match after
 * NFKC, trimming and case folding, with _ for spaces and hyphens. */

#include "notifier/exchange/columns.h"
#include "notifier/exchange/csv_reader.h"

typedef struct {
  const ImportColumns *columns;
  guint n;                     /* fields of the header */
  const ImportColumn **column; /* by field; NULL: skipped */
  char **name;                 /* by field: as in the file; NULL-terminated */
  guint32 given;               /* bit t: target t has a column */
  GPtrArray *ignored;          /* char *: unknown columns skipped */
} ColumnMap;

/* Matches `header` (NULL: the file is empty). `path` is for messages. Unknown columns are skipped with
 * `ignore_unknown`, else an error that names the known ones and the nearest. Errors: IMPORT_ERROR_HEADER, all
 * that is wrong in one message. */
bool column_map_new(const ImportColumns *columns, const CsvRecord *header, const char *path,
                    bool ignore_unknown, ColumnMap **ret_map, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void column_map_free(ColumnMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ColumnMap, column_map_free)

#endif
