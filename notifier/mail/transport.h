#ifndef KIGEN_NOTIFIER_MAIL_TRANSPORT_H
#define KIGEN_NOTIFIER_MAIL_TRANSPORT_H

/* Hands mails over, by URL: `maildir:DIR` (nothing leaves the machine), `smtp://HOST[:PORT]` (a relay; port
 * 25 by default) or `smtps://HOST[:PORT]` (TLS from the first byte; port 465). A relay on another machine
 * must offer STARTTLS with a certificate that is good for HOST; on the loopback smtp:// goes in clear.
 * `webhook:` posts each message to the https:// address that is its recipient (webhook.h). One session hands
 * over many mails. The program ignores SIGPIPE before it opens a relay. */

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
  DELIVERY_UNKNOWN,  /* the connection broke after the data began: it may have arrived */
  DELIVERY_RETURNED  /* nothing of it went, and that is not about this mail: the session had taken others, and
                        ended. Another session may take it at once */
} DeliveryOutcome;

/* "accepted", "deferred", "failed", "unknown", "returned". */
const char *delivery_outcome_key(DeliveryOutcome outcome);

/* A mail to hand over; borrows everything. */
typedef struct {
  const char *sender;     /* envelope sender, a bare address */
  const char *recipient;  /* envelope recipient, a bare address; of a webhook its https:// address */
  const char *message_id; /* as in the mail, with or without <>: it names the file, and is the DSN's ENVID */
  GBytes *bytes;          /* CRLF line ends; dots are the transport's business */
  gpointer tag;           /* the caller's own: which mail `begin` and `done` speak of */
} TransportMail;

typedef struct {
  DeliveryOutcome outcome;
  bool relay_failed;   /* no transaction was begun (no connection, no TLS, not greeted, not let in): it is not
                          about this mail */
  gint64 wait_seconds; /* deferred: it asked for so long a wait; 0: it did not */
  char *reply; /* the relay's answer, or why there is none: UTF-8, one line, at most 500 octets; never NULL */
} TransportResult;

void transport_result_clear(TransportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransportResult, transport_result_clear)

/* Where a session's mails come from, and where what became of them goes. */
typedef struct {
  /* The next mail, good until its `done`. False: there is none; with `wait`, there will be none any more. */
  bool (*next)(gpointer data, bool wait, TransportMail *ret_mail);
  /* The data of a mail is about to go. False: it must not, and the session ends with that mail returned. A
   * maildir, where the same mail again is the same file, does not ask. */
  bool (*begin)(gpointer data, gpointer tag);
  /* What became of a mail. */
  void (*done)(gpointer data, gpointer tag, const TransportResult *result);
  gpointer data;
} TransportFeed;

/* What an installation, a private relay or a test sets. NULL, or a member that is 0: the default. */
typedef struct {
  const char *ca_file; /* PEM file to verify the relay with; default the system's (SSL_CERT_FILE is heeded) */
  bool require_tls;    /* STARTTLS on the loopback too */
  int deadline_seconds;        /* of one mail over SMTP, default 600: then the connection is cut */
  int session_mails;           /* at most in one session, default 100 */
  const char *user, *password; /* to authenticate with, or both NULL; without success no mail goes */
  const char *secret;          /* webhooks: what their bodies are signed with */
  bool private_addresses;      /* webhooks: they may lie on this machine or in its network */
} TransportOptions;

#define TRANSPORT_DEADLINE_SECONDS 600
#define TRANSPORT_SESSION_MAILS 100
#define TRANSPORT_WEBHOOK "webhook:" /* the URL of the transport of webhooks */

/* Checks that `url` names a transport. Errors: TRANSPORT_ERROR_URL. */
bool transport_check(const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the transport at `url`; a maildir's folders are made (mode 0700). Nothing is connected yet. Errors:
 * TRANSPORT_ERROR. */
bool transport_open(const char *url, const TransportOptions *options, Transport **ret_transport,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void transport_free(Transport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* One session: takes mails from `feed`, waiting for each, until there are none any more, it has had its
 * share, or the relay ends it. Whatever the relay or the network does is an outcome; a mail whose envelope
 * address email_address_check refuses is DELIVERY_FAILED and touches no network. False only when this machine
 * failed (TRANSPORT_ERROR_FILE): then every mail would, and those taken and not done were not handed over. */
bool transport_session(Transport *transport, const TransportFeed *feed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
