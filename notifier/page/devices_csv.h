#ifndef KIGEN_NOTIFIER_PAGE_DEVICES_CSV_H
#define KIGEN_NOTIFIER_PAGE_DEVICES_CSV_H

/* A page's devices as a CSV file, for the customer's own ledger (/h/<token>/devices.csv): with asset numbers,
 * and the stage and last days of each. Lines end with CRLF; a cell that a spreadsheet would take for a
 * formula gets a ' in front. */

#include "db/page_store.h"
#include "notifier/page/page_frame.h"

#define DEVICES_CSV_MAX 50000 /* rows; a last one says how many more there are */

typedef enum {
  DEVICES_CSV_UTF8, /* with BOM */
  DEVICES_CSV_CP932 /* what older Japanese programs read. A character that it lacks is 〓, and a last row says
                       so */
} DevicesCsvEncoding;

/* Inside a read transaction. Errors: DB_ERROR. */
bool devices_csv_render(Db *db, const PageFrame *frame, const PageRow *page, DevicesCsvEncoding encoding,
                        GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* `text` (UTF-8) as CP932; *ret_lost: how many characters became 〓. Own string. Pure. */
GString *devices_csv_cp932(const char *text, guint *ret_lost);

#endif
