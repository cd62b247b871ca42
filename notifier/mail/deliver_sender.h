#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_SENDER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_SENDER_H

/* A sender: a process of its own, without the store, that takes mails from the queue manager over a socket,
 * has one session with the relay at a time, and tells what becomes of each, on the sheet first. The manager
 * starts it (deliver_crew.h); it ends when there are no mails any more, when the relay fails, and when the
 * manager is gone: then the mail at hand still gets its outcome. */

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

/* What a sender that is told to stop, or whose manager is gone, gets for the mail at hand. */
#define DELIVER_SENDER_GRACE_SECONDS 20

/* Works until the end; `socket` and `sheet` are descriptors, and stay open. Once *stop is not 0 no further
 * mail is begun. That the transport cannot be used on this machine the manager is told; an error is only
 * what the manager says and should not: DELIVER_WIRE_ERROR. */
bool deliver_sender_run(int socket, int sheet, const volatile sig_atomic_t *stop, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
