#ifndef KIGEN_NOTIFIER_PAGE_PAGE_TIMELINE_H
#define KIGEN_NOTIFIER_PAGE_PAGE_TIMELINE_H

/* The picture of when support of some releases ends, as their holder's contracts have it. Pure. */

#include "db/held_end.h"
#include "notifier/page/page_frame.h"

/* An element <svg> whose ids begin with `name`, of the plans in force of `holdings` (Holding, by product):
 * from a few years ago to the last EOS, but not farther than can be read. NULL where none has a plan. Own
 * string. */
char *page_timeline_svg(const PageFrame *frame, const GPtrArray *holdings, const char *name);

#endif
