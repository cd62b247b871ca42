#ifndef KIGEN_NOTIFIER_PAGE_HOSPITAL_PAGE_H
#define KIGEN_NOTIFIER_PAGE_HOSPITAL_PAGE_H

/* A customer's page (/h/<token>): its organizations and their sites, each apart; of each the devices by
 * product and stage with the days left, what limited support covers and until when, and the calendars to
 * subscribe to. Reads only. */

#include "db/page_store.h"
#include "notifier/page/page_frame.h"

#define HOSPITAL_PAGE_UNITS_MAX                                                                              \
  2000 /* listed on one page; the others are counted, and stand in devices.csv */

/* A plan with a declared limited support that a page shows to an organization that has the release. */
typedef struct {
  gint64 release, organization; /* row ids */
  gint64 plan;                  /* the revision */
} HospitalPageShown;

/* Renders page `page`. *ret_shown: GArray of HospitalPageShown, what opening it presents (LSP-4) and is not
 * recorded yet as presented by it. Inside a
 * read transaction. Errors: DB_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool hospital_page_render(Db *db, const PageFrame *frame, const PageRow *page, GBytes **ret_bytes,
                          GArray **ret_shown, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
