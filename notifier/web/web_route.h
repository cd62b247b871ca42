#ifndef KIGEN_NOTIFIER_WEB_WEB_ROUTE_H
#define KIGEN_NOTIFIER_WEB_WEB_ROUTE_H

/* The table of routes: every path that is served is a row of web_route.c. */

#include "notifier/web/web_call.h"

/* Who may. To others the path does not exist: 404. */
typedef enum {
  WEB_MAY_ANYBODY, /* public, or by the token in the path, which the handler looks up */
  WEB_MAY_LOCAL    /* clients on this machine */
} WebMay;

/* What browsers, proxies and calendar programs may keep of a 200 answer. */
typedef enum {
  WEB_CACHING_NONE,    /* no-store */
  WEB_CACHING_PRIVATE, /* private, no-cache: kept by the client, but asked about each time */
  WEB_CACHING_PUBLIC,  /* public, no-cache: kept by proxies too, but asked about each time */
  WEB_CACHING_SECRET,  /* private, no-store: kept nowhere */
  WEB_CACHING_FOREVER  /* public, immutable: another one has another address */
} WebCaching;

struct WebRoute {
  const char *method;  /* GET (which is HEAD too) or POST */
  const char *pattern; /* "/healthz", "/feeds/<token>.ics": <…> is a word, not empty, without a slash */
  enum MHD_Result (*handle)(WebCall *call);
  WebMay may;
  WebCaching caching;
};

/* True when `path`, undecoded, fits `pattern`. *ret_word (own string) is the word, decoded, NULL without one;
 * a word that decodes to no UTF-8 text or to one with control characters does not fit. Pure. */
bool web_route_fits(const char *pattern, const char *path, char **ret_word);

/* The route of a request, NULL when there is none. *ret_word as above. *ret_allow is NULL when nothing has
 * that path, else the methods that are answered there, as the header Allow lists them (static). */
const WebRoute *web_route_find(const char *method, const char *path, char **ret_word, const char **ret_allow);

#endif
