#include "db/page_scope.h"

#include "db/contact_reach.h"

static void organization_free(gpointer data)
{
  PageScopeOrganization *organization = data;

  g_free(organization->name_ja);
  g_free(organization->name_en);
  g_free(organization);
}

static void unit_free(gpointer data)
{
  PageScopeUnit *unit = data;

  g_free(unit->product_ja);
  g_free(unit->product_en);
  g_free(unit->release_name);
  g_free(unit->serial);
  g_free(unit->asset_no);
  g_free(unit->department);
  g_free(unit);
}

static void contact_free(gpointer data)
{
  PageScopeContact *contact = data;

  g_free(contact->name);
  g_free(contact->department);
  g_free(contact->title);
  g_free(contact);
}

/* Reads the rows of `statement` (bound) by `read`. */
static bool read_all(DbStatement *statement, gpointer (*read)(DbStatement *), GPtrArray *list, GError **error)
{
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(list, read(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static gpointer read_organization(DbStatement *statement)
{
  PageScopeOrganization *organization = g_new0(PageScopeOrganization, 1);

  organization->id = db_int(statement, 0);
  organization->name_ja = db_dup_text(statement, 1);
  organization->name_en = db_dup_text(statement, 2);
  return organization;
}

bool page_scope_load(Db *db, const PageRow *page, GPtrArray **ret_organizations, GError **error)
{
  static const DbQuery query = {
    "WITH RECURSIVE below (id, depth) AS (SELECT x.organization, 0 FROM page_organization x WHERE x.page = $1"
    " UNION SELECT o.id, b.depth + 1 FROM below b JOIN organization o ON o.parent = b.id"
    "  WHERE b.depth < " CONTACT_DEPTH_MAX ")"
    " SELECT o.id, o.name_ja, o.name_en FROM organization o WHERE o.id IN (SELECT id FROM below) ORDER BY "
    "o.code"
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(organization_free);
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, page->id);
  if (!read_all(statement, read_organization, list, error))
    return false;
  *ret_organizations = g_steal_pointer(&list);
  return true;
}

const PageScopeOrganization *page_scope_find(const GPtrArray *organizations, gint64 id)
{
  for (guint i = 0; i < organizations->len; i++) {
    const PageScopeOrganization *organization = organizations->pdata[i];

    if (organization->id == id)
      return organization;
  }
  return NULL;
}

static gpointer read_unit(DbStatement *statement)
{
  PageScopeUnit *unit = g_new0(PageScopeUnit, 1);

  unit->release = db_int(statement, 0);
  unit->device = db_int(statement, 1);
  unit->units = db_int(statement, 2);
  unit->product_ja = db_dup_text(statement, 3);
  unit->product_en = db_dup_text(statement, 4);
  unit->release_name = db_dup_text(statement, 5);
  unit->serial = db_dup_text(statement, 6);
  unit->asset_no = db_dup_text(statement, 7);
  unit->department = db_dup_text(statement, 8);
  return unit;
}

bool page_scope_units(Db *db, gint64 organization, guint max, GPtrArray **ret_units, GError **error)
{
  static const DbQuery query = {
    "SELECT u.release, u.device, u.units, p.name_ja, p.name_en, r.name, u.serial, u.asset_no, u.department "
    "FROM ("
    "SELECT h.release AS release, 0 AS device, h.count AS units, NULL AS serial, NULL AS asset_no, NULL AS "
    "department"
    " FROM holding h WHERE h.organization = $1 AND h.role = 'user' AND h.count > 0"
    " UNION ALL SELECT * FROM (SELECT v.release, v.id, v.quantity, coalesce(v.serial, v.lot), v.asset_no, "
    "v.department"
    "  FROM device v WHERE v.organization = $1 AND v.status NOT IN ('disposed', 'transferred') ORDER BY v.id "
    "LIMIT $2)"
    ") u JOIN release r ON r.id = u.release JOIN product p ON p.id = r.product"
    " ORDER BY p.code, r.name, CASE WHEN u.device = 0 THEN 0 ELSE 1 END, u.department, u.serial, u.device"
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(unit_free);
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_int(statement, 2, max);
  if (!read_all(statement, read_unit, list, error))
    return false;
  *ret_units = g_steal_pointer(&list);
  return true;
}

static gpointer read_contact(DbStatement *statement)
{
  PageScopeContact *contact = g_new0(PageScopeContact, 1);

  contact->id = db_int(statement, 0);
  contact->name = db_dup_text(statement, 1);
  contact->department = db_dup_text(statement, 2);
  contact->title = db_dup_text(statement, 3);
  return contact;
}

bool page_scope_contacts(Db *db, gint64 organization, Day today, GPtrArray **ret_contacts, GError **error)
{
  static const DbQuery query = {
    "SELECT c.id, c.name, c.department, c.title FROM contact c WHERE c.organization = $1 AND c.erased_on IS "
    "NULL"
    " AND (c.valid_to IS NULL OR c.valid_to >= $2) ORDER BY c.escalation_order, c.id"
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contact_free);
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_text(statement, 2, day_format(today, day));
  if (!read_all(statement, read_contact, list, error))
    return false;
  *ret_contacts = g_steal_pointer(&list);
  return true;
}
