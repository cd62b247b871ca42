#ifndef KIGEN_NOTIFIER_PAGE_CORRECT_PAGE_H
#define KIGEN_NOTIFIER_PAGE_CORRECT_PAGE_H

/* What a customer wants corrected (/h/<token>/correct): the kinds to choose from, the form of the one chosen,
 * and what became of those that were sent. Reads only. */

#include "notifier/page/page_form.h"

/* Of `organizations` (PageScopeOrganization). Errors: DB_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool correct_page_render(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                         GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
