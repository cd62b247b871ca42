#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_H

/* One delivery, in one process and one after the other: what falls due becomes messages, what a crash left is
 * found again, and every message by mail that is due is handed over once. Only one delivery runs on a store
 * at a time. */

#include <signal.h>

#include "db/sign_key.h"
#include "notifier/mail/deliver_make.h"
#include "notifier/mail/transport.h"
#include "notifier/template/template_set.h"

#define DELIVER_ERROR (deliver_error_quark())
typedef enum {
  DELIVER_ERROR_BUSY,   /* another delivery is at work on this store */
  DELIVER_ERROR_SENDER, /* mail.from or reply_to is no address; the message says which */
  DELIVER_ERROR_FILE    /* the lock file beside the store cannot be made */
} DeliverError;
GQuark deliver_error_quark(void);

/* Nothing is owned. */
typedef struct {
  DeliverMaking making; /* who, today and now; policy; calendar */
  Transport *transport; /* opened for this run */
  const TemplateSet *templates;
  const char *from_address;      /* mail.from; NULL: the maker's e-mail, else kigen@ the store's domain */
  const char *reply_to;          /* or NULL */
  const SignKey *sign_key;       /* signs the head of the audit trail, once a run: every mail that is rendered
                                    carries it; NULL: they carry none */
  char *(*clock)(gpointer data); /* the real time, UTC "YYYY-MM-DDTHH:MM:SSZ", own string: asked for each
                                    message; NULL: making.audit->now throughout */
  void (*progress)(gint64 done, gint64 total, gpointer data); /* after each message; or NULL */
  gpointer data;                                              /* for both */
  const volatile sig_atomic_t
      *interrupt; /* once it is not 0 the run ends after the message at hand; or NULL */
} DeliverOptions;

typedef struct {
  gint64 notices_made, messages_made; /* fell due today */
  gint64 recovered;                   /* messages that a crash had left in sending; they are sent again */
  gint64 accepted, deferred, failed, unknown, superseded;
  bool interrupted;
  char *relay_failure; /* the relay could not be reached several times in a row and the rest was left waiting:
                          its last words; or NULL */
} DeliverReport;

void deliver_report_clear(DeliverReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DeliverReport, deliver_report_clear)

/* Runs once. What the relay does is in the report and in the outbox; false only when the store, the templates
 * or this machine failed: what was recorded until then holds, and *ret_report is untouched. Errors:
 * DELIVER_ERROR, DB_ERROR, TRANSPORT_ERROR_FILE, TEMPLATE_SET_ERROR. */
bool deliver_once(Db *db, const DeliverOptions *options, DeliverReport *ret_report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
