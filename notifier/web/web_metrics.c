#include "notifier/web/web_metrics.h"

#include "db/feed_store.h"
#include "db/outbox_gauge.h"
#include "db/relay_store.h"

void web_metrics_count(WebMetrics *metrics, WebMetric metric)
{
  __atomic_add_fetch(&metrics->events[metric], 1, __ATOMIC_RELAXED);
}

void web_metrics_count_answer(WebMetrics *metrics, unsigned status)
{
  __atomic_add_fetch(&metrics->answers[MIN(status, WEB_METRICS_STATUSES - 1)], 1, __ATOMIC_RELAXED);
}

gint64 web_metrics_get(const WebMetrics *metrics, WebMetric metric)
{
  return __atomic_load_n(&metrics->events[metric], __ATOMIC_RELAXED);
}

static void add_head(GString *out, const char *name, const char *type, const char *help)
{
  g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_one(GString *out, const char *name, const char *type, gint64 value, const char *help)
{
  add_head(out, name, type, help);
  g_string_append_printf(out, "%s %" G_GINT64_FORMAT "\n", name, value);
}

static void add_answers(GString *out, const WebMetrics *metrics)
{
  add_head(out, "kigen_web_requests_total", "counter", "Requests answered, by status.");
  for (unsigned status = 0; status < WEB_METRICS_STATUSES; status++) {
    gint64 n = __atomic_load_n(&metrics->answers[status], __ATOMIC_RELAXED);

    if (n > 0)
      g_string_append_printf(out, "kigen_web_requests_total{status=\"%u\"} %" G_GINT64_FORMAT "\n", status,
                             n);
  }
}

static void add_events(GString *out, const WebMetrics *metrics)
{
  static const struct {
    const char *name, *help;
  } events[WEB_METRIC_COUNT] = {
    [WEB_METRIC_HIT] = { "kigen_web_feed_hits_total", "Feeds answered out of memory." },
    [WEB_METRIC_RENDERED] = { "kigen_web_feed_renders_total", "Feeds rendered from the store." },
    [WEB_METRIC_STALE] = { "kigen_web_feed_stale_total",
                           "Last good feeds answered because the store or the rendering failed." },
    [WEB_METRIC_FAILED] = { "kigen_web_feed_failures_total",
                            "Feeds that could not be answered because the store or the rendering failed." },
    [WEB_METRIC_WRITTEN] = { "kigen_web_forms_total", "Forms stored." },
    [WEB_METRIC_BUSY] = { "kigen_web_forms_busy_total",
                          "Forms given back because the store was locked for too long." },
    [WEB_METRIC_UNWRITTEN] = { "kigen_web_forms_failed_total",
                               "Forms given back because the store could not be written." },
  };

  for (int i = 0; i < WEB_METRIC_COUNT; i++)
    add_one(out, events[i].name, "counter", web_metrics_get(metrics, (WebMetric)i), events[i].help);
}

static void add_outbox(GString *out, Db *db, Day today)
{
  OutboxGauge gauge;

  if (!outbox_gauge_load(db, today, &gauge, NULL))
    return;
  add_head(out, "kigen_outbox_messages", "gauge", "Messages in the outbox, by state.");
  for (int state = 0; state < OUTBOX_STATE_COUNT; state++)
    g_string_append_printf(out, "kigen_outbox_messages{state=\"%s\"} %" G_GINT64_FORMAT "\n",
                           outbox_state_key((OutboxState)state), gauge.count[state]);
  add_one(out, "kigen_outbox_oldest_waiting_timestamp_seconds", "gauge", gauge.oldest,
          "When the oldest message was made that is due and has not gone out; 0: none waits.");
}

/* By URL, which configuration checks: it holds nothing that a label would have to escape. */
static void add_relays(GString *out, Db *db)
{
  g_autoptr(GPtrArray) relays = NULL;

  if (!relay_store_list(db, &relays, NULL) || relays->len == 0)
    return;
  add_head(out, "kigen_relay_up", "gauge",
           "1 when the relay was reached when it was last tried, 0 while it fails.");
  for (guint i = 0; i < relays->len; i++) {
    const Relay *relay = relays->pdata[i];
    g_autofree char *label = g_strescape(relay->url, NULL);

    g_string_append_printf(out, "kigen_relay_up{relay=\"%s\"} %d\n", label, relay->failing_since == NULL);
  }
}

static void add_feeds(GString *out, Db *db)
{
  gint64 feeds;

  if (feed_store_count(db, &feeds, NULL))
    add_one(out, "kigen_feeds", "gauge", feeds, "Calendar links handed out and not revoked.");
}

char *web_metrics_text(const WebMetrics *metrics, const WebMetricsNow *now, Db *db)
{
  GString *out = g_string_new(NULL);

  add_answers(out, metrics);
  add_events(out, metrics);
  add_one(out, "kigen_web_cached_feeds", "gauge", now->cached_feeds, "Feeds in memory.");
  add_one(out, "kigen_web_cached_bytes", "gauge", (gint64)now->cached_bytes, "Bytes that they take.");
  add_one(out, "kigen_web_connections", "gauge", now->connections, "Open connections.");
  add_one(out, "kigen_web_forms_waiting", "gauge", now->writes, "Forms that wait to be stored.");
  add_one(out, "kigen_store_readable", "gauge", db != NULL, "1 when the store can be read.");
  if (db != NULL)
    add_feeds(out, db);
  if (db != NULL)
    add_outbox(out, db, now->today);
  if (db != NULL)
    add_relays(out, db);
  return g_string_free(out, FALSE);
}
