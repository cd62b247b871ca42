#include "notifier/mail/smtp.h"

#include <arpa/inet.h>

#include "notifier/mail/smtp_auth.h"
#include "notifier/mail/smtp_exchange.h"

#define NEVER_MS (24 * 60 * 60 * 1000L) /* library timeouts, in milliseconds; smtp_watch.h says why */

struct Smtp {
  SmtpOptions options; /* its strings are our own */
  SmtpTls *tls;        /* or NULL: in clear, to the loopback */
};

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

  smtp->options = *options;
  smtp->options.host = g_strdup(options->host);
  smtp->options.user = g_strdup(options->user);
  smtp->options.password = g_strdup(options->password);
  smtp->tls = tls;
  *ret_smtp = smtp;
  return true;
}

void smtp_free(Smtp *smtp)
{
  if (smtp == NULL)
    return;
  smtp_tls_free(smtp->tls);
  g_free((char *)GPOINTER_TO_SIZE(smtp->options.host)); /* ours, const in name only */
  g_free((char *)GPOINTER_TO_SIZE(smtp->options.user));
  g_free((char *)GPOINTER_TO_SIZE(smtp->options.password));
  g_free(smtp);
}

static void set_timeouts(smtp_session_t session)
{
  static const int which[] = { Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER,
                               Timeout_DATA2 };

  for (gsize i = 0; i < G_N_ELEMENTS(which); i++)
    smtp_set_timeout(session, which[i], NEVER_MS);
}

static EsmtpSession *new_session(const Smtp *smtp)
{
  g_autofree char *server = g_strdup_printf("%s:%u", smtp->options.host, smtp->options.port);
  EsmtpSession *session = smtp_create_session();

  g_assert(session != NULL);
  smtp_set_server(session, server);
  set_timeouts(session);
  if (smtp->tls != NULL)
    smtp_tls_apply(smtp->tls, session);
  return session;
}

void smtp_session(Smtp *smtp, const TransportFeed *feed)
{
  g_autoptr(EsmtpSession) session = new_session(smtp);
  g_autoptr(SmtpExchange) exchange = smtp_exchange_new(session, &smtp->options, smtp->tls, feed);
  g_autoptr(SmtpAuth) auth =
      smtp->options.user != NULL ? smtp_auth_new(session, smtp->options.user, smtp->options.password) : NULL;

  if (!smtp_exchange_add(exchange))
    return;
  smtp_start_session(session); /* 1 after a lost connection too: the replies tell */
  smtp_exchange_end(exchange);
}
