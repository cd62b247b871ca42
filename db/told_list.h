#ifndef KIGEN_DB_TOLD_LIST_H
#define KIGEN_DB_TOLD_LIST_H

/* What an organization was told, when, over which channel, and who confirmed it: for its own record of
 * receipt. Messages that went out, and those that came back, so that nobody takes silence for a notice; what
 * waits or was overtaken told nobody, and what a distributor was asked to pass on only once that was reported
 * back: it counts as handed over, on that day, and to nobody in particular. */

#include "db/db.h"
#include "planner/acknowledgement.h"
#include "planner/outbox_life.h"
#include "planner/plan_date.h"

/* One confirmation. Texts may be NULL. */
typedef struct {
  char *by; /* NULL: there is none */
  char *title;
  char *how;
  Day day; /* DAY_NONE: unknown */
} ToldConfirmation;

/* One notice in one message. Texts may be NULL where it says so. */
typedef struct {
  NoticeKind kind;
  char *product_ja, *product_en; /* names; the latter, or both (an advisory) NULL */
  char *release;                 /* or NULL: an advisory */
  int revision;
  PlanDate eol, eos;                          /* as they were told */
  char *advisory, *advisory_ja, *advisory_en; /* number and titles; NULL: a plan's */
  char *channel;                              /* "mail", "letter" … */
  OutboxState state;                          /* accepted, sent, handed, bounced or returned */
  Day day;                                    /* when it got there; DAY_NONE: unknown */
  char *person, *department;                  /* the contact's; NULL: nobody in particular, or erased */
  ToldConfirmation confirmed[ACKNOWLEDGEMENT_KIND_COUNT];
} ToldRow;

void told_row_free(ToldRow *row);

/* A plan shown otherwise than by a message. */
typedef struct {
  char *product_ja, *product_en, *release;
  int revision;
  char *doc;
  char *how; /* presentation_way_key */
  Day day;
} ToldPresentation;

void told_presentation_free(ToldPresentation *presentation);

/* What `organization` was told, the latest first, at most `max` rows: GPtrArray of ToldRow. Goes by the
 * releases that it has or had, never over all messages. Inside a read transaction. Errors: DB_ERROR. */
bool told_list_load(Db *db, gint64 organization, guint max, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What it was shown, the latest first: GPtrArray of ToldPresentation. Errors: DB_ERROR. */
bool told_list_presentations(Db *db, gint64 organization, guint max, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
