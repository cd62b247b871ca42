#ifndef KIGEN_NOTIFIER_PAGE_PAGE_SITE_H
#define KIGEN_NOTIFIER_PAGE_PAGE_SITE_H

/* Goes over what a page shows: each of its organizations and every site below one that holds anything, apart,
 * and each once. */

#include "db/held_unit.h"
#include "db/page_store.h"
#include "notifier/page/page_frame.h"

/* One of them. Nothing outlives the visit. */
typedef struct {
  gint64 id; /* row id */
  const char *name;
  bool below;         /* a site below one of the page's organizations */
  const HeldSet *set; /* its holdings, among others */
  GPtrArray *units;   /* HeldUnit, by product, department, serial and lot */
  gint64 more;        /* how many besides: there was no more room */
} PageSite;

/* True when `holding` is one of the site's, now. */
bool page_site_holds(const PageSite *site, const Holding *holding);

/* Errors of its own end the tour. */
typedef bool (*PageSiteVisit)(const PageSite *site, gpointer data, GError **error);

/* Calls `visit` with `data` for each. At most `max` units in all are loaded. Inside a read transaction.
 * Errors: DB_ERROR, the visit's. */
bool page_site_each(Db *db, const PageFrame *frame, const PageRow *page, guint max, PageSiteVisit visit,
                    gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
