#ifndef KIGEN_NOTIFIER_MAIL_SMTP_WATCH_H
#define KIGEN_NOTIFIER_MAIL_SMTP_WATCH_H

/* Keeps an eye on the socket of one libesmtp session: sets TCP_NODELAY (the library does not: 23 messages a
 * second instead of 1,100), and cuts the connection at a deadline from a thread of its own. The library's own
 * transfer timeout must never strike: it leaves a hole in the message and goes on. */

#include <glib.h>
#include <stdbool.h>

typedef struct SmtpWatch SmtpWatch;

/* Watches for a connection to `port`, at rest. */
SmtpWatch *smtp_watch_new(guint16 port, int deadline_seconds);
/* Ends the watch and its thread. */
void smtp_watch_free(SmtpWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpWatch, smtp_watch_free)

/* The deadline counts from now. */
void smtp_watch_arm(SmtpWatch *watch);
/* There is no deadline until it is armed again: nobody waits for the relay. */
void smtp_watch_rest(SmtpWatch *watch);

/* To call when the library has connected (SMTP_EV_CONNECT), from its thread. The socket is the one connected
 * to the port that does not have TCP_NODELAY yet: the library gives no access to it. */
void smtp_watch_connected(SmtpWatch *watch);
/* Holds what is written back until whole packets are full, or lets it go: the library writes a mail in pieces
 * of 1 kB, each a packet of its own without this. */
void smtp_watch_cork(SmtpWatch *watch, bool hold);
/* Shuts the connection down both ways, now. */
void smtp_watch_cut(SmtpWatch *watch);
/* True once the deadline has struck. */
bool smtp_watch_expired(SmtpWatch *watch);

#endif
