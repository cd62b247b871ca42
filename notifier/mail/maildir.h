#ifndef KIGEN_NOTIFIER_MAIL_MAILDIR_H
#define KIGEN_NOTIFIER_MAIL_MAILDIR_H

/* The maildir transport: one file a mail below DIR/new, named after the Message-ID, so that handing the same
 * mail over again leaves one file. Written to DIR/tmp, synced, renamed, and the folder synced: after a crash
 * a mail is there whole or not at all. What comes together is synced together. Only transport.c and mailbox.c
 * call this.
 */

#include "notifier/mail/transport.h"

/* Makes `path` and its cur, new and tmp (mode 0700) where they are missing. Errors: TRANSPORT_ERROR_FILE. */
bool maildir_make(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One session: puts the mails of `feed` into `path`/new, in batches as they come, each synced as a whole
 * before its mails are done. A mail of that Message-ID which a reader has moved to cur already counts as
 * accepted and is not doubled. On an error what was written before is done. Errors: TRANSPORT_ERROR_FILE. */
bool maildir_session(const char *path, const TransportFeed *feed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
