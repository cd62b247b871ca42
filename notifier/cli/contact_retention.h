#ifndef KIGEN_CLI_CONTACT_RETENTION_H
#define KIGEN_CLI_CONTACT_RETENTION_H

/* Who is kept for longer than the policy says, and who of them may go. */

#include "db/contact_duty.h"
#include "notifier/cli/cli.h"

typedef struct {
  GPtrArray *rows; /* ContactRow: everybody whose time is over */
  GPtrArray *free; /* of `rows`, not owned: who may be erased */
  GPtrArray *kept; /* own strings, as long as `rows`: why they may not, NULL for those who may */
  Day proof_limit; /* DAY_NONE, or: what tells of releases whose last EOS lies before it may go */
  gint64 proofs;   /* how many messages that are */
} ContactRetention;

void contact_retention_clear(ContactRetention *retention);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContactRetention, contact_retention_clear)

/* By the policy of the configured profile. */
bool contact_retention_load(Cli *cli, Db *db, Day today, ContactRetention *ret_retention, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Prints it: `kigen contact list --expired`. */
bool contact_retention_list(Cli *cli, Db *db, Day today, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
