#include "notifier/mail/transport.h"

#include <string.h>

#include "notifier/mail/maildir.h"
#include "notifier/mail/smtp.h"
#include "notifier/mail/smtps.h"
#include "notifier/mail/webhook.h"
#include "planner/email_address.h"

G_DEFINE_QUARK(kigen - transport - error - quark, transport_error)

/* How a relay is reached; exactly one kind of transport is set. */
struct Transport {
  char *maildir;
  Smtp *smtp;
  Smtps *smtps;
  Webhook *webhook;
};

/* The two kinds of relay. */
static const struct {
  const char *scheme;
  guint16 port;
  bool implicit_tls;
} schemes[] = {
  { "smtp", 25, false },
  { "smtps", 465, true },
};

/* Where a URL leads. */
typedef struct {
  const char *maildir; /* or NULL; points into the URL */
  char *host;
  guint16 port;
  bool implicit_tls;
  bool webhook;
} Place;

static void place_clear(Place *place)
{
  g_free(place->host);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

const char *delivery_outcome_key(DeliveryOutcome outcome)
{
  static const char *const keys[] = { "accepted", "deferred", "failed", "unknown", "returned" };

  g_assert(outcome <= DELIVERY_RETURNED);
  return keys[outcome];
}

void transport_result_clear(TransportResult *result)
{
  g_clear_pointer(&result->reply, g_free);
}

/* True when `host` is a name the libraries can connect to: letters, digits, hyphens, dots. */
static bool is_host(const char *host)
{
  g_autofree char *address = g_strdup_printf("a@%s", host);

  return email_address_check(address, NULL);
}

static bool refuse_url(const char *url, const char *why, GError **error)
{
  g_autofree char *shown = g_strescape(url, NULL);

  g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_URL,
              "transport \"%s\": %s; write maildir:DIR, smtp://HOST:PORT or smtps://HOST:PORT", shown, why);
  return false;
}

static bool read_relay(const char *url, gsize kind, Place *ret_place, GError **error)
{
  g_autofree char *user = NULL, *host = NULL, *path = NULL, *query = NULL, *fragment = NULL;
  int port = -1;

  if (!g_uri_split(url, G_URI_FLAGS_NONE, NULL, &user, &host, &port, &path, &query, &fragment, NULL))
    return refuse_url(url, "not a URL", error);
  if (host == NULL || !is_host(host))
    return refuse_url(url, "HOST is a name or an IPv4 address", error);
  if (user != NULL || query != NULL || fragment != NULL ||
      (path != NULL && path[0] != '\0' && path[1] != '\0'))
    return refuse_url(url, "only HOST and PORT can stand there", error);
  ret_place->host = g_steal_pointer(&host);
  ret_place->port = port > 0 ? (guint16)port : schemes[kind].port;
  ret_place->implicit_tls = schemes[kind].implicit_tls;
  return true;
}

static bool read_url(const char *url, Place *ret_place, GError **error)
{
  if (g_str_has_prefix(url, "maildir:")) {
    ret_place->maildir = url + strlen("maildir:");
    return ret_place->maildir[0] != '\0' || refuse_url(url, "without a folder", error);
  }
  ret_place->webhook = strcmp(url, TRANSPORT_WEBHOOK) == 0;
  if (ret_place->webhook)
    return true;
  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
    g_autofree char *begin = g_strconcat(schemes[i].scheme, "://", NULL);

    if (g_str_has_prefix(url, begin))
      return read_relay(url, i, ret_place, error);
  }
  return refuse_url(url, "not a transport kigen knows", error);
}

bool transport_check(const char *url, GError **error)
{
  g_auto(Place) place = { 0 };

  return read_url(url, &place, error);
}

static bool open_place(const Place *place, const TransportOptions *options, Transport *transport,
                       GError **error)
{
  SmtpOptions relay = { .host = place->host,
                        .port = place->port,
                        .ca_file = options->ca_file,
                        .deadline_seconds = options->deadline_seconds > 0 ? options->deadline_seconds
                                                                          : TRANSPORT_DEADLINE_SECONDS,
                        .session_mails =
                            options->session_mails > 0 ? options->session_mails : TRANSPORT_SESSION_MAILS,
                        .user = options->user,
                        .password = options->password };

  if (place->maildir != NULL) {
    transport->maildir = g_strdup(place->maildir);
    return maildir_make(place->maildir, error);
  }
  if (place->webhook)
    return webhook_open(options, &transport->webhook, error);
  if (place->implicit_tls)
    return smtps_open(&relay, &transport->smtps, error);
  relay.tls = options->require_tls || !smtp_is_loopback(place->host);
  return smtp_open(&relay, &transport->smtp, error);
}

bool transport_open(const char *url, const TransportOptions *options, Transport **ret_transport,
                    GError **error)
{
  static const TransportOptions defaults = { 0 };
  g_autoptr(Transport) transport = g_new0(Transport, 1);
  g_auto(Place) place = { 0 };

  if (!read_url(url, &place, error) ||
      !open_place(&place, options != NULL ? options : &defaults, transport, error))
    return false;
  *ret_transport = g_steal_pointer(&transport);
  return true;
}

void transport_free(Transport *transport)
{
  if (transport == NULL)
    return;
  g_free(transport->maildir);
  smtp_free(transport->smtp);
  smtps_free(transport->smtps);
  webhook_free(transport->webhook);
  g_free(transport);
}

/* The refusal of an envelope address, or NULL. */
static char *envelope_problem(const TransportMail *mail)
{
  const struct {
    const char *what, *address;
  } rows[] = { { "envelope sender", mail->sender }, { "envelope recipient", mail->recipient } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) inner = NULL;

    if (!email_address_check(rows[i].address, &inner))
      return g_strdup_printf("not sent, %s: %s", rows[i].what, inner->message);
  }
  return NULL;
}

/* The feed's next mail that can be sent at all: neither library would refuse what injects commands. */
static bool next_sound(gpointer data, bool wait, TransportMail *ret_mail)
{
  const TransportFeed *feed = data;

  while (feed->next(feed->data, wait, ret_mail)) {
    char *problem = envelope_problem(ret_mail);

    if (problem == NULL)
      return true;

    g_auto(TransportResult) result = { .outcome = DELIVERY_FAILED, .reply = problem };

    feed->done(feed->data, ret_mail->tag, &result);
  }
  return false;
}

static bool begin(gpointer data, gpointer tag)
{
  const TransportFeed *feed = data;

  return feed->begin(feed->data, tag);
}

static void done(gpointer data, gpointer tag, const TransportResult *result)
{
  const TransportFeed *feed = data;

  feed->done(feed->data, tag, result);
}

bool transport_session(Transport *transport, const TransportFeed *feed, GError **error)
{
  TransportFeed sound = { next_sound, begin, done, (gpointer)(gsize)feed };

  if (transport->webhook != NULL) {
    webhook_session(transport->webhook, feed);
    return true;
  }
  if (transport->maildir != NULL)
    return maildir_session(transport->maildir, &sound, error);
  if (transport->smtps != NULL)
    smtps_session(transport->smtps, &sound);
  else
    smtp_session(transport->smtp, &sound);
  return true;
}
