#ifndef KIGEN_NOTIFIER_MAIL_SMTP_H
#define KIGEN_NOTIFIER_MAIL_SMTP_H

/* The smtp transport, over libesmtp with its traps (interop.md, Library traps) closed: one recipient a mail,
 * our own deadline instead of its timeouts, TCP_NODELAY, a TLS context a session, the outcome read from the
 * replies rather than from what smtp_start_session() returns. Only transport.c calls this. */

#include "notifier/mail/transport.h"

typedef struct Smtp Smtp;

/* For both kinds of relay. */
typedef struct {
  const char *host; /* name or IPv4 address */
  guint16 port;
  bool tls;            /* STARTTLS, verified for `host`, or no mail */
  const char *ca_file; /* or NULL: the system's */
  int deadline_seconds;
  int session_mails;
  const char *user, *password; /* or NULL */
} SmtpOptions;

/* True for localhost and 127.0.0.0/8: mail to it does not leave the machine. */
bool smtp_is_loopback(const char *host);

/* Prepares (`options` is copied); connects to nothing. Errors: TRANSPORT_ERROR_TLS. */
bool smtp_open(const SmtpOptions *options, Smtp **ret_smtp, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void smtp_free(Smtp *smtp);

/* One session with the relay, of mails from `feed` whose addresses are checked. */
void smtp_session(Smtp *smtp, const TransportFeed *feed);

#endif
