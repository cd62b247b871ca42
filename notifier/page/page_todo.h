#ifndef KIGEN_NOTIFIER_PAGE_PAGE_TODO_H
#define KIGEN_NOTIFIER_PAGE_PAGE_TODO_H

/* What a customer's page says of its forms: how much is open. Reads only. */

#include "db/page_store.h"
#include "notifier/page/page_frame.h"

/* Sets in `context`: open, how much is asked and not confirmed; waiting, how many corrections wait; each
 * absent where it is 0. Errors: DB_ERROR. */
bool page_todo_set(Db *db, const PageRow *page, json_t *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
