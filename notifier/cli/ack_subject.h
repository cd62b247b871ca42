#ifndef KIGEN_CLI_ACK_SUBJECT_H
#define KIGEN_CLI_ACK_SUBJECT_H

/* What somebody on the telephone says that they confirm: the number of an advisory, the document number of
 * their letter, a release, or a product where they were told of one release of it only. */

#include "db/acknowledgement_request.h"
#include "notifier/cli/cli.h"

/* One notice, or all of a letter. */
typedef struct {
  AcknowledgementNotice notice;    /* the latest that they have in hand; notice 0: see request */
  AcknowledgementRequest *request; /* what that letter told the organization; NULL: see notice */
} AckSubject;

void ack_subject_clear(AckSubject *subject);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AckSubject, ack_subject_clear)

/* True for PRODUCT/RELEASE: of its plan a receipt and a transfer can be given, and which must be said. */
bool ack_subject_is_release(const char *word);

/* What `word` means for `organization` (row id; `name` as the user said it) in an acknowledgement of `kind`.
 * Numbers in whatever case and width, without wildcards. Refused where it means nothing, several things,
 * which are listed, or what is not in their hands: it waits, failed, came back or was overtaken.
 * Inside the write transaction. Errors: CLI_ERROR_REFUSED, CLI_ERROR_USAGE, DB_ERROR. */
bool ack_subject_find(Db *db, gint64 organization, const char *name, const char *word,
                      AcknowledgementKind kind, AckSubject *ret_subject, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
