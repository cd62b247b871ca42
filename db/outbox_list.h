#ifndef KIGEN_DB_OUTBOX_LIST_H
#define KIGEN_DB_OUTBOX_LIST_H

/* The outbox as people look at it: `kigen outbox list` and `outbox show`. Reads only. */

#include "db/outbox_filter.h"
#include "db/outbox_store.h"

/* A message as a list shows it. */
typedef struct {
  gint64 id;
  char *message_id;
  char *channel;
  Day due_on;
  OutboxState state;
  int attempt;
  char *kinds;                            /* of its notices, "eol-reminder, …" */
  char *releases;                         /* they are about, "KM-1000/2.1, …"; of an advisory its number */
  char *organization, *organization_name; /* code and Japanese name */
  char *contact, *email;                  /* NULL: a letter to the organization */
  Day erased_on;                          /* when the contact was erased, or DAY_NONE */
  char *event_at, *event_detail;          /* of the last event, or NULL */
  char *acknowledged; /* what was confirmed of its notices: "receipt", "receipt, transfer", or NULL */
} OutboxRow;

void outbox_row_free(OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

/* The messages that `filter` means, in the order they were made, the first `limit` of them (0: all).
 * GPtrArray of OutboxRow with free function. */
bool outbox_list_rows(Db *db, const OutboxFilter *filter, gint64 limit, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Messages to one contact (row id), in the order they were made: GPtrArray of OutboxRow with free function.
 */
bool outbox_list_of_contact(Db *db, gint64 contact, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What happened to a message. */
typedef struct {
  char *at; /* UTC instant */
  Day day;
  int attempt;
  OutboxState state;
  char *detail; /* or NULL */
} OutboxEvent;

void outbox_event_free(OutboxEvent *event);

/* Its events, oldest first: GPtrArray of OutboxEvent with free function. */
bool outbox_list_events(Db *db, gint64 id, GPtrArray **ret_events, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a message would tell: one notice about one organization. */
typedef struct {
  gint64 message; /* row id: several rows of one message are one letter */
  Day due_on;
  char *kind;                             /* "eol-reminder" */
  int lead_months;                        /* as in ScheduledNotice */
  char *product, *release;                /* codes; of an advisory its number, and NULL */
  char *organization, *organization_name; /* code and Japanese name: whom it concerns */
  char *through;                          /* code: whose contact it goes to */
  char *contact, *email;                  /* NULL: a letter to the organization */
  char *channel;
} OutboxTelling;

void outbox_telling_free(OutboxTelling *telling);

/* Everything that waits (pending) over any channel and is due by `today`, by message, product, release and
 * organization; notices overtaken by a newer revision left out. GPtrArray of OutboxTelling with free
 * function. */
bool outbox_list_due(Db *db, Day today, GPtrArray **ret_tellings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many messages are in each state: ret_counts[state]. */
bool outbox_list_counts(Db *db, gint64 ret_counts[static OUTBOX_STATE_COUNT], GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
