#ifndef KIGEN_PLANNER_EFFECTIVE_H
#define KIGEN_PLANNER_EFFECTIVE_H

/* The dates on which support really ends. At a customer EOS may lie later than the plan's, by contract (an
 * extension); a unit that is made of a hardware and a software release ends with the first of them
 * (domain.md, Installed base). An extension is for the release it names only: one for the hardware does not
 * keep its software alive. It moves EOS alone, never EOL. Pure. */

#include "planner/plan_date.h"

/* What says a date. */
typedef enum {
  EFFECTIVE_PLAN,
  EFFECTIVE_ORGANIZATION, /* an extension for all that the customer has of the release */
  EFFECTIVE_DEVICE        /* an extension for that one device */
} EffectiveBy;

/* Which release of a unit ends it. */
typedef enum { EFFECTIVE_HARDWARE, EFFECTIVE_SOFTWARE, EFFECTIVE_BOTH } EffectivePart;

/* {0} is unknown. */
typedef struct {
  PlanDate date; /* the last day; of several parts the earliest that is known */
  /* The least that is known of any part. Where it is less than `date.state`, that part may end first, and
   * `date` is the latest day that can hold. */
  DateState surety;
  EffectiveBy by;     /* what says `date` */
  EffectivePart part; /* of a unit */
} EffectiveDate;

/* A plan's date as it stands. */
EffectiveDate effective_plan(PlanDate date);

/* EOS of a release: the plan's, or the last day of an extension (DAY_NONE: there is none) where it is later.
 * The device's own goes before the organization's, unless the plan has passed it. Where the plan says no EOS,
 * an extension says none either: later than what? */
EffectiveDate effective_eos(PlanDate plan, Day organization, Day device);

/* The first of two to end. Known beside unknown is known, but not surely; not announced beside unknown is
 * unknown: never counted as fine. In any order and number of parts the same comes out, but for `part`. */
EffectiveDate effective_first(EffectiveDate hardware, EffectiveDate software);

/* True when `date` is only the latest day that can hold: "at the latest". */
bool effective_is_latest(EffectiveDate date);

/* When a release, or a unit, ends. */
typedef struct {
  EffectiveDate eol, eos;
} EffectiveEnd;

/* The unit of both. EOL does not lie after EOS, whichever release is the reason. */
EffectiveEnd effective_unit(EffectiveEnd hardware, EffectiveEnd software);

#endif
