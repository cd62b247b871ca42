#ifndef KIGEN_CLI_IMPACT_REPORT_H
#define KIGEN_CLI_IMPACT_REPORT_H

/* What publishing a plan today would do, gathered for `plan impact`: impact_view.c and impact_json.c show it.
 */

#include "db/impact_store.h"
#include "db/plan_store.h"
#include "notifier/cli/cli.h"
#include "planner/impact.h"

typedef struct {
  PlanRow *row;      /* as it would be published */
  char *base;        /* what it rests on: "draft 2", "published 1", "no plan" */
  bool edited;       /* changed by the words of the command line */
  bool idle;         /* there is nothing to publish: it is what is in force */
  PlanRow *in_force; /* whose place it takes, or NULL; for a market's first plan the one for every market */
  Day today;
  const Policy *policy;
  bool installed_base; /* false: the store holds no customers yet, and their numbers say nothing */
  Impact impact;
  ImpactCounts *counts;
  GArray *reminders;   /* of ImpactReminder */
  GPtrArray *findings; /* of RuleFinding, of a publication with a reason */
  char *refused_by;    /* "ORD-2, CHG-2": what a reason does not answer; "" nothing */
  char *reason_for;    /* "CHG-1, REACH-1": what it has to answer; "" nothing, or it has been */
  const char *problem; /* what has to happen first, or NULL */
  Json *changes;       /* of fields, as plan_edit_changes */
} ImpactReport;

void impact_report_free(ImpactReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImpactReport, impact_report_free)

/* Gathers it for the command line PRODUCT/RELEASE [FIELD=VALUE…] [--market M] [--all-names]. Reads only. */
bool impact_report_make(Cli *cli, const Args *args, ImpactReport **ret_report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Events of milestone `i` that would become so. */
gint64 impact_report_events_of(const ImpactReport *report, int i, CalendarEventChange change);
/* Events of other releases that would say another day of units made of both. */
gint64 impact_report_paired(const ImpactReport *report);
/* All events that would become so: holdings × dates, and those. */
gint64 impact_report_events(const ImpactReport *report, CalendarEventChange change);
/* Messages that would be new; 0 where there is nothing to publish. */
gint64 impact_report_messages(const ImpactReport *report);
/* Customers left with less than the lead time. */
const ImpactNames *impact_report_short(const ImpactReport *report);
/* How many organizations `notice` of the plan would concern; one of EOS those whose units end then, a
 * reminder of it those who have not confirmed the transfer. */
gint64 impact_report_reminded(const ImpactReport *report, const ScheduledNotice *notice);

#endif
