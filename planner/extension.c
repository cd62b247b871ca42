#include "planner/extension.h"

static ExtensionVerdict check_plan(const ExtensionFacts *facts, Day eos)
{
  if (!facts->published)
    return EXTENSION_NO_PLAN;
  if (facts->eos.state == DATE_TBA)
    return EXTENSION_NOT_ANNOUNCED;
  if (facts->eos.state == DATE_UNKNOWN)
    return EXTENSION_UNKNOWN;
  return eos > facts->eos.day ? EXTENSION_FINE : EXTENSION_NOT_LATER;
}

static ExtensionVerdict check_device(const ExtensionFacts *facts, Day eos)
{
  if (!facts->theirs)
    return EXTENSION_NOT_THEIRS;
  return facts->organization >= eos ? EXTENSION_SHORTENS : EXTENSION_FINE;
}

ExtensionVerdict extension_check(const ExtensionFacts *facts, Day eos, Day today)
{
  if (!facts->customer)
    return EXTENSION_NO_CUSTOMER;
  if (facts->held <= 0)
    return EXTENSION_NOT_HELD;

  ExtensionVerdict verdict = check_plan(facts, eos);

  if (verdict != EXTENSION_FINE)
    return verdict;
  if (eos < today)
    return EXTENSION_OVER;
  return facts->of_device ? check_device(facts, eos) : EXTENSION_FINE;
}

const char *extension_verdict_text(ExtensionVerdict verdict)
{
  static const char *const texts[EXTENSION_VERDICT_COUNT] = {
    [EXTENSION_NO_CUSTOMER] =
        "an extension is for a customer, who uses the devices (hospital, clinic) or owns"
        " them (lessor): name that organization",
    [EXTENSION_NOT_HELD] =
        "it has none: kigen import devices (for a lessor kigen import custody) says who has"
        " what",
    [EXTENSION_NO_PLAN] = "no plan is in force, so there is no EOS to extend: kigen plan publish comes first",
    [EXTENSION_NOT_ANNOUNCED] = "the plan in force has not announced EOS: there is nothing to be later than",
    [EXTENSION_UNKNOWN] = "the plan in force says no EOS: there is nothing to be later than",
    [EXTENSION_NOT_LATER] = "an extension ends later than the plan's EOS, and never shortens it",
    [EXTENSION_OVER] = "the day is over: an extension to it would extend nothing",
    [EXTENSION_NOT_THEIRS] =
        "the device is not theirs, or not of that release (or gone): kigen import devices"
        " says whose it is",
    [EXTENSION_SHORTENS] =
        "all that they have of it is extended at least as long already: a device's own goes"
        " before that, and would shorten it",
  };

  return texts[verdict];
}
