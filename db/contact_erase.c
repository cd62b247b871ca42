#include "db/contact_erase.h"

#include "db/audit_search.h"
#include "db/contact_duty.h"
#include "db/contact_readdress.h"
#include "db/contact_record.h"
#include "db/setting_store.h"
#include "planner/person.h"

#include <jansson.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Somebody who is erased. */
typedef struct {
  const ContactRow *row;
  Person *person;
  ContactErased counts;
} Erasure;

static void erasure_free(Erasure *erasure)
{
  person_free(erasure->person);
  g_free(erasure);
}

/* Those of `rows` who are there, each of them free to go. */
static bool gather(Db *db, const AuditContext *context, const GPtrArray *rows, const char *reason,
                   GPtrArray *erasures, GError **error)
{
  for (guint i = 0; i < rows->len; i++) {
    const ContactRow *row = rows->pdata[i];
    g_auto(ContactDuty) duty = { 0 };

    if (row->erased_on != DAY_NONE)
      continue;
    if (!contact_duty_load(db, row, context->today, &duty, error))
      return false;

    g_autofree char *why = contact_duty_reason(&duty, row);
    Erasure *erasure = g_new0(Erasure, 1);

    erasure->row = row;
    erasure->person = person_new(row->name, row->email);
    g_ptr_array_add(erasures, erasure);
    if (why != NULL || person_is_in(erasure->person, reason)) {
      g_set_error(error, CONTACT_ERROR, why != NULL ? CONTACT_ERROR_DUTY : CONTACT_ERROR_REASON, "%s",
                  why != NULL
                      ? why
                      : "the reason names the person, and would stay in the audit trail: say it without");
      return false;
    }
  }
  return true;
}

/* Binds $1 the contact and $2 today to `query` and runs it; *changed (may be NULL) += rows. */
static bool run_for(Db *db, const DbQuery *query, gint64 contact, Day today, gint64 *changed, GError **error)
{
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, contact);
  if (today != DAY_NONE)
    db_bind_text(statement, 2, day_format(today, day));
  if (!db_run(statement, error))
    return false;
  if (changed != NULL)
    *changed += db_changes(db);
  return true;
}

static bool erase_row(Db *db, const ContactRow *row, const LinkKey *key, Day today, GError **error)
{
  static const DbQuery query = { "UPDATE contact SET name = '" CONTACT_ERASED_PREFIX
                                 "' || id, kana = NULL, department = NULL, title = NULL,"
                                 " email = NULL, phone = NULL, webhook = NULL, role = NULL, channel = "
                                 "'mail', valid_from = NULL, valid_to = NULL,"
                                 " erased_on = $2, erased_key = $3 WHERE id = $1" };
  guint8 digest[LINK_KEY_TOKEN_HASH_SIZE];
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, day_format(today, day));
  if (key != NULL) {
    contact_erased_digest(key, row->organization, row->name, digest);
    db_bind_blob(statement, 3, digest, sizeof digest);
  } else {
    db_bind_null(statement, 3);
  }
  return db_run(statement, error);
}

/* The messages to each of them, by one walk: outbox has no index for contacts, which only an erasure asks. */
static bool gather_messages(Db *db, const GPtrArray *erasures, GError **error)
{
  static const DbQuery make[] = {
    { "CREATE TEMPORARY TABLE IF NOT EXISTS erasing (contact INTEGER PRIMARY KEY)" },
    { "CREATE TEMPORARY TABLE IF NOT EXISTS erasing_message (contact INTEGER, outbox INTEGER,"
      " PRIMARY KEY (contact, outbox)) WITHOUT ROWID" },
    { "DELETE FROM erasing" },
    { "DELETE FROM erasing_message" },
  };
  static const DbQuery person = { "INSERT INTO erasing (contact) VALUES ($1)" };
  static const DbQuery messages = {
    "INSERT INTO erasing_message (contact, outbox) SELECT x.contact, x.id FROM outbox x"
    " WHERE x.contact IN (SELECT contact FROM erasing)"
  };

  for (gsize i = 0; i < G_N_ELEMENTS(make); i++)
    if (!db_exec(db, &make[i], error))
      return false;
  for (guint i = 0; i < erasures->len; i++)
    if (!run_for(db, &person, ((Erasure *)erasures->pdata[i])->row->id, DAY_NONE, NULL, error))
      return false;
  return db_exec(db, &messages, error);
}

/* Of the messages to them `query` selects an id and a text: the ids where the text names them; with `all`, of
 * each. */
static bool find_ids(Db *db, const DbQuery *query, const Erasure *erasure, bool all, GArray **ret_ids,
                     GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, erasure->row->id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    if (all || person_is_in(erasure->person, db_text(statement, 1)))
      g_array_append_val(ids, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_ids = g_steal_pointer(&ids);
  return true;
}

/* Once the row is erased: the trigger of outbox_event asks. */
static bool erase_details(Db *db, Erasure *erasure, GError **error)
{
  static const DbQuery find = {
    "SELECT e.id, e.detail FROM erasing_message m JOIN outbox_event e ON e.outbox = m.outbox"
    " WHERE m.contact = $1 AND e.detail IS NOT NULL ORDER BY e.id"
  };
  static const DbQuery erase = { "UPDATE outbox_event SET detail = NULL WHERE id = $1" };
  g_autoptr(GArray) ids = NULL;

  if (!find_ids(db, &find, erasure, false, &ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    if (!run_for(db, &erase, g_array_index(ids, gint64, i), DAY_NONE, &erasure->counts.details, error))
      return false;
  return true;
}

static bool erase_contexts(Db *db, Erasure *erasure, Day today, GError **error)
{
  static const DbQuery query = {
    "UPDATE message_context SET context = '', erased_on = $2 WHERE erased_on IS NULL"
    " AND outbox IN (SELECT outbox FROM erasing_message WHERE contact = $1)"
  };

  return run_for(db, &query, erasure->row->id, today, &erasure->counts.contexts, error);
}

static bool readdress(Db *db, const AuditContext *context, Erasure *erasure, GError **error)
{
  static const DbQuery find = {
    "SELECT x.id FROM erasing_message m JOIN outbox x ON x.id = m.outbox"
    " WHERE m.contact = $1 AND x.state IN ('pending', 'deferred') ORDER BY x.id"
  };
  g_autoptr(GArray) ids = NULL;

  if (!find_ids(db, &find, erasure, true, &ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    if (!contact_readdress(db, context, g_array_index(ids, gint64, i), erasure->row->id, error))
      return false;
  erasure->counts.readdressed += ids->len;
  return true;
}

/* Where they did something their name and function go ... */
static const DbQuery erase_theirs[CONTACT_DEED_KIND_COUNT] = {
  [CONTACT_ACKNOWLEDGED] = { "UPDATE acknowledgement SET by = '" CONTACT_ERASED_BY
                             "', title = NULL, note = NULL WHERE id = $1" },
  [CONTACT_HANDED] = { "UPDATE handover SET by = CASE WHEN by IS NOT NULL THEN '" CONTACT_ERASED_BY
                       "' END, person = CASE WHEN person IS NOT NULL THEN '" CONTACT_ERASED_BY
                       "' END, note = NULL WHERE id = $1" },
  [CONTACT_DECIDED] = { "UPDATE decision SET person = '" CONTACT_ERASED_BY "', title = NULL WHERE id = $1" },
  [CONTACT_CORRECTED] = { "UPDATE correction SET person = '" CONTACT_ERASED_BY
                          "', note = NULL WHERE id = $1" },
  [CONTACT_CORRECTED_CONTACT] = { "UPDATE correction SET person = '" CONTACT_ERASED_BY
                                  "', note = NULL WHERE id = $1" },
};

/* ... and what was said and names them. */
static const DbQuery erase_noted[CONTACT_DEED_KIND_COUNT] = {
  [CONTACT_ACKNOWLEDGED] = { "UPDATE acknowledgement SET note = NULL WHERE id = $1" },
  [CONTACT_PRESENTED] = { "UPDATE presentation SET note = NULL WHERE id = $1" },
  [CONTACT_HANDED] = { "UPDATE handover SET note = NULL WHERE id = $1" },
  [CONTACT_DECIDED] = { "UPDATE decision SET controls = '" CONTACT_ERASED_BY "' WHERE id = $1" },
  [CONTACT_CORRECTED] = { "UPDATE correction SET note = NULL WHERE id = $1" },
  [CONTACT_CORRECTED_CONTACT] = { "UPDATE correction_field SET was = NULL, said = NULL WHERE correction = "
                                  "$1" },
};

/* A correction that waits and says nothing any more is answered. */
static bool close_correction(Db *db, const ContactDeed *deed, Day today, GError **error)
{
  static const DbQuery note = { "UPDATE correction SET note = NULL WHERE id = $1" };
  static const DbQuery close = {
    "UPDATE correction SET state = 'rejected', decided_by = 'kigen', decided_on = $2,"
    " decided_at = $2 || 'T00:00:00Z', reason = '" CONTACT_ERASED_BY "' WHERE id = $1 AND state = 'waiting'"
  };
  if (deed->kind != CONTACT_CORRECTED_CONTACT || !deed->noted)
    return true;
  return run_for(db, &note, deed->id, DAY_NONE, NULL, error) &&
         run_for(db, &close, deed->id, today, NULL, error);
}

static bool erase_deeds(Db *db, Erasure *erasure, Day today, GError **error)
{
  g_autoptr(GPtrArray) deeds = NULL;

  if (!contact_record_deeds(db, erasure->row, erasure->person, &deeds, error))
    return false;
  for (guint i = 0; i < deeds->len; i++) {
    const ContactDeed *deed = deeds->pdata[i];

    if ((deed->theirs && !run_for(db, &erase_theirs[deed->kind], deed->id, DAY_NONE, NULL, error)) ||
        (deed->noted && !run_for(db, &erase_noted[deed->kind], deed->id, DAY_NONE, NULL, error)) ||
        !close_correction(db, deed, today, error))
      return false;
    erasure->counts.deeds++;
  }
  return true;
}

static bool count_messages(Db *db, Erasure *erasure, GError **error)
{
  static const DbQuery query = { "SELECT count(*) FROM erasing_message WHERE contact = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, erasure->row->id);
  if (!db_step(statement, &row, error))
    return false;
  erasure->counts.messages = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool erase_one(Db *db, const AuditContext *context, Erasure *erasure, const LinkKey *key,
                      GError **error)
{
  return count_messages(db, erasure, error) && erase_deeds(db, erasure, context->today, error) &&
         erase_row(db, erasure->row, key, context->today, error) && erase_details(db, erasure, error) &&
         erase_contexts(db, erasure, context->today, error);
}

/* Nobody's messages go on to somebody who goes too: first all of them go. */
static bool erase_each(Db *db, const AuditContext *context, const GPtrArray *erasures, const LinkKey *key,
                       GError **error)
{
  for (guint i = 0; i < erasures->len; i++)
    if (!erase_one(db, context, erasures->pdata[i], key, error))
      return false;
  for (guint i = 0; i < erasures->len; i++)
    if (!readdress(db, context, erasures->pdata[i], error))
      return false;
  return true;
}

/* One walk through the trail for all of them. */
static bool erase_payloads(Db *db, const GPtrArray *erasures, GError **error)
{
  g_autoptr(GPtrArray) persons = g_ptr_array_new();
  g_autoptr(GArray) hits = NULL;

  for (guint i = 0; i < erasures->len; i++)
    g_ptr_array_add(persons, ((Erasure *)erasures->pdata[i])->person);
  if (!audit_search(db, persons, &hits, error))
    return false;
  for (guint i = 0; i < hits->len; i++) {
    AuditHit hit = g_array_index(hits, AuditHit, i);

    if (!audit_erase(db, hit.id, error))
      return false;
    ((Erasure *)erasures->pdata[hit.person])->counts.payloads++;
  }
  return true;
}

static bool append_audit(Db *db, const AuditContext *context, const Erasure *erasure, const char *reason,
                         GError **error)
{
  const ContactErased *counts = &erasure->counts;
  g_autoptr(json_t) payload =
      json_pack("{s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "contact", (json_int_t)erasure->row->id,
                "organization", erasure->row->organization_code, "messages", (json_int_t)counts->messages,
                "contexts", (json_int_t)counts->contexts, "details", (json_int_t)counts->details, "deeds",
                (json_int_t)counts->deeds, "payloads", (json_int_t)counts->payloads, "readdressed",
                (json_int_t)counts->readdressed, "reason", reason);

  if (payload == NULL) {
    g_set_error_literal(error, CONTACT_ERROR, CONTACT_ERROR_REASON, "the reason is not valid UTF-8");
    return false;
  }

  g_autofree char *text = json_dumps(payload, JSON_COMPACT);

  return audit_append(db, context, "contact.erase", text, error);
}

static void add(ContactErased *sum, const ContactErased *counts)
{
  sum->people++;
  sum->messages += counts->messages;
  sum->contexts += counts->contexts;
  sum->details += counts->details;
  sum->deeds += counts->deeds;
  sum->payloads += counts->payloads;
  sum->readdressed += counts->readdressed;
}

bool contact_erase(Db *db, const AuditContext *context, const GPtrArray *rows, const LinkKey *key,
                   const char *reason, ContactErased *ret_erased, GError **error)
{
  g_autoptr(GPtrArray) erasures = g_ptr_array_new_with_free_func((GDestroyNotify)erasure_free);
  ContactErased sum = { 0 };

  if (!gather(db, context, rows, reason, erasures, error))
    return false;
  if (erasures->len > 0 &&
      (!gather_messages(db, erasures, error) || !erase_each(db, context, erasures, key, error) ||
       !erase_payloads(db, erasures, error) || !change_bump(db, "organization", error)))
    return false;
  for (guint i = 0; i < erasures->len; i++) {
    if (!append_audit(db, context, erasures->pdata[i], reason, error))
      return false;
    add(&sum, &((Erasure *)erasures->pdata[i])->counts);
  }
  *ret_erased = sum;
  return true;
}
