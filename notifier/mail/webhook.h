#ifndef KIGEN_NOTIFIER_MAIL_WEBHOOK_H
#define KIGEN_NOTIFIER_MAIL_WEBHOOK_H

/* The transport of webhooks: each message is posted, as JSON and signed, to the https:// address that is its
 * recipient, by libcurl. The certificate is verified, redirects are not followed, no proxy is asked, and what
 * the address resolves to must be public (webhook_address.h) unless the installation says otherwise: that is
 * looked at when the connection is made, so a name that changes its mind wins nothing. Only transport.c calls
 * this. */

#include "notifier/mail/transport.h"

typedef struct Webhook Webhook;

/* Prepares (`options` is copied); connects to nothing. Errors: TRANSPORT_ERROR_TLS. */
bool webhook_open(const TransportOptions *options, Webhook **ret_webhook, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void webhook_free(Webhook *webhook);

/* Posts what `feed` has, one after the other, up to a session's share. */
void webhook_session(Webhook *webhook, const TransportFeed *feed);

/* What becomes of a message by the answer's `status`, 0: there is none. `begun`: some of it had gone. 2xx is
 * accepted; 408, 425, 429 and 5xx are not now; every other answer is no (RFC 9110 15). */
DeliveryOutcome webhook_outcome(long status, bool begun);

/* The value of the header that proves who posts: "sha256=" and the HMAC-SHA256 by `secret` over `timestamp`
 * (Unix seconds), a full stop, and the body; hexadecimal. Own string. */
char *webhook_signature(const char *secret, const char *timestamp, GBytes *body);

#endif
