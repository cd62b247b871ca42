#ifndef KIGEN_DB_ACKNOWLEDGEMENT_STORE_H
#define KIGEN_DB_ACKNOWLEDGEMENT_STORE_H

/* Acknowledgements: an organization confirms a notice, or the transfer of responsibility that notices of EOS
 * ask for. They belong to an organization, not to a message, and can come by other ways than it. */

#include "db/audit.h"
#include "planner/acknowledgement.h"
#include "planner/notice_kind.h"
#include "planner/outbox_life.h"

/* In SQL, the EOS that notice `n` of plan `s` tells: the plan's, or that of an extension. */
#define ACKNOWLEDGEMENT_EOS_SQL(n, s)                                                                        \
  "CASE " n ".extended_eos WHEN '' THEN " s ".eos ELSE " n ".extended_eos END"

/* In SQL, the civil day of acknowledgement `a`. */
#define ACKNOWLEDGEMENT_DAY_SQL(a) "coalesce(" a ".day, substr(" a ".at, 1, 10))"

/* In SQL, the confirmations `done` of the transfer at `eos` of `release_id` by a plan for `plan_market`,
 * whichever revision and notice told that day: FROM and WHERE. */
#define ACKNOWLEDGEMENT_TRANSFERS_SQL(release_id, plan_market, eos)                                          \
  " FROM support_plan same JOIN notice told ON told.plan = same.id"                                          \
  " JOIN acknowledgement done ON done.notice = told.id AND done.kind = 'transfer'"                           \
  " WHERE same.release = " release_id " AND same.market = " plan_market                                      \
  " AND " ACKNOWLEDGEMENT_EOS_SQL("told", "same") " = " eos

/* In SQL, true where `organization_id` has given one. */
#define ACKNOWLEDGEMENT_TRANSFERRED_SQL(release_id, plan_market, eos, organization_id)                       \
  "EXISTS (SELECT 1" ACKNOWLEDGEMENT_TRANSFERS_SQL(release_id, plan_market,                                  \
                                                   eos) " AND done.organization = " organization_id ")"

/* A notice that is not in their hands: it waits, failed or came back. */
typedef struct {
  gint64 message; /* 0: there is none */
  OutboxState state;
  NoticeKind kind;
  int revision;
} AcknowledgementNewer;

/* The notice that an organization can acknowledge: what they have in hand, never what is still to come. */
typedef struct {
  gint64 notice;
  NoticeKind kind;
  Day due_on;
  int revision;               /* of the plan or the advisory that it tells */
  AcknowledgementNewer newer; /* the latest that was made for them, where it is another */
} AcknowledgementNotice;

/* The latest notice that came to `organization` (where none surely did, that may have come) of the plan of
 * `release` in force for it: its announcement or change for a receipt; a notice of the EOS that holds for a
 * transfer. ret_notice->notice 0: there is none, but perhaps a newer one; *ret_concerned false: not even a
 * plan in force that concerns the organization. */
bool acknowledgement_store_find(Db *db, gint64 release, gint64 organization, AcknowledgementKind kind,
                                AcknowledgementNotice *ret_notice, bool *ret_concerned, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same of the notices of advisory `number`, of whatever revision. */
bool acknowledgement_store_find_advisory(Db *db, const char *number, gint64 organization,
                                         AcknowledgementNotice *ret_notice, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What was acknowledged. Strings may be NULL where it says so. */
typedef struct {
  gint64 id;
  AcknowledgementKind kind;
  char *product, *release;                /* codes; of an advisory its number, and NULL */
  char *organization, *organization_name; /* code and Japanese name */
  NoticeKind notice;
  Day notice_due_on;
  int revision;         /* of the plan or the advisory that the notice told */
  char *person, *title; /* by whom; title or NULL */
  char *how;
  Day day;
  char *note;        /* or NULL */
  char *recorded_by; /* who entered it; NULL: nobody did, it came by a link */
} Acknowledgement;

void acknowledgement_free(Acknowledgement *acknowledgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acknowledgement, acknowledgement_free)

/* The one that says already what an acknowledgement of `kind` of `notice` by `organization` would say (for a
 * transfer of any notice of the same EOS), or NULL. */
bool acknowledgement_store_same(Db *db, gint64 notice, gint64 organization, AcknowledgementKind kind,
                                Acknowledgement **ret_same, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was acknowledged of the notices of message `outbox`, by those it concerns: GPtrArray of
 * Acknowledgement with free function, in order. */
bool acknowledgement_store_of_message(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One to keep. */
typedef struct {
  gint64 notice, organization;
  AcknowledgementKind kind;
  const char *person, *title; /* title may be NULL */
  const char *how;
  Day day;
  const char *note; /* or NULL */
  bool by_itself;   /* it came by a link or a reply: nobody here has entered it */
} AcknowledgementEntry;

/* Keeps it as recorded by context->actor (unless it came by itself), with an audit row, inside the open write
 * transaction; *ret_id is its row. There must be none that says the same. */
bool acknowledgement_store_add(Db *db, const AuditContext *context, const AcknowledgementEntry *entry,
                               gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one with that row id, or NULL. */
bool acknowledgement_store_load(Db *db, gint64 id, Acknowledgement **ret_acknowledgement, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
