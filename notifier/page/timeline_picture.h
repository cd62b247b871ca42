#ifndef KIGEN_NOTIFIER_PAGE_TIMELINE_PICTURE_H
#define KIGEN_NOTIFIER_PAGE_TIMELINE_PICTURE_H

/* Support windows as a picture (SVG): a bar a release, its stages apart by pattern and height and not only by
 * colour, with title and description for screen readers; no outside font, script or style. As a file of its
 * own
 * (`kigen timeline --svg`) it follows the reader's light or dark scheme; in a page it has the page's colours.
 */

#include "planner/timeline.h"

/* A bar. Nothing is owned. */
typedef struct {
  const char *group;  /* what stands above those of it: the product */
  const char *label;  /* the release */
  const char *remark; /* behind it, and the label is quiet then; NULL: none */
  const SupportPlan *plan;
} TimelineRow;

/* From `from` to `to`, whole years. */
typedef struct {
  Day today, from, to;
  const TimelineRow *rows;
  gsize n;
} TimelinePicture;

/* The document in `language` ("ja", "en"). Own string. */
char *timeline_picture_file(const TimelinePicture *picture, const char *language);

/* The element <svg> for a page, without title line and date. `name` begins its ids and is unique in the page.
 * Own string. */
char *timeline_picture_inline(const TimelinePicture *picture, const char *name, const char *language);

/* Years from one label of an axis to the next, so that at most `labels` fit. */
int timeline_picture_year_step(Day from, Day to, int labels);

#endif
