#ifndef KIGEN_NOTIFIER_MAIL_TRANSPORT_H
#define KIGEN_NOTIFIER_MAIL_TRANSPORT_H

/* Hands one mail over, by URL: `maildir:DIR` (nothing leaves the machine) or `smtp://HOST[:PORT]` (a relay;
 * port 25 by default). A relay on another machine must offer STARTTLS with a certificate that is good for
 * HOST; on the loopback the mail goes in clear. The program ignores SIGPIPE before it opens an smtp
 * transport. */

#include <glib.h>
#include <stdbool.h>

typedef struct Transport Transport;

#define TRANSPORT_ERROR (transport_error_quark())
typedef enum {
  TRANSPORT_ERROR_URL, /* not a transport we know; the message names the known ones */
  TRANSPORT_ERROR_TLS, /* no certificates to verify with, no usable TLS library */
  TRANSPORT_ERROR_FILE /* the maildir cannot be written: full, read-only, not a folder */
} TransportError;
GQuark transport_error_quark(void);

typedef enum {
  DELIVERY_ACCEPTED, /* the relay, or the maildir, has taken it */
  DELIVERY_DEFERRED, /* not now (4xx, no connection, no TLS): try again later */
  DELIVERY_FAILED,   /* refused for good (5xx, an address that cannot be used) */
  DELIVERY_UNKNOWN   /* the connection broke after the data began: it may have arrived */
} DeliveryOutcome;

/* The word for it in the store: "accepted", "deferred", "failed", "unknown". */
const char *delivery_outcome_key(DeliveryOutcome outcome);

/* A mail to hand over; borrows everything. */
typedef struct {
  const char *sender;     /* envelope sender, a bare address */
  const char *recipient;  /* envelope recipient, a bare address */
  const char *message_id; /* as in the mail, with or without <>: it names the file, and is the DSN's ENVID */
  GBytes *bytes;          /* CRLF line ends; dots are the transport's business */
} TransportMail;

typedef struct {
  DeliveryOutcome outcome;
  bool relay_failed; /* no transaction was begun (no connection, no TLS, not greeted): it is not about this
                        mail */
  char *reply; /* the relay's answer, or why there is none: UTF-8, one line, at most 500 octets; never NULL */
} TransportResult;

void transport_result_clear(TransportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransportResult, transport_result_clear)

/* What a test, or a private relay, needs otherwise. NULL, or a member that is 0: the default. */
typedef struct {
  const char *ca_file; /* PEM file to verify the relay with; default the system's (SSL_CERT_FILE is heeded) */
  bool require_tls;    /* STARTTLS on the loopback too */
  int deadline_seconds; /* of one mail over SMTP, default 600: then the connection is cut */
} TransportOptions;

/* Opens the transport at `url`; a maildir's folders are made (mode 0700). Nothing is connected yet. Errors:
 * TRANSPORT_ERROR. */
bool transport_open(const char *url, const TransportOptions *options, Transport **ret_transport,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void transport_free(Transport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* Hands `mail` over and waits for the answer. Whatever the relay or the network does is an outcome; an
 * envelope address that email_address_check refuses is DELIVERY_FAILED and touches no network. False only
 * when this machine failed (TRANSPORT_ERROR_FILE): then every mail would. */
bool transport_send(Transport *transport, const TransportMail *mail, TransportResult *ret_result,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
