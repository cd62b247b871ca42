#ifndef KIGEN_NOTIFIER_TEMPLATE_CSV_CELL_H
#define KIGEN_NOTIFIER_TEMPLATE_CSV_CELL_H

/* Cells of a CSV file that people open in a spreadsheet (RFC 4180). */

#include <glib.h>
#include <stdbool.h>

#define CSV_CELL_BOM "\xef\xbb\xbf" /* by which a spreadsheet knows UTF-8 */

/* Appends one cell, with a comma in front unless it is the first of its row, quoted where RFC 4180 wants it.
 * What a spreadsheet would take for a formula gets a ' in front (interop.md, Mail). */
void csv_cell_append(GString *csv, const char *text, bool is_first);

#endif
