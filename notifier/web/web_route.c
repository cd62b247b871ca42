#include "notifier/web/web_route.h"

#include <string.h>

#include "notifier/web/web_answer.h"
#include "notifier/web/web_customer.h"
#include "notifier/web/web_page.h"

/* The first that fits is taken. */
static const WebRoute routes[] = {
  { "GET", "/feeds/<token>.ics", web_answer_feed, WEB_MAY_ANYBODY, WEB_CACHING_PRIVATE },
  { "GET", "/products/<product>.ics", web_answer_product, WEB_MAY_ANYBODY, WEB_CACHING_PUBLIC },
  { "GET", "/h/<token>", web_page_hospital, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/h/<token>/devices.csv", web_page_devices, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/h/<token>/receipt", web_page_receipt, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/h/<token>/acknowledge", web_customer_acknowledge, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "POST", "/h/<token>/acknowledge", web_customer_acknowledge, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/h/<token>/decide", web_customer_decide, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "POST", "/h/<token>/decide", web_customer_decide, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/h/<token>/correct", web_customer_correct, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "POST", "/h/<token>/correct", web_customer_correct, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/a/<token>", web_customer_message, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "POST", "/a/<token>", web_customer_message, WEB_MAY_ANYBODY, WEB_CACHING_SECRET },
  { "GET", "/p/<product>", web_page_product, WEB_MAY_ANYBODY, WEB_CACHING_PUBLIC },
  { "GET", "/style/<name>.css", web_page_style, WEB_MAY_ANYBODY, WEB_CACHING_FOREVER },
  { "GET", "/metrics", web_answer_metrics, WEB_MAY_LOCAL, WEB_CACHING_NONE },
  { "GET", "/healthz", web_answer_health, WEB_MAY_ANYBODY, WEB_CACHING_NONE },
  { "GET", "/robots.txt", web_answer_robots, WEB_MAY_ANYBODY, WEB_CACHING_NONE },
};

static bool has_control(const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl(*p))
      return true;
  return false;
}

/* *ret_word: the `length` bytes at `raw` decoded. */
static bool decode(const char *raw, gsize length, char **ret_word)
{
  g_autofree char *word = g_uri_unescape_segment(raw, raw + length, NULL);

  if (length == 0 || memchr(raw, '/', length) != NULL || word == NULL || !g_utf8_validate(word, -1, NULL) ||
      has_control(word))
    return false;
  *ret_word = g_steal_pointer(&word);
  return true;
}

bool web_route_fits(const char *pattern, const char *path, char **ret_word)
{
  const char *open = strchr(pattern, '<');
  const char *close = open != NULL ? strchr(open, '>') : NULL;

  if (close == NULL) {
    *ret_word = NULL;
    return g_str_equal(pattern, path);
  }

  gsize head = (gsize)(open - pattern), tail = strlen(close + 1), length = strlen(path);

  return length > head + tail && memcmp(path, pattern, head) == 0 &&
         memcmp(path + length - tail, close + 1, tail) == 0 &&
         decode(path + head, length - head - tail, ret_word);
}

static const char *allow_of(bool get, bool post)
{
  if (!post)
    return get ? "GET, HEAD" : NULL;
  return get ? "GET, HEAD, POST" : "POST";
}

const WebRoute *web_route_find(const char *method, const char *path, char **ret_word, const char **ret_allow)
{
  const char *asked = g_str_equal(method, "HEAD") ? "GET" : method;
  const WebRoute *found = NULL;
  bool get = false, post = false;

  for (gsize i = 0; i < G_N_ELEMENTS(routes) && found == NULL; i++) {
    g_autofree char *word = NULL;

    if (!web_route_fits(routes[i].pattern, path, &word))
      continue;
    get |= g_str_equal(routes[i].method, "GET");
    post |= g_str_equal(routes[i].method, "POST");
    if (g_str_equal(routes[i].method, asked)) {
      found = &routes[i];
      *ret_word = g_steal_pointer(&word);
    }
  }
  *ret_allow = allow_of(get, post);
  return found;
}
