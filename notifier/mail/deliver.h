#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_H

/* The queue manager: makes what falls due, leases messages, has them rendered ahead, gives them to senders,
 * which are processes of their own, and alone writes what became of them. A lease is committed before a
 * sender hears of the message, outcomes are committed many at a time, and what a crash leaves is found again.
 * Only one manager runs on a store at a time. */

#include <signal.h>

#include "db/sign_key.h"
#include "notifier/mail/deliver_crew.h"
#include "notifier/mail/deliver_ledger.h"
#include "notifier/mail/deliver_make.h"

#define DELIVER_ERROR (deliver_error_quark())
typedef enum {
  DELIVER_ERROR_SENDER /* mail.from, reply_to or bounces is no address; the message says which */
} DeliverError;
GQuark deliver_error_quark(void);

typedef struct {
  gint64 notices_made, messages_made; /* fell due */
  gint64 recovered;                   /* messages that a crash had left in sending */
  DeliverCounts counts;
  bool interrupted;
  char *relay_failure; /* the relay cannot be reached, and the rest waits: its last words; or NULL */
} DeliverReport;

void deliver_report_clear(DeliverReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DeliverReport, deliver_report_clear)

/* Nothing is owned. */
typedef struct {
  const char *program; /* kigen itself, for the senders */
  AuditContext actor;  /* who acts; its day and instant are asked for anew each time */
  const Policy *policy;
  const TemplateSet *templates;
  const char *channel; /* of the messages: "mail", or "webhook" with TRANSPORT_WEBHOOK. What falls due is made
                          with mail alone, and each has its own sheet: both may run at a time */
  const char *transport; /* URL */
  TransportOptions relay;
  guint connections; /* at a time, 1 to DELIVER_CREW_MAX */
  int per_minute;    /* mails at most; 0: no limit */

  const char *from_name;      /* NULL: the maker's name, in the letter's language */
  const char *from_address;   /* NULL: the maker's e-mail, else kigen@ the store's domain */
  const char *reply_to;       /* or NULL */
  const char *bounce_address; /* mailbox that bounces come to, each mail with its own (verp.h); NULL: they go
                                 to the sender */
  const char *base_url;       /* of the web service, for the links in the letters */
  const LinkKey *key;         /* for return paths, links and codes; NULL: none, and no bounce_address */
  const SignKey *sign_key;    /* signs the head of the audit trail, for the mails of a round; or NULL */

  bool once;                   /* until nothing is due; else until interrupted */
  Day (*today)(gpointer data); /* the civil day */
  /* The business days, as they are known on `today`: asked for whenever notices are made, and good until the
   * next call. */
  const BusinessCalendar *(*calendar)(Day today, gpointer data);
  char *(*now)(gpointer data);      /* the real time, UTC "YYYY-MM-DDTHH:MM:SSZ", own string */
  guint32 (*chance)(gpointer data); /* any 32 bits */
  void (*progress)(gint64 done, gint64 total, gpointer data); /* or NULL */
  /* A manager that goes on: what it has done since it last told, whenever nothing is left to do, and every
   * minute; and what failed, after which it tries again. */
  void (*tell)(const DeliverReport *since, gpointer data);
  void (*fault)(const GError *problem, gpointer data);
  gpointer data;
  const volatile sig_atomic_t *interrupt; /* once it is not 0 the run ends in order; or NULL */
} DeliverOptions;

/* Runs. What the relay does is in the report and in the outbox; false when the store, the templates or this
 * machine failed (a manager that goes on tells that and tries again, but for what is wrong at its start).
 * *ret_report is untouched then, and what was recorded until then holds. Errors: DELIVER_ERROR,
 * DELIVER_SHEET_ERROR, DELIVER_CREW_ERROR, DB_ERROR, TEMPLATE_SET_ERROR, TRANSPORT_ERROR_URL. */
bool deliver_run(Db *db, const DeliverOptions *options, DeliverReport *ret_report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
