#ifndef KIGEN_CLI_TABLE_H
#define KIGEN_CLI_TABLE_H

/* Aligned tables for people. Cells are UTF-8 and count as many columns as a terminal gives them. */

#include "notifier/cli/term.h"

typedef struct Table Table;

/* A table of the columns named in `headers`: one string, names separated by '|'; a name that begins with '>'
 * is aligned to the right ("PRODUCT|RELEASE|>DEVICES"). */
Table *table_new(const char *headers);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Appends the next cell (copied, its line breaks as " / "; NULL: empty), row by row. */
void table_cell(Table *table, const char *text);
void table_cell_styled(Table *table, const char *text, TermStyle style);
void table_cell_int(Table *table, gint64 value);

/* Rows begun so far. */
guint table_rows(const Table *table);

/* Prints header and rows, two blanks between columns; on a terminal the last column is wrapped.
 * Nothing at all when there is no row. The last row must
 * be complete. */
void table_print(const Table *table, FILE *stream);
/* The same without the header, `indent` columns in. */
void table_print_body(const Table *table, int indent, FILE *stream);

#endif
