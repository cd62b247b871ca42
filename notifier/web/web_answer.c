#include "notifier/web/web_answer.h"

#include "notifier/web/web_condition.h"
#include "notifier/web/web_reply.h"

static enum MHD_Result answer_found(WebCall *call, const CachedFeed *feed)
{
  bool same = web_condition_not_modified(web_call_header(call, MHD_HTTP_HEADER_IF_NONE_MATCH),
                                         web_call_header(call, MHD_HTTP_HEADER_IF_MODIFIED_SINCE), feed->etag,
                                         feed->last_modified);

  return MHD_queue_response(call->connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, feed->response);
}

enum MHD_Result web_answer_feed(WebCall *call)
{
  static const WebText texts[] = {
    [WEB_FEED_UNKNOWN] = WEB_TEXT_NOT_FOUND,
    [WEB_FEED_REVOKED] = WEB_TEXT_GONE,
    [WEB_FEED_FAILED] = WEB_TEXT_UNAVAILABLE,
  };
  g_autoptr(CachedFeed) feed = NULL;
  WebFeedOutcome outcome = web_feed_get(call->site->feed, call->word, &feed);

  return outcome == WEB_FEED_FOUND ? answer_found(call, feed)
                                   : web_reply_text(call->connection, texts[outcome]);
}

enum MHD_Result web_answer_health(WebCall *call)
{
  bool healthy = web_feed_is_healthy(call->site->feed);

  return web_reply_text(call->connection, healthy ? WEB_TEXT_OK : WEB_TEXT_UNAVAILABLE);
}

enum MHD_Result web_answer_robots(WebCall *call)
{
  return web_reply_text(call->connection, WEB_TEXT_ROBOTS);
}
