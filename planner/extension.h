#ifndef KIGEN_PLANNER_EXTENSION_H
#define KIGEN_PLANNER_EXTENSION_H

/* Whether a customer's own later EOS, by contract, may be set: it never shortens anything, touches neither
 * the plan nor its EOL, and is for what the customer has. Pure. planner/effective.h says what comes of it. */

#include "planner/plan_date.h"

/* What the store knows of whom, and of what it is for. */
typedef struct {
  bool customer;    /* a hospital or clinic, which uses its devices, or a lessor, which owns them */
  gint64 held;      /* units of the release that it has in that role */
  bool published;   /* a plan of the release is in force for it */
  PlanDate eos;     /* that plan's */
  bool of_device;   /* for one device only */
  bool theirs;      /* that device is the customer's, and of the release */
  Day organization; /* until when all that it has of the release is extended; DAY_NONE: it is not */
} ExtensionFacts;

typedef enum {
  EXTENSION_FINE,
  EXTENSION_NO_CUSTOMER,
  EXTENSION_NOT_HELD,
  EXTENSION_NO_PLAN,
  EXTENSION_NOT_ANNOUNCED, /* EOS is tba */
  EXTENSION_UNKNOWN,       /* EOS is unknown */
  EXTENSION_NOT_LATER,     /* than the plan's EOS */
  EXTENSION_OVER,          /* the day lies before today */
  EXTENSION_NOT_THEIRS,
  EXTENSION_SHORTENS, /* the device's own would end before that of all */
  EXTENSION_VERDICT_COUNT
} ExtensionVerdict;

/* What stands against an extension to `eos`, set on `today`: the first that does. */
ExtensionVerdict extension_check(const ExtensionFacts *facts, Day eos, Day today);

/* Why, and what to do, to go on after "PUMP/1.0 of H1: "; static, NULL for FINE. */
const char *extension_verdict_text(ExtensionVerdict verdict);

#endif
