#ifndef KIGEN_NOTIFIER_MAIL_SMTP_TLS_H
#define KIGEN_NOTIFIER_MAIL_SMTP_TLS_H

/* The TLS side of a relay: one SSL_CTX that verifies chain and name during the handshake itself (libesmtp
 * checks the name that DNS calls canonical, after it), asks for the name (SNI), and speaks TLS 1.2
 * (smtp_tls.c says why not 1.3).
 */

/* In this order: libesmtp.h needs size_t and includes nothing, and declares its TLS part to who included
 * OpenSSL. */
#include <stddef.h>

#include <openssl/ssl.h>

#include <libesmtp.h>

#include "notifier/mail/transport.h"

typedef struct SmtpTls SmtpTls;

/* For relay `host` (name or IPv4 address); `ca_file` NULL: the system's certificates. Errors:
 * TRANSPORT_ERROR_TLS. */
bool smtp_tls_new(const char *host, const char *ca_file, SmtpTls **ret_tls, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void smtp_tls_free(SmtpTls *tls);

/* Makes `session` require TLS by this context: to call once a session, a second STARTTLS crashes without. */
void smtp_tls_apply(SmtpTls *tls, smtp_session_t session);

/* Why the last handshake failed, or NULL. Own string. */
char *smtp_tls_problem(const SmtpTls *tls);

#endif
