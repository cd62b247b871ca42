#include "db/handover_store.h"

#include "db/outbox_move.h"
#include "db/outbox_reach.h"

#include <jansson.h>
#include <string.h>

G_DEFINE_QUARK(kigen - handover - error - quark, handover_error)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Each step: its word, and what it is to the message (COUNT: nothing, it is its customer's). */
static const struct {
  const char *key;
  OutboxInput input;
} steps[HANDOVER_STEP_COUNT] = {
  [HANDOVER_SENT] = { "sent", OUTBOX_INPUT_POST },
  [HANDOVER_RETURNED] = { "returned", OUTBOX_INPUT_COME_BACK },
  [HANDOVER_HANDED] = { "handed", OUTBOX_INPUT_HAND },
  [HANDOVER_RELAYED] = { "relayed", OUTBOX_INPUT_COUNT },
};

const char *const handover_ways[] = { "post", "hand", "fax", "mail", "phone", "other", NULL };

const char *handover_step_key(HandoverStep step)
{
  g_assert(step < HANDOVER_STEP_COUNT);
  return steps[step].key;
}

void handover_free(Handover *handover)
{
  if (handover == NULL)
    return;
  g_free(handover->organization);
  g_free(handover->organization_name);
  g_free(handover->how);
  g_free(handover->by);
  g_free(handover->person);
  g_free(handover->tracking);
  g_free(handover->note);
  g_free(handover->recorded_by);
  g_free(handover->at);
  g_free(handover);
}

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, HANDOVER_ERROR, HANDOVER_ERROR_REFUSED, message);
  return false;
}

/* What would make it possible. */
static const char *remedy(const OutboxMove *message, HandoverStep step)
{
  if (step == HANDOVER_SENT && strcmp(message->channel, "letter") == 0)
    return message->state == OUTBOX_PENDING ? "; print it first: kigen outbox print" : "";
  if (step == HANDOVER_RETURNED && message->state == OUTBOX_PRINTED)
    return "; it was not sent yet: kigen outbox sent";
  if (step == HANDOVER_HANDED && (message->state == OUTBOX_PENDING || message->state == OUTBOX_DEFERRED))
    return "; kigen deliver sends it, and it would go twice: record the presentation (kigen plan present)";
  return "";
}

static bool check_state(const OutboxMove *message, HandoverStep step, OutboxState *ret_next, GError **error)
{
  if (outbox_life_by_person(message->channel, message->state, steps[step].input, ret_next))
    return true;
  return refuse(error, "message %" G_GINT64_FORMAT " goes by %s and is %s: it cannot be %s%s", message->id,
                message->channel, outbox_state_key(message->state), steps[step].key, remedy(message, step));
}

static bool check_day(const AuditContext *context, Day day, GError **error)
{
  char shown[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];

  if (day <= context->today)
    return true;
  return refuse(error, "%s lies after today, %s", day_format(day, shown), day_format(context->today, today));
}

/* A customer that the request is about. */
static bool check_customer(Db *db, const OutboxMove *message, gint64 organization, GError **error)
{
  static const DbQuery query = { "SELECT 1 FROM outbox_notice WHERE outbox = $1 AND organization = $2" };
  DbStatement *statement;
  bool row;

  if (strcmp(message->channel, "relay") != 0)
    return refuse(error, "message %" G_GINT64_FORMAT " goes by %s: nobody was asked to pass it on",
                  message->id, message->channel);
  if (message->state == OUTBOX_SUPERSEDED)
    return refuse(error, "message %" G_GINT64_FORMAT " was overtaken before it went", message->id);
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, message->id);
  db_bind_int(statement, 2, organization);
  if (!db_step(statement, &row, error))
    return false;
  db_reset(statement);
  return row || refuse(error, "message %" G_GINT64_FORMAT " says nothing about that customer", message->id);
}

static bool insert(Db *db, const AuditContext *context, gint64 outbox, const HandoverEntry *entry,
                   GError **error)
{
  static const DbQuery query = {
    "INSERT INTO handover (outbox, step, organization, how, day, by, person, tracking, note, recorded_by, at)"
    " VALUES ($1, $2, nullif($3, 0), $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (outbox, organization) WHERE step = 'relayed' DO UPDATE SET how = excluded.how, day = "
    "excluded.day,"
    " by = excluded.by, person = excluded.person, tracking = excluded.tracking, note = excluded.note,"
    " recorded_by = excluded.recorded_by, at = excluded.at"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_text(statement, 2, steps[entry->step].key);
  db_bind_int(statement, 3, entry->organization);
  db_bind_text(statement, 4, entry->how);
  db_bind_text(statement, 5, day_format(entry->day, day));
  db_bind_text(statement, 6, entry->by);
  db_bind_text(statement, 7, entry->person);
  db_bind_text(statement, 8, entry->tracking);
  db_bind_text(statement, 9, entry->note);
  db_bind_text(statement, 10, context->actor);
  db_bind_text(statement, 11, context->now);
  return db_run(statement, error);
}

/* What was passed on to that customer already. */
static bool find_relayed(Db *db, gint64 outbox, const HandoverEntry *entry, UpsertResult *ret_result,
                         GError **error)
{
  static const DbQuery query = { "SELECT how, day, by, person, note FROM handover WHERE outbox = $1"
                                 " AND organization = $2 AND step = 'relayed'" };
  char day[DAY_TEXT_SIZE];
  const char *given[] = { entry->how, day_format(entry->day, day), entry->by, entry->person, entry->note };
  UpsertResult result = UPSERT_ADDED;
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  db_bind_int(statement, 2, entry->organization);
  if (!db_step(statement, &row, error))
    return false;
  if (row)
    result = UPSERT_UNCHANGED;
  for (int i = 0; row && i < (int)G_N_ELEMENTS(given); i++)
    if (g_strcmp0(given[i], db_text(statement, i)) != 0)
      result = UPSERT_CHANGED;
  db_reset(statement);
  *ret_result = result;
  return true;
}

static void put_text(json_t *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_new(object, name, json_string(text));
}

static bool append_audit(Db *db, const AuditContext *context, gint64 outbox, const HandoverEntry *entry,
                         GError **error)
{
  g_autofree char *action = g_strconcat("outbox.", steps[entry->step].key, NULL);
  g_autoptr(json_t) payload = json_object();
  char day[DAY_TEXT_SIZE];

  json_object_set_new(payload, "message", json_integer(outbox));
  if (entry->organization != 0)
    json_object_set_new(payload, "organization", json_integer(entry->organization));
  put_text(payload, "how", entry->how);
  put_text(payload, "day", day_format(entry->day, day));
  put_text(payload, "by", entry->by);
  put_text(payload, "person", entry->person);
  put_text(payload, "tracking", entry->tracking);
  put_text(payload, "note", entry->note);

  g_autofree char *text = json_dumps(payload, JSON_COMPACT);

  return audit_append(db, context, action, text, error);
}

/* What the message's event says: "tracking 1234", "by fax". Nobody's name: an event cannot forget one. */
static char *detail_of(const HandoverEntry *entry)
{
  if (entry->tracking != NULL)
    return g_strdup_printf("tracking %s", entry->tracking);
  return entry->step == HANDOVER_HANDED ? g_strdup_printf("by %s", entry->how) : NULL;
}

static bool record_step(Db *db, const AuditContext *context, const OutboxMove *message,
                        const HandoverEntry *entry, GError **error)
{
  g_autofree char *detail = detail_of(entry);
  OutboxState next = message->state;

  return check_state(message, entry->step, &next, error) &&
         outbox_move(db, context, message, next, message->attempt, entry->day, detail, error) &&
         insert(db, context, message->id, entry, error);
}

static bool record_relayed(Db *db, const AuditContext *context, const OutboxMove *message,
                           const HandoverEntry *entry, UpsertResult *ret_result, GError **error)
{
  return check_customer(db, message, entry->organization, error) &&
         find_relayed(db, message->id, entry, ret_result, error) &&
         (*ret_result == UPSERT_UNCHANGED || insert(db, context, message->id, entry, error));
}

bool handover_store_record(Db *db, const AuditContext *context, gint64 outbox, const HandoverEntry *entry,
                           UpsertResult *ret_result, GError **error)
{
  g_autoptr(OutboxMove) message = NULL;
  UpsertResult result = UPSERT_ADDED;

  if (!outbox_move_load(db, outbox, &message, error))
    return false;
  if (message == NULL)
    return refuse(error, "no message %" G_GINT64_FORMAT ": kigen outbox list shows them", outbox);
  if (!check_day(context, entry->day, error) ||
      !(entry->step == HANDOVER_RELAYED ? record_relayed(db, context, message, entry, &result, error)
                                        : record_step(db, context, message, entry, error)) ||
      (result != UPSERT_UNCHANGED && !append_audit(db, context, outbox, entry, error)))
    return false;
  *ret_result = result;
  return true;
}

static HandoverStep step_of(const char *key)
{
  for (int i = 0; i < HANDOVER_STEP_COUNT; i++)
    if (g_strcmp0(key, steps[i].key) == 0)
      return (HandoverStep)i;
  return HANDOVER_HANDED; /* a CHECK holds it */
}

static Handover *read_row(DbStatement *statement)
{
  Handover *row = g_new0(Handover, 1);

  row->step = step_of(db_text(statement, 0));
  row->organization = db_dup_text(statement, 1);
  row->organization_name = db_dup_text(statement, 2);
  row->how = db_dup_text(statement, 3);
  if (!day_parse(db_text(statement, 4), &row->day))
    row->day = DAY_NONE;
  row->by = db_dup_text(statement, 5);
  row->person = db_dup_text(statement, 6);
  row->tracking = db_dup_text(statement, 7);
  row->note = db_dup_text(statement, 8);
  row->recorded_by = db_dup_text(statement, 9);
  row->at = db_dup_text(statement, 10);
  return row;
}

bool handover_store_of_message(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
{
  static const DbQuery query = {
    "SELECT h.step, g.code, g.name_ja, h.how, h.day, h.by, h.person, h.tracking, h.note,"
    " h.recorded_by, h.at FROM handover h LEFT JOIN organization g ON g.id = h.organization"
    " WHERE h.outbox = $1 ORDER BY h.id"
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)handover_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(list, read_row(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_list = g_steal_pointer(&list);
  return true;
}

void handover_customer_free(HandoverCustomer *customer)
{
  if (customer == NULL)
    return;
  g_free(customer->code);
  g_free(customer->name);
  g_free(customer);
}

bool handover_store_open(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
{
  static const DbQuery query = {
    "SELECT DISTINCT g.code, g.name_ja FROM outbox o JOIN outbox_notice x ON x.outbox = o.id"
    " JOIN organization g ON g.id = x.organization WHERE o.id = $1 AND o.channel = 'relay'"
    " AND NOT " OUTBOX_RELAYED_SQL("o", "x") " ORDER BY g.code"
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)handover_customer_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, outbox);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    HandoverCustomer *customer = g_new0(HandoverCustomer, 1);

    customer->code = db_dup_text(statement, 0);
    customer->name = db_dup_text(statement, 1);
    g_ptr_array_add(list, customer);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_list = g_steal_pointer(&list);
  return true;
}
