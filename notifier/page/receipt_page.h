#ifndef KIGEN_NOTIFIER_PAGE_RECEIPT_PAGE_H
#define KIGEN_NOTIFIER_PAGE_RECEIPT_PAGE_H

/* A customer's record of receipt (/h/<token>/receipt), to be printed and filed: what each of the page's
 * organizations was told when and over which channel, what was shown to it, and who confirmed it. Reads only.
 */

#include "db/page_store.h"
#include "notifier/page/page_frame.h"

#define RECEIPT_PAGE_ROWS_MAX 500 /* of one organization, the latest */

/* Inside a read transaction. Errors: DB_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool receipt_page_render(Db *db, const PageFrame *frame, const PageRow *page, GBytes **ret_bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
