#include "notifier/mail/deliver_ledger.h"

#include <jansson.h>

#include "db/relay_store.h"

/* A transaction under way. */
typedef struct {
  Db *db;
  const DeliverEntry *entry;
  DeliverCounts counts;
  bool again;
} Writing;

void deliver_counts_add(DeliverCounts *counts, const DeliverCounts *more)
{
  counts->accepted += more->accepted;
  counts->deferred += more->deferred;
  counts->failed += more->failed;
  counts->unknown += more->unknown;
  counts->superseded += more->superseded;
  counts->returned += more->returned;
  counts->foreign += more->foreign;
}

static void count(DeliverCounts *counts, const OutboxVerdict *verdict, bool ours)
{
  gint64 *const counters[OUTBOX_STATE_COUNT] = {
    [OUTBOX_ACCEPTED] = &counts->accepted,     [OUTBOX_DEFERRED] = &counts->deferred,
    [OUTBOX_FAILED] = &counts->failed,         [OUTBOX_UNKNOWN] = &counts->unknown,
    [OUTBOX_SUPERSEDED] = &counts->superseded,
  };

  if (!ours)
    counts->foreign++;
  else if (verdict->input == OUTBOX_INPUT_RETURN)
    counts->returned++;
  else
    (*counters[verdict->state])++;
}

/* Seconds from `since` to `now`, both UTC instants; 0 where one is none. */
static gint64 seconds_between(const char *since, const char *now)
{
  g_autoptr(GDateTime) begun = since != NULL ? g_date_time_new_from_iso8601(since, NULL) : NULL;
  g_autoptr(GDateTime) ended = g_date_time_new_from_iso8601(now, NULL);

  return begun != NULL && ended != NULL ? g_date_time_difference(ended, begun) / G_TIME_SPAN_SECOND : 0;
}

/* What the event says. Own string, or NULL. */
static char *detail_of(const DeliverItem *item, const OutboxVerdict *verdict)
{
  const char *reply = item->reply != NULL ? item->reply : "";

  if (verdict->input == OUTBOX_INPUT_EXPIRE)
    return g_strdup_printf("given up after %d tries in %d days: %s", verdict->deferrals,
                           OUTBOX_LIFETIME_SECONDS / (24 * 60 * 60), reply);
  if (verdict->input == OUTBOX_INPUT_EXHAUST)
    return g_strdup_printf("given up after %d times that it may have arrived: %s", verdict->unknowns, reply);
  return g_strdup(item->reply);
}

static bool settle(Writing *writing, const DeliverItem *item, GError **error)
{
  const DeliverEntry *entry = writing->entry;
  const OutboxLease *lease = item->lease;
  OutboxVerdict verdict;
  bool ours = false;
  bool possible =
      outbox_life_settle(&lease->tries, item->input, seconds_between(lease->tried_since, entry->audit->now),
                         entry->chance(entry->data), &verdict);

  g_assert(possible);
  if (verdict.state == OUTBOX_DEFERRED)
    verdict.wait_seconds = MAX(verdict.wait_seconds, MIN(item->wait_seconds, OUTBOX_WAIT_MAX_SECONDS));

  g_autofree char *detail = detail_of(item, &verdict);

  if (!outbox_lease_settle(writing->db, entry->audit, entry->owner, lease, &verdict, detail, &ours, error))
    return false;
  count(&writing->counts, &verdict, ours);
  writing->again |= verdict.wait_seconds == 0 || verdict.input == OUTBOX_INPUT_RETURN;
  return true;
}

static bool settle_all(Writing *writing, GError **error)
{
  for (const GList *link = writing->entry->settled->head; link != NULL; link = link->next)
    if (!settle(writing, link->data, error))
      return false;
  return true;
}

/* Sending what may have arrived once more is a decision that is kept (architecture.md, Processes). */
static bool audit_resend(const Writing *writing, const OutboxLease *lease, GError **error)
{
  if (lease->tries.before != OUTBOX_UNKNOWN)
    return true;

  json_t *object = json_pack("{s:I, s:s, s:i}", "message", (json_int_t)lease->id, "message_id",
                             lease->message_id, "attempt", lease->attempt);
  g_autofree char *payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

  json_decref(object);
  return audit_append(writing->db, writing->entry->audit, "outbox.resend", payload, error);
}

static bool keep_rendered(Writing *writing, DeliverItem *item, GError **error)
{
  if (item->has_outcome)
    return settle(writing, item, error);
  return audit_resend(writing, item->lease, error) &&
         outbox_store_put_context(writing->db, item->lease->id, item->context, error);
}

/* Somebody else has written since they were rendered. All of them before any is kept: what they share is
 * remembered until something is written. */
static bool render_again(const Writing *writing, GError **error)
{
  const DeliverEntry *entry = writing->entry;
  g_autoptr(LetterMemo) memo = letter_memo_new();

  for (const GList *link = entry->rendered->head; link != NULL; link = link->next)
    if (!deliver_render(writing->db, entry->style, memo, entry->audit->now, link->data, error))
      return false;
  return true;
}

static bool keep_all_rendered(Writing *writing, GError **error)
{
  const DeliverEntry *entry = writing->entry;
  gint64 version = 0;

  if (entry->rendered->length == 0)
    return true;
  if (!db_data_version(writing->db, &version, error) ||
      !outbox_store_put_template_set(writing->db, entry->set_hash, entry->set_bytes, error))
    return false;
  if (version != entry->version && !render_again(writing, error))
    return false;
  for (const GList *link = entry->rendered->head; link != NULL; link = link->next)
    if (!keep_rendered(writing, link->data, error))
      return false;
  return true;
}

static bool note_relay(const Writing *writing, GError **error)
{
  const DeliverEntry *entry = writing->entry;

  if (entry->relay == NULL)
    return true;
  return entry->relay_failure != NULL
             ? relay_store_failing(writing->db, entry->relay, entry->audit->now, entry->relay_failure, error)
             : relay_store_accepted(writing->db, entry->relay, entry->audit->now, error);
}

bool deliver_ledger_write(Db *db, const DeliverEntry *entry, DeliverCounts *ret_counts,
                          GPtrArray **ret_leases, bool *ret_again, GError **error)
{
  Writing writing = { .db = db, .entry = entry };
  g_autoptr(GPtrArray) leases = NULL;

  if (!db_begin(db, error))
    return false;
  if (!settle_all(&writing, error) || !keep_all_rendered(&writing, error) || !note_relay(&writing, error) ||
      !outbox_lease_take(db, entry->audit, entry->owner, entry->channel, entry->lease_limit, &leases,
                         error) ||
      !db_commit(db, error)) {
    db_rollback(db);
    return false;
  }
  *ret_counts = writing.counts;
  *ret_leases = g_steal_pointer(&leases);
  *ret_again = writing.again;
  return true;
}
