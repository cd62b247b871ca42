#ifndef KIGEN_DB_OUTBOX_RETRY_H
#define KIGEN_DB_OUTBOX_RETRY_H

/* A person wants messages tried now, or once more: what failed, bounced or came back waits again, what was
 * printed and not posted is printed anew, what was put off or
 * may have arrived need not wait any longer. Their tries are counted anew. */

#include "db/audit.h"
#include "db/outbox_filter.h"

/* Messages by the state they were in. */
typedef struct {
  gint64 count[OUTBOX_STATE_COUNT];
  gint64 total;
} OutboxRetried;

/* The messages that `filter` means and that can be retried; without a state in it and without an id, only
 * those that failed, bounced or came back. With `dry_run` nothing is written, else each has an event and all
 * one audit row, "outbox.retry", with `reason` (or NULL). Inside the open write transaction. */
bool outbox_retry(Db *db, const AuditContext *context, const OutboxFilter *filter, const char *reason,
                  bool dry_run, OutboxRetried *ret_retried, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
