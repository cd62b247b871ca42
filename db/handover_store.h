#ifndef KIGEN_DB_HANDOVER_STORE_H
#define KIGEN_DB_HANDOVER_STORE_H

/* What people do with a message, which the manager does not see: they post it, it comes back, they hand it
 * over or fax it, a distributor passes it on. planner/outbox_life.h says what is possible; each is kept as a
 * row of handover, an event of the message and an audit row. */

#include "db/audit.h"
#include "db/upsert.h"
#include "planner/outbox_life.h"

#define HANDOVER_ERROR (handover_error_quark())
typedef enum {
  HANDOVER_ERROR_REFUSED /* no such message, or not possible in its state; the message says what to do */
} HandoverError;
GQuark handover_error_quark(void);

typedef enum {
  HANDOVER_SENT,     /* a letter was posted */
  HANDOVER_RETURNED, /* and the post has brought it back */
  HANDOVER_HANDED,   /* handed over in person, or faxed */
  HANDOVER_RELAYED,  /* passed on to one customer by the distributor who was asked to */
  HANDOVER_STEP_COUNT
} HandoverStep;

/* "sent", "returned", "handed", "relayed". */
const char *handover_step_key(HandoverStep step);

/* How a distributor passed something on: "post", "hand", "fax", "mail", "phone", "other"; NULL-terminated. */
extern const char *const handover_ways[];

/* What to keep. Texts may be NULL. */
typedef struct {
  HandoverStep step;
  gint64 organization; /* relayed: the customer; else 0 */
  const char *how;     /* of handover_ways; never NULL */
  Day day;            /* on which it was done: the message's events and every report count it from that day */
  const char *by;     /* who did it, where that is not who records it */
  const char *person; /* into whose hands */
  const char *tracking;
  const char *note; /* returned: why */
} HandoverEntry;

/* Keeps it of message `outbox`, as recorded by context->actor, inside the open write transaction. The day
 * must not lie after context->today. What was passed on is kept once for each customer: again it is changed,
 * or nothing is. Errors: HANDOVER_ERROR, DB_ERROR. */
bool handover_store_record(Db *db, const AuditContext *context, gint64 outbox, const HandoverEntry *entry,
                           UpsertResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One that is kept. Texts may be NULL where an entry's may. */
typedef struct {
  HandoverStep step;
  char *organization, *organization_name; /* relayed: code and Japanese name of the customer; else NULL */
  char *how;
  Day day;
  char *by, *person, *tracking, *note;
  char *recorded_by;
  char *at; /* UTC instant */
} Handover;

void handover_free(Handover *handover);

/* Those of message `outbox`, oldest first: GPtrArray of Handover with free function. */
bool handover_store_of_message(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A customer of a request to pass something on. */
typedef struct {
  char *code, *name; /* its Japanese name */
} HandoverCustomer;

void handover_customer_free(HandoverCustomer *customer);

/* The customers of request `outbox` (of channel relay; of any other none) whom the distributor has not
 * reported back: they were told nothing. By code: GPtrArray of HandoverCustomer with free function. */
bool handover_store_open(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
