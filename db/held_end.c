#include "db/held_end.h"

const HeldRevision *held_end_in_force(const Holding *holding)
{
  const GPtrArray *revisions = holding != NULL ? holding->release->revisions : NULL;
  const HeldRevision *last =
      revisions != NULL && revisions->len > 0 ? revisions->pdata[revisions->len - 1] : NULL;

  return last != NULL && !last->withdrawn ? last : NULL;
}

PlanDate held_end_planned(const Holding *holding, Milestone milestone)
{
  const HeldRevision *revision = held_end_in_force(holding);

  return revision != NULL ? revision->plan->date[milestone] : (PlanDate){ 0 };
}

EffectiveEnd held_end(const Holding *holding, Day device)
{
  Day all = holding != NULL ? holding->extension.until : DAY_NONE;

  return (EffectiveEnd){ .eol = effective_plan(held_end_planned(holding, MILESTONE_EOL)),
                         .eos = effective_eos(held_end_planned(holding, MILESTONE_EOS), all, device) };
}

bool held_end_shows(HeldExtension extension, PlanDate eos)
{
  if (extension.until == DAY_NONE || eos.state != DATE_KNOWN)
    return false;
  return !extension.ended || extension.until > eos.day;
}
