#ifndef KIGEN_NOTIFIER_WEB_WEB_METRICS_H
#define KIGEN_NOTIFIER_WEB_WEB_METRICS_H

/* What the service counts of itself since it started, and the page that tells it (Prometheus text format
 * 0.0.4). Counted from all threads. */

#include "db/db.h"
#include "planner/day.h"

typedef enum {
  WEB_METRIC_HIT,       /* a feed out of memory */
  WEB_METRIC_RENDERED,  /* a feed rendered */
  WEB_METRIC_STALE,     /* the last good bytes, because the store could not be read or a feed not rendered */
  WEB_METRIC_FAILED,    /* nothing to serve for the same reason */
  WEB_METRIC_WRITTEN,   /* a form stored */
  WEB_METRIC_BUSY,      /* a form given back: the store was locked for too long, or too many waited */
  WEB_METRIC_UNWRITTEN, /* a form lost to an inner error */
  WEB_METRIC_COUNT
} WebMetric;

#define WEB_METRICS_STATUSES 600

typedef struct {
  gint64 events[WEB_METRIC_COUNT];
  gint64 answers[WEB_METRICS_STATUSES]; /* by status */
} WebMetrics;

void web_metrics_count(WebMetrics *metrics, WebMetric metric);
void web_metrics_count_answer(WebMetrics *metrics, unsigned status);
gint64 web_metrics_get(const WebMetrics *metrics, WebMetric metric);

/* What the service holds at the moment. */
typedef struct {
  guint cached_feeds;
  gsize cached_bytes;
  guint connections;
  guint writes; /* forms that wait for the writer */
  Day today;
} WebMetricsNow;

/* The page: counts, and where `db` is not NULL what the store says of feeds and outbox. A store that cannot
 * be read leaves its lines out. */
char *web_metrics_text(const WebMetrics *metrics, const WebMetricsNow *now, Db *db);

#endif
