#ifndef KIGEN_NOTIFIER_PAGE_PRODUCT_PAGE_H
#define KIGEN_NOTIFIER_PAGE_PRODUCT_PAGE_H

/* The public page of a product (/p/<product>): its releases with the plans in force, stage, dates and
 * successor, for resellers and second-hand buyers (N70 §8.1.1). It names no customer: it is made of the
 * product's own public set (db/held_store.h). Reads only. */

#include "db/change_set.h"
#include "notifier/page/page_frame.h"

#define PRODUCT_PAGE_ERROR (product_page_error_quark())
typedef enum {
  PRODUCT_PAGE_ERROR_PRODUCT /* no product of that code with a plan that was ever published */
} ProductPageError;
GQuark product_page_error_quark(void);

/* Renders the page of the product with code `product`. *ret_scopes: GArray of ChangeScope, what it was made
 * from. Inside a read transaction. Errors: PRODUCT_PAGE_ERROR, DB_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR.
 */
bool product_page_render(Db *db, const PageFrame *frame, const char *product, GBytes **ret_bytes,
                         GArray **ret_scopes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
