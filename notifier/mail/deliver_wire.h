#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_WIRE_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_WIRE_H

/* What the queue manager and a sender say to each other over their socket, as frames: the manager a set-up
 * and mails, the sender what became of them. Pure: bytes in memory. Each end takes what comes for foreign. */

#include "notifier/mail/transport.h"

#define DELIVER_WIRE_HEAD 5                      /* octets before every frame's body: its size, its kind */
#define DELIVER_WIRE_BODY_MAX (64 * 1024 * 1024) /* octets */

typedef enum {
  WIRE_SETUP = 'S',  /* first of all: the transport and its options */
  WIRE_MAIL = 'M',   /* a mail to hand over */
  WIRE_RESULT = 'R', /* what became of one */
  WIRE_FAULT = 'F'   /* this machine failed, the sender ends: why */
} WireKind;

#define DELIVER_WIRE_ERROR (deliver_wire_error_quark())
typedef enum {
  DELIVER_WIRE_ERROR_FORM /* no frame of ours */
} DeliverWireError;
GQuark deliver_wire_error_quark(void);

/* Texts borrow from the frame they were read from. */
typedef struct {
  const char *url;
  TransportOptions options;
} WireSetup;

typedef struct {
  guint32 slot; /* where on the sheet (deliver_sheet.h) the sender notes it down */
  gint64 id;    /* row of the message */
  guint32 attempt;
  const char *sender, *recipient, *message_id;
  gsize begin, size; /* in a frame that was read: where the mail itself lies in its body */
} WireMail;

typedef struct {
  guint32 slot;
  DeliveryOutcome outcome;
  bool relay_failed;
  gint64 wait_seconds; /* below 2^32 */
  const char *reply;
} WireResult;

typedef struct {
  TransportError code;
  const char *message;
} WireFault;

/* Reads a frame's head: the size of its body and its kind. Errors: DELIVER_WIRE_ERROR_FORM. */
bool deliver_wire_read_head(const guint8 head[static DELIVER_WIRE_HEAD], gsize *ret_size, WireKind *ret_kind,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A whole frame each, head and body. That of a mail lacks the mail itself: `size` octets follow it. */
GBytes *deliver_wire_setup(const WireSetup *setup);
GBytes *deliver_wire_mail(const WireMail *mail, gsize size);
GBytes *deliver_wire_result(const WireResult *result);
GBytes *deliver_wire_fault(const WireFault *fault);

/* Read a body; texts point into it. Errors: DELIVER_WIRE_ERROR_FORM. */
bool deliver_wire_read_setup(const guint8 *body, gsize size, WireSetup *ret_setup, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool deliver_wire_read_mail(const guint8 *body, gsize size, WireMail *ret_mail, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool deliver_wire_read_result(const guint8 *body, gsize size, WireResult *ret_result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool deliver_wire_read_fault(const guint8 *body, gsize size, WireFault *ret_fault, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
