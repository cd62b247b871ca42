#ifndef KIGEN_NOTIFIER_PAGE_PAGE_FRAME_H
#define KIGEN_NOTIFIER_PAGE_PAGE_FRAME_H

/* What all pages have in common: language, day, maker, addresses, and the rendering itself. */

#include <jansson.h>

#include "db/db.h"
#include "db/link_key.h"
#include "notifier/template/template_set.h"
#include "planner/day.h"

/* How a page is to be made. Nothing is owned. */
typedef struct {
  const TemplateSet *templates;
  const char *language; /* "ja" or "en" */
  Day today;
  const char *style;    /* path of the stylesheet */
  const char *path;     /* of the page itself, "/h/<token>": its own addresses begin with it */
  const char *base_url; /* what customers reach the service by, "https://support.example.co.jp" */
  const LinkKey *key;   /* for addresses of feeds; NULL: none can be shown */
} PageFrame;

/* True for the page in English. */
bool page_frame_is_english(const PageFrame *frame);

/* `ja` or `en`, the other one where that is NULL or blank; NULL where both are. */
const char *page_frame_choose(const PageFrame *frame, const char *ja, const char *en);

/* The context that every page begins with (templates/CONTEXT.md): language, style, path, today, maker. A new
 * reference. Errors: DB_ERROR. */
bool page_frame_context(Db *db, const PageFrame *frame, json_t **ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Renders page/<language>/<name>.html with `context`. Errors: TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool page_frame_render(const PageFrame *frame, const char *name, const json_t *context, GBytes **ret_bytes,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
