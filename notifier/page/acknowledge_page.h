#ifndef KIGEN_NOTIFIER_PAGE_ACKNOWLEDGE_PAGE_H
#define KIGEN_NOTIFIER_PAGE_ACKNOWLEDGE_PAGE_H

/* What a customer is asked to confirm, each organization apart: what was told, and a form for each of the two
 * acknowledgements that is open; below, what is confirmed already, to be printed. To open it confirms
 * nothing: mail scanners open every link. Reads only. */

#include "db/acknowledgement_request.h"
#include "notifier/page/page_form.h"

/* Of the acknowledgement link of one message (/a/<token>). Errors: DB_ERROR, TEMPLATE_SET_ERROR,
 * MUSTACHE_ERROR. */
bool acknowledge_page_render_message(Db *db, const PageFrame *frame, const PageForm *form,
                                     const AcknowledgementRequest *request, GBytes **ret_bytes,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of all that `organizations` (PageScopeOrganization) are asked (/h/<token>/acknowledge). */
bool acknowledge_page_render_open(Db *db, const PageFrame *frame, const PageForm *form,
                                  const GPtrArray *organizations, GBytes **ret_bytes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when the message of `request` was overtaken: nothing of it is to be confirmed any more. */
bool acknowledge_page_is_gone(const AcknowledgementRequest *request);

#endif
