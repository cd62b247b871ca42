#ifndef KIGEN_CLI_CHART_TEXT_H
#define KIGEN_CLI_CHART_TEXT_H

/* The chart of support windows in characters: a line a release, coloured on a terminal, told apart by the
 * characters themselves everywhere. Only ASCII is drawn with, as box characters are of doubtful width in
 * Japanese terminals. */

#include "notifier/cli/chart.h"

/* Prints in at most `columns` columns. */
void chart_text_print(const Chart *chart, int columns, FILE *stream);

#endif
