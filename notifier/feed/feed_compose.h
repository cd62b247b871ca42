#ifndef KIGEN_NOTIFIER_FEED_FEED_COMPOSE_H
#define KIGEN_NOTIFIER_FEED_FEED_COMPOSE_H

/* From what an organization holds to the bytes of its feed: which events, in which state, with which words.
 * No store, no clock. */

#include "db/held_set.h"
#include "notifier/feed/feed.h"
#include "notifier/template/template_set.h"
#include "planner/policy.h"

/* What a feed has besides the holdings. Nothing is owned. */
typedef struct {
  const TemplateSet *templates;
  GHashTable *maker;      /* fields of db/maker_store.h */
  const char *uid_domain; /* right-hand side of every UID */
  const char *language;   /* "ja" or "en" */
  const char *page;       /* address of the page that says the same; NULL: none is told */
  FeedBlockMemo *blocks;  /* what is remembered of other calendars (feed.h); NULL: nothing */
  const Policy *leads; /* whose lead times before EOL and EOS are events of their own; NULL: there are none */
} FeedStyle;

#define FEED_COMPOSE_BYTES_MAX 1000000 /* calendar programs give up on more */

/* Every milestone of every holding that has a day, and the lead times before it (a lead time that had passed
 * when the event became as it is, is none), sorted by day. When that would be more than
 * FEED_COMPOSE_BYTES_MAX, those to come go before those that are past, and near ones before far ones; the
 * calendar's description says so. Errors: FEED_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool feed_compose(const HeldSet *set, const FeedStyle *style, Day today, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
