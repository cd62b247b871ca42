#include "notifier/mail/smtps.h"

#include <curl/curl.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "notifier/mail/smtp_outcome.h"

#define REPLY_MAX 500
#define RECIPIENTS_ALL_OR_NONE 0L
#define NONSENSE 999 /* the code of a reply whose lines disagree */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, curl_easy_cleanup)

struct Smtps {
  char *url;
  SmtpOptions options; /* its strings are our own */
};

/* Which command the next reply answers. */
typedef enum { ASKED_OTHER, ASKED_MAIL, ASKED_RCPT, ASKED_DATA } Asked;

/* One mail on its way, and what is kept from one to the next. */
typedef struct {
  const Smtps *smtps;
  const TransportFeed *feed;
  gpointer tag;
  const char *bytes;
  gsize size, given;
  Asked asked;
  SmtpReplies replies;
  int begun_code; /* of the reply that is being read: each of its lines has the same */
  GString *last;  /* last line of the last reply to MAIL, RCPT, DATA or the data, or that refused something */
  bool is_forbidden;
  bool authenticated; /* on the connection that is open */
  guint done;
  char problem[CURL_ERROR_SIZE];
} Exchange;

static bool init_curl(void)
{
  static gsize once = 0;

  if (g_once_init_enter(&once))
    g_once_init_leave(&once, curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 1 : 2);
  return once == 1;
}

bool smtps_open(const SmtpOptions *options, Smtps **ret_smtps, GError **error)
{
  if (!init_curl() || (options->ca_file != NULL && !g_file_test(options->ca_file, G_FILE_TEST_IS_REGULAR))) {
    g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_TLS,
                "TLS for %s: cannot be set up (certificates: %s)", options->host,
                options->ca_file != NULL ? options->ca_file : "the system's");
    return false;
  }

  Smtps *smtps = g_new0(Smtps, 1);

  smtps->options = *options;
  smtps->url = g_strdup_printf("smtps://%s:%u", options->host, options->port);
  smtps->options.host = g_strdup(options->host);
  smtps->options.ca_file = g_strdup(options->ca_file);
  smtps->options.user = g_strdup(options->user);
  smtps->options.password = g_strdup(options->password);
  *ret_smtps = smtps;
  return true;
}

void smtps_free(Smtps *smtps)
{
  if (smtps == NULL)
    return;
  g_free((char *)GPOINTER_TO_SIZE(smtps->options.host)); /* ours, const in name only */
  g_free((char *)GPOINTER_TO_SIZE(smtps->options.ca_file));
  g_free((char *)GPOINTER_TO_SIZE(smtps->options.user));
  g_free((char *)GPOINTER_TO_SIZE(smtps->options.password));
  g_free(smtps->url);
  g_free(smtps);
}

static void note_command(Exchange *exchange, const char *bytes, gsize size)
{
  static const struct {
    const char *word;
    Asked asked;
  } words[] = { { "MAIL FROM:", ASKED_MAIL }, { "RCPT TO:", ASKED_RCPT }, { "DATA", ASKED_DATA } };

  exchange->asked = ASKED_OTHER;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (size >= strlen(words[i].word) && memcmp(bytes, words[i].word, strlen(words[i].word)) == 0)
      exchange->asked = words[i].asked;
  if (size >= 4 && memcmp(bytes, "EHLO", 4) == 0)
    exchange->authenticated = false;
}

/* The code that a reply line begins with, 0: none. */
static int code_of(const char *bytes, gsize size)
{
  g_autofree char *digits = g_strndup(bytes, MIN(size, 3));
  guint64 code = 0;

  return size >= 4 && g_ascii_string_to_unsigned(digits, 10, 100, 599, &code, NULL) ? (int)code : 0;
}

static void note_reply(Exchange *exchange, const char *bytes, gsize size)
{
  int *const codes[] = { [ASKED_MAIL] = &exchange->replies.sender_code,
                         [ASKED_RCPT] = &exchange->replies.recipient_code,
                         [ASKED_DATA] = &exchange->replies.message_code };
  int code = code_of(bytes, size);

  if (exchange->begun_code != 0 && code != exchange->begun_code)
    code = NONSENSE;
  exchange->begun_code = size >= 4 && bytes[3] == '-' ? code : 0;
  if (exchange->begun_code != 0)
    return;
  if (exchange->asked != ASKED_OTHER)
    *codes[exchange->asked] = code;
  exchange->authenticated |= code == 235;
  if (exchange->asked == ASKED_OTHER && code < 400)
    return;
  g_string_truncate(exchange->last, 0);
  g_string_append_len(exchange->last, bytes, (gssize)size);
}

/* What stands on the line (curl_debug_callback). */
static int watch_traffic(CURL *curl, curl_infotype type, char *bytes, size_t size, void *data)
{
  if (type == CURLINFO_HEADER_OUT)
    note_command(data, bytes, size);
  if (type == CURLINFO_HEADER_IN)
    note_reply(data, bytes, size);
  return 0;
}

/* libcurl asks for the mail's next octets (curl_read_callback), once the relay has said 354. */
static size_t give_mail(char *buffer, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  gsize rest = exchange->size - exchange->given;
  gsize some = MIN(rest, size * n);

  if (!exchange->replies.data_begun) {
    if (exchange->smtps->options.user != NULL && !exchange->authenticated)
      return CURL_READFUNC_ABORT;
    exchange->is_forbidden = !exchange->feed->begin(exchange->feed->data, exchange->tag);
    if (exchange->is_forbidden)
      return CURL_READFUNC_ABORT;
    exchange->replies.data_begun = true;
  }
  memcpy(buffer, exchange->bytes + exchange->given, some);
  exchange->given += some;
  return some;
}

static CURL *new_handle(Exchange *exchange)
{
  const SmtpOptions *options = &exchange->smtps->options;
  CURL *curl = curl_easy_init();

  g_assert(curl != NULL);
  curl_easy_setopt(curl, CURLOPT_URL, exchange->smtps->url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY,
                   "*"); /* mail goes to the relay that is named, whatever the environment says */
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, RECIPIENTS_ALL_OR_NONE);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)options->deadline_seconds);
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)options->deadline_seconds); /* QUIT's too */
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_mail);
  curl_easy_setopt(curl, CURLOPT_READDATA, exchange);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* else the line is not shown */
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch_traffic);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, exchange);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->problem);
  if (options->ca_file != NULL)
    curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
  if (options->user != NULL) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, options->user);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, options->password);
  }
  return curl;
}

/* One line, valid UTF-8, bounded. */
static char *sanitised(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  char *clean = header_text_clean(valid);

  if (strlen(clean) > REPLY_MAX)
    *g_utf8_find_prev_char(clean, clean + REPLY_MAX - 1) = '\0';
  return clean;
}

/* What the relay said, or why there is nothing. Own string. */
static char *reply_text(const Exchange *exchange, CURLcode code, DeliveryOutcome outcome)
{
  const SmtpOptions *options = &exchange->smtps->options;
  const char *when = exchange->replies.data_begun ? " after the data began: the mail may have arrived" : "";

  if (exchange->is_forbidden)
    return g_strdup("not begun: it could not be noted down");
  if (exchange->replies.expired)
    return g_strdup_printf("no answer within %d seconds%s", options->deadline_seconds, when);
  if (options->user != NULL && !exchange->authenticated && exchange->replies.sender_code != 0)
    return g_strdup_printf("%s:%u did not let us in as %s: it offers no AUTH that libcurl knows",
                           options->host, options->port, options->user);
  if (exchange->last->len > 0 && outcome != DELIVERY_UNKNOWN &&
      (code == CURLE_OK || exchange->last->str[0] >= '4'))
    return sanitised(exchange->last->str);

  g_autofree char *problem =
      sanitised(exchange->problem[0] != '\0' ? exchange->problem : curl_easy_strerror(code));

  return g_strdup_printf(outcome == DELIVERY_UNKNOWN ? "the connection broke%s (%s)" : "no relay%s: %s", when,
                         problem);
}

static void begin_mail(Exchange *exchange, const TransportMail *mail)
{
  exchange->tag = mail->tag;
  exchange->bytes = g_bytes_get_data(mail->bytes, &exchange->size);
  exchange->given = 0;
  exchange->asked = ASKED_OTHER;
  exchange->replies = (SmtpReplies){ .in_turn = exchange->done > 0 };
  exchange->is_forbidden = false;
  exchange->problem[0] = '\0';
  exchange->begun_code = 0;
  g_string_truncate(exchange->last, 0);
}

static CURLcode perform(CURL *curl, const Exchange *exchange, const TransportMail *mail)
{
  g_autofree char *sender = g_strdup_printf("<%s>", mail->sender);
  g_autofree char *recipient = g_strdup_printf("<%s>", mail->recipient);
  struct curl_slist *recipients = curl_slist_append(NULL, recipient);

  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->size);

  CURLcode code = curl_easy_perform(curl);

  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
  curl_slist_free_all(recipients);
  return code;
}

/* One mail. True when the session can go on: after a refusal libcurl connects anew by itself. */
static bool hand_over(CURL *curl, Exchange *exchange, const TransportMail *mail)
{
  g_auto(TransportResult) result = { 0 };

  begin_mail(exchange, mail);

  CURLcode code = perform(curl, exchange, mail);

  exchange->replies.complete = code == CURLE_OK;
  exchange->replies.expired = code == CURLE_OPERATION_TIMEDOUT;
  result.outcome = smtp_outcome_of(&exchange->replies, &result.relay_failed);
  if (exchange->is_forbidden)
    result = (TransportResult){ .outcome = DELIVERY_RETURNED };
  else if (result.outcome == DELIVERY_UNKNOWN && !exchange->replies.data_begun)
    result =
        (TransportResult){ .outcome = DELIVERY_DEFERRED, .relay_failed = true }; /* not let in, and 354 */
  result.reply = reply_text(exchange, code, result.outcome);
  exchange->done++;
  exchange->feed->done(exchange->feed->data, exchange->tag, &result);
  return result.outcome <= DELIVERY_FAILED && !result.relay_failed;
}

void smtps_session(Smtps *smtps, const TransportFeed *feed)
{
  g_autoptr(GString) last = g_string_new(NULL);
  Exchange exchange = { .smtps = smtps, .feed = feed, .last = last };
  g_autoptr(CURL) curl = new_handle(&exchange);
  TransportMail mail;
  bool goes_on = true;

  for (int i = 0; goes_on && i < smtps->options.session_mails && feed->next(feed->data, true, &mail); i++)
    goes_on = hand_over(curl, &exchange, &mail);
}
