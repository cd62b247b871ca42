#ifndef KIGEN_DB_ADVISORY_TELLING_H
#define KIGEN_DB_ADVISORY_TELLING_H

/* Telling an advisory: at its publication everyone who holds what it is about, and whoever was told the
 * revision that it corrects; while it is in force whoever comes to hold it; at its withdrawal everyone who
 * was told. As db/plan_telling.h does for plans. */

#include "db/audit.h"
#include "planner/notice_kind.h"

/* What was made. */
typedef struct {
  gint64 organizations; /* that are told now */
  gint64 corrected; /* how many were told an older revision (of a withdrawal: the same as organizations) */
  gint64 messages;  /* new outbox rows: a notice can join a message that waits */
} AdvisoryTelling;

/* At publication: makes the notice of `advisory`, due on context->today whatever day that is, and its
 * messages; messages of older revisions that have not gone are overtaken. Inside the open write transaction.
 */
bool advisory_telling_make(Db *db, const AuditContext *context, gint64 advisory, AdvisoryTelling *ret_telling,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the withdrawal of `advisory`, which is withdrawn. */
bool advisory_telling_make_withdrawal(Db *db, const AuditContext *context, gint64 advisory,
                                      AdvisoryTelling *ret_telling, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The advisories in force that somebody has come to be concerned by since: GArray of gint64, row ids. */
bool advisory_telling_with_newcomers(Db *db, GArray **ret_advisories, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many they are of `advisory`. */
bool advisory_telling_count_newcomers(Db *db, gint64 advisory, gint64 *ret_organizations, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Tells the newcomers of `advisory`, which is in force, the same notice; its messages are due today. Inside
 * the open write transaction. */
bool advisory_telling_make_newcomers(Db *db, const AuditContext *context, gint64 advisory,
                                     AdvisoryTelling *ret_telling, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One of those whom `advisory`, a draft perhaps, would be told to if it were published now. */
typedef struct {
  gint64 organization;                /* row id */
  char *code, *name_ja, *role;        /* role: "hospital", "lessor" … */
  char *contact, *channel, *language; /* contact NULL: nobody is reached, a letter to the organization */
  char *email;                        /* or NULL */
  gint64 units;                       /* that it holds of the releases, in the role that counts most */
  bool told;                          /* of an older revision */
} AdvisoryRecipient;

void advisory_recipient_free(AdvisoryRecipient *recipient);

/* All of them, by role and code, without writing anything: GPtrArray of AdvisoryRecipient with free function.
 * Inside a read or the write transaction. */
bool advisory_telling_recipients(Db *db, gint64 advisory, Day today, GPtrArray **ret_recipients,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
