#include "db/contact_record.h"

#include "db/audit_search.h"
#include "db/contact_reach.h"

static void message_free(ContactMessage *message)
{
  outbox_row_free(message->row);
  g_clear_pointer(&message->events, g_ptr_array_unref);
  outbox_context_free(message->context);
  g_free(message);
}

static void deed_free(ContactDeed *deed)
{
  g_free(deed->what);
  g_free(deed->organization);
  g_free(deed->about);
  g_free(deed->by);
  g_free(deed->title);
  g_free(deed->note);
  g_free(deed->at);
  g_free(deed);
}

static void mention_free(ContactMention *mention)
{
  g_free(mention->where);
  g_free(mention->text);
  g_free(mention);
}

const char *contact_deed_key(ContactDeedKind kind)
{
  static const char *const keys[CONTACT_DEED_KIND_COUNT] = {
    [CONTACT_ACKNOWLEDGED] = "acknowledgement",
    [CONTACT_PRESENTED] = "presentation",
    [CONTACT_HANDED] = "handover",
    [CONTACT_DECIDED] = "decision",
    [CONTACT_CORRECTED] = "correction",
    [CONTACT_CORRECTED_CONTACT] = "contact-correction",
  };

  g_assert(kind < CONTACT_DEED_KIND_COUNT);
  return keys[kind];
}

void contact_record_free(ContactRecord *record)
{
  if (record == NULL)
    return;
  g_clear_pointer(&record->messages, g_ptr_array_unref);
  g_clear_pointer(&record->deeds, g_ptr_array_unref);
  g_clear_pointer(&record->audit, g_ptr_array_unref);
  g_clear_pointer(&record->mentions, g_ptr_array_unref);
  g_free(record);
}

static bool load_messages(Db *db, const ContactRow *row, GPtrArray *messages, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!outbox_list_of_contact(db, row->id, &rows, error))
    return false;
  while (rows->len > 0) {
    ContactMessage *message = g_new0(ContactMessage, 1);

    g_ptr_array_add(messages, message);
    message->row = g_ptr_array_steal_index(rows, 0);
    if (!outbox_list_events(db, message->row->id, &message->events, error) ||
        !outbox_store_load_context(db, message->row->id, &message->context, error))
      return false;
  }
  return true;
}

/* Reads the rows of `query` ($1 the organization) by `read`, which keeps what names the person. */
static bool read_named(Db *db, const DbQuery *query, gint64 organization, const Person *person,
                       void (*read)(DbStatement *, const Person *, GPtrArray *), GPtrArray *found,
                       GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  if (organization != 0)
    db_bind_int(statement, 1, organization);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    read(statement, person, found);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static void read_deed(DbStatement *statement, const Person *person, GPtrArray *deeds)
{
  ContactDeedKind kind = (ContactDeedKind)db_int(statement, 0);
  bool theirs = kind != CONTACT_PRESENTED && person_is_in(person, db_text(statement, 5));
  bool noted = person_is_in(person, db_text(statement, 6));

  if (!theirs && !noted)
    return;

  ContactDeed *deed = g_new0(ContactDeed, 1);

  deed->kind = kind;
  deed->theirs = theirs;
  deed->noted = noted;
  deed->id = db_int(statement, 1);
  deed->what = db_dup_text(statement, 2);
  deed->organization = db_dup_text(statement, 3);
  deed->about = db_dup_text(statement, 4);
  deed->by = db_dup_text(statement, 5);
  deed->note = db_dup_text(statement, 6);
  deed->at = db_dup_text(statement, 7);
  deed->title = db_dup_text(statement, 8);
  g_ptr_array_add(deeds, deed);
}

/* By organization, for which all these tables have an index: never a walk through all that was confirmed. */
bool contact_record_deeds(Db *db, const ContactRow *row, const Person *person, GPtrArray **ret_deeds,
                          GError **error)
{
  static const DbQuery query = {
    "WITH RECURSIVE below (id, depth) AS (SELECT o.id, 0 FROM organization o WHERE o.id = $1"
    " UNION SELECT o.id, b.depth + 1 FROM below b JOIN organization o ON o.parent = b.id"
    "  WHERE b.depth < " CONTACT_DEPTH_MAX "),"
    " there (id) AS (SELECT DISTINCT id FROM below),"
    " deed (kind, id, what, organization, plan, advisory, release, by, note, at, title) AS ("
    "  SELECT 0, a.id, a.kind, a.organization, n.plan, n.advisory, NULL, a.by, a.note, a.at, a.title FROM "
    "there"
    "   CROSS JOIN acknowledgement a JOIN notice n ON n.id = a.notice WHERE a.organization = there.id"
    "  UNION ALL SELECT 1, s.id, s.how, s.organization, s.plan, NULL, NULL, s.by, s.note, s.at, NULL FROM "
    "there"
    "   CROSS JOIN presentation s WHERE s.organization = there.id"
    "  UNION ALL SELECT 2, h.id, h.step, x.organization, (SELECT min(n.plan) FROM outbox_notice xn JOIN "
    "notice n"
    "    ON n.id = xn.notice WHERE xn.outbox = x.id), (SELECT min(n.advisory) FROM outbox_notice xn JOIN "
    "notice n"
    "    ON n.id = xn.notice WHERE xn.outbox = x.id), NULL, coalesce(h.by || ', ', '') || coalesce(h.person, "
    "''), "
    "h.note, h.at,"
    "   NULL FROM handover h JOIN outbox x ON x.id = h.outbox"
    "   WHERE x.organization IN (SELECT id FROM there) OR h.organization IN (SELECT id FROM there)"
    "  UNION ALL SELECT 3, c.id, c.kind, c.organization, NULL, NULL, c.release, c.person, c.controls, c.at, "
    "c.title"
    "   FROM there CROSS JOIN decision c WHERE c.organization = there.id"
    "  UNION ALL SELECT 4, c.id, c.kind, c.organization, NULL, NULL, w.release, c.person, c.note, c.at, NULL"
    "   FROM there CROSS JOIN correction c JOIN device w ON w.id = c.device WHERE c.organization = there.id"
    "  UNION ALL SELECT 5, c.id, c.kind, c.organization, NULL, NULL, NULL, c.person, coalesce(c.note || "
    "char(10), '')"
    "    || coalesce((SELECT k.name || char(10) FROM contact k WHERE k.id = c.contact), '')"
    "    || coalesce((SELECT group_concat(f.field || ': ' || coalesce(f.was || ' -> ', '') || "
    "coalesce(f.said, ''),"
    "     char(10)) FROM correction_field f WHERE f.correction = c.id AND coalesce(f.was, f.said) IS NOT "
    "NULL), ''),"
    "    c.at, NULL"
    "   FROM there CROSS JOIN correction c WHERE c.organization = there.id AND c.device IS NULL)"
    " SELECT d.kind, d.id, d.what, o.code, coalesce(p.code || '/' || r.name, v.number, 'contacts')"
    "  || coalesce(', revision ' || coalesce(s.revision, v.revision), ''), d.by, d.note, d.at, d.title"
    " FROM deed d JOIN organization o ON o.id = d.organization LEFT JOIN support_plan s ON s.id = d.plan"
    " LEFT JOIN release r ON r.id = coalesce(s.release, d.release) LEFT JOIN product p ON p.id = r.product"
    " LEFT JOIN advisory v ON v.id = d.advisory ORDER BY d.at, d.kind, d.id"
  };
  g_autoptr(GPtrArray) deeds = g_ptr_array_new_with_free_func((GDestroyNotify)deed_free);

  if (!read_named(db, &query, row->organization, person, read_deed, deeds, error))
    return false;
  *ret_deeds = g_steal_pointer(&deeds);
  return true;
}

static void read_mention(DbStatement *statement, const Person *person, GPtrArray *mentions)
{
  if (!person_is_in(person, db_text(statement, 1)))
    return;

  ContactMention *mention = g_new0(ContactMention, 1);

  mention->where = db_dup_text(statement, 0);
  mention->text = db_dup_text(statement, 1);
  g_ptr_array_add(mentions, mention);
}

#define MENTIONED(table, column)                                                                             \
  "SELECT '" table " ' || id || ', " column "', " column " FROM " table " WHERE " column " IS NOT NULL"

bool contact_record_mentions(Db *db, const Person *person, GPtrArray **ret_mentions, GError **error)
{
  static const DbQuery queries[] = {
    { MENTIONED("support_plan", "reason") }, { MENTIONED("support_plan", "withdrawn_reason") },
    { MENTIONED("plan_event", "reason") },   { MENTIONED("extension", "reason") },
    { MENTIONED("correction", "reason") },   { MENTIONED("extension", "ended_reason") },
    { MENTIONED("assessment", "note") },
  };
  g_autoptr(GPtrArray) mentions = g_ptr_array_new_with_free_func((GDestroyNotify)mention_free);

  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++)
    if (!read_named(db, &queries[i], 0, person, read_mention, mentions, error))
      return false;
  *ret_mentions = g_steal_pointer(&mentions);
  return true;
}

static bool load_audit(Db *db, const Person *person, GPtrArray **ret_entries, GError **error)
{
  g_autoptr(GPtrArray) persons = g_ptr_array_new();
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GArray) hits = NULL;

  g_ptr_array_add(persons, (gpointer)(gsize)person);
  if (!audit_search(db, persons, &hits, error) ||
      !audit_log_list(db, &(AuditFilter){ .id = -1 }, &entries, error))
    return false;
  for (guint i = 0; i < hits->len; i++) {
    AuditFilter filter = { .id = g_array_index(hits, AuditHit, i).id };
    g_autoptr(GPtrArray) one = NULL;

    if (!audit_log_list(db, &filter, &one, error))
      return false;
    g_ptr_array_add(entries, g_ptr_array_steal_index(one, 0));
  }
  *ret_entries = g_steal_pointer(&entries);
  return true;
}

bool contact_record_load(Db *db, const ContactRow *row, ContactRecord **ret_record, GError **error)
{
  g_autoptr(Person) person = person_new(row->name, row->email);
  g_autoptr(ContactRecord) record = g_new0(ContactRecord, 1);

  record->messages = g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
  if (!load_messages(db, row, record->messages, error) ||
      !contact_record_deeds(db, row, person, &record->deeds, error) ||
      !contact_record_mentions(db, person, &record->mentions, error) ||
      !load_audit(db, person, &record->audit, error))
    return false;
  *ret_record = g_steal_pointer(&record);
  return true;
}
