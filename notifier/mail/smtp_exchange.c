#include "notifier/mail/smtp_exchange.h"

#include <stdarg.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "notifier/mail/smtp_outcome.h"
#include "notifier/mail/smtp_traffic.h"
#include "notifier/mail/smtp_watch.h"

#define REPLY_MAX 500 /* octets kept of a reply */
#define XTEXT_MAX 255 /* octets of an ENVID or ORCPT that libesmtp can encode */
#define ENVID_MAX 100 /* RFC 3461 4.4 */
#define START_DATA 354

/* A mail of the session. */
typedef struct {
  SmtpExchange *exchange;
  gpointer tag;
  GBytes *bytes;
  smtp_message_t message;
  smtp_recipient_t recipient;
  bool was_read; /* the library has its bytes */
  bool is_done;
  SmtpReplies replies;
} Item;

struct SmtpExchange {
  smtp_session_t session;
  const SmtpOptions *options;
  SmtpTls *tls; /* or NULL */
  const TransportFeed *feed;
  SmtpWatch *watch;
  SmtpTraffic traffic;
  GPtrArray *items;
  Item *item; /* the one that has its turn, or NULL */
  guint done;
  bool is_connected;
  bool is_tls_missing;
  bool is_forbidden; /* the feed did not let a mail begin */
};

static void item_free(gpointer data)
{
  Item *item = data;

  g_clear_pointer(&item->bytes, g_bytes_unref);
  g_free(item);
}

/* One line, valid UTF-8, bounded. Takes `text`. */
static char *sanitised(char *text)
{
  g_autofree char *given = text;
  g_autofree char *valid = g_utf8_make_valid(given, -1);
  char *clean = header_text_clean(valid);

  if (strlen(clean) > REPLY_MAX)
    *g_utf8_find_prev_char(clean, clean + REPLY_MAX - 1) = '\0';
  return clean;
}

/* "550 5.1.1 no such user" */
static char *status_text(const smtp_status_t *status)
{
  const char *text = status->text != NULL ? status->text : "";

  if (status->enh_class != 0)
    return g_strdup_printf("%d %d.%d.%d %s", status->code, status->enh_class, status->enh_subject,
                           status->enh_detail, text);
  return g_strdup_printf("%d %s", status->code, text);
}

/* What we cut the line for, or NULL. Own string. */
static char *distrust_text(const SmtpExchange *exchange)
{
  const SmtpOptions *options = exchange->options;

  if (exchange->is_forbidden)
    return g_strdup("not begun: it could not be noted down");
  if (exchange->traffic.is_injected)
    return g_strdup_printf("%s:%u sent commands' replies in clear behind STARTTLS: not trusted",
                           options->host, options->port);
  if (options->user != NULL && exchange->traffic.mail_sent && !exchange->traffic.authenticated)
    return g_strdup_printf("%s:%u did not let us in as %s: %s", options->host, options->port, options->user,
                           exchange->traffic.refusal != NULL ? exchange->traffic.refusal
                                                             : "it offers no AUTH PLAIN or LOGIN");
  return NULL;
}

/* What the relay said was no reply that decides, though the data had begun. Own string. */
static char *doubt_text(const smtp_status_t *status)
{
  g_autofree char *said = status_text(status);

  return g_strdup_printf("no clear answer after the data began: the mail may have arrived (%s)", said);
}

/* Why no reply decided. Own string. */
static char *silence_text(SmtpExchange *exchange, const SmtpReplies *replies)
{
  const SmtpOptions *options = exchange->options;
  const char *when = replies->data_begun ? " after the data began: the mail may have arrived" : "";
  char buffer[256] = "";

  if (!exchange->is_connected)
    return g_strdup_printf("no connection to %s:%u: %s", options->host, options->port,
                           smtp_strerror(smtp_errno(), buffer, sizeof buffer));

  char *distrust = distrust_text(exchange);

  if (distrust != NULL)
    return distrust;
  if (replies->expired)
    return g_strdup_printf("no answer within %d seconds%s", options->deadline_seconds, when);
  if (exchange->is_tls_missing)
    return g_strdup_printf("%s:%u offers no STARTTLS, and mail leaves this machine under TLS only",
                           options->host, options->port);

  char *problem = exchange->tls != NULL ? smtp_tls_problem(exchange->tls) : NULL;

  if (problem != NULL)
    return problem;
  if (smtp_traffic_is_overlong(&exchange->traffic))
    return g_strdup_printf("%s:%u answered with a line of more than %d octets, which nobody can follow%s",
                           options->host, options->port, SMTP_TRAFFIC_LINE_MAX, when);
  if (exchange->traffic.refusal != NULL && !replies->in_turn)
    return g_strdup(exchange->traffic.refusal);
  return g_strdup_printf("the connection broke%s", when);
}

/* The reply that decided, as smtp_outcome_of looks at them; NULL: none. */
static const smtp_status_t *deciding_status(const Item *item)
{
  const SmtpReplies *replies = &item->replies;

  if (replies->recipient_code >= 400)
    return smtp_recipient_status(item->recipient);
  if (replies->sender_code >= 400)
    return smtp_reverse_path_status(item->message);
  if (replies->message_code != 0 && replies->message_code != START_DATA)
    return smtp_message_transfer_status(item->message);
  return NULL;
}

static void read_replies(SmtpExchange *exchange, Item *item)
{
  SmtpReplies *replies = &item->replies;

  replies->sender_code = smtp_reverse_path_status(item->message)->code;
  replies->recipient_code = smtp_recipient_status(item->recipient)->code;
  replies->message_code = smtp_message_transfer_status(item->message)->code;
  replies->complete = smtp_recipient_check_complete(item->recipient) != 0;
  replies->in_turn = exchange->done > 0;
  replies->expired = smtp_watch_expired(exchange->watch);
}

/* Tells what became of the present mail. True when the relay's word decided, and it can be spoken to on. */
static bool finish(SmtpExchange *exchange)
{
  Item *item = g_steal_pointer(&exchange->item);
  g_auto(TransportResult) result = { 0 };

  read_replies(exchange, item);

  const smtp_status_t *status = deciding_status(item);
  bool goes_on = status != NULL && status->code != SMTP_CLOSING && !exchange->traffic.is_out_of_step;

  result.outcome = smtp_outcome_of(&item->replies, &result.relay_failed);
  result.reply = sanitised(status == NULL                       ? silence_text(exchange, &item->replies)
                           : result.outcome == DELIVERY_UNKNOWN ? doubt_text(status)
                                                                : status_text(status));
  if (exchange->is_forbidden)
    result = (TransportResult){ .outcome = DELIVERY_RETURNED, .reply = g_steal_pointer(&result.reply) };
  item->is_done = true;
  exchange->done++;
  exchange->feed->done(exchange->feed->data, item->tag, &result);
  return goes_on && result.outcome != DELIVERY_UNKNOWN && result.outcome != DELIVERY_RETURNED &&
         !result.relay_failed && (result.outcome == DELIVERY_ACCEPTED || !item->replies.chunked);
}

/* libesmtp asks for the mail (smtp_messagecb_t): all of it at once, then its end. `size` NULL: from the
 * start. A mail refused before its data goes without any: some relays take what follows RCPT all the same. */
static const char *give_mail(void **context, int *size, void *data)
{
  Item *item = data;
  SmtpExchange *exchange = item->exchange;
  gsize whole = 0;

  if (size == NULL) {
    item->was_read = false;
    return NULL;
  }
  *size = 0;
  smtp_watch_cork(exchange->watch, !item->was_read && !item->is_done);
  if (item->was_read || item->is_done)
    return NULL;
  item->was_read = true;
  if (!exchange->feed->begin(exchange->feed->data, item->tag)) {
    exchange->is_forbidden = true;
    smtp_watch_cut(exchange->watch);
    return NULL;
  }
  item->replies.data_begun = true;
  item->replies.chunked = smtp_message_transfer_status(item->message)->code != START_DATA;

  const char *bytes = g_bytes_get_data(item->bytes, &whole);

  g_assert(whole <= G_MAXINT);
  *size = (int)whole;
  return bytes;
}

/* Octets of `text` as xtext (RFC 3461 4). */
static gsize xtext_size(const char *text)
{
  gsize size = 0;

  for (; *text != '\0'; text++)
    size += *text == '+' || *text == '=' || !g_ascii_isgraph(*text) ? 3 : 1;
  return size;
}

/* Asks for reports on failure and delay, headers only, that name the mail. */
static void ask_reports(const TransportMail *mail, const Item *item)
{
  smtp_dsn_set_ret(item->message, Ret_HDRS);
  smtp_dsn_set_notify(item->recipient, Notify_FAILURE | Notify_DELAY);
  if (xtext_size(mail->message_id) <= ENVID_MAX)
    smtp_dsn_set_envid(item->message, mail->message_id);
  if (xtext_size(mail->recipient) <= XTEXT_MAX)
    smtp_dsn_set_orcpt(item->recipient, "rfc822", mail->recipient);
}

static Item *item_new(SmtpExchange *exchange, const TransportMail *mail)
{
  Item *item = g_new0(Item, 1);

  item->exchange = exchange;
  item->tag = mail->tag;
  item->bytes = g_bytes_ref(mail->bytes);
  item->message = smtp_add_message(exchange->session);
  smtp_set_reverse_path(item->message, mail->sender);
  smtp_set_messagecb(item->message, give_mail, item);
  item->recipient = smtp_add_recipient(item->message, mail->recipient);
  ask_reports(mail, item);
  return item;
}

/* The library keeps the whole list; only the mail before this one may still be asked for. */
static void forget_old(const GPtrArray *items)
{
  if (items->len >= 3)
    g_clear_pointer(&((Item *)items->pdata[items->len - 3])->bytes, g_bytes_unref);
}

bool smtp_exchange_add(SmtpExchange *exchange)
{
  TransportMail mail;

  if (exchange->items->len >= (guint)exchange->options->session_mails)
    return false;
  smtp_watch_rest(exchange->watch);
  if (!exchange->feed->next(exchange->feed->data, true, &mail))
    return false;
  smtp_watch_arm(exchange->watch);
  exchange->item = item_new(exchange, &mail);
  g_ptr_array_add(exchange->items, exchange->item);
  forget_old(exchange->items);
  return true;
}

void smtp_exchange_end(SmtpExchange *exchange)
{
  if (exchange->item != NULL)
    finish(exchange);
}

static bool is_taken(const smtp_status_t *status)
{
  return status->code >= 200 && status->code < 300;
}

/* The present mail has its outcome: the next one's turn. The library looks for it after its event, but for a
 * refused DATA, where it has looked before (`is_last`). */
static void go_on(SmtpExchange *exchange, bool is_last)
{
  bool goes_on = finish(exchange);

  if (is_last || !goes_on || !smtp_exchange_add(exchange))
    smtp_watch_arm(exchange->watch); /* for its QUIT */
}

/* What the relay says, and the commands that matter here (smtp_monitorcb_t). */
static void watch_traffic(const char *bytes, int size, int writing, void *data)
{
  SmtpExchange *exchange = data;
  SmtpTraffic *traffic = &exchange->traffic;

  if (size <= 0)
    return;
  if (writing == SMTP_CB_WRITING)
    smtp_traffic_write(traffic, bytes, (gsize)size);
  if (writing == SMTP_CB_READING)
    smtp_traffic_read(traffic, bytes, (gsize)size);
  if (traffic->is_injected ||
      (exchange->options->user != NULL && traffic->mail_sent && !traffic->authenticated))
    smtp_watch_cut(exchange->watch);
}

static void note_event(smtp_session_t session, int event, void *data, ...)
{
  SmtpExchange *exchange = data;
  Item *item = exchange->item;
  va_list arguments;

  va_start(arguments, data);
  switch (event) {
  case SMTP_EV_CONNECT:
    exchange->is_connected = true;
    smtp_watch_connected(exchange->watch);
    break;
  case SMTP_EV_MAILSTATUS:
    if (item != NULL && !is_taken(smtp_reverse_path_status(item->message)))
      go_on(exchange, false);
    break;
  case SMTP_EV_RCPTSTATUS:
    if (item != NULL && !is_taken(smtp_recipient_status(item->recipient)))
      go_on(exchange, false);
    break;
  case SMTP_EV_MESSAGESENT:
    if (item != NULL && va_arg(arguments, smtp_message_t) == item->message)
      go_on(exchange, !item->replies.data_begun);
    break;
  case SMTP_EV_EXTNA_STARTTLS:
    exchange->is_tls_missing = true;
    break;
  case SMTP_EV_WRONG_PEER_CERTIFICATE: /* for the canonical name; for ours the handshake has checked it */
    *va_arg(arguments, int *) = 1;
    break;
  default:
    break;
  }
  va_end(arguments);
}

SmtpExchange *smtp_exchange_new(smtp_session_t session, const SmtpOptions *options, SmtpTls *tls,
                                const TransportFeed *feed)
{
  SmtpExchange *exchange = g_new0(SmtpExchange, 1);

  exchange->session = session;
  exchange->options = options;
  exchange->tls = tls;
  exchange->feed = feed;
  exchange->items = g_ptr_array_new_with_free_func(item_free);
  exchange->watch = smtp_watch_new(options->port, options->deadline_seconds);
  smtp_traffic_init(&exchange->traffic);
  smtp_set_eventcb(session, note_event, exchange);
  smtp_set_monitorcb(session, watch_traffic, exchange, 0);
  return exchange;
}

void smtp_exchange_free(SmtpExchange *exchange)
{
  if (exchange == NULL)
    return;
  smtp_watch_free(exchange->watch);
  smtp_traffic_clear(&exchange->traffic);
  g_ptr_array_unref(exchange->items);
  g_free(exchange);
}
