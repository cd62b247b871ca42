#include "db/contact_duty.h"

#include "db/contact_reach.h"

#define RELEASES_SHOWN 10

void contact_duty_clear(ContactDuty *duty)
{
  g_clear_pointer(&duty->releases, g_free);
}

/* Of contact $1, of organization $2, on day $3: whom it looks after. */
#define LOOKED_AFTER                                                                                         \
  "WITH RECURSIVE looked (id, depth) AS (SELECT o.id, 0 FROM organization o WHERE o.id = $2"                 \
  " UNION SELECT o.id, l.depth + 1 FROM looked l JOIN organization o ON o.parent = l.id"                     \
  "  WHERE l.depth < " CONTACT_DEPTH_MAX " AND NOT EXISTS " CONTACT_OWN_SQL("o.id", "$3", OTHER) ") "
#define OTHER " AND c.id <> $1"
#define IN_LOOKED " IN (SELECT id FROM looked)"

/* Prepares one of the queries of this file. */
static bool prepare(Db *db, const DbQuery *query, const ContactRow *row, Day today,
                    DbStatement **ret_statement, GError **error)
{
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, query, ret_statement, error))
    return false;
  db_bind_int(*ret_statement, 1, row->id);
  db_bind_int(*ret_statement, 2, row->organization);
  db_bind_text(*ret_statement, 3, day_format(today, day));
  return true;
}

/* The first column of the first row of such a query. */
static bool number(Db *db, const DbQuery *query, const ContactRow *row, Day today, gint64 *ret_number,
                   GError **error)
{
  DbStatement *statement;
  bool more;

  if (!prepare(db, query, row, today, &statement, error) || !db_step(statement, &more, error))
    return false;
  *ret_number = more ? db_int(statement, 0) : 0;
  db_reset(statement);
  return true;
}

/* The releases held, and the largest holding: a lower bound of the units. */
static bool load_releases(Db *db, const ContactRow *row, Day today, ContactDuty *duty, GError **error)
{
  static const DbQuery query = { LOOKED_AFTER
                                 "SELECT p.code || '/' || r.name, sum(h.count) FROM holding h"
                                 " JOIN release r ON r.id = h.release JOIN product p ON p.id = r.product"
                                 " WHERE h.organization" IN_LOOKED " AND h.ended_on IS NULL"
                                 " GROUP BY p.code, r.name ORDER BY p.code, r.name" };
  g_autoptr(GString) names = g_string_new(NULL);
  DbStatement *statement;
  int shown = 0;
  bool more;

  if (!prepare(db, &query, row, today, &statement, error) || !db_step(statement, &more, error))
    return false;
  for (; more; shown++) {
    if (shown < RELEASES_SHOWN)
      g_string_append_printf(names, "%s%s", shown > 0 ? ", " : "", db_text(statement, 0));
    duty->units = MAX(duty->units, db_int(statement, 1));
    if (!db_step(statement, &more, error))
      return false;
  }
  if (shown > 0)
    duty->releases = g_strconcat(names->str, shown > RELEASES_SHOWN ? " …" : "", NULL);
  return true;
}

/* Units: a device counts once, whatever hardware and software release it is of. */
static bool load_units(Db *db, const ContactRow *row, Day today, ContactDuty *duty, GError **error)
{
  static const DbQuery query = {
    LOOKED_AFTER "SELECT coalesce(sum(d.quantity), 0) FROM device d"
                 " WHERE d.status IN ('in-use', 'spare', 'isolated', 'unknown')"
                 " AND (d.organization" IN_LOOKED " OR d.id IN (SELECT c.device FROM custody c"
                 "  WHERE c.organization" IN_LOOKED
                 "  AND c.role IN ('owner', 'seller', 'repairer') AND (c.until IS NULL OR c.until >= $3)))"
  };
  gint64 units = 0;

  if (!load_releases(db, row, today, duty, error) ||
      (duty->releases != NULL && !number(db, &query, row, today, &units, error)))
    return false;
  duty->units = MAX(duty->units, units);
  return true;
}

/* True when somebody else is reached where they are. */
static bool has_other(Db *db, const ContactRow *row, Day today, bool *ret_other, GError **error)
{
  static const DbQuery query = { "SELECT CASE WHEN EXISTS " CONTACT_OWN_SQL(
      "$2", "$3", OTHER) " OR EXISTS " CONTACT_ABOVE_SQL("$2", "$3", OTHER) " THEN 1 ELSE 0 END" };
  gint64 other = 0;

  if (!number(db, &query, row, today, &other, error))
    return false;
  *ret_other = other != 0;
  return true;
}

static bool count_messages(Db *db, const DbQuery *query, gint64 contact, gint64 *ret_messages, GError **error)
{
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, contact);
  if (!db_step(statement, &more, error))
    return false;
  *ret_messages = db_int(statement, 0);
  db_reset(statement);
  return true;
}

/* Of what waits or is under way; the words of the partial index stand in it. */
#define TO_THEM                                                                                              \
  "SELECT count(*) FROM outbox x WHERE x.contact = $1"                                                       \
  " AND x.state IN ('pending', 'sending', 'deferred', 'unknown')"

/* Messages to them that nobody may take away from a delivery; where nobody else is reached, also those that
 * wait and are about a unit in use. */
static bool load_messages(Db *db, const ContactRow *row, bool other, ContactDuty *duty, GError **error)
{
  static const DbQuery moving = { TO_THEM " AND x.state IN ('sending', 'unknown')" };
  static const DbQuery needed = {
    TO_THEM " AND x.state IN ('pending', 'deferred') AND EXISTS (SELECT 1 FROM outbox_notice n"
            " JOIN holding h ON h.organization = n.organization AND h.ended_on IS NULL WHERE n.outbox = x.id)"
  };
  gint64 under_way = 0, alone = 0;

  if (!count_messages(db, &moving, row->id, &under_way, error) ||
      (!other && !count_messages(db, &needed, row->id, &alone, error)))
    return false;
  duty->messages = under_way + alone;
  return true;
}

static bool has_ended(const ContactRow *row, Day today)
{
  return row->valid_to != DAY_NONE && row->valid_to < today;
}

bool contact_duty_load(Db *db, const ContactRow *row, Day today, ContactDuty *ret_duty, GError **error)
{
  g_auto(ContactDuty) duty = { CONTACT_FREE, 0, NULL, 0 };
  bool other = false;

  if (row->erased_on == DAY_NONE &&
      (!load_units(db, row, today, &duty, error) || !has_other(db, row, today, &other, error) ||
       !load_messages(db, row, other, &duty, error)))
    return false;
  if (duty.releases != NULL && !has_ended(row, today))
    duty.kind = CONTACT_ON_DUTY;
  else if (duty.releases != NULL && !other)
    duty.kind = CONTACT_ALONE;
  else if (duty.messages > 0)
    duty.kind = CONTACT_AWAITED;
  *ret_duty = duty;
  duty.releases = NULL;
  return true;
}

char *contact_duty_reason(const ContactDuty *duty, const ContactRow *row)
{
  g_autofree char *who = g_strdup_printf("%s %s", row->organization_code, row->name);

  switch (duty->kind) {
  case CONTACT_ON_DUTY:
    return g_strdup_printf("%s looks after %" G_GINT64_FORMAT
                           " %s in use (%s): record a successor and the last day "
                           "of this contact (valid_to) by kigen import contacts, then erase",
                           who, duty->units, duty->units == 1 ? "unit" : "units", duty->releases);
  case CONTACT_ALONE:
    return g_strdup_printf("%s has ended, but nobody else can be reached there for %" G_GINT64_FORMAT
                           " %s in use (%s): record a successor by kigen import contacts, then erase",
                           who, duty->units, duty->units == 1 ? "unit" : "units", duty->releases);
  case CONTACT_AWAITED:
    return g_strdup_printf("%" G_GINT64_FORMAT
                           " %s to %s under way, or %s for nobody else: run kigen deliver --once "
                           "(kigen outbox list --organization %s shows them), then erase",
                           duty->messages, duty->messages == 1 ? "message is" : "messages are", who,
                           duty->messages == 1 ? "waits" : "wait", row->organization_code);
  case CONTACT_FREE:
    break;
  }
  return NULL;
}
