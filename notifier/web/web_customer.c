#include "notifier/web/web_customer.h"

#include <string.h>

#include "db/page_scope.h"
#include "notifier/page/acknowledge_page.h"
#include "notifier/web/web_customer_form.h"
#include "notifier/web/web_language.h"
#include "notifier/web/web_post.h"
#include "notifier/web/web_reader.h"
#include "notifier/web/web_reply.h"

#define HTML "text/html; charset=utf-8"

/* Whether the token is one. */
typedef enum { TOKEN_FOUND, TOKEN_UNKNOWN, TOKEN_REVOKED } TokenOutcome;

/* A form that was sent, from reading it to answering: the writer's data. */
typedef struct {
  const WebCustomerForm *kind;
  const LinkKey *key;
  char *token;
  WebForm *form;
  GArray *errors; /* PageFormError */
  TokenOutcome outcome;
} Sent;

static void sent_free(gpointer data)
{
  Sent *sent = data;

  g_free(sent->token);
  web_form_free(sent->form);
  g_array_unref(sent->errors);
  g_free(sent);
}

static void page_clear(WebCustomerPage *page)
{
  page_row_free(page->page);
  g_clear_pointer(&page->organizations, g_ptr_array_unref);
  acknowledgement_request_free(page->request);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebCustomerPage, page_clear)

static bool is_of_message(const WebCustomerForm *kind)
{
  return kind == &web_customer_acknowledge_message_form;
}

static bool find_message(Db *db, const LinkKey *key, const char *token, WebCustomerPage *page,
                         TokenOutcome *ret_outcome, GError **error)
{
  if (key != NULL && !acknowledgement_request_by_token(db, key, token, &page->request, error))
    return false;
  *ret_outcome = page->request != NULL ? TOKEN_FOUND : TOKEN_UNKNOWN;
  return true;
}

static bool find_page(Db *db, const char *token, WebCustomerPage *page, TokenOutcome *ret_outcome,
                      GError **error)
{
  PageOutcome outcome = PAGE_UNKNOWN;

  if (!page_store_find(db, token, &outcome, &page->page, error))
    return false;
  *ret_outcome = outcome == PAGE_FOUND     ? TOKEN_FOUND
                 : outcome == PAGE_REVOKED ? TOKEN_REVOKED
                                           : TOKEN_UNKNOWN;
  return outcome != PAGE_FOUND || page_scope_load(db, page->page, &page->organizations, error);
}

/* Inside a transaction. */
static bool find(Db *db, const WebCustomerForm *kind, const LinkKey *key, const char *token,
                 WebCustomerPage *page, TokenOutcome *ret_outcome, GError **error)
{
  return is_of_message(kind) ? find_message(db, key, token, page, ret_outcome, error)
                             : find_page(db, token, page, ret_outcome, error);
}

static const char *sent_value(gconstpointer form, const char *field)
{
  return web_form_get(form, field);
}

/* What to show: the page's form, with what was sent (or NULL) and `state`. */
typedef struct {
  const WebCustomerForm *kind;
  const WebForm *form;
  const GArray *errors;
  const char *state;
  unsigned status;
} View;

static const char *language_of(const WebCall *call, const WebCustomerPage *page)
{
  g_autofree char *chosen = web_call_argument(call, "lang");
  const PageOrganization *first =
      page->page != NULL && page->page->organizations->len > 0 ? page->page->organizations->pdata[0] : NULL;
  const char *own = page->request != NULL ? page->request->language : first != NULL ? first->language : "ja";

  return web_language_choose(chosen, web_call_header(call, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
                             g_strcmp0(own, "en") == 0 ? "en" : "ja");
}

static bool render(const WebCall *call, Db *db, const View *view, const WebCustomerPage *page,
                   GBytes **ret_bytes, GError **error)
{
  const WebSite *site = call->site;
  g_autofree char *path = g_strconcat(is_of_message(view->kind) ? "/a/" : "/h/", call->word, NULL);
  g_autofree char *signed_field = web_post_signed(call, call->word, view->kind->name);
  g_autofree char *asked = web_call_argument(call, "kind");
  const PageFrame frame = { .templates = site->config.templates,
                            .language = language_of(call, page),
                            .today = web_reader_today(&site->config),
                            .style = web_style_path(web_feed_style(site->feed)),
                            .path = path,
                            .base_url = call->terms->config.base_url,
                            .key = site->key };
  const PageForm form = { .signed_field = signed_field,
                          .value = sent_value,
                          .sent = view->form,
                          .fields = view->kind->fields,
                          .errors = view->errors,
                          .state = view->state,
                          .chosen = view->form != NULL ? web_form_get(view->form, "kind") : asked };

  return view->kind->render(db, &frame, &form, page, ret_bytes, error);
}

/* The page's bytes, where the token is one. */
static bool open_page(const WebCall *call, const View *view, TokenOutcome *ret_outcome, bool *ret_gone,
                      GBytes **ret_bytes)
{
  g_auto(WebCustomerPage) page = { 0 };
  g_autoptr(GError) error = NULL;
  Db *db = web_feed_db(call->site->feed);
  bool done;

  if (db == NULL)
    return false;
  done = db_begin_read(db, &error) &&
         find(db, view->kind, call->site->key, call->word, &page, ret_outcome, &error) &&
         (*ret_outcome != TOKEN_FOUND || render(call, db, view, &page, ret_bytes, &error));
  db_end_read(db);
  if (!done)
    web_feed_fail(call->site->feed, error);
  *ret_gone = page.request != NULL && acknowledge_page_is_gone(page.request);
  return done;
}

static enum MHD_Result show(const WebCall *call, const View *view)
{
  g_autoptr(GBytes) bytes = NULL;
  TokenOutcome outcome = TOKEN_UNKNOWN;
  bool gone = false;

  if (!open_page(call, view, &outcome, &gone, &bytes))
    return web_reply_text(call, view->form != NULL ? WEB_TEXT_NOT_STORED : WEB_TEXT_UNAVAILABLE);
  if (outcome == TOKEN_REVOKED)
    return web_reply_text(call, WEB_TEXT_PAGE_GONE);
  if (outcome == TOKEN_UNKNOWN)
    return web_reply_text(call, WEB_TEXT_NOT_FOUND);
  return web_reply_page(call, gone ? MHD_HTTP_GONE : view->status, HTML, g_steal_pointer(&bytes));
}

static enum MHD_Result show_empty(const WebCall *call, const WebCustomerForm *kind)
{
  g_autofree char *done = web_call_argument(call, "done");
  const View view = { kind, NULL, NULL, g_strcmp0(done, "1") == 0 ? "done" : NULL, MHD_HTTP_OK };

  return show(call, &view);
}

/* The writer's work: whose page it is may have changed since it was shown. */
static bool work(Db *db, const AuditContext *context, gpointer data, GError **error)
{
  g_auto(WebCustomerPage) page = { 0 };
  Sent *sent = data;

  if (!find(db, sent->kind, sent->key, sent->token, &page, &sent->outcome, error))
    return false;
  if (sent->outcome != TOKEN_FOUND)
    return true;
  if (page.request != NULL && acknowledge_page_is_gone(page.request)) {
    web_customer_form_wrong(sent->errors, "kind", "not_open");
    return true;
  }
  return sent->kind->write(db, context, &page, sent->form, sent->errors, error);
}

/* To the page as it stands now, in the language of the form. */
static enum MHD_Result go_to_page(const WebCall *call, const Sent *sent)
{
  g_autofree char *chosen = web_call_argument(call, "lang");
  bool known = g_strcmp0(chosen, "en") == 0 || g_strcmp0(chosen, "ja") == 0;
  g_autofree char *path =
      g_strconcat(is_of_message(sent->kind) ? "/a/" : "/h/", sent->token, sent->kind->tail, "?done=1",
                  known ? "&lang=" : "", known ? chosen : "", NULL);

  return web_reply_see_other(call, path);
}

static enum MHD_Result answer_sent(const WebCall *call, const Sent *sent)
{
  View view = { sent->kind, sent->form, sent->errors, NULL, MHD_HTTP_OK };

  if (call->write->outcome != WEB_WRITE_DONE) {
    view.state = "busy";
    view.status = MHD_HTTP_SERVICE_UNAVAILABLE;
  } else if (sent->errors->len > 0) {
    view.status = MHD_HTTP_CONFLICT;
  } else if (sent->outcome == TOKEN_FOUND) {
    return go_to_page(call, sent);
  }
  return show(call, &view);
}

static enum MHD_Result show_again(const WebCall *call, const WebCustomerForm *kind, const WebForm *form,
                                  const GArray *errors)
{
  const View view = { kind, form, errors, errors == NULL ? "stale" : NULL,
                      errors == NULL ? MHD_HTTP_FORBIDDEN : MHD_HTTP_UNPROCESSABLE_CONTENT };

  return show(call, &view);
}

static enum MHD_Result take(WebCall *call, const WebCustomerForm *kind)
{
  g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(PageFormError));
  g_autoptr(WebForm) form = NULL;
  enum MHD_Result result = MHD_NO;
  Sent *sent;

  switch (web_post_read(call, kind->name, kind->fields, &form, &result)) {
  case WEB_POST_ANSWERED:
    return result;
  case WEB_POST_STALE:
    return show_again(call, kind, form, NULL);
  case WEB_POST_READ:
    break;
  }
  kind->check(form, web_reader_today(&call->site->config), errors);
  if (errors->len > 0)
    return show_again(call, kind, form, errors);
  sent = g_new0(Sent, 1);
  *sent = (Sent){
    kind,         call->site->key, g_strdup(call->word), g_steal_pointer(&form), g_steal_pointer(&errors),
    TOKEN_UNKNOWN
  };
  return web_post_write(call, work, sent, sent_free);
}

static enum MHD_Result answer(WebCall *call, const WebCustomerForm *kind)
{
  if (web_post_is_back(call))
    return answer_sent(call, call->write->data);
  return strcmp(call->route->method, "POST") == 0 ? take(call, kind) : show_empty(call, kind);
}

enum MHD_Result web_customer_message(WebCall *call)
{
  return answer(call, &web_customer_acknowledge_message_form);
}

enum MHD_Result web_customer_acknowledge(WebCall *call)
{
  return answer(call, &web_customer_acknowledge_form);
}

enum MHD_Result web_customer_decide(WebCall *call)
{
  return answer(call, &web_customer_decide_form);
}

enum MHD_Result web_customer_correct(WebCall *call)
{
  return answer(call, &web_customer_correct_form);
}
