#include "notifier/web/web_answer.h"

#include <string.h>

#include "notifier/web/web_condition.h"
#include "notifier/web/web_gzip.h"
#include "notifier/web/web_reader.h"
#include "notifier/web/web_reply.h"

static enum MHD_Result answer_found(WebCall *call, CachedFeed *feed)
{
  bool gzip =
      !call->terms->config.plain && web_gzip_is_asked(web_call_header(call, MHD_HTTP_HEADER_ACCEPT_ENCODING));
  const FeedBody *body = feed_cache_body(web_feed_cache(call->site->feed), feed,
                                         gzip ? FEED_ENCODING_GZIP : FEED_ENCODING_PLAIN);
  bool same = web_condition_not_modified(web_call_header(call, MHD_HTTP_HEADER_IF_NONE_MATCH),
                                         web_call_header(call, MHD_HTTP_HEADER_IF_MODIFIED_SINCE), body->etag,
                                         cached_feed_last_modified(feed));

  return web_reply_queue(call, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, body->response, body->bytes);
}

enum MHD_Result web_answer_cached(WebCall *call, WebFeedOutcome outcome, CachedFeed *feed)
{
  static const WebText texts[] = {
    [WEB_FEED_UNKNOWN] = WEB_TEXT_NOT_FOUND,
    [WEB_FEED_REVOKED] = WEB_TEXT_GONE,
    [WEB_FEED_FAILED] = WEB_TEXT_UNAVAILABLE,
  };

  return outcome == WEB_FEED_FOUND ? answer_found(call, feed) : web_reply_text(call, texts[outcome]);
}

enum MHD_Result web_answer_feed(WebCall *call)
{
  g_autoptr(CachedFeed) feed = NULL;
  WebFeedOutcome outcome = web_feed_get(call->site->feed, call->word, &feed);

  return web_answer_cached(call, outcome, feed);
}

enum MHD_Result web_answer_product(WebCall *call)
{
  g_autoptr(CachedFeed) feed = NULL;
  g_autofree char *language = web_call_argument(call, "language");
  const char *known = g_strcmp0(language, "en") == 0 ? "en" : "ja";
  WebFeedOutcome outcome = web_feed_get_product(call->site->feed, call->word, known, &feed);

  return web_answer_cached(call, outcome, feed);
}

enum MHD_Result web_answer_metrics(WebCall *call)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_DAEMON);
  const union MHD_DaemonInfo *daemon = MHD_get_daemon_info(info->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
  WebMetricsNow now = { .connections = daemon->num_connections,
                        .writes = web_writer_waiting(call->site->writer),
                        .today = web_reader_today(&call->site->config) };
  char *text;

  feed_cache_count(web_feed_cache(call->site->feed), &now.cached_feeds, &now.cached_bytes);
  text = web_metrics_text(&call->site->metrics, &now, web_feed_db(call->site->feed));
  return web_reply_page(call, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                        g_bytes_new_take(text, strlen(text)));
}

enum MHD_Result web_answer_health(WebCall *call)
{
  return web_reply_text(call, web_feed_db(call->site->feed) != NULL ? WEB_TEXT_OK : WEB_TEXT_UNAVAILABLE);
}

enum MHD_Result web_answer_robots(WebCall *call)
{
  return web_reply_text(call, WEB_TEXT_ROBOTS);
}
