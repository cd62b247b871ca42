#include "notifier/mail/deliver_relay.h"

#define FIRST_PAUSE (10 * G_TIME_SPAN_SECOND)
#define LONGEST_PAUSE (5 * G_TIME_SPAN_MINUTE)
#define BURST_SECONDS 1.0 /* what the rate saves up while nothing goes */

void deliver_relay_init(DeliverRelay *relay, int per_minute, gint64 now)
{
  *relay = (DeliverRelay){ .per_minute = per_minute, .paused_until = now, .filled = now, .tokens = 1 };
}

void deliver_relay_spoke(DeliverRelay *relay)
{
  relay->is_proven = true;
  relay->failures = 0;
}

void deliver_relay_failed(DeliverRelay *relay, gint64 now, guint32 chance)
{
  gint64 pause = FIRST_PAUSE;

  relay->is_proven = false;
  if (++relay->failures < DELIVER_RELAY_FAILURES_MAX)
    return;
  for (int i = DELIVER_RELAY_FAILURES_MAX; i < relay->failures && pause < LONGEST_PAUSE; i++)
    pause *= 2;
  pause = MIN(pause, LONGEST_PAUSE);
  relay->paused_until =
      now + pause - pause / 5 + (gint64)((double)chance / G_MAXUINT32 * (2.0 / 5) * (double)pause);
}

bool deliver_relay_is_down(const DeliverRelay *relay)
{
  return relay->failures >= DELIVER_RELAY_FAILURES_MAX;
}

guint deliver_relay_depth(const DeliverRelay *relay, guint full, gint64 now)
{
  if (now < relay->paused_until)
    return 0;
  return relay->is_proven ? full : 1;
}

/* Mails a microsecond. */
static double rate_of(const DeliverRelay *relay)
{
  return relay->per_minute / (double)G_TIME_SPAN_MINUTE;
}

/* What the rate has saved up at `now`. */
static double saved(const DeliverRelay *relay, gint64 now)
{
  double most = MAX(1.0, rate_of(relay) * BURST_SECONDS * G_TIME_SPAN_SECOND);

  return MIN(relay->tokens + (double)MAX(now - relay->filled, 0) * rate_of(relay), most);
}

bool deliver_relay_admit(DeliverRelay *relay, gint64 now)
{
  if (relay->per_minute <= 0)
    return true;
  relay->tokens = saved(relay, now);
  relay->filled = now;
  if (relay->tokens < 1)
    return false;
  relay->tokens -= 1;
  return true;
}

gint64 deliver_relay_wait(const DeliverRelay *relay, gint64 now)
{
  gint64 pause = MAX(relay->paused_until - now, 0);
  double missing = relay->per_minute > 0 ? 1 - saved(relay, now) : 0;

  return MAX(pause, missing > 0 ? (gint64)(missing / rate_of(relay)) + 1 : 0);
}
