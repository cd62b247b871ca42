#ifndef KIGEN_DB_ACKNOWLEDGEMENT_REQUEST_H
#define KIGEN_DB_ACKNOWLEDGEMENT_REQUEST_H

/* What a message asks of those it concerns, and what of that is still open: found by the token of its link or
 * by a short code (db/acknowledgement_link.h), shown by the page of the link, answered there, by reply mail
 * or on the telephone. */

#include "db/acknowledgement_link.h"
#include "db/acknowledgement_store.h"
#include "planner/outbox_life.h"

/* One notice of the message, as it concerns one organization. Strings may be NULL where it says so. */
typedef struct {
  gint64 notice;
  NoticeKind kind;
  Day due_on;
  gint64 organization;
  char *organization_code, *organization_name_ja, *organization_name_en; /* English may be NULL */
  char *product, *release;                 /* codes; of an advisory its number, and NULL */
  char *product_name_ja, *product_name_en; /* of an advisory its title; English may be NULL */
  Day eos;                                 /* told by notices of EOS; else DAY_NONE */
  bool given[ACKNOWLEDGEMENT_KIND_COUNT];  /* confirmed already, in whatever way (a transfer: that EOS) */
  bool asked[ACKNOWLEDGEMENT_KIND_COUNT];  /* the notice asks for it */
  bool holds; /* what it tells still holds; else a newer revision has another EOS, or none is in force */
} AcknowledgementItem;

typedef struct {
  gint64 message;
  char *message_id;
  OutboxState state;
  Day due_on;
  char *contact;    /* the name of whom it went to, or NULL */
  char *language;   /* "ja" or "en", theirs */
  GPtrArray *items; /* AcknowledgementItem, by organization, product, release, day; never empty */
} AcknowledgementRequest;

void acknowledgement_request_free(AcknowledgementRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AcknowledgementRequest, acknowledgement_request_free)

/* Message row `message`. *ret_request NULL: there is none. Errors: DB_ERROR. */
bool acknowledgement_request_load(Db *db, gint64 message, AcknowledgementRequest **ret_request,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What organization `organization` (row id) was told by any message, is asked to confirm, and has not: of
 * transfers of one EOS the last that asks. No message stands in it: message 0, texts NULL; items may be none.
 */
bool acknowledgement_request_of_organization(Db *db, gint64 organization,
                                             AcknowledgementRequest **ret_request, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Leaves only what concerns `organization`. */
void acknowledgement_request_keep(AcknowledgementRequest *request, gint64 organization);

/* The message whose link has that token, all of it; NULL: none has. */
bool acknowledgement_request_by_token(Db *db, const LinkKey *key, const char *token,
                                      AcknowledgementRequest **ret_request, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What `code` stands for: all of its message, or one item of it. NULL: no letter has that code. */
bool acknowledgement_request_by_code(Db *db, const LinkKey *key, const ShortCode *code,
                                     AcknowledgementRequest **ret_request, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when `item` can be confirmed: a receipt of whatever was not yet, a transfer where the notice asks for
 * it, its EOS still holds and nobody has confirmed it. */
bool acknowledgement_request_is_open(const AcknowledgementItem *item, AcknowledgementKind kind);
/* True when any item can. */
bool acknowledgement_request_any_open(const AcknowledgementRequest *request, AcknowledgementKind kind);

/* The name of the contact with e-mail address `email` at one of those that `request` concerns, or above them;
 * own string, NULL: none has it. */
bool acknowledgement_request_contact(Db *db, const AcknowledgementRequest *request, const char *email,
                                     char **ret_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Who confirms, and how; as in AcknowledgementEntry. */
typedef struct {
  AcknowledgementKind kind;
  const char *person, *title;
  const char *how;
  Day day; /* DAY_NONE: context->today */
  const char *note;
  bool by_itself;
} AcknowledgementAnswer;

/* Keeps `answer` for every item that is open for its kind, each with its audit row, inside the open write
 * transaction in which `request` was loaded. *ret_ids: GArray of gint64, the rows of what was kept; empty:
 * nothing was open. */
bool acknowledgement_request_record(Db *db, const AuditContext *context,
                                    const AcknowledgementRequest *request,
                                    const AcknowledgementAnswer *answer, GArray **ret_ids, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
