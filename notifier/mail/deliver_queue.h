#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_QUEUE_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_QUEUE_H

/* The messages in a queue manager's hands and whoever works on them: leased, rendered, kept in the store,
 * with a sender, settled. It moves them on, one step a call; when to do what deliver.c decides. */

#include "notifier/mail/deliver_crew.h"
#include "notifier/mail/deliver_ledger.h"
#include "notifier/mail/deliver_relay.h"
#include "notifier/mail/deliver_renderer.h"

typedef struct {
  DeliverCrew *crew;
  DeliverRenderer *renderer;
  DeliverRelay relay;
  GQueue rendered; /* DeliverItem: not in the store yet */
  gint64 version;  /* of the oldest of them */
  GQueue ready;    /* to be given to a sender */
  GQueue settled;  /* with an outcome to be written */
  char *failure;   /* the relay's last words while it fails, or NULL */
  bool one_relay;
  bool has_spoken; /* it took a mail, or refused one, since the store was last told */
} DeliverQueue;

/* For the store at `path`; takes `crew`. `one_relay`: all messages go through one, so that what becomes of
 * some tells of it; else each goes to a place of its own. */
void deliver_queue_init(DeliverQueue *queue, const char *path, DeliverCrew *crew, int per_minute,
                        bool one_relay);
void deliver_queue_clear(DeliverQueue *queue);

/* Messages that are not settled. */
guint deliver_queue_busy(const DeliverQueue *queue);
/* Messages of these that nobody has begun with: they can be given back. */
guint deliver_queue_idle(const DeliverQueue *queue);
/* True when there is something to write. */
bool deliver_queue_has_news(const DeliverQueue *queue);

/* Takes what senders and renderer are done with. Errors: DELIVER_CREW_ERROR, and those of deliver_render. */
bool deliver_queue_collect(DeliverQueue *queue, guint32 chance, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives senders what is ready, as far as they and the rate take it. Errors: DELIVER_CREW_ERROR_START. */
bool deliver_queue_dispatch(DeliverQueue *queue, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settles everything that nobody has begun with: it goes back for `why`. */
void deliver_queue_give_back(DeliverQueue *queue, const char *why);

/* What was written is so: settled messages go, rendered ones are ready. */
void deliver_queue_written(DeliverQueue *queue);

#endif
