#ifndef KIGEN_NOTIFIER_MAIL_COMPOSE_H
#define KIGEN_NOTIFIER_MAIL_COMPOSE_H

/* A mail's bytes from its parts: multipart/mixed [ multipart/alternative [ text, HTML ], attachments ],
 * everything in base64, CRLF line ends; GMime writes the parts' headers. The same parts give the same bytes
 * (of one version of GMime and kigen): nothing is taken from the clock, from chance or from the locale. */

#include <glib.h>
#include <stdbool.h>

#define COMPOSE_ERROR (compose_error_quark())
typedef enum {
  COMPOSE_ERROR_ADDRESS, /* From, To or Reply-To; the message is email_address_check's */
  COMPOSE_ERROR_HEADER,  /* Message-ID, date, a header's name, a content type or a file name that cannot stand
                          */
  COMPOSE_ERROR_TEXT     /* not valid UTF-8 */
} ComposeError;
GQuark compose_error_quark(void);

typedef struct {
  const char *filename;     /* without folders */
  const char *content_type; /* "text/csv; charset=utf-8"; never with a method parameter (interop.md, Mail) */
  GBytes *bytes;
} MailAttachment;

typedef struct {
  const char *name;  /* "X-Kigen-Notice" */
  const char *value; /* cleaned like the subject */
} MailHeader;

/* A plain value: it borrows everything. Texts are UTF-8. */
typedef struct {
  const char *from_name; /* or NULL */
  const char *from_address;
  const char *to_name; /* or NULL */
  const char *to_address;
  const char *reply_to; /* an address, or NULL */
  const char *subject;
  gint64 date;               /* seconds since 1970-01-01 UTC */
  const char *message_id;    /* "id@domain", with or without <> */
  const char *boundary_seed; /* same seed, same boundaries */
  const char *text;          /* valid UTF-8: templates and contexts are, so what they render is */
  const char *html;          /* likewise; or NULL */
  const MailAttachment *attachments;
  gsize n_attachments;
  const MailHeader *headers; /* on top of ours */
  gsize n_headers;
} MailMessage;

/* Composes `message`. Line breaks and control characters in names, subject and header values become spaces;
 * addresses that hold any are refused. Errors: COMPOSE_ERROR. */
bool compose_message(const MailMessage *message, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
