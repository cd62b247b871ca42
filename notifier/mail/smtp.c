#include "notifier/mail/smtp.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "notifier/mail/smtp_outcome.h"
#include "notifier/mail/smtp_tls.h"
#include "notifier/mail/smtp_watch.h"

#define REPLY_MAX 500                   /* octets kept of a reply */
#define LINE_MAX_OCTETS 1024            /* of a reply line; RFC 5321 4.5.3.1.5 says 512 */
#define NEVER_MS (24 * 60 * 60 * 1000L) /* library timeouts, in milliseconds; smtp_watch.h says why */
#define XTEXT_MAX 255                   /* octets of an ENVID or ORCPT that libesmtp can encode */
#define ENVID_MAX 100                   /* RFC 3461 4.4 */
#define START_DATA 354

struct Smtp {
  char *host;
  guint16 port;
  int deadline_seconds;
  SmtpTls *tls; /* or NULL: in clear, to the loopback */
};

/* One mail's session, while it runs. */
typedef struct {
  const Smtp *smtp;
  const TransportMail *mail;
  bool was_read; /* the library has the mail's bytes */
  SmtpWatch *watch;
  bool connected;
  GString *line;      /* the reply line being read */
  char *refusal;      /* the last 4xx or 5xx reply's last line, or NULL */
  bool starttls_sent; /* and its reply not read yet */
  bool tls_missing;
  bool was_cut; /* by us: bytes in clear behind the reply to STARTTLS */
  SmtpReplies replies;
} Exchange;

typedef struct smtp_session EsmtpSession;

static void destroy_session(EsmtpSession *session)
{
  smtp_destroy_session(session);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EsmtpSession, destroy_session)

bool smtp_is_loopback(const char *host)
{
  struct in_addr address;

  if (g_ascii_strcasecmp(host, "localhost") == 0)
    return true;
  return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

bool smtp_open(const SmtpOptions *options, Smtp **ret_smtp, GError **error)
{
  SmtpTls *tls = NULL;

  if (options->tls && !smtp_tls_new(options->host, options->ca_file, &tls, error))
    return false;

  Smtp *smtp = g_new0(Smtp, 1);

  smtp->host = g_strdup(options->host);
  smtp->port = options->port;
  smtp->deadline_seconds = options->deadline_seconds;
  smtp->tls = tls;
  *ret_smtp = smtp;
  return true;
}

void smtp_free(Smtp *smtp)
{
  if (smtp == NULL)
    return;
  smtp_tls_free(smtp->tls);
  g_free(smtp->host);
  g_free(smtp);
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

/* libesmtp asks for the mail (smtp_messagecb_t): all of it at once, then its end. `size` NULL: from the
 * start. */
static const char *give_mail(void **context, int *size, void *data)
{
  Exchange *exchange = data;
  gsize whole = 0;
  const char *bytes = g_bytes_get_data(exchange->mail->bytes, &whole);

  g_assert(whole <= G_MAXINT);
  if (size != NULL)
    *size = exchange->was_read ? 0 : (int)whole;
  exchange->was_read = size != NULL;
  return bytes;
}

/* A reply line has ended: the last of its reply, or one before (250-…). */
static void end_line(Exchange *exchange, bool is_last)
{
  if (is_last && (exchange->line->str[0] == '4' || exchange->line->str[0] == '5')) {
    g_free(exchange->refusal);
    exchange->refusal = g_strdup(exchange->line->str);
  }
  g_string_truncate(exchange->line, 0);
}

/* What the relay says, and the one command that matters here (smtp_monitorcb_t). What stands behind the reply
 * to STARTTLS in clear was slipped in by somebody: the library would take it for answers given under TLS. */
static void watch_traffic(const char *bytes, int size, int writing, void *data)
{
  Exchange *exchange = data;

  if (writing == SMTP_CB_WRITING)
    exchange->starttls_sent = size >= 8 && memcmp(bytes, "STARTTLS", 8) == 0;
  if (writing != SMTP_CB_READING)
    return;
  for (int i = 0; i < size; i++) {
    if (exchange->line->len < LINE_MAX_OCTETS && bytes[i] != '\0')
      g_string_append_c(exchange->line, bytes[i]);
    if (bytes[i] != '\n')
      continue;

    bool is_last = exchange->line->len < 4 || exchange->line->str[3] != '-';

    end_line(exchange, is_last);
    if (exchange->starttls_sent && is_last && i + 1 < size) {
      exchange->was_cut = true;
      smtp_watch_cut(exchange->watch);
    }
  }
}

static void note_data(Exchange *exchange, smtp_message_t message)
{
  if (!exchange->replies.data_begun)
    exchange->replies.chunked = smtp_message_transfer_status(message)->code != START_DATA;
  exchange->replies.data_begun = true;
}

static void note_event(smtp_session_t session, int event, void *data, ...)
{
  Exchange *exchange = data;
  va_list arguments;

  va_start(arguments, data);
  switch (event) {
  case SMTP_EV_CONNECT:
    exchange->connected = true;
    smtp_watch_connected(exchange->watch);
    break;
  case SMTP_EV_MESSAGEDATA:
    note_data(exchange, va_arg(arguments, smtp_message_t));
    break;
  case SMTP_EV_EXTNA_STARTTLS:
    exchange->tls_missing = true;
    break;
  case SMTP_EV_WRONG_PEER_CERTIFICATE: /* wrong for the canonical name; for ours the handshake has checked it
                                        */
    *va_arg(arguments, int *) = 1;
    break;
  default:
    break;
  }
  va_end(arguments);
}

static void set_timeouts(smtp_session_t session)
{
  static const int which[] = { Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER,
                               Timeout_DATA2 };

  for (gsize i = 0; i < G_N_ELEMENTS(which); i++)
    smtp_set_timeout(session, which[i], NEVER_MS);
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
static void ask_reports(const TransportMail *mail, smtp_message_t message, smtp_recipient_t recipient)
{
  smtp_dsn_set_ret(message, Ret_HDRS);
  smtp_dsn_set_notify(recipient, Notify_FAILURE | Notify_DELAY);
  if (xtext_size(mail->message_id) <= ENVID_MAX)
    smtp_dsn_set_envid(message, mail->message_id);
  if (xtext_size(mail->recipient) <= XTEXT_MAX)
    smtp_dsn_set_orcpt(recipient, "rfc822", mail->recipient);
}

static EsmtpSession *new_session(Exchange *exchange)
{
  const Smtp *smtp = exchange->smtp;
  g_autofree char *server = g_strdup_printf("%s:%u", smtp->host, smtp->port);
  EsmtpSession *session = smtp_create_session();

  g_assert(session != NULL);
  smtp_set_server(session, server);
  set_timeouts(session);
  smtp_set_eventcb(session, note_event, exchange);
  smtp_set_monitorcb(session, watch_traffic, exchange, 0);
  if (smtp->tls != NULL)
    smtp_tls_apply(smtp->tls, session);
  return session;
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

/* Why no reply decided. Own string. */
static char *silence_text(Exchange *exchange)
{
  const Smtp *smtp = exchange->smtp;
  const char *when = exchange->replies.data_begun ? " after the data began: the mail may have arrived" : "";
  char buffer[256] = "";

  if (!exchange->connected)
    return g_strdup_printf("no connection to %s:%u: %s", smtp->host, smtp->port,
                           smtp_strerror(smtp_errno(), buffer, sizeof buffer));
  if (exchange->was_cut)
    return g_strdup_printf("%s:%u sent commands' replies in clear behind STARTTLS: not trusted", smtp->host,
                           smtp->port);
  if (smtp_watch_expired(exchange->watch))
    return g_strdup_printf("no answer within %d seconds%s", smtp->deadline_seconds, when);
  if (exchange->tls_missing)
    return g_strdup_printf("%s:%u offers no STARTTLS, and mail leaves this machine under TLS only",
                           smtp->host, smtp->port);

  char *problem = smtp->tls != NULL ? smtp_tls_problem(smtp->tls) : NULL;

  if (problem != NULL)
    return problem;
  if (exchange->refusal != NULL)
    return g_strdup(exchange->refusal);
  return g_strdup_printf("the connection broke%s", when);
}

/* The reply that decided, as smtp_outcome_of looks at them. */
static const smtp_status_t *deciding_status(const Exchange *exchange, smtp_message_t message,
                                            smtp_recipient_t recipient)
{
  const SmtpReplies *replies = &exchange->replies;

  if (replies->recipient_code >= 400)
    return smtp_recipient_status(recipient);
  if (replies->sender_code >= 400)
    return smtp_reverse_path_status(message);
  if (replies->message_code != 0 && replies->message_code != START_DATA)
    return smtp_message_transfer_status(message);
  return NULL;
}

static void read_result(Exchange *exchange, smtp_message_t message, smtp_recipient_t recipient,
                        TransportResult *ret_result)
{
  SmtpReplies *replies = &exchange->replies;

  replies->sender_code = smtp_reverse_path_status(message)->code;
  replies->recipient_code = smtp_recipient_status(recipient)->code;
  replies->message_code = smtp_message_transfer_status(message)->code;
  replies->complete = smtp_recipient_check_complete(recipient) != 0;

  const smtp_status_t *status = deciding_status(exchange, message, recipient);

  ret_result->outcome = smtp_outcome_of(replies);
  ret_result->relay_failed =
      ret_result->outcome == DELIVERY_DEFERRED && status == NULL && replies->sender_code == 0;
  ret_result->reply = sanitised(status != NULL ? status_text(status) : silence_text(exchange));
}

void smtp_send(Smtp *smtp, const TransportMail *mail, TransportResult *ret_result)
{
  g_autoptr(SmtpWatch) watch = smtp_watch_new(smtp->port, smtp->deadline_seconds);
  g_autoptr(GString) line = g_string_new(NULL);
  Exchange exchange = { .smtp = smtp, .mail = mail, .watch = watch, .line = line };
  g_autoptr(EsmtpSession) session = new_session(&exchange);
  smtp_message_t message = smtp_add_message(session);

  smtp_set_reverse_path(message, mail->sender);
  smtp_set_messagecb(message, give_mail, &exchange);

  smtp_recipient_t recipient = smtp_add_recipient(message, mail->recipient);

  ask_reports(mail, message, recipient);
  smtp_start_session(session); /* 1 after a lost connection too: the replies tell */
  read_result(&exchange, message, recipient, ret_result);
  g_free(exchange.refusal);
}
