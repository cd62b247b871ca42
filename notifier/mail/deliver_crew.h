#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_CREW_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_CREW_H

/* The senders of a queue manager: starts processes, gives them mails a few ahead, hears what became of each,
 * and knows from the sheet what a sender that died had begun. It knows neither the store nor the clock of the
 * day. */

#include <poll.h>

#include "notifier/mail/deliver_item.h"
#include "notifier/mail/deliver_sheet.h"
#include "notifier/mail/deliver_wire.h"

typedef struct DeliverCrew DeliverCrew;

#define DELIVER_CREW_ERROR (deliver_crew_error_quark())
typedef enum {
  DELIVER_CREW_ERROR_START, /* no process, or none that lives */
  DELIVER_CREW_ERROR_FAULT  /* a sender says that this machine failed: maildir, TLS library */
} DeliverCrewError;
GQuark deliver_crew_error_quark(void);

#define DELIVER_CREW_AHEAD 8 /* mails a sender has at hand */
#define DELIVER_CREW_MAX 64  /* senders */

/* How many mails `senders` may have, done ones that are not committed yet included: the sheet's slots. */
#define DELIVER_CREW_SLOTS(senders) ((guint)(senders)*DELIVER_CREW_AHEAD * 4)

typedef struct {
  const char *program; /* that knows `deliver-sender`: kigen itself */
  WireSetup setup;     /* copied into a frame */
  guint senders;       /* at most, 1 to DELIVER_CREW_MAX */
  DeliverSheet *sheet; /* begun, with DELIVER_CREW_SLOTS(senders) */
} DeliverCrewOptions;

/* Nothing is started yet. `options` is copied; its sheet stays. */
DeliverCrew *deliver_crew_new(const DeliverCrewOptions *options);
/* Kills whoever is left. Items it still has are freed. */
void deliver_crew_free(DeliverCrew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeliverCrew, deliver_crew_free)

/* True when deliver_crew_give has somebody to give a mail to. */
bool deliver_crew_has_room(const DeliverCrew *crew);
/* Gives `item`, which is rendered, to a sender; starts one where that is better than waiting. The crew has it
 * until deliver_crew_take. Errors: DELIVER_CREW_ERROR_START; then the item is the caller's still. */
bool deliver_crew_give(DeliverCrew *crew, DeliverItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds what to poll for to `fds` (struct pollfd). */
void deliver_crew_watch(const DeliverCrew *crew, GArray *fds);
/* Reads and writes what can be, after a poll or without one; ends who is idle, or overdue at `now` (monotonic
 * microseconds). Errors: DELIVER_CREW_ERROR: nothing more should be given; what was given comes back by
 * deliver_crew_take all the same. */
bool deliver_crew_work(DeliverCrew *crew, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next item that the crew is done with, or NULL: with its outcome, or without one, to be given again. An
 * item with an outcome keeps its slot until deliver_crew_forget: its note must stay. */
DeliverItem *deliver_crew_take(DeliverCrew *crew);
/* The outcome of `item` is committed: its slot, if it has one, is free. */
void deliver_crew_forget(DeliverCrew *crew, DeliverItem *item);

/* Mails that senders have. */
guint deliver_crew_busy(const DeliverCrew *crew);
/* Senders there are. */
guint deliver_crew_size(const DeliverCrew *crew);

/* No mail any more: senders finish the mail at hand and end. */
void deliver_crew_stop(DeliverCrew *crew);
/* Senders that have no mail take their leave of the relay and end; a second later they are killed. */
void deliver_crew_end(DeliverCrew *crew);
/* Kills them: what was begun is lost in its data. */
void deliver_crew_kill(DeliverCrew *crew);

#endif
