#ifndef KIGEN_NOTIFIER_PAGE_DECIDE_PAGE_H
#define KIGEN_NOTIFIER_PAGE_DECIDE_PAGE_H

/* What a customer decides to do with what reaches its end (/h/<token>/decide): a form, and all that was
 * decided before. Reads only. */

#include "notifier/page/page_form.h"

#define DECIDE_PAGE_UNITS_MAX 2000 /* to choose from, of one organization */

/* Of `organizations` (PageScopeOrganization). Errors: DB_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool decide_page_render(Db *db, const PageFrame *frame, const PageForm *form, const GPtrArray *organizations,
                        GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* { name, options [ { value, all, units, product, release, serial, asset_no, department, chosen } ] } of what
 * the organization `name` uses; `devices`: devices only. *ret_group a new reference, NULL where it uses
 * nothing. The value is "ORGANIZATION:RELEASE:DEVICE", row ids. */
bool decide_page_options(Db *db, const PageFrame *frame, const PageForm *form, gint64 organization,
                         const char *name, bool devices, json_t **ret_group, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Takes such a value apart. */
bool decide_page_parse_target(const char *value, gint64 *ret_organization, gint64 *ret_release,
                              gint64 *ret_device) G_GNUC_WARN_UNUSED_RESULT;

#endif
