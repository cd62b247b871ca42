#ifndef KIGEN_NOTIFIER_PAGE_PAGE_PLAN_H
#define KIGEN_NOTIFIER_PAGE_PAGE_PLAN_H

/* A release with its support plan in force, as pages show it: stage, dates, what goes on until when,
 * successor. Pure. */

#include "db/held_end.h"
#include "notifier/page/page_frame.h"

/* The stage on `today` by `revision` (NULL: no plan is in force), of what ends as `end` says. What is in
 * support, but has a part of which no end is known, is not counted as fine: its stage is unknown. */
Stage page_plan_stage(const HeldRevision *revision, EffectiveEnd end, Day today);

/* { key, name } of a stage, and the key as a flag with underscores. A new reference. */
json_t *page_plan_stage_json(Stage stage, const char *language);

/* { release, software, stage, eol, eos, dates [ { key, name, date } ], limited_support, limited_support_link,
 * successor, revision, published, planned } of `holding`, its own EOS with it. A new reference. */
json_t *page_plan_json(const PageFrame *frame, const Holding *holding);

#endif
