#ifndef KIGEN_NOTIFIER_WEB_WEB_ANSWER_H
#define KIGEN_NOTIFIER_WEB_WEB_ANSWER_H

/* The handlers of web_route.c that serve programs, not people. Each queues one answer. */

#include "notifier/web/web_call.h"

/* The feed whose token is the word. */
enum MHD_Result web_answer_feed(WebCall *call);

/* The public calendar of the product whose code is the word; ?language=en, else Japanese. */
enum MHD_Result web_answer_product(WebCall *call);

/* Answers with what web_feed.h gave: 200 or 304 with `feed` where `outcome` is WEB_FEED_FOUND. */
enum MHD_Result web_answer_cached(WebCall *call, WebFeedOutcome outcome, CachedFeed *feed);

/* What is counted (web_metrics.h). */
enum MHD_Result web_answer_metrics(WebCall *call);

/* 200 when the store can be read, else 503. */
enum MHD_Result web_answer_health(WebCall *call);

/* Nothing here is for robots. */
enum MHD_Result web_answer_robots(WebCall *call);

#endif
