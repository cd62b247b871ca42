#include "db/audit_search.h"

#include "planner/person.h"

#include <jansson.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* The maker's own people, by what they did. */
static const char *const of_the_maker[] = { "actor",        "author",       "approved_by",
                                            "published_by", "withdrawn_by", NULL };

static bool value_names(const Person *person, const json_t *value)
{
  const char *key;
  json_t *member;
  gsize i;

  if (json_is_string(value))
    return person_is_in(person, json_string_value(value));
  json_array_foreach(value, i, member)
  {
    if (value_names(person, member))
      return true;
  }
  json_object_foreach((json_t *)(gsize)value, key, member)
  {
    if (!g_strv_contains(of_the_maker, key) && value_names(person, member))
      return true;
  }
  return false;
}

/* The index of the first of `persons` that `payload` names; persons->len for none. */
static guint first_named(const GPtrArray *persons, const char *payload)
{
  bool escaped = strchr(payload, '\\') != NULL; /* then what stands beside a name is not what it seems */
  g_autofree char *folded = person_fold(payload);
  g_autoptr(json_t) object = NULL;

  for (guint i = 0; i < persons->len; i++) {
    if (!escaped && !person_is_in_folded(persons->pdata[i], folded))
      continue;
    if (object == NULL)
      object = json_loads(payload, 0, NULL);
    if (object != NULL ? value_names(persons->pdata[i], object)
                       : person_is_in_folded(persons->pdata[i], folded))
      return i;
  }
  return persons->len;
}

bool audit_search(Db *db, const GPtrArray *persons, GArray **ret_hits, GError **error)
{
  static const DbQuery query = {
    "SELECT p.audit, p.payload FROM audit_payload p JOIN audit a ON a.id = p.audit"
    " WHERE substr(a.action, 1, 5) <> 'user.' ORDER BY p.audit"
  };
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AuditHit));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    AuditHit hit = { db_int(statement, 0), first_named(persons, db_text(statement, 1)) };

    if (hit.person < persons->len)
      g_array_append_val(hits, hit);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_hits = g_steal_pointer(&hits);
  return true;
}
