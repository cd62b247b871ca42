#include "notifier/mail/deliver_message.h"

#include <string.h>

#define RETRY_MINUTES 5

/* A message as it will go. */
typedef struct {
  OutboxLetter *letter;
  OutboxContext *context; /* NULL: it does not go, for `problem` */
  GBytes *bytes;
  char *recipient;
  OutboxState state; /* it gets without going: superseded or failed */
  char *problem;
} Prepared;

static void prepared_clear(Prepared *prepared)
{
  g_clear_pointer(&prepared->letter, outbox_letter_free);
  g_clear_pointer(&prepared->context, outbox_context_free);
  g_clear_pointer(&prepared->bytes, g_bytes_unref);
  g_clear_pointer(&prepared->recipient, g_free);
  g_clear_pointer(&prepared->problem, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Prepared, prepared_clear)

void deliver_outcome_clear(DeliverOutcome *outcome)
{
  g_clear_pointer(&outcome->reply, g_free);
}

/* `now` and some minutes. Own string. */
static char *later(const char *now)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(now, NULL);
  g_autoptr(GDateTime) then = at != NULL ? g_date_time_add_minutes(at, RETRY_MINUTES) : NULL;

  return then != NULL ? g_date_time_format(then, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/* The set that `context` was rendered with: the run's own, or the one kept. *ret_old owns the latter. */
static bool find_set(const DeliverRun *run, const OutboxContext *context, TemplateSet **ret_old,
                     const TemplateSet **ret_set, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;

  if (strcmp(context->template_set, template_set_hash(run->templates)) == 0) {
    *ret_set = run->templates;
    return true;
  }
  if (!outbox_store_load_template_set(run->db, context->template_set, &bytes, error))
    return false;
  if (bytes == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "template set %s of a message is not in the store",
                context->template_set);
    return false;
  }
  if (!template_set_from_bytes(bytes, ret_old, error))
    return false;
  *ret_set = *ret_old;
  return true;
}

/* The same bytes again. A newer program may render others from the same context: then those are what is kept.
 */
static bool thaw(const DeliverRun *run, Prepared *prepared, GError **error)
{
  g_autoptr(TemplateSet) old = NULL;
  const TemplateSet *set = NULL;

  if (!find_set(run, prepared->context, &old, &set, error) ||
      !letter_rebuild(prepared->context, set, &prepared->bytes, error))
    return false;
  g_free(prepared->context->sha256);
  prepared->context->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, prepared->bytes);
  g_free(prepared->context->renderer);
  prepared->context->renderer = g_strdup(KIGEN_VERSION);
  return true;
}

static bool freeze(const DeliverRun *run, Prepared *prepared, GError **error)
{
  LetterStyle style = { .today = run->audit->today,
                        .now = run->audit->now,
                        .from_address = run->from_address,
                        .reply_to = run->reply_to,
                        .uid_domain = run->uid_domain,
                        .maker = run->maker,
                        .audit_head = run->audit_head };

  g_clear_pointer(&prepared->context, outbox_context_free);
  return letter_freeze(prepared->letter, &style, run->templates, &prepared->context, &prepared->bytes, error);
}

/* What may have arrived goes again as it was, word for word; what was put off goes as it was unless a notice
 * was overtaken or the address mended meanwhile. */
static bool may_go_again(const Prepared *prepared, bool *ret_again, GError **error)
{
  if (prepared->context == NULL || prepared->letter->state == OUTBOX_UNKNOWN) {
    *ret_again = prepared->context != NULL;
    return true;
  }
  return letter_is_still(prepared->context, prepared->letter, ret_again, error);
}

static bool render(const DeliverRun *run, Prepared *prepared, GError **error)
{
  bool again = false;

  return outbox_store_load_context(run->db, prepared->letter->id, &prepared->context, error) &&
         may_go_again(prepared, &again, error) &&
         (again ? thaw(run, prepared, error) : freeze(run, prepared, error)) &&
         letter_recipient(prepared->context, &prepared->recipient, error);
}

/* It does not go. Takes `problem`. */
static void hold_back(Prepared *prepared, OutboxState state, char *problem)
{
  g_clear_pointer(&prepared->context, outbox_context_free);
  prepared->state = state;
  prepared->problem = problem;
}

/* Everything up to the bytes; reads only. A letter that is wrong in itself is held back, no error. */
static bool prepare(const DeliverRun *run, gint64 id, Prepared *prepared, GError **error)
{
  g_autoptr(GError) inner = NULL;

  prepared_clear(prepared);
  if (!outbox_letter_load(run->db, id, &prepared->letter, error))
    return false;
  if (prepared->letter == NULL || prepared->letter->notices->len == 0) {
    hold_back(prepared, OUTBOX_SUPERSEDED, g_strdup("overtaken by a newer revision"));
    return true;
  }
  if (render(run, prepared, &inner))
    return true;
  if (letter_error_is_own(inner)) {
    hold_back(prepared, OUTBOX_FAILED, g_strdup_printf("not sent: %s", inner->message));
    return true;
  }
  g_propagate_error(error, g_steal_pointer(&inner));
  return false;
}

/* Outside the write transaction: all that is read is of one state all the same. */
static bool prepare_apart(const DeliverRun *run, gint64 id, Prepared *prepared, GError **error)
{
  if (!db_begin_read(run->db, error))
    return false;

  bool done = prepare(run, id, prepared, error);

  db_end_read(run->db);
  return done;
}

/* Sending what may have arrived once more is a decision that is kept (architecture.md, Processes). */
static bool audit_resend(const DeliverRun *run, const Prepared *prepared, int attempt, GError **error)
{
  g_autofree char *payload = NULL;

  if (prepared->letter->state != OUTBOX_UNKNOWN)
    return true;

  json_t *object = json_pack("{s:I, s:s, s:i}", "message", (json_int_t)prepared->letter->id, "message_id",
                             prepared->letter->message_id, "attempt", attempt);

  payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(object);
  return audit_append(run->db, run->audit, "outbox.resend", payload, error);
}

/* Inside the transaction. *ret_leased false: somebody else's, or not due any more. */
static bool lease(const DeliverRun *run, gint64 id, gint64 version, Prepared *prepared, bool *ret_leased,
                  GError **error)
{
  gint64 present = 0;
  int attempt = 0;

  if (!db_data_version(run->db, &present, error) ||
      (present != version && !prepare(run, id, prepared, error)) ||
      !outbox_store_lease(run->db, run->audit, id, &attempt, error))
    return false;
  *ret_leased = attempt > 0;
  if (attempt == 0)
    return true;
  if (prepared->context == NULL)
    return outbox_store_record(run->db, run->audit, id, prepared->state, prepared->problem, NULL, error);
  return audit_resend(run, prepared, attempt, error) &&
         outbox_store_put_context(run->db, id, prepared->context, template_set_bytes(run->templates), error);
}

/* The first transaction. Rendering is done before it, so that the lock is held briefly; when another
 * connection has written meanwhile it is done again inside. */
static bool prepare_and_lease(const DeliverRun *run, gint64 id, Prepared *prepared, bool *ret_leased,
                              GError **error)
{
  gint64 version = 0;

  if (!db_data_version(run->db, &version, error) || !prepare_apart(run, id, prepared, error) ||
      !db_begin(run->db, error))
    return false;
  if (lease(run, id, version, prepared, ret_leased, error) && db_commit(run->db, error))
    return true;
  db_rollback(run->db);
  return false;
}

/* The second transaction. */
static bool record(const DeliverRun *run, gint64 id, OutboxState state, const char *reply, GError **error)
{
  bool again = state == OUTBOX_DEFERRED || state == OUTBOX_UNKNOWN;
  g_autofree char *not_before = again ? later(run->audit->now) : NULL;

  if (!db_begin(run->db, error))
    return false;
  if (outbox_store_record(run->db, run->audit, id, state, reply, not_before, error) &&
      db_commit(run->db, error))
    return true;
  db_rollback(run->db);
  return false;
}

static OutboxState state_of(DeliveryOutcome outcome)
{
  static const OutboxState states[] = { [DELIVERY_ACCEPTED] = OUTBOX_ACCEPTED,
                                        [DELIVERY_DEFERRED] = OUTBOX_DEFERRED,
                                        [DELIVERY_FAILED] = OUTBOX_FAILED,
                                        [DELIVERY_UNKNOWN] = OUTBOX_UNKNOWN };

  return states[outcome];
}

/* This machine failed: the message is due again, and the first error is the one to tell. */
static void put_off(const DeliverRun *run, gint64 id, const GError *problem)
{
  g_autofree char *reply = g_strdup_printf("not handed over: %s", problem->message);
  g_autoptr(GError) second = NULL;

  if (!record(run, id, OUTBOX_DEFERRED, reply, &second))
    return; /* it stays `sending`, and the next run finds it */
}

/* A session of one mail. */
typedef struct {
  const TransportMail *mail; /* NULL: taken */
  TransportResult *result;
} Single;

static bool next_mail(gpointer data, bool wait, TransportMail *ret_mail)
{
  Single *single = data;

  if (single->mail == NULL)
    return false;
  *ret_mail = *single->mail;
  single->mail = NULL;
  return true;
}

static bool begin_mail(gpointer data, gpointer tag)
{
  return true;
}

static void done_mail(gpointer data, gpointer tag, const TransportResult *result)
{
  Single *single = data;

  *single->result = *result;
  single->result->reply = g_strdup(result->reply);
}

static bool hand_over(const DeliverRun *run, gint64 id, const Prepared *prepared, DeliverOutcome *ret_outcome,
                      GError **error)
{
  TransportMail mail = { .sender = run->from_address,
                         .recipient = prepared->recipient,
                         .message_id = prepared->letter->message_id,
                         .bytes = prepared->bytes };
  g_auto(TransportResult) result = { 0 };
  g_autoptr(GError) inner = NULL;

  Single single = { &mail, &result };
  TransportFeed feed = { next_mail, begin_mail, done_mail, &single };

  if (!transport_session(run->transport, &feed, &inner)) {
    put_off(run, id, inner);
    g_propagate_error(error, g_steal_pointer(&inner));
    return false;
  }
  if (!record(run, id, state_of(result.outcome), result.reply, error))
    return false;
  *ret_outcome = (DeliverOutcome){ .state = state_of(result.outcome),
                                   .relay_failed = result.relay_failed,
                                   .reply = g_steal_pointer(&result.reply) };
  return true;
}

bool deliver_message(const DeliverRun *run, gint64 id, DeliverOutcome *ret_outcome, GError **error)
{
  g_auto(Prepared) prepared = { 0 };
  bool leased = false;

  if (!prepare_and_lease(run, id, &prepared, &leased, error))
    return false;
  if (leased && prepared.context != NULL)
    return hand_over(run, id, &prepared, ret_outcome, error);
  *ret_outcome = (DeliverOutcome){ .skipped = !leased,
                                   .state = prepared.state,
                                   .reply = g_steal_pointer(&prepared.problem) };
  return true;
}
