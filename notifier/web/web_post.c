#include "notifier/web/web_post.h"

#include "notifier/web/web_csrf.h"
#include "notifier/web/web_reader.h"
#include "notifier/web/web_reply.h"

static bool may_send(const WebCall *call)
{
  const ClientAddress client = web_call_address(call);

  return web_rate_take(call->site->rate, &client, call->terms->config.posts_per_minute,
                       g_get_monotonic_time());
}

static bool is_own(const WebCall *call)
{
  return web_csrf_is_own(web_call_header(call, MHD_HTTP_HEADER_HOST),
                         web_call_header(call, MHD_HTTP_HEADER_ORIGIN),
                         web_call_header(call, "Sec-Fetch-Site"));
}

static WebPostOutcome refuse(const WebCall *call, WebText text, enum MHD_Result *ret_result)
{
  *ret_result = web_reply_text(call, text);
  return WEB_POST_ANSWERED;
}

static bool is_signed(const WebCall *call, const char *name, const WebForm *form)
{
  return web_csrf_holds(call->site->key, call->word, name, web_reader_today(&call->site->config),
                        web_form_get(form, WEB_POST_SIGNED));
}

WebPostOutcome web_post_read(WebCall *call, const char *name, const char *const *known, WebForm **ret_form,
                             enum MHD_Result *ret_result)
{
  const GString *body = call->body;
  g_autoptr(GError) error = NULL;

  if (!may_send(call))
    return refuse(call, WEB_TEXT_TOO_MANY, ret_result);
  if (!is_own(call))
    return refuse(call, WEB_TEXT_FORBIDDEN, ret_result);
  if (call->site->key == NULL)
    return refuse(call, WEB_TEXT_NOT_STORED, ret_result);
  if (!web_form_parse(web_call_header(call, MHD_HTTP_HEADER_CONTENT_TYPE), body != NULL ? body->str : NULL,
                      body != NULL ? body->len : 0, known, ret_form, &error))
    return refuse(call,
                  g_error_matches(error, WEB_FORM_ERROR, WEB_FORM_ERROR_TYPE) ? WEB_TEXT_NO_FORM
                                                                              : WEB_TEXT_BAD_REQUEST,
                  ret_result);
  return is_signed(call, name, *ret_form) ? WEB_POST_READ : WEB_POST_STALE;
}

char *web_post_signed(const WebCall *call, const char *token, const char *name)
{
  return call->site->key != NULL
             ? web_csrf_field(call->site->key, token, name, web_reader_today(&call->site->config))
             : NULL;
}

static void count(const WebCall *call)
{
  static const WebMetric metrics[] = {
    [WEB_WRITE_DONE] = WEB_METRIC_WRITTEN,
    [WEB_WRITE_BUSY] = WEB_METRIC_BUSY,
    [WEB_WRITE_FAILED] = WEB_METRIC_UNWRITTEN,
  };

  web_metrics_count(&call->site->metrics, metrics[call->write->outcome]);
}

static gint *writing_of(const WebCall *call)
{
  return &((WebTerms *)(gsize)call->terms)->writing;
}

/* In the writer's thread. Once it is resumed the call is its own thread's again, and may be gone. */
static void resume(gpointer data)
{
  WebCall *call = data;
  gint *writing = writing_of(call);

  count(call);
  MHD_resume_connection(call->connection);
  g_atomic_int_add(writing, -1);
}

/* True when it may wait for the writer: the front does not end yet (web_front.c). */
static bool enter(WebCall *call)
{
  g_atomic_int_inc(writing_of(call));
  if (__atomic_load_n(&call->terms->closing, __ATOMIC_SEQ_CST) == 0)
    return true;
  g_atomic_int_add(writing_of(call), -1);
  return false;
}

enum MHD_Result web_post_write(WebCall *call, WebWriteWork work, gpointer data, GDestroyNotify free_data)
{
  WebWrite *write = g_new0(WebWrite, 1);

  *write = (WebWrite){ work, data, free_data, resume, call, WEB_WRITE_BUSY, 0 };
  call->write = write;
  if (!enter(call)) {
    count(call);
    return call->route->handle(call);
  }
  MHD_suspend_connection(call->connection);
  if (!web_writer_give(call->site->writer, write))
    resume(call);
  return MHD_YES;
}

bool web_post_is_back(const WebCall *call)
{
  return call->write != NULL;
}
