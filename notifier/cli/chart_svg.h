#ifndef KIGEN_CLI_CHART_SVG_H
#define KIGEN_CLI_CHART_SVG_H

/* The chart of support windows as one SVG file (notifier/page/timeline_picture.h). */

#include "notifier/cli/chart.h"

/* The document; `language` is "ja" or "en". Own string. */
char *chart_svg_render(const Chart *chart, const char *language);

#endif
