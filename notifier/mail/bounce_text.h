#ifndef KIGEN_NOTIFIER_MAIL_BOUNCE_TEXT_H
#define KIGEN_NOTIFIER_MAIL_BOUNCE_TEXT_H

/* What a mail that came back says has become of ours: by its delivery report (RFC 3464), or by the free text
 * of mail systems that write none, as one table of their phrases. Pure. */

#include "notifier/mail/incoming_mail.h"

typedef enum {
  BOUNCE_NONE,    /* it says nothing of a delivery */
  BOUNCE_FAILED,  /* it was not delivered and will not be */
  BOUNCE_DELAYED, /* not yet */
  BOUNCE_ARRIVED  /* delivered, or passed on to a system that does not report */
} BounceKind;

/* "none", "failed", "delayed", "arrived". */
const char *bounce_text_key(BounceKind kind);

/* Judges `mail`. A report goes before words; words count only from a mail system, so that somebody's reply
 * that quotes one is none. *ret_diagnosis (own string, one line; NULL for BOUNCE_NONE): status and words of
 * the system that gave it up. */
BounceKind bounce_text_judge(const IncomingMail *mail, char **ret_diagnosis);

#endif
