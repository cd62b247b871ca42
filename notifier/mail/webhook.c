#include "notifier/mail/webhook.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "notifier/mail/webhook_address.h"
#include "planner/web_address.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, curl_easy_cleanup)

#define CONNECT_SECONDS 15L
#define DEADLINE_SECONDS 60 /* of one message; a mail's deadline where that is shorter */
#define ANSWER_MAX 65536    /* octets that an answer may have */
#define SHOWN_MAX 200       /* octets of it that are kept */

struct Webhook {
  char *ca_file, *secret;
  bool private_addresses;
  long deadline;
  int session_mails;
};

/* One message on its way. */
typedef struct {
  const Webhook *webhook;
  const TransportFeed *feed;
  gpointer tag;
  const char *bytes;
  gsize size, given;
  bool is_begun, is_forbidden, is_private;
  gsize answered; /* octets of the answer */
  GString *shown;
  char problem[CURL_ERROR_SIZE];
} Post;

bool webhook_open(const TransportOptions *options, Webhook **ret_webhook, GError **error)
{
  bool has_file = options->ca_file == NULL || g_file_test(options->ca_file, G_FILE_TEST_IS_REGULAR);
  int deadline = options->deadline_seconds;

  if (options->secret == NULL || !has_file || sodium_init() < 0 ||
      curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_TLS, "webhooks cannot be set up (%s)",
                options->secret == NULL ? "no secret to sign with"
                : !has_file             ? options->ca_file
                                        : "TLS");
    return false;
  }

  Webhook *webhook = g_new0(Webhook, 1);

  webhook->ca_file = g_strdup(options->ca_file);
  webhook->secret = g_strdup(options->secret);
  webhook->private_addresses = options->private_addresses;
  webhook->deadline = deadline > 0 ? MIN(deadline, DEADLINE_SECONDS) : DEADLINE_SECONDS;
  webhook->session_mails = options->session_mails > 0 ? options->session_mails : TRANSPORT_SESSION_MAILS;
  *ret_webhook = webhook;
  return true;
}

void webhook_free(Webhook *webhook)
{
  if (webhook == NULL)
    return;
  g_free(webhook->ca_file);
  g_free(webhook->secret);
  g_free(webhook);
}

DeliveryOutcome webhook_outcome(long status, bool begun)
{
  if (status < 200)
    return begun ? DELIVERY_UNKNOWN : DELIVERY_DEFERRED;
  if (status < 300)
    return DELIVERY_ACCEPTED;
  return status >= 500 || status == 408 || status == 425 || status == 429 ? DELIVERY_DEFERRED
                                                                          : DELIVERY_FAILED;
}

char *webhook_signature(const char *secret, const char *timestamp, GBytes *body)
{
  crypto_auth_hmacsha256_state state;
  guint8 digest[crypto_auth_hmacsha256_BYTES];
  char hex[2 * sizeof digest + 1];
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data(body, &size);

  crypto_auth_hmacsha256_init(&state, (const guint8 *)secret, strlen(secret));
  crypto_auth_hmacsha256_update(&state, (const guint8 *)timestamp, strlen(timestamp));
  crypto_auth_hmacsha256_update(&state, (const guint8 *)".", 1);
  crypto_auth_hmacsha256_update(&state, bytes, size);
  crypto_auth_hmacsha256_final(&state, digest);
  return g_strconcat("sha256=", sodium_bin2hex(hex, sizeof hex, digest, sizeof digest), NULL);
}

/* curl_opensocket_callback: here the name has been resolved, and nothing resolves it again. */
static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Post *post = data;

  if (!post->webhook->private_addresses && webhook_address_is_private(&address->addr)) {
    post->is_private = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* curl_read_callback: asked for the body once there is a connection. */
static size_t give_body(char *buffer, size_t size, size_t n, void *data)
{
  Post *post = data;
  gsize some = MIN(post->size - post->given, size * n);

  if (!post->is_begun) {
    post->is_forbidden = !post->feed->begin(post->feed->data, post->tag);
    if (post->is_forbidden)
      return CURL_READFUNC_ABORT;
    post->is_begun = true;
  }
  memcpy(buffer, post->bytes + post->given, some);
  post->given += some;
  return some;
}

/* curl_write_callback: the answer's body, of which little is kept. */
static size_t take_answer(char *bytes, size_t size, size_t n, void *data)
{
  Post *post = data;
  gsize room = SHOWN_MAX - post->shown->len;

  post->answered += size * n;
  g_string_append_len(post->shown, bytes, (gssize)MIN(room, size * n));
  return post->answered <= ANSWER_MAX ? size * n : 0;
}

static CURL *new_handle(Post *post)
{
  const Webhook *webhook = post->webhook;
  CURL *curl = curl_easy_init();

  g_assert(curl != NULL);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L); /* else libcurl may send a message twice by itself */
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, webhook->deadline);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "kigen/" KIGEN_VERSION);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
  curl_easy_setopt(curl, CURLOPT_READDATA, post);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, post);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, post->problem);
  if (webhook->ca_file != NULL)
    curl_easy_setopt(curl, CURLOPT_CAINFO, webhook->ca_file);
  return curl;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
  g_autofree char *line = g_strconcat(name, ": ", value, NULL);

  return curl_slist_append(list, line);
}

/* The time is that of this try: who receives it can refuse what is old. */
static struct curl_slist *headers_of(const Webhook *webhook, const TransportMail *mail)
{
  g_autofree char *timestamp = g_strdup_printf("%" G_GINT64_FORMAT, g_get_real_time() / G_TIME_SPAN_SECOND);
  g_autofree char *signature = webhook_signature(webhook->secret, timestamp, mail->bytes);
  g_autofree char *key = header_text_clean(mail->message_id);
  struct curl_slist *list = add_header(NULL, "Content-Type", "application/json");

  list = add_header(list, "Idempotency-Key", key);
  list = add_header(list, "X-Kigen-Timestamp", timestamp);
  list = add_header(list, "X-Kigen-Signature", signature);
  return curl_slist_append(list, "Expect:"); /* no 100-continue: one answer, to the whole */
}

static CURLcode perform(CURL *curl, const Post *post, const TransportMail *mail)
{
  struct curl_slist *headers = headers_of(post->webhook, mail);

  curl_easy_setopt(curl, CURLOPT_URL, mail->recipient);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->size);

  CURLcode code = curl_easy_perform(curl);

  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
  curl_slist_free_all(headers);
  return code;
}

/* What became of it, in words. Own string. */
static char *reply_of(const Post *post, long status, CURLcode code, DeliveryOutcome outcome)
{
  const char *problem = post->problem[0] != '\0' ? post->problem : curl_easy_strerror(code);
  g_autofree char *raw = NULL;

  if (post->is_forbidden)
    return g_strdup("not begun: it could not be noted down");
  if (post->is_private && status == 0)
    return g_strdup("the address leads into this network, which private_addresses in [webhook] would allow");
  if (status >= 300 && status < 400)
    raw = g_strdup_printf("%ld: redirects are not followed", status);
  else if (status >= 200)
    raw = g_strdup_printf("%ld %s", status, post->shown->str);
  else
    raw =
        g_strdup_printf("%s: %s",
                        outcome == DELIVERY_UNKNOWN ? "no answer after the message began: it may have arrived"
                                                    : "no connection",
                        problem);

  g_autofree char *valid = g_utf8_make_valid(raw, -1);

  return g_strchomp(header_text_clean(valid));
}

/* False: no message can be posted there at all. */
static bool check(const TransportMail *mail, char **ret_why)
{
  g_autoptr(GError) inner = NULL;

  if (!web_address_check(mail->recipient, &inner))
    *ret_why = g_strdup_printf("not sent, webhook: %s", inner->message);
  else if (g_ascii_strncasecmp(mail->recipient, "https://", strlen("https://")) != 0)
    *ret_why = g_strdup("not sent, webhook: it must begin with https://");
  return *ret_why == NULL;
}

static void post_mail(Post *post, const TransportMail *mail)
{
  g_autoptr(CURL) curl = new_handle(post);
  g_auto(TransportResult) result = { 0 };
  curl_off_t wait = 0;
  long status = 0;

  post->bytes = g_bytes_get_data(mail->bytes, &post->size);

  CURLcode code = perform(curl, post, mail);

  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
  result.outcome = post->is_forbidden                ? DELIVERY_RETURNED
                   : post->is_private && status == 0 ? DELIVERY_FAILED
                                                     : webhook_outcome(status, post->is_begun);
  result.wait_seconds = result.outcome == DELIVERY_DEFERRED ? CLAMP(wait, 0, G_MAXINT32) : 0;
  result.reply = reply_of(post, status, code, result.outcome);
  post->feed->done(post->feed->data, post->tag, &result);
}

void webhook_session(Webhook *webhook, const TransportFeed *feed)
{
  TransportMail mail;

  for (int i = 0; i < webhook->session_mails && feed->next(feed->data, true, &mail); i++) {
    g_autoptr(GString) shown = g_string_new(NULL);
    g_auto(TransportResult) refused = { .outcome = DELIVERY_FAILED };
    Post post = { .webhook = webhook, .feed = feed, .tag = mail.tag, .shown = shown };

    if (check(&mail, &refused.reply))
      post_mail(&post, &mail);
    else
      feed->done(feed->data, mail.tag, &refused);
  }
}
