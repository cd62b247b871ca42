#ifndef KIGEN_NOTIFIER_MAIL_SMTP_AUTH_H
#define KIGEN_NOTIFIER_MAIL_SMTP_AUTH_H

/* AUTH (RFC 4954) for one libesmtp session: PLAIN or LOGIN, which the caller allows under TLS or on the
 * loopback only. The library goes on without it where the relay offers none or refuses: that is for
 * smtp_exchange.h to see. */

#include "notifier/mail/smtp_tls.h"

typedef struct SmtpAuth SmtpAuth;

/* Makes `session` authenticate as `user`; both strings stay as long as the result, and that as long as the
 * session runs. */
SmtpAuth *smtp_auth_new(smtp_session_t session, const char *user, const char *password);
void smtp_auth_free(SmtpAuth *auth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpAuth, smtp_auth_free)

#endif
