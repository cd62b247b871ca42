#ifndef KIGEN_NOTIFIER_MAIL_MAILBOX_H
#define KIGEN_NOTIFIER_MAIL_MAILBOX_H

/* Mail to read: a maildir in which a mail system delivers, a file, standard input; and the maildir in which a
 * piped mail that a person has to read is kept. */

#include <glib.h>
#include <stdbool.h>

/* True when `path` is a maildir: a folder with a folder "new". */
bool mailbox_is_maildir(const char *path);

/* The new mails of the maildir at `path`, by name: GPtrArray of char *, with free function. Errors:
 * G_FILE_ERROR. */
bool mailbox_list(const char *path, GPtrArray **ret_names, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads one mail of at most `max` bytes: file `name` in `folder`, or `name` alone where `folder` is NULL;
 * "-": standard input. *ret_bytes NULL: it is larger. Errors: G_FILE_ERROR, G_IO_CHANNEL_ERROR. */
bool mailbox_read(const char *folder, const char *name, gsize max, GByteArray **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Moves the new mail `name` of the maildir at `path` to its cur, as seen. Errors: G_FILE_ERROR. */
bool mailbox_done(const char *path, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps `bytes` as a new mail of the maildir at `path`, which is made where it is missing; synced. The same
 * mail again is kept once. Errors: G_FILE_ERROR, TRANSPORT_ERROR_FILE. */
bool mailbox_keep(const char *path, const GByteArray *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
