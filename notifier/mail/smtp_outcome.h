#ifndef KIGEN_NOTIFIER_MAIL_SMTP_OUTCOME_H
#define KIGEN_NOTIFIER_MAIL_SMTP_OUTCOME_H

/* What the replies of one SMTP transaction mean. Pure. */

#include "notifier/mail/transport.h"

/* Reply codes as libesmtp kept them; 0: none came. */
typedef struct {
  int sender_code;    /* to MAIL */
  int recipient_code; /* to RCPT */
  int message_code;   /* to DATA, then to the data; or to the last BDAT */
  bool data_begun;    /* a byte of the mail was handed to the library */
  bool chunked;       /* by BDAT */
  bool complete;      /* libesmtp counts the recipient as done */
  bool in_turn;       /* the session had come to the end of another mail before */
  bool expired;       /* our deadline cut it */
} SmtpReplies;

#define SMTP_CLOSING 421

/* Recipient, sender, message in that order; a refused step decides. A mail is accepted only by a 2xx to its
 * data and a completed recipient. Without a final reply after the data began nobody knows. Of several
 * pipelined BDAT replies libesmtp keeps the last, so a 503 there hides the true one: deferred, never failed.
 * A relay that closes between two mails, or says 421, has not spoken of the next one: it is returned. Not
 * being let in (530 and its like to MAIL) is the relay's failure, not a refusal of the mail.
 * *ret_relay_failed as in TransportResult. */
DeliveryOutcome smtp_outcome_of(const SmtpReplies *replies, bool *ret_relay_failed);

#endif
