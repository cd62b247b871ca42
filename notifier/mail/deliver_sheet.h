#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_SHEET_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_SHEET_H

/* The sheet STORE.deliver, on which senders note down what they do before they do it: "its data begins", then
 * "that became of it". What is on it outlives manager and senders, whoever is killed, but not the machine: it
 * names the boot in which it was written, and is not synced. So a mail whose outcome was not committed yet is
 * not sent again, and only one that was under way is unknown.
 *
 * It is also the lock that makes the manager the only one. Senders inherit the descriptor: while one of a
 * manager that died is still at work nobody can take over. */

#include "notifier/mail/transport.h"

typedef struct DeliverSheet DeliverSheet;

#define DELIVER_SHEET_ERROR (deliver_sheet_error_quark())
typedef enum {
  DELIVER_SHEET_ERROR_BUSY, /* another manager, or a sender of one, is at work on this store */
  DELIVER_SHEET_ERROR_FILE  /* it cannot be made, locked or written */
} DeliverSheetError;
GQuark deliver_sheet_error_quark(void);

#define DELIVER_SHEET_REPLY_MAX 511 /* octets kept of a reply */

typedef enum {
  SHEET_NOTHING, /* it was not begun */
  SHEET_BEGUN,   /* its data may have gone */
  SHEET_DONE     /* `outcome`, `reply` */
} SheetMark;

typedef struct {
  gint64 id; /* row of the message */
  guint32 attempt;
  SheetMark mark;
  DeliveryOutcome outcome;
  char reply[DELIVER_SHEET_REPLY_MAX + 1];
} SheetNote;

/* Opens and locks the sheet of the store at `store_path`, made where there is none. Senders of a manager that
 * died are waited for, up to `patience_seconds`. Errors: DELIVER_SHEET_ERROR. */
bool deliver_sheet_open(const char *store_path, int patience_seconds, DeliverSheet **ret_sheet,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The lock is free once no sender holds it either. */
void deliver_sheet_close(DeliverSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeliverSheet, deliver_sheet_close)

/* Whose notes are on it, as deliver_sheet_begin was told; NULL: nobody's that can be relied on. Owned by the
 * sheet. */
const char *deliver_sheet_owner(const DeliverSheet *sheet);

/* What is noted of message `id` in that attempt: the most that is known. */
SheetNote deliver_sheet_find(const DeliverSheet *sheet, gint64 id, guint32 attempt);

/* Wipes it for the notes of `owner`, with room for `slots` mails at a time, which it keeps on the disk. */
bool deliver_sheet_begin(DeliverSheet *sheet, const char *owner, guint slots, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What is in `slot` now, if it is about that message and attempt. */
SheetNote deliver_sheet_read(const DeliverSheet *sheet, guint slot, gint64 id, guint32 attempt);

/* For a sender to inherit. */
int deliver_sheet_descriptor(const DeliverSheet *sheet);

/* A sender's note, on its descriptor. False: it could not be written. */
bool deliver_sheet_note(int descriptor, guint slot, const SheetNote *note) G_GNUC_WARN_UNUSED_RESULT;

#endif
