#ifndef KIGEN_DB_PRESENTED_H
#define KIGEN_DB_PRESENTED_H

/* Which hospitals and clinics that use a release were shown its limited-support plan, how and when (LSP-4): a
 * message that tells the plan, accepted and not bounced since, posted and not returned, handed over or passed
 * on by a distributor who reported it back; an acknowledgement of one; the page opened, or a presentation
 * that was recorded (db/presentation_store.h). Only what shows a revision with a declared plan counts. */

#include "db/plan_store.h"
#include "planner/presentation.h"

/* A hospital or clinic that uses the release, and the presentation that counts: the first in time, else a
 * late one with a reason, else the first. */
typedef struct {
  char *organization, *name; /* code, Japanese name */
  gint64 count;              /* units */
  Day since; /* acquired, where that may matter, else what the holding says; DAY_NONE: unknown */
  Day due;   /* presentation_due */
  PresentationState state;
  Day day;         /* DAY_NONE: none */
  char *how;       /* "mail" or another channel, "acknowledgement", a way of planner/presentation.h, or
                      "presented_on":       the history that was imported with the plan; NULL: none */
  char *by, *note; /* who recorded or acknowledged it; why it was late; each may be NULL */
} PresentedRow;

void presented_row_free(PresentedRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PresentedRow, presented_row_free)

/* All of them for the plan `row` (its release and market), by code. GPtrArray of PresentedRow with free
 * function. Inside a read transaction. */
bool presented_list(Db *db, const PlanRow *row, Day today, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gint64 missing; /* hospitals that count as not presented to (PRESENTATION_MISSING, PRESENTATION_LATE) */
  gint64 pending; /* of those, late holders who have days left */
  char *names;    /* of the first few, or NULL: none */
} PresentedCount;

/* Counts them on `today`, the plan's presented_on left aside; names is an own string. Reads holdings by
 * index, and further of a hospital only until its first presentation. Inside a read transaction. */
bool presented_count(Db *db, const PlanRow *row, Day today, PresentedCount *ret_count, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether `organization` has a unit of `release` in use, and until when a presentation to it is in time
 * (presentation_due). */
bool presented_use(Db *db, gint64 release, gint64 organization, PlanDate eol, bool *ret_uses, Day *ret_due,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
