#ifndef KIGEN_NOTIFIER_WEB_WEB_SITE_H
#define KIGEN_NOTIFIER_WEB_WEB_SITE_H

/* What all requests share: made by web_server_start, the same until web_server_stop. Handlers read it. */

#include "notifier/web/web_feed.h"
#include "notifier/web/web_server.h"

typedef struct {
  WebConfig config; /* with its defaults filled in */
  WebFeed *feed;
} WebSite;

#endif
