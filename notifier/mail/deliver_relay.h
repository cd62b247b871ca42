#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_RELAY_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_RELAY_H

/* How a relay is doing, and how fast mail may go to it: a relay that nobody knows to work is tried with one
 * mail, one that fails is left alone for longer and longer, and a rate is kept. Pure: instants are monotonic
 * microseconds, chance is an argument. */

#include <glib.h>
#include <stdbool.h>

#define DELIVER_RELAY_FAILURES_MAX 3 /* in a row: then the others need not be tried now */

typedef struct {
  int per_minute; /* mails at most; 0: no limit */
  bool is_proven; /* it has spoken of a mail since it failed last */
  int failures;   /* in a row */
  gint64 paused_until;
  gint64 filled; /* the rate: when `tokens` were what they are */
  double tokens;
} DeliverRelay;

/* Nothing is known of it. */
void deliver_relay_init(DeliverRelay *relay, int per_minute, gint64 now);

/* It has spoken of a mail, whatever it said. */
void deliver_relay_spoke(DeliverRelay *relay);
/* It was not to be reached, or let nobody in. Paused after every failure but the first two: 10 seconds,
 * doubling to 5 minutes, each within a fifth. */
void deliver_relay_failed(DeliverRelay *relay, gint64 now, guint32 chance);

/* True when so many failures came in a row that the rest should wait. */
bool deliver_relay_is_down(const DeliverRelay *relay);

/* How many mails may be under way at a time, of `full`: 0 while it is paused, 1 until it is proven. */
guint deliver_relay_depth(const DeliverRelay *relay, guint full, gint64 now);

/* True when the rate lets a mail go now, which it then counts. */
bool deliver_relay_admit(DeliverRelay *relay, gint64 now);

/* Microseconds until a pause ends or the rate lets the next mail go; 0: neither holds anything up. */
gint64 deliver_relay_wait(const DeliverRelay *relay, gint64 now);

#endif
