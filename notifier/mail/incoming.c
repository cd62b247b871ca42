#include "notifier/mail/incoming.h"

#include "db/acknowledgement_request.h"
#include "db/bounce_store.h"
#include "db/escalation_store.h"
#include "db/outbox_store.h"
#include "notifier/mail/bounce_text.h"
#include "notifier/mail/letter.h"
#include "notifier/mail/reply_text.h"
#include "notifier/mail/verp.h"

static const char *const keys[INCOMING_COUNT] = {
  [INCOMING_BOUNCED] = "bounced", [INCOMING_DELAYED] = "delayed",
  [INCOMING_ARRIVED] = "arrived", [INCOMING_ACKNOWLEDGED] = "acknowledged",
  [INCOMING_KNOWN] = "known",     [INCOMING_LEFT] = "left",
  [INCOMING_LATER] = "later",
};

const char *incoming_key(IncomingOutcome outcome)
{
  g_assert(outcome < INCOMING_COUNT);
  return keys[outcome];
}

void incoming_result_clear(IncomingResult *result)
{
  g_clear_pointer(&result->detail, g_free);
}

/* Takes `detail`. */
static void say(IncomingResult *result, IncomingOutcome outcome, char *detail)
{
  result->outcome = outcome;
  g_free(result->detail);
  result->detail = detail;
}

/* The message whose return path a mail came to. */
typedef struct {
  gint64 message; /* 0: to none */
  bool is_past;   /* the path is that of an address to which the message no longer goes */
} Target;

/* Whether the message no longer goes to whom `code`, which is its own, is about. Whoever was erased is whom
 * it went to. */
static bool is_past(Db *db, const IncomingOptions *options, gint64 message, const char *code, bool *ret_past,
                    GError **error)
{
  g_autoptr(OutboxContext) context = NULL;
  g_autofree char *recipient = NULL;

  if (!outbox_store_load_context(db, message, &context, error))
    return false;
  *ret_past = false;
  if (context == NULL || context->erased_on != DAY_NONE)
    return true;
  if (!letter_recipient(context, &recipient, error))
    return false;
  *ret_past = !verp_is_to(options->key, message, recipient, code);
  return true;
}

/* Fills `target` when `address` is a return path of this store. */
static bool aim(Db *db, const IncomingOptions *options, const char *address, Target *target, GError **error)
{
  g_autofree char *code = NULL;
  g_autofree char *message_id = NULL;
  gint64 message = 0;

  if (options->mailbox == NULL || address == NULL || !verp_parse(address, options->mailbox, &message, &code))
    return true;
  if (!bounce_store_message_id(db, message, &message_id, error))
    return false;
  if (message_id == NULL || !verp_is_ours(options->key, message, message_id, code))
    return true;
  target->message = message;
  return is_past(db, options, message, code, &target->is_past, error);
}

static bool find_target(Db *db, const IncomingOptions *options, const IncomingMail *mail, Target *target,
                        GError **error)
{
  if (options->recipient != NULL)
    return aim(db, options, options->recipient, target, error);
  for (guint i = 0; target->message == 0 && i < mail->recipients->len; i++)
    if (!aim(db, options, mail->recipients->pdata[i], target, error))
      return false;
  return true;
}

/* What the store makes of each kind of report. */
static const struct {
  OutboxInput input;
  IncomingOutcome outcome;
  const char *event;
} reports[] = {
  [BOUNCE_FAILED] = { OUTBOX_INPUT_BOUNCE, INCOMING_BOUNCED, "came back" },
  [BOUNCE_DELAYED] = { OUTBOX_INPUT_DELAY, INCOMING_DELAYED, "delayed on its way" },
  [BOUNCE_ARRIVED] = { OUTBOX_INPUT_ACCEPT, INCOMING_ARRIVED, "delivered" },
};

static const char *status_of(const IncomingMail *mail)
{
  for (guint i = 0; i < mail->statuses->len; i++) {
    const IncomingStatus *status = mail->statuses->pdata[i];

    if (status->status != NULL && g_regex_match_simple("^[245]\\.\\d{1,3}\\.\\d{1,3}$", status->status, 0, 0))
      return status->status;
  }
  return NULL;
}

static bool write_report(Db *db, const AuditContext *context, const IncomingOptions *options, BounceKind kind,
                         const char *status, const char *diagnosis, IncomingResult *result, GError **error)
{
  g_autofree char *event = g_strdup_printf("%s: %s", reports[kind].event, diagnosis);
  BounceStoreResult stored = BOUNCE_STORE_PAST;
  Escalated escalated = { 0 };

  if (!bounce_store_record(db, context, result->message, reports[kind].input, status, event, &stored,
                           error) ||
      (stored == BOUNCE_STORE_DONE && kind == BOUNCE_FAILED &&
       !escalation_store_make(db, context, options->policy, ESCALATION_OF_MESSAGE, result->message,
                              &escalated, error)))
    return false;
  result->escalated = escalated.notices;
  if (stored == BOUNCE_STORE_DONE)
    say(result, reports[kind].outcome, g_strdup(diagnosis));
  else if (stored == BOUNCE_STORE_TOO_EARLY)
    say(result, INCOMING_LATER, g_strdup("the message is being sent, and its outcome not written down yet"));
  else
    say(result, INCOMING_KNOWN,
        g_strdup(stored == BOUNCE_STORE_KNOWN ? diagnosis : "the message has ended, or is to be sent anew"));
  return true;
}

static bool handle_report(Db *db, const AuditContext *context, const IncomingOptions *options,
                          const IncomingMail *mail, const Target *target, BounceKind kind,
                          const char *diagnosis, IncomingResult *result, GError **error)
{
  if (target->message == 0) {
    say(result, INCOMING_LEFT,
        g_strdup_printf("a report (%s: %s) that came to no return path of this store", bounce_text_key(kind),
                        diagnosis));
    return true;
  }
  if (target->is_past) {
    say(result, INCOMING_KNOWN,
        g_strdup_printf("of an address to which the message no longer goes: %s", diagnosis));
    return true;
  }
  if (!db_begin(db, error))
    return false;
  if (write_report(db, context, options, kind, status_of(mail), diagnosis, result, error) &&
      db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

/* Who confirms: a receipt whoever sends the mail, by the name that the store knows the address by; a transfer
 * whom it names. */
static bool find_person(Db *db, const AcknowledgementRequest *request, const IncomingMail *mail,
                        const Reply *reply, char **ret_person, GError **error)
{
  g_autofree char *person = g_strdup(reply->person);

  if (person == NULL && mail->from != NULL &&
      !acknowledgement_request_contact(db, request, mail->from, &person, error))
    return false;
  if (person == NULL)
    person = g_strdup(mail->from_name != NULL ? mail->from_name
                      : mail->from != NULL    ? mail->from
                                              : "(no sender)");
  *ret_person = g_steal_pointer(&person);
  return true;
}

/* What became of the codes of one reply. */
typedef struct {
  guint known, kept;
  bool open; /* something of them is asked, or was */
} Answered;

static bool answer_one(Db *db, const AuditContext *context, const IncomingOptions *options,
                       const IncomingMail *mail, const Reply *reply, const ShortCode *code,
                       Answered *answered, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;
  g_autofree char *person = NULL;
  g_autoptr(GArray) ids = NULL;

  if (!acknowledgement_request_by_code(db, options->key, code, &request, error))
    return false;
  if (request == NULL)
    return true;
  answered->known++;
  for (guint i = 0; i < request->items->len; i++) {
    const AcknowledgementItem *item = request->items->pdata[i];

    answered->open |= item->given[reply->kind] || acknowledgement_request_is_open(item, reply->kind);
  }
  if (!find_person(db, request, mail, reply, &person, error))
    return false;

  AcknowledgementAnswer answer = { .kind = reply->kind,
                                   .person = person,
                                   .title = reply->title,
                                   .how = "mail",
                                   .day = DAY_NONE,
                                   .by_itself = true };

  if (!acknowledgement_request_record(db, context, request, &answer, &ids, error))
    return false;
  answered->kept += ids->len;
  return true;
}

static bool write_answers(Db *db, const AuditContext *context, const IncomingOptions *options,
                          const IncomingMail *mail, const Reply *reply, IncomingResult *result,
                          GError **error)
{
  Answered answered = { 0 };

  for (guint i = 0; i < reply->codes->len; i++)
    if (!answer_one(db, context, options, mail, reply, &g_array_index(reply->codes, ShortCode, i), &answered,
                    error))
      return false;
  if (answered.known == 0)
    say(result, INCOMING_LEFT, g_strdup("no letter of this store has its confirmation number"));
  else if (!answered.open)
    say(result, INCOMING_LEFT,
        g_strdup("it confirms the transfer of responsibility, which its letter does not ask for (any more)"));
  else
    say(result, answered.kept > 0 ? INCOMING_ACKNOWLEDGED : INCOMING_KNOWN,
        g_strdup(acknowledgement_kind_key(reply->kind)));
  return true;
}

static bool handle_reply(Db *db, const AuditContext *context, const IncomingOptions *options,
                         const IncomingMail *mail, IncomingResult *result, GError **error)
{
  g_auto(Reply) reply = { 0 };

  reply_text_read(mail->text, &reply);
  if (reply.sense != REPLY_CONFIRMS) {
    say(result, INCOMING_LEFT,
        g_strdup(reply.sense == REPLY_FOR_PERSON ? reply.why
                                                 : "neither a report of a delivery nor a confirmation"));
    return true;
  }
  result->message = g_array_index(reply.codes, ShortCode, 0).message;
  if (!db_begin(db, error))
    return false;
  if (write_answers(db, context, options, mail, &reply, result, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

bool incoming_handle(Db *db, const AuditContext *context, const IncomingOptions *options, const void *bytes,
                     gsize size, IncomingResult *ret_result, GError **error)
{
  g_autoptr(IncomingMail) mail = incoming_mail_parse(bytes, size);
  g_auto(IncomingResult) result = { 0 };
  g_autofree char *diagnosis = NULL;
  BounceKind kind = BOUNCE_NONE;
  Target target = { 0 };
  bool done = true;

  if (mail != NULL && !find_target(db, options, mail, &target, error))
    return false;
  result.message = target.message;
  if (mail == NULL) {
    say(&result, INCOMING_LEFT, g_strdup("not a mail"));
  } else if ((kind = bounce_text_judge(mail, &diagnosis)) != BOUNCE_NONE) {
    done = handle_report(db, context, options, mail, &target, kind, diagnosis, &result, error);
  } else if (mail->automatic || mail->from_daemon) {
    say(&result, INCOMING_LEFT,
        g_strdup("a program's answer: neither a report of a delivery nor a confirmation"));
  } else if (mail->has_relay_report) {
    say(&result, INCOMING_LEFT,
        g_strdup("a distributor's report, for a person to look at: kigen import relay-reports"));
  } else {
    done = handle_reply(db, context, options, mail, &result, error);
  }
  if (done) {
    *ret_result = result;
    result.detail = NULL;
  }
  return done;
}
