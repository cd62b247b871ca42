#ifndef KIGEN_NOTIFIER_MAIL_INCOMING_MAIL_H
#define KIGEN_NOTIFIER_MAIL_INCOMING_MAIL_H

/* A mail that came back or in, taken apart: whom it was for, what a delivery report in it says, its readable
 * text. Foreign bytes: nothing of it is believed here, and whatever it is it becomes some IncomingMail. Pure.
 */

#include <glib.h>
#include <stdbool.h>

#define INCOMING_MAIL_TEXT_MAX (256 * 1024) /* bytes of readable text that are looked at */

/* One group of fields about a recipient in a delivery report (RFC 3464 2.3). Texts are on one line, without
 * the type in front ("rfc822;", "smtp;"); NULL where the field is missing. */
typedef struct {
  char *action; /* lower case: "failed", "delayed", "delivered", "relayed", "expanded" */
  char *status; /* "5.1.1" */
  char *diagnostic;
  char *recipient; /* Original-Recipient, else Final-Recipient */
} IncomingStatus;

typedef struct {
  GPtrArray *recipients;   /* char *: addresses it was delivered to, outermost first (Delivered-To,
                              X-Original-To   …, To, Cc) */
  char *from;              /* address, lower case; or NULL */
  char *from_name;         /* or NULL */
  char *subject;           /* or NULL */
  bool automatic;          /* a program answers, or sends to many (RFC 3834, Precedence) */
  bool from_daemon;        /* its sender is a mail system */
  char *failed_recipients; /* X-Failed-Recipients, or NULL */
  GPtrArray *statuses;     /* IncomingStatus; empty: no delivery report */
  bool has_relay_report;   /* a file is attached that is called as the one of a request to a distributor */
  char *text;              /* readable UTF-8 text of its body, without attached mails; "" for none */
} IncomingMail;

void incoming_mail_free(IncomingMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IncomingMail, incoming_mail_free)

/* Takes `bytes` apart. NULL: not even a mail's headers are in it. */
IncomingMail *incoming_mail_parse(const void *bytes, gsize size);

#endif
