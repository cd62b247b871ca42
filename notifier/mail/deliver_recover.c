#include "notifier/mail/deliver_recover.h"

#include <jansson.h>

/* What is known of a lease. `reply` is static, or the note's. */
static OutboxInput input_of(const DeliverSheet *sheet, const OutboxLease *lease, SheetNote *ret_note,
                            const char **ret_reply)
{
  static const OutboxInput inputs[] = { [DELIVERY_ACCEPTED] = OUTBOX_INPUT_ACCEPT,
                                        [DELIVERY_DEFERRED] = OUTBOX_INPUT_DEFER,
                                        [DELIVERY_FAILED] = OUTBOX_INPUT_REFUSE,
                                        [DELIVERY_UNKNOWN] = OUTBOX_INPUT_UNSURE,
                                        [DELIVERY_RETURNED] = OUTBOX_INPUT_RETURN };
  const char *owner = deliver_sheet_owner(sheet);
  bool is_noted = owner != NULL && g_strcmp0(owner, lease->owner) == 0;

  *ret_note = deliver_sheet_find(sheet, lease->id, (guint32)lease->attempt);
  if (is_noted && ret_note->mark == SHEET_DONE) {
    *ret_reply = ret_note->reply;
    return inputs[ret_note->outcome];
  }
  if (is_noted && ret_note->mark == SHEET_NOTHING) {
    *ret_reply = "the program ended before it was sent";
    return OUTBOX_INPUT_RETURN;
  }
  *ret_reply = "the program ended between handing over and recording: it may have arrived";
  return OUTBOX_INPUT_LOST_IN_DATA;
}

static bool settle(Db *db, const AuditContext *audit, const DeliverSheet *sheet, const OutboxLease *lease,
                   json_t *messages, GError **error)
{
  SheetNote note;
  const char *reply = NULL;
  OutboxInput input = input_of(sheet, lease, &note, &reply);
  OutboxVerdict verdict;
  bool ours = false;
  bool possible = outbox_life_settle(&lease->tries, input, 0, 0, &verdict);

  g_assert(possible);
  json_array_append_new(messages, json_pack("{s:I, s:s}", "message", (json_int_t)lease->id, "to",
                                            outbox_state_key(verdict.state)));
  return outbox_lease_settle(db, audit, lease->owner, lease, &verdict, reply, &ours, error);
}

static bool settle_all(Db *db, const AuditContext *audit, const DeliverSheet *sheet, const GPtrArray *leases,
                       GError **error)
{
  json_t *messages = json_array();
  bool done = true;

  for (guint i = 0; i < leases->len && done; i++)
    done = settle(db, audit, sheet, leases->pdata[i], messages, error);

  json_t *object = json_pack("{s:o}", "messages", messages);
  g_autofree char *payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

  json_decref(object);
  return done && audit_append(db, audit, "outbox.recover", payload, error);
}

bool deliver_recover(Db *db, const AuditContext *audit, const char *channel, const DeliverSheet *sheet,
                     gint64 *ret_recovered, GError **error)
{
  g_autoptr(GPtrArray) leases = NULL;

  if (!outbox_lease_list(db, channel, &leases, error))
    return false;
  *ret_recovered = leases->len;
  if (leases->len == 0)
    return true;
  if (!db_begin(db, error))
    return false;
  if (settle_all(db, audit, sheet, leases, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}
