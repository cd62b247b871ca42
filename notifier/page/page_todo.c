#include "notifier/page/page_todo.h"

#include "db/acknowledgement_request.h"
#include "db/correction_store.h"
#include "db/page_scope.h"

static bool count(Db *db, gint64 organization, guint *open, guint *waiting, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;
  g_autoptr(GPtrArray) corrections = NULL;

  if (!acknowledgement_request_of_organization(db, organization, &request, error) ||
      !correction_store_list(db, organization, false, &corrections, error))
    return false;
  *open += request->items->len;
  *waiting += corrections->len;
  return true;
}

bool page_todo_set(Db *db, const PageRow *page, json_t *context, GError **error)
{
  g_autoptr(GPtrArray) organizations = NULL;
  guint open = 0, waiting = 0;

  if (!page_scope_load(db, page, &organizations, error))
    return false;
  for (guint i = 0; i < organizations->len; i++)
    if (!count(db, ((const PageScopeOrganization *)organizations->pdata[i])->id, &open, &waiting, error))
      return false;
  if (open > 0)
    json_object_set_new(context, "open", json_integer(open));
  if (waiting > 0)
    json_object_set_new(context, "waiting", json_integer(waiting));
  return true;
}
