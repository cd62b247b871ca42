#ifndef KIGEN_NOTIFIER_PAGE_PAGE_UNIT_H
#define KIGEN_NOTIFIER_PAGE_PAGE_UNIT_H

/* Single units as pages show them: the stage that each is in by itself, and its own last days. Pure. */

#include "db/held_unit.h"
#include "notifier/page/page_frame.h"

/* The stage of a unit on `today`, as page_plan_stage. */
Stage page_unit_stage(const HeldUnit *unit, Day today);

/* The most urgent first: end of support, limited support, unknown, support, development; then by EOS,
 * department and serial. For g_ptr_array_sort_with_data with the Day `today`. */
int page_unit_compare(gconstpointer a, gconstpointer b, gpointer today);

/* { model, software, serial, lot, quantity (where it is not 1), asset_no, department, location, isolated,
 * spare, stage, eol, eos }. A new reference. */
json_t *page_unit_json(const PageFrame *frame, const HeldUnit *unit);

#endif
