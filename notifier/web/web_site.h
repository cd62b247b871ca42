#ifndef KIGEN_NOTIFIER_WEB_WEB_SITE_H
#define KIGEN_NOTIFIER_WEB_WEB_SITE_H

/* What all requests share: made by web_server_start, the same until web_server_stop. Handlers read it. */

#include "db/link_key.h"
#include "notifier/web/client_address.h"
#include "notifier/web/web_feed.h"
#include "notifier/web/web_rate.h"
#include "notifier/web/web_writer.h"

typedef struct {
  WebConfig config; /* as it was at the start: store, templates, clock and report hold for good */
  WebFeed *feed;
  LinkKey *key; /* signs forms, and makes addresses of feeds; NULL: it cannot be read, and there is none of
                   either */
  WebWriter *writer;
  WebRate *rate;
  WebMetrics metrics;
} WebSite;

/* What the requests share that came in under one configuration: web_front.h. */
typedef struct {
  WebSite *site;
  WebConfig config; /* with its defaults filled in */
  ClientNets *trusted;
  gint retiring; /* atomic: every answer closes its connection */
  gint writing;  /* atomic: connections that wait for the writer */
  gint closing;  /* atomic: none may begin to */
} WebTerms;

#endif
