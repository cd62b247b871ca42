#include "db/outbox_lease.h"

#include <string.h>

#define INSTANT "%Y-%m-%dT%H:%M:%SZ"

void outbox_lease_free(OutboxLease *lease)
{
  if (lease == NULL)
    return;
  g_free(lease->message_id);
  g_free(lease->tried_since);
  g_free(lease->owner);
  g_free(lease);
}

static GPtrArray *leases_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)outbox_lease_free);
}

/* `instant` and some seconds; `instant` itself where it is none. Own string. */
static char *later(const char *instant, gint64 seconds)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(instant, NULL);
  g_autoptr(GDateTime) then = at != NULL ? g_date_time_add_seconds(at, (gdouble)seconds) : NULL;

  return then != NULL ? g_date_time_format(then, INSTANT) : g_strdup(instant);
}

/* What waits for its instant, in the words of its partial index. */
#define AGAIN                                                                                                \
  " FROM outbox WHERE state IN ('deferred', 'unknown') AND channel = $1 AND coalesce(not_before, '') "

/* Of `query`: channel, a day or an instant, and a limit (-1: none). */
static bool add_ids(Db *db, const DbQuery *query, const char *channel, const char *until, gint64 limit,
                    GArray *ids, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, channel);
  db_bind_text(statement, 2, until);
  db_bind_int(statement, 3, limit);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    g_array_append_val(ids, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

/* Ids to be tried again, at most `limit`. */
static bool add_again(Db *db, const AuditContext *context, const char *channel, guint limit, GArray *ids,
                      GError **error)
{
  static const DbQuery due = { "SELECT id" AGAIN "<= $2 ORDER BY coalesce(not_before, ''), id LIMIT $3" };
  static const DbQuery stranded = { "SELECT id" AGAIN
                                    "> $2 ORDER BY coalesce(not_before, '') DESC, id LIMIT $3" };
  g_autofree char *beyond = later(context->now, OUTBOX_WAIT_MAX_SECONDS);

  return add_ids(db, &due, channel, context->now, limit, ids, error) &&
         (ids->len >= limit || add_ids(db, &stranded, channel, beyond, limit - ids->len, ids, error));
}

/* What is delivered as `channel` is: a request to pass something on is a mail. NULL: nothing besides. */
static const char *besides(const char *channel)
{
  return strcmp(channel, "mail") == 0 ? "relay" : NULL;
}

/* Ids never tried, at most `limit`: urgent ones go before all others, however long those wait. */
static bool add_pending(Db *db, const AuditContext *context, const char *channel, guint limit, GArray *ids,
                        GError **error)
{
  static const DbQuery queries[] = { { OUTBOX_LEASE_PENDING_SQL("id", "1") " ORDER BY due_on, id LIMIT $3" },
                                     { OUTBOX_LEASE_PENDING_SQL("id",
                                                                "0") " ORDER BY due_on, id LIMIT $3" } };
  char day[DAY_TEXT_SIZE];

  day_format(context->today, day);
  for (guint i = 0; i < G_N_ELEMENTS(queries); i++)
    for (const char *of = channel; of != NULL && ids->len < limit; of = besides(of))
      if (!add_ids(db, &queries[i], of, day, limit - ids->len, ids, error))
        return false;
  return true;
}

/* The ids to lease: half and half, and what one kind leaves the other gets. */
static bool choose(Db *db, const AuditContext *context, const char *channel, guint limit, GArray **ret_ids,
                   GError **error)
{
  g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (const char *of = channel; of != NULL; of = besides(of))
    if (!add_again(db, context, of, limit, again, error))
      return false;
  if (!add_pending(db, context, channel, limit, pending, error))
    return false;

  guint others = MIN(pending->len, limit / 2);

  g_array_set_size(again, MIN(again->len, limit - others));
  g_array_set_size(pending, MIN(pending->len, limit - again->len));
  g_array_append_vals(again, pending->data, pending->len);
  *ret_ids = g_steal_pointer(&again);
  return true;
}

static bool append_event(Db *db, const AuditContext *context, gint64 id, const char *detail, GError **error)
{
  static const DbQuery query = { "INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                                 " SELECT id, $2, $3, attempt, state, $4 FROM outbox WHERE id = $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->now);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, detail);
  return db_run(statement, error);
}

/* The present row: id, attempt, the state before, deferrals, unknowns, message_id, tried_since. Nobody can
 * have leased a message in another state than a waiting one. */
static OutboxLease *read_lease(DbStatement *statement)
{
  OutboxLease *lease = g_new0(OutboxLease, 1);

  lease->id = db_int(statement, 0);
  lease->attempt = (int)db_int(statement, 1);
  if (!outbox_state_parse(db_text(statement, 2), &lease->tries.before))
    lease->tries.before = OUTBOX_PENDING;
  lease->tries.deferrals = (int)db_int(statement, 3);
  lease->tries.unknowns = (int)db_int(statement, 4);
  lease->message_id = db_dup_text(statement, 5);
  lease->tried_since = db_dup_text(statement, 6);
  return lease;
}

/* The message as it will be leased. */
static bool load_lease(Db *db, const AuditContext *context, gint64 id, OutboxLease **ret_lease,
                       GError **error)
{
  static const DbQuery query = { "SELECT id, attempt + 1, state, deferrals, unknowns, message_id,"
                                 " coalesce(tried_since, $2) FROM outbox WHERE id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->now);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row); /* chosen in the same transaction */
  *ret_lease = read_lease(statement);
  db_reset(statement);
  return true;
}

/* Without RETURNING, for which SQLite makes a table each time. */
static bool lease_one(Db *db, const AuditContext *context, const char *owner, gint64 id, GPtrArray *leases,
                      GError **error)
{
  static const DbQuery query = { "UPDATE outbox SET state = 'sending', attempt = $4, lease = $1,"
                                 " leased_from = state, tried_since = $2 WHERE id = $3" };
  OutboxLease *lease = NULL;
  DbStatement *statement;

  if (!load_lease(db, context, id, &lease, error))
    return false;
  g_ptr_array_add(leases, lease);
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, owner);
  db_bind_text(statement, 2, lease->tried_since);
  db_bind_int(statement, 3, id);
  db_bind_int(statement, 4, lease->attempt);
  return db_run(statement, error) && append_event(db, context, id, NULL, error);
}

bool outbox_lease_take(Db *db, const AuditContext *context, const char *owner, const char *channel,
                       guint limit, GPtrArray **ret_leases, GError **error)
{
  g_autoptr(GPtrArray) leases = leases_new();
  g_autoptr(GArray) ids = NULL;

  if (!choose(db, context, channel, limit, &ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    if (!lease_one(db, context, owner, g_array_index(ids, gint64, i), leases, error))
      return false;
  *ret_leases = g_steal_pointer(&leases);
  return true;
}

bool outbox_lease_settle(Db *db, const AuditContext *context, const char *owner, const OutboxLease *lease,
                         const OutboxVerdict *verdict, const char *detail, bool *ret_ours, GError **error)
{
  static const DbQuery query = {
    "UPDATE outbox SET state = $1, deferrals = $2, unknowns = $3, lease = NULL, leased_from = NULL,"
    " not_before = CASE WHEN $4 = 1 THEN not_before ELSE $5 END"
    " WHERE id = $6 AND attempt = $7 AND state = 'sending' AND coalesce(lease, '') = coalesce($8, '')"
  };
  bool keeps = verdict->input == OUTBOX_INPUT_RETURN;
  g_autofree char *not_before =
      verdict->wait_seconds >= 0 ? later(context->now, verdict->wait_seconds) : NULL;
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, outbox_state_key(verdict->state));
  db_bind_int(statement, 2, verdict->deferrals);
  db_bind_int(statement, 3, verdict->unknowns);
  db_bind_int(statement, 4, keeps);
  db_bind_text(statement, 5, not_before);
  db_bind_int(statement, 6, lease->id);
  db_bind_int(statement, 7, lease->attempt);
  db_bind_text(statement, 8, owner);
  if (!db_run(statement, error))
    return false;

  bool ours = db_changes(db) > 0;

  if (ours && !append_event(db, context, lease->id, detail, error))
    return false;
  *ret_ours = ours;
  return true;
}

static bool list_leases(Db *db, const char *channel, GPtrArray *leases, GError **error)
{
  static const DbQuery query = {
    "SELECT id, attempt, leased_from, deferrals, unknowns, message_id, tried_since, lease"
    " FROM outbox WHERE state = 'sending'"
    " AND state IN ('pending', 'sending', 'deferred', 'unknown') AND channel = $1 ORDER BY id"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, channel);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    OutboxLease *lease = read_lease(statement);

    lease->owner = db_dup_text(statement, 7);
    g_ptr_array_add(leases, lease);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool outbox_lease_list(Db *db, const char *channel, GPtrArray **ret_leases, GError **error)
{
  g_autoptr(GPtrArray) leases = leases_new();

  for (const char *of = channel; of != NULL; of = besides(of))
    if (!list_leases(db, of, leases, error))
      return false;
  *ret_leases = g_steal_pointer(&leases);
  return true;
}

/* The number that `query` counts of a channel up to a day or an instant. */
static bool count_rows(Db *db, const DbQuery *query, const char *channel, const char *until,
                       gint64 *ret_count, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, channel);
  db_bind_text(statement, 2, until);
  if (!db_step(statement, &row, error))
    return false;
  *ret_count = db_int(statement, 0);
  db_reset(statement);
  return true;
}

bool outbox_lease_count_due(Db *db, const AuditContext *context, const char *channel, gint64 *ret_count,
                            GError **error)
{
  static const DbQuery waiting = { OUTBOX_LEASE_PENDING_SQL("count(*)", "0, 1") },
                       again = { "SELECT count(*)" AGAIN "<= $2" },
                       stranded = { "SELECT count(*)" AGAIN "> $2" };
  g_autofree char *beyond = later(context->now, OUTBOX_WAIT_MAX_SECONDS);
  char day[DAY_TEXT_SIZE];
  gint64 sum = 0;

  for (const char *of = channel; of != NULL; of = besides(of)) {
    gint64 counts[3] = { 0 };

    if (!count_rows(db, &waiting, of, day_format(context->today, day), &counts[0], error) ||
        !count_rows(db, &again, of, context->now, &counts[1], error) ||
        !count_rows(db, &stranded, of, beyond, &counts[2], error))
      return false;
    sum += counts[0] + counts[1] + counts[2];
  }
  *ret_count = sum;
  return true;
}

static bool next_of(Db *db, const char *channel, char **ret_instant, GError **error)
{
  static const DbQuery query = { "SELECT min(coalesce(not_before, ''))" AGAIN ">= ''" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, channel);
  if (!db_step(statement, &row, error))
    return false;
  *ret_instant = db_dup_text(statement, 0);
  db_reset(statement);
  return true;
}

bool outbox_lease_next(Db *db, const char *channel, char **ret_instant, GError **error)
{
  g_autofree char *first = NULL;

  for (const char *of = channel; of != NULL; of = besides(of)) {
    g_autofree char *instant = NULL;

    if (!next_of(db, of, &instant, error))
      return false;
    if (instant != NULL && (first == NULL || strcmp(instant, first) < 0)) {
      g_free(first);
      first = g_steal_pointer(&instant);
    }
  }
  *ret_instant = g_steal_pointer(&first);
  return true;
}
