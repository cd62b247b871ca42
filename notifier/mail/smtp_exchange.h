#ifndef KIGEN_NOTIFIER_MAIL_SMTP_EXCHANGE_H
#define KIGEN_NOTIFIER_MAIL_SMTP_EXCHANGE_H

/* One libesmtp session as it goes: a mail is added when the one before it has its outcome, from within the
 * library's own events, so that a session hands over as many mails as there come, and every outcome is known
 * at once. Only smtp.c calls this. */

#include "notifier/mail/smtp.h"
#include "notifier/mail/smtp_tls.h"

typedef struct SmtpExchange SmtpExchange;

/* Sets `session`'s callbacks. `options`, `tls` (or NULL) and `feed` stay as long as the exchange. */
SmtpExchange *smtp_exchange_new(smtp_session_t session, const SmtpOptions *options, SmtpTls *tls,
                                const TransportFeed *feed);
void smtp_exchange_free(SmtpExchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpExchange, smtp_exchange_free)

/* Adds the feed's next mail to the session, once it is there. False: there is none. */
bool smtp_exchange_add(SmtpExchange *exchange);

/* After smtp_start_session: a mail whose outcome no event told gets it. */
void smtp_exchange_end(SmtpExchange *exchange);

#endif
