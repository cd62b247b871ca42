#include "notifier/web/web_reply.h"

#include <string.h>

#define TEXT "text/plain; charset=utf-8"
#define FORM_RETRY_AFTER "10" /* seconds */

/* One header of our own besides Content-Type. */
typedef struct {
  const char *name, *value;
} Header;

static const Header every_reply[] = {
  { MHD_HTTP_HEADER_X_CONTENT_TYPE_OPTIONS, "nosniff" },
  { "Referrer-Policy", "no-referrer" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
};

#define POLICY "Content-Security-Policy"
#define ROBOTS "X-Robots-Tag"
#define POLICY_PAGE                                                                                          \
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define POLICY_OTHER "default-src 'none'; frame-ancestors 'none'"

static const struct {
  unsigned status;
  const char *body;
  Header header; /* of this one alone */
} texts[WEB_TEXT_COUNT] = {
  [WEB_TEXT_OK] = { MHD_HTTP_OK, "ok\n" },
  [WEB_TEXT_ROBOTS] = { MHD_HTTP_OK, "User-agent: *\nAllow: /p/\nAllow: /style/\nDisallow: /\n" },
  [WEB_TEXT_BAD_REQUEST] = { MHD_HTTP_BAD_REQUEST,
                             "This is no request that is answered here.\n",
                             { MHD_HTTP_HEADER_CONNECTION, "close" } },
  [WEB_TEXT_FORBIDDEN] = { MHD_HTTP_FORBIDDEN, "This form was not sent from its own page. Please open the "
                                               "page and send it there.\n"
                                               "このフォームは元のページから送信されていません。ページを開き"
                                               "直し、そこから送信してください。\n" },
  [WEB_TEXT_NOT_FOUND] = { MHD_HTTP_NOT_FOUND, "There is nothing here.\n" },
  [WEB_TEXT_TOO_LARGE] = { MHD_HTTP_CONTENT_TOO_LARGE,
                           "That is more than is taken here.\n",
                           { MHD_HTTP_HEADER_CONNECTION, "close" } },
  [WEB_TEXT_NO_FORM] = { MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Only forms are taken here.\n" },
  [WEB_TEXT_TOO_MANY] = { MHD_HTTP_TOO_MANY_REQUESTS,
                          "Too many forms from one place. Nothing was stored; please try again in a minute.\n"
                          "短時間に多数の送信がありました。登録されていません。1分ほど待って、もう一度送信し"
                          "てください。\n",
                          { MHD_HTTP_HEADER_RETRY_AFTER, "60" } },
  [WEB_TEXT_GONE] = { MHD_HTTP_GONE, "This calendar link was revoked. Please ask its maker for the new one.\n"
                                     "このカレンダーの URL は無効になりました。新しい URL "
                                     "をメーカーにお問い合わせください。\n" },
  [WEB_TEXT_PAGE_GONE] = { MHD_HTTP_GONE,
                           "The address of this page was revoked. Please ask the maker for the new one.\n"
                           "このページの URL は無効になりました。新しい URL "
                           "をメーカーにお問い合わせください。\n" },
  [WEB_TEXT_UNAVAILABLE] = { MHD_HTTP_SERVICE_UNAVAILABLE,
                             "Not available at the moment. Please try again later.\n",
                             { MHD_HTTP_HEADER_RETRY_AFTER, "60" } },
  [WEB_TEXT_NOT_STORED] = { MHD_HTTP_SERVICE_UNAVAILABLE,
                            "Nothing was stored. Please go back and send the form again in a moment.\n"
                            "登録できませんでした。前のページに戻り、しばらくしてからもう一度送信してください"
                            "。\n",
                            { MHD_HTTP_HEADER_RETRY_AFTER, FORM_RETRY_AFTER } },
};

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
  enum MHD_Result added = MHD_add_response_header(response, name, value);

  g_assert(added == MHD_YES); /* fails for malformed values only, and all of them are ours */
}

static bool is_html(const char *type)
{
  return g_str_has_prefix(type, "text/html");
}

static struct MHD_Response *finish(struct MHD_Response *response, const char *type, WebCaching caching)
{
  static const char *const controls[] = {
    [WEB_CACHING_NONE] = "no-store",
    [WEB_CACHING_PRIVATE] = "private, no-cache",
    [WEB_CACHING_PUBLIC] = "public, no-cache",
    [WEB_CACHING_SECRET] = "private, no-store",
    [WEB_CACHING_FOREVER] = "public, max-age=31536000, immutable",
  };

  g_assert(response != NULL);
  add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, controls[caching]);
  add_header(response, POLICY, is_html(type) ? POLICY_PAGE : POLICY_OTHER);
  if (!is_html(type) || caching != WEB_CACHING_PUBLIC)
    add_header(response, ROBOTS, "noindex");
  for (gsize i = 0; i < G_N_ELEMENTS(every_reply); i++)
    add_header(response, every_reply[i].name, every_reply[i].value);
  return response;
}

/* libmicrohttpd changes no byte of a response; its signatures know no const. */
static void *writable(const void *data)
{
  return (void *)(gsize)data;
}

static void release_bytes(void *bytes)
{
  g_bytes_unref(bytes);
}

struct MHD_Response *web_reply_feed(const WebReplyFeed *feed)
{
  gsize size;
  gconstpointer data = g_bytes_get_data(feed->bytes, &size);
  struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
      size, writable(data), release_bytes, g_bytes_ref(feed->bytes));

  finish(response, feed->manner.is_page ? "text/html; charset=utf-8" : "text/calendar; charset=utf-8",
         feed->manner.is_public ? WEB_CACHING_PUBLIC : WEB_CACHING_PRIVATE);
  if (!feed->manner.is_page)
    add_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, "inline; filename=\"kigen.ics\"");
  add_header(response, MHD_HTTP_HEADER_ETAG, feed->etag);
  add_header(response, MHD_HTTP_HEADER_LAST_MODIFIED, feed->last_modified);
  add_header(response, MHD_HTTP_HEADER_VARY,
             feed->manner.is_page ? MHD_HTTP_HEADER_ACCEPT_ENCODING ", " MHD_HTTP_HEADER_ACCEPT_LANGUAGE
                                  : MHD_HTTP_HEADER_ACCEPT_ENCODING);
  if (feed->gzip)
    add_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
  return response;
}

static enum MHD_Result copy_header(void *to, enum MHD_ValueKind kind, const char *name, const char *value)
{
  if (g_ascii_strcasecmp(name, MHD_HTTP_HEADER_CONNECTION) != 0)
    add_header(to, name, value);
  return MHD_YES;
}

/* The same answer, which closes the connection: a response that others share is never changed. */
static struct MHD_Response *closing_copy(struct MHD_Response *response, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data(bytes, &size);
  struct MHD_Response *copy = MHD_create_response_from_buffer_with_free_callback_cls(
      size, writable(data), release_bytes, g_bytes_ref(bytes));

  g_assert(copy != NULL);
  MHD_get_response_headers(response, copy_header, copy);
  add_header(copy, MHD_HTTP_HEADER_CONNECTION, "close");
  return copy;
}

static enum MHD_Result queue_once(const WebCall *call, unsigned status, struct MHD_Response *response)
{
  enum MHD_Result queued = MHD_queue_response(call->connection, status, response);

  MHD_destroy_response(response);
  return queued;
}

enum MHD_Result web_reply_queue(const WebCall *call, unsigned status, struct MHD_Response *response,
                                GBytes *bytes)
{
  web_metrics_count_answer(&call->site->metrics, status);
  if (web_call_is_last(call))
    return queue_once(call, status, closing_copy(response, bytes));
  return MHD_queue_response(call->connection, status, response);
}

static GBytes *text_bytes(WebText text)
{
  return g_bytes_new_static(texts[text].body, strlen(texts[text].body));
}

static struct MHD_Response *new_text(WebText text)
{
  struct MHD_Response *response = MHD_create_response_from_buffer(
      strlen(texts[text].body), writable(texts[text].body), MHD_RESPMEM_PERSISTENT);

  finish(response, TEXT, WEB_CACHING_NONE);
  if (texts[text].header.name != NULL)
    add_header(response, texts[text].header.name, texts[text].header.value);
  return response;
}

enum MHD_Result web_reply_text(const WebCall *call, WebText text)
{
  static struct MHD_Response *responses[WEB_TEXT_COUNT];
  static gsize ready;

  if (g_once_init_enter(&ready)) {
    for (int i = 0; i < WEB_TEXT_COUNT; i++)
      responses[i] = new_text((WebText)i);
    g_once_init_leave(&ready, 1);
  }

  g_autoptr(GBytes) bytes = text_bytes(text);

  return web_reply_queue(call, texts[text].status, responses[text], bytes);
}

/* Queues a response of this answer alone; it is taken. */
static enum MHD_Result queue_own(const WebCall *call, unsigned status, struct MHD_Response *response,
                                 GBytes *bytes)
{
  enum MHD_Result queued = web_reply_queue(call, status, response, bytes);

  MHD_destroy_response(response);
  return queued;
}

static struct MHD_Response *new_response(GBytes *bytes, const char *type, WebCaching caching)
{
  gsize size;
  gconstpointer data = g_bytes_get_data(bytes, &size);

  return finish(MHD_create_response_from_buffer_with_free_callback_cls(size, writable(data), release_bytes,
                                                                       g_bytes_ref(bytes)),
                type, caching);
}

enum MHD_Result web_reply_see_other(const WebCall *call, const char *path)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static("", 0);
  struct MHD_Response *response = new_response(bytes, TEXT, WEB_CACHING_NONE);

  add_header(response, MHD_HTTP_HEADER_LOCATION, path);
  return queue_own(call, MHD_HTTP_SEE_OTHER, response, bytes);
}

enum MHD_Result web_reply_method(const WebCall *call, const char *allow)
{
  char *body = g_strdup_printf("Only %s are answered here.\n", allow);
  g_autoptr(GBytes) bytes = g_bytes_new_take(body, strlen(body));
  struct MHD_Response *response = new_response(bytes, TEXT, WEB_CACHING_NONE);

  add_header(response, MHD_HTTP_HEADER_ALLOW, allow);
  add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
  return queue_own(call, MHD_HTTP_METHOD_NOT_ALLOWED, response, bytes);
}

enum MHD_Result web_reply_page(const WebCall *call, unsigned status, const char *type, GBytes *text)
{
  g_autoptr(GBytes) bytes = text;
  struct MHD_Response *response =
      new_response(bytes, type, status == MHD_HTTP_OK ? call->route->caching : WEB_CACHING_NONE);

  if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
    add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, FORM_RETRY_AFTER);
  return queue_own(call, status, response, bytes);
}

enum MHD_Result web_reply_file(const WebCall *call, const char *type, const char *name, GBytes *bytes)
{
  g_autoptr(GBytes) own = bytes;
  g_autofree char *disposition = g_strdup_printf("attachment; filename=\"%s\"", name);
  struct MHD_Response *response = new_response(own, type, call->route->caching);

  add_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
  return queue_own(call, MHD_HTTP_OK, response, own);
}
