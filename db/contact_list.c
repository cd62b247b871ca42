#include "db/contact_list.h"

#include "db/contact_reach.h"
#include "db/day_column.h"
#include "planner/person.h"

#include <string.h>

G_DEFINE_QUARK(kigen - contact - error - quark, contact_error)

void contact_row_free(ContactRow *row)
{
  if (row == NULL)
    return;
  g_free(row->organization_code);
  g_free(row->organization_name);
  g_free(row->name);
  g_free(row->kana);
  g_free(row->department);
  g_free(row->title);
  g_free(row->email);
  g_free(row->phone);
  g_free(row->role);
  g_free(row->language);
  g_free(row->channel);
  g_free(row->webhook);
  g_free(row);
}

#define COLUMNS                                                                                              \
  "c.id, c.organization, o.code, o.name_ja, c.name, c.kana, c.department, c.title, c.email, c.phone,"        \
  " c.role, c.language, c.channel, c.escalation_order, c.valid_from, c.valid_to, c.erased_on, c.webhook"
#define ROWS "SELECT " COLUMNS " FROM contact c JOIN organization o ON o.id = c.organization"
#define IN_ORDER " ORDER BY o.code, c.erased_on IS NOT NULL, c.escalation_order, c.id"

static ContactRow *read_row(DbStatement *statement)
{
  ContactRow *row = g_new0(ContactRow, 1);

  row->id = db_int(statement, 0);
  row->organization = db_int(statement, 1);
  row->organization_code = db_dup_text(statement, 2);
  row->organization_name = db_dup_text(statement, 3);
  row->name = db_dup_text(statement, 4);
  row->kana = db_dup_text(statement, 5);
  row->department = db_dup_text(statement, 6);
  row->title = db_dup_text(statement, 7);
  row->email = db_dup_text(statement, 8);
  row->phone = db_dup_text(statement, 9);
  row->role = db_dup_text(statement, 10);
  row->language = db_dup_text(statement, 11);
  row->channel = db_dup_text(statement, 12);
  row->order = (int)db_int(statement, 13);
  row->valid_from = day_column_read(statement, 14);
  row->valid_to = day_column_read(statement, 15);
  row->erased_on = day_column_read(statement, 16);
  row->webhook = db_dup_text(statement, 17);
  return row;
}

/* The rows of `statement` (bound). */
static bool read_rows(DbStatement *statement, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)contact_row_free);
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(rows, read_row(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

static bool check_organization(Db *db, const char *code, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM organization WHERE code = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, code);
  if (!db_step(statement, &row, error))
    return false;
  db_reset(statement);
  if (!row)
    g_set_error(error, CONTACT_ERROR, CONTACT_ERROR_ORGANIZATION,
                "no organization '%s': its code stands in the column 'organization' of organizations.csv",
                code);
  return row;
}

bool contact_list_all(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { ROWS " WHERE $1 IS NULL OR o.code = $1" IN_ORDER };
  DbStatement *statement;

  if ((organization != NULL && !check_organization(db, organization, error)) ||
      !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, organization);
  return read_rows(statement, ret_rows, error);
}

/* The row of that very name, else the only one whose name differs in blanks and widths alone. */
static gpointer *find_name(const GPtrArray *rows, const char *name)
{
  g_autofree char *key = person_key(name);
  gpointer *near = NULL;
  guint nears = 0;

  for (guint i = 0; i < rows->len; i++) {
    const ContactRow *row = rows->pdata[i];
    g_autofree char *other = person_key(row->name);

    if (strcmp(row->name, name) == 0)
      return &rows->pdata[i];
    if (strcmp(other, key) == 0) {
      near = &rows->pdata[i];
      nears++;
    }
  }
  return nears == 1 ? near : NULL;
}

bool contact_list_find(Db *db, const char *organization, const char *name, ContactRow **ret_row,
                       GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!contact_list_all(db, organization, &rows, error))
    return false;

  gpointer *found = find_name(rows, name);

  if (found == NULL) {
    g_set_error(error, CONTACT_ERROR, CONTACT_ERROR_NAME,
                "%s has no contact '%s': kigen contact list %s shows those it has", organization, name,
                organization);
    return false;
  }
  *ret_row = g_steal_pointer(found);
  return true;
}

bool contact_list_same(Db *db, const ContactRow *row, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { ROWS " WHERE lower(c.email) = lower($1) AND c.email <> '' AND c.id <> $2"
                                      " AND c.organization <> $3" IN_ORDER };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, row->email);
  db_bind_int(statement, 2, row->id);
  db_bind_int(statement, 3, row->organization);
  return read_rows(statement, ret_rows, error);
}

/* The last day that there was a need for `row`; `last`: the last day of a unit where there is none any more,
 * DAY_NONE elsewhere. */
static Day needed_until(const ContactRow *row, Day last)
{
  if (row->valid_to == DAY_NONE || last == DAY_NONE)
    return MAX(row->valid_to, last);
  return MIN(row->valid_to, last);
}

/* Of every organization with a contact: its units and those of all below it, `open` now and their `last` day.
 */
#define HELD                                                                                                 \
  "WITH RECURSIVE below (top, id, depth) AS ("                                                               \
  "  SELECT DISTINCT organization, organization, 0 FROM contact WHERE erased_on IS NULL"                     \
  "  UNION ALL SELECT b.top, o.id, b.depth + 1 FROM below b JOIN organization o ON o.parent = b.id"          \
  "   WHERE b.depth < " CONTACT_DEPTH_MAX "),"                                                               \
  " held (top, open, last) AS (SELECT b.top, max(CASE WHEN h.ended_on IS NULL THEN 1 ELSE 0 END),"           \
  "   max(h.ended_on) FROM below b JOIN holding h ON h.organization = b.id GROUP BY b.top) "

bool contact_list_expired(Db *db, Day today, int months, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = { HELD "SELECT " COLUMNS ", CASE held.open WHEN 0 THEN held.last END"
                                      " FROM contact c JOIN organization o ON o.id = c.organization"
                                      " LEFT JOIN held ON held.top = c.organization"
                                      " WHERE c.erased_on IS NULL" IN_ORDER };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)contact_row_free);
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &more, error))
    return false;
  while (more) {
    g_autoptr(ContactRow) row = read_row(statement);
    Day until = needed_until(row, day_column_read(statement, 18));

    row->kept_until = until != DAY_NONE ? day_add_months(until, months) : DAY_NONE;
    if (row->kept_until != DAY_NONE && row->kept_until < today)
      g_ptr_array_add(rows, g_steal_pointer(&row));
    if (!db_step(statement, &more, error))
      return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}
