#ifndef KIGEN_NOTIFIER_MAIL_SMTPS_H
#define KIGEN_NOTIFIER_MAIL_SMTPS_H

/* The smtps transport: TLS from the first byte (RFC 8314), over libcurl, which libesmtp does not offer.
 * libcurl asks for no delivery reports (DSN). One connection serves a session; the outcome comes from the
 * replies as they stand on the line. Only transport.c calls this. */

#include "notifier/mail/smtp.h"

typedef struct Smtps Smtps;

/* Prepares (`options` is copied); connects to nothing. Errors: TRANSPORT_ERROR_TLS. */
bool smtps_open(const SmtpOptions *options, Smtps **ret_smtps, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void smtps_free(Smtps *smtps);

/* One session with the relay, of mails from `feed` whose addresses are checked. */
void smtps_session(Smtps *smtps, const TransportFeed *feed);

#endif
