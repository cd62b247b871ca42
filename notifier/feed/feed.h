#ifndef KIGEN_NOTIFIER_FEED_FEED_H
#define KIGEN_NOTIFIER_FEED_FEED_H

/* A calendar feed as bytes (interop.md, Calendar feeds): one VCALENDAR of all-day events, built by libical
 * and folded anew. It reads nothing, asks no clock, and gives the same bytes for the same input. The web
 * service serves these bytes; a mail attaches them as a file. */

#include "planner/day.h"

#define FEED_ERROR (feed_error_quark())
typedef enum {
  FEED_ERROR_INSTANT, /* last_modified is no "YYYY-MM-DDTHH:MM:SSZ" */
  FEED_ERROR_DAY,     /* calendar_event_day_fits() says no */
  FEED_ERROR_UID      /* an empty UID */
} FeedError;
GQuark feed_error_quark(void);

/* Remembers the bytes of events, so that one that says the same again (of another customer, most often) costs
 * next to nothing. Bounded. For one thread at a time. */
typedef struct FeedBlockMemo FeedBlockMemo;
FeedBlockMemo *feed_block_memo_new(void);
void feed_block_memo_free(FeedBlockMemo *blocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedBlockMemo, feed_block_memo_free)

/* The calendar itself. All strings may be foreign text: they are cleaned here. */
typedef struct {
  const char *language;    /* "ja" or "en": of the prefix of cancelled events */
  const char *name;        /* as calendar programs list it */
  const char *description; /* or NULL */
  FeedBlockMemo *blocks;   /* what is remembered; NULL: nothing. It changes no byte */
} Feed;

/* One milestone of one release at one organization. Nothing here is owned. */
typedef struct {
  const char *uid;               /* for ever the same, unique in the feed */
  int sequence;                  /* rises when and only when the event changes */
  const char *last_modified;     /* UTC instant of that change, "YYYY-MM-DDTHH:MM:SSZ": DTSTAMP as well */
  Day day;                       /* the milestone: one whole day */
  const char *summary;           /* one line */
  const char *description;       /* lines, or NULL */
  const char *const *categories; /* NULL-terminated, or NULL */
  const char *url;               /* http or https, or NULL; anything else is left out */
  bool cancelled;                /* withdrawn or moved away: STATUS:CANCELLED and a prefix in the summary */
} FeedEvent;

/* Renders `n` events in the order given; without any, the calendar holds a time zone, as one without
 * components is not valid. On error, which names the event's UID, *ret_bytes is untouched. Errors:
 * FEED_ERROR. */
bool feed_render(const Feed *feed, const FeedEvent *events, gsize n, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
