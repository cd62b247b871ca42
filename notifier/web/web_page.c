#include "notifier/web/web_page.h"

#include <string.h>

#include "db/page_store.h"
#include "notifier/page/devices_csv.h"
#include "notifier/page/hospital_page.h"
#include "notifier/page/receipt_page.h"
#include "notifier/web/web_answer.h"
#include "notifier/web/web_language.h"
#include "notifier/web/web_opened.h"
#include "notifier/web/web_reader.h"
#include "notifier/web/web_reply.h"

#define HTML "text/html; charset=utf-8"

/* What a customer's page is made of, from finding it to answering. */
typedef struct {
  PageOutcome outcome;
  PageRow *page;
  GBytes *bytes;
  GArray *shown;
} Opened;

static void opened_clear(Opened *opened)
{
  page_row_free(opened->page);
  g_clear_pointer(&opened->bytes, g_bytes_unref);
  g_clear_pointer(&opened->shown, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

/* "ja" or "en", by the switch, the browser, or `otherwise`. */
static const char *language_of(const WebCall *call, const char *otherwise)
{
  g_autofree char *chosen = web_call_argument(call, "lang");

  return web_language_choose(chosen, web_call_header(call, MHD_HTTP_HEADER_ACCEPT_LANGUAGE), otherwise);
}

static const char *own_language(const PageRow *page)
{
  const PageOrganization *first = page->organizations->len > 0 ? page->organizations->pdata[0] : NULL;

  return first != NULL ? first->language : "ja";
}

/* Makes what is asked for of a page that was found, inside the read transaction. */
typedef bool (*Make)(const WebCall *call, Db *db, const PageFrame *frame, Opened *opened, GError **error);

static bool open_in_transaction(const WebCall *call, Db *db, Make make, Opened *opened, GError **error)
{
  const WebSite *site = call->site;
  g_autofree char *path = g_strconcat("/h/", call->word, NULL);

  if (!page_store_find(db, call->word, &opened->outcome, &opened->page, error))
    return false;
  if (opened->outcome != PAGE_FOUND)
    return true;

  const PageFrame frame = { .templates = site->config.templates,
                            .language = language_of(call, own_language(opened->page)),
                            .today = web_reader_today(&site->config),
                            .style = web_style_path(web_feed_style(site->feed)),
                            .path = path,
                            .base_url = call->terms->config.base_url,
                            .key = site->key };

  return make(call, db, &frame, opened, error);
}

static bool open_page(const WebCall *call, Make make, Opened *opened)
{
  g_autoptr(GError) error = NULL;
  Db *db = web_feed_db(call->site->feed);
  bool done;

  if (db == NULL)
    return false;
  done = db_begin_read(db, &error) && open_in_transaction(call, db, make, opened, &error);
  db_end_read(db);
  if (!done)
    web_feed_fail(call->site->feed, error);
  return done;
}

/* True when what `make` made of the page is to be answered; else *ret_result is the answer. */
static bool is_opened(const WebCall *call, Make make, Opened *opened, enum MHD_Result *ret_result)
{
  if (!link_key_token_is_wellformed(call->word))
    *ret_result = web_reply_text(call, WEB_TEXT_NOT_FOUND);
  else if (!open_page(call, make, opened))
    *ret_result = web_reply_text(call, WEB_TEXT_UNAVAILABLE);
  else if (opened->outcome == PAGE_REVOKED)
    *ret_result = web_reply_text(call, WEB_TEXT_PAGE_GONE);
  else if (opened->outcome == PAGE_UNKNOWN)
    *ret_result = web_reply_text(call, WEB_TEXT_NOT_FOUND);
  return opened->bytes != NULL;
}

/* A Make. */
static bool make_hospital(const WebCall *call, Db *db, const PageFrame *frame, Opened *opened, GError **error)
{
  return hospital_page_render(db, frame, opened->page, &opened->bytes, &opened->shown, error);
}

enum MHD_Result web_page_hospital(WebCall *call)
{
  g_auto(Opened) opened = { 0 };
  enum MHD_Result result = MHD_NO;

  if (!is_opened(call, make_hospital, &opened, &result))
    return result;
  web_opened_record(call, opened.shown);
  return web_reply_page(call, MHD_HTTP_OK, HTML, g_steal_pointer(&opened.bytes));
}

static DevicesCsvEncoding encoding_of(const WebCall *call)
{
  g_autofree char *encoding = web_call_argument(call, "encoding");

  return encoding != NULL && g_ascii_strcasecmp(encoding, "cp932") == 0 ? DEVICES_CSV_CP932
                                                                        : DEVICES_CSV_UTF8;
}

/* A Make. */
static bool make_devices(const WebCall *call, Db *db, const PageFrame *frame, Opened *opened, GError **error)
{
  return devices_csv_render(db, frame, opened->page, encoding_of(call), &opened->bytes, error);
}

enum MHD_Result web_page_devices(WebCall *call)
{
  static const char *const types[] = {
    [DEVICES_CSV_UTF8] = "text/csv; charset=utf-8", [DEVICES_CSV_CP932] = "text/csv; charset=windows-31j"
  };
  g_auto(Opened) opened = { 0 };
  enum MHD_Result result = MHD_NO;

  if (!is_opened(call, make_devices, &opened, &result))
    return result;
  return web_reply_file(call, types[encoding_of(call)], "devices.csv", g_steal_pointer(&opened.bytes));
}

/* A Make. */
static bool make_receipt(const WebCall *call, Db *db, const PageFrame *frame, Opened *opened, GError **error)
{
  return receipt_page_render(db, frame, opened->page, &opened->bytes, error);
}

enum MHD_Result web_page_receipt(WebCall *call)
{
  g_auto(Opened) opened = { 0 };
  enum MHD_Result result = MHD_NO;

  if (!is_opened(call, make_receipt, &opened, &result))
    return result;
  return web_reply_page(call, MHD_HTTP_OK, HTML, g_steal_pointer(&opened.bytes));
}

enum MHD_Result web_page_product(WebCall *call)
{
  g_autoptr(CachedFeed) page = NULL;
  WebFeedOutcome outcome =
      web_feed_get_product_page(call->site->feed, call->word, language_of(call, "ja"), &page);

  return web_answer_cached(call, outcome, page);
}

enum MHD_Result web_page_style(WebCall *call)
{
  const WebStyle *style = web_feed_style(call->site->feed);

  if (!web_style_is(style, call->word))
    return web_reply_text(call, WEB_TEXT_NOT_FOUND);
  return web_reply_page(call, MHD_HTTP_OK, "text/css; charset=utf-8", g_bytes_ref(web_style_bytes(style)));
}
