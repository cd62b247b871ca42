#ifndef KIGEN_CLI_CHART_SVG_H
#define KIGEN_CLI_CHART_SVG_H

/* The chart of support windows as one SVG file: no outside font, script or style; follows the reader's light
 * or dark scheme; stages differ by pattern and height, not only by colour; title and description for screen
 * readers. */

#include "notifier/cli/chart.h"

/* The document; `language` is "ja" or "en". Own string. */
char *chart_svg_render(const Chart *chart, const char *language);

#endif
