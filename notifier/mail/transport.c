#include "notifier/mail/transport.h"

#include <string.h>

#include "notifier/mail/maildir.h"
#include "notifier/mail/smtp.h"
#include "planner/email_address.h"

G_DEFINE_QUARK(kigen - transport - error - quark, transport_error)

#define SMTP_PORT 25
#define DEADLINE_SECONDS 600

struct Transport {
  char *maildir; /* or NULL */
  Smtp *smtp;    /* or NULL */
};

const char *delivery_outcome_key(DeliveryOutcome outcome)
{
  static const char *const keys[] = { "accepted", "deferred", "failed", "unknown" };

  g_assert(outcome <= DELIVERY_UNKNOWN);
  return keys[outcome];
}

void transport_result_clear(TransportResult *result)
{
  g_clear_pointer(&result->reply, g_free);
}

static bool open_maildir(const char *path, Transport **ret_transport, GError **error)
{
  if (path[0] == '\0') {
    g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_URL, "maildir: without a folder; write maildir:DIR");
    return false;
  }
  if (!maildir_make(path, error))
    return false;
  *ret_transport = g_new0(Transport, 1);
  (*ret_transport)->maildir = g_strdup(path);
  return true;
}

/* True when `host` is a name libesmtp can connect to: letters, digits, hyphens, dots. */
static bool is_host(const char *host)
{
  g_autofree char *address = g_strdup_printf("a@%s", host);

  return email_address_check(address, NULL);
}

static bool refuse_url(const char *url, const char *why, GError **error)
{
  g_autofree char *shown = g_strescape(url, NULL);

  g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_URL,
              "transport \"%s\": %s; write maildir:DIR, or smtp://HOST:PORT", shown, why);
  return false;
}

static bool open_smtp(const char *url, const TransportOptions *options, Transport **ret_transport,
                      GError **error)
{
  g_autofree char *scheme = NULL, *user = NULL, *host = NULL, *path = NULL, *query = NULL, *fragment = NULL;
  int port = -1;

  if (!g_uri_split(url, G_URI_FLAGS_NONE, &scheme, &user, &host, &port, &path, &query, &fragment, NULL))
    return refuse_url(url, "not a URL", error);
  if (host == NULL || !is_host(host))
    return refuse_url(url, "HOST is a name or an IPv4 address", error);
  if (user != NULL || query != NULL || fragment != NULL ||
      (path != NULL && path[0] != '\0' && path[1] != '\0'))
    return refuse_url(url, "only HOST and PORT can stand there", error);

  SmtpOptions smtp = { .host = host,
                       .port = (guint16)(port > 0 ? port : SMTP_PORT),
                       .tls = options->require_tls || !smtp_is_loopback(host),
                       .ca_file = options->ca_file,
                       .deadline_seconds =
                           options->deadline_seconds > 0 ? options->deadline_seconds : DEADLINE_SECONDS };
  Smtp *relay = NULL;

  if (!smtp_open(&smtp, &relay, error))
    return false;
  *ret_transport = g_new0(Transport, 1);
  (*ret_transport)->smtp = relay;
  return true;
}

bool transport_open(const char *url, const TransportOptions *options, Transport **ret_transport,
                    GError **error)
{
  static const TransportOptions defaults = { 0 };

  if (g_str_has_prefix(url, "maildir:"))
    return open_maildir(url + strlen("maildir:"), ret_transport, error);
  if (g_str_has_prefix(url, "smtp://"))
    return open_smtp(url, options != NULL ? options : &defaults, ret_transport, error);
  return refuse_url(url, "not a transport kigen knows", error);
}

void transport_free(Transport *transport)
{
  if (transport == NULL)
    return;
  g_free(transport->maildir);
  smtp_free(transport->smtp);
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

bool transport_send(Transport *transport, const TransportMail *mail, TransportResult *ret_result,
                    GError **error)
{
  char *problem = envelope_problem(mail);

  if (problem != NULL) {
    *ret_result = (TransportResult){ .outcome = DELIVERY_FAILED, .reply = problem };
    return true;
  }
  if (transport->maildir != NULL)
    return maildir_deliver(transport->maildir, mail, ret_result, error);
  smtp_send(transport->smtp, mail, ret_result);
  return true;
}
