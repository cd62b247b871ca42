#include "notifier/mail/smtp_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct SmtpTls {
  char *host;
  SSL_CTX *context;
  int verify_error; /* X509_V_… of the last handshake */
};

static bool is_ip_address(const char *host)
{
  struct in_addr address;

  return inet_pton(AF_INET, host, &address) == 1;
}

static int note_verification(int good, X509_STORE_CTX *store)
{
  const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  SmtpTls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

  if (!good)
    tls->verify_error = X509_STORE_CTX_get_error(store);
  return good;
}

/* Sets the server name (SNI) as the handshake starts: the library, which owns the SSL, does not. */
static void name_server(const SSL *ssl, int where, int value)
{
  const SmtpTls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

  if ((where & SSL_CB_HANDSHAKE_START) != 0 && SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) == NULL &&
      !is_ip_address(tls->host))
    SSL_set_tlsext_host_name((SSL *)GPOINTER_TO_SIZE(ssl) /* const in name only */, tls->host);
}

static bool load_certificates(SmtpTls *tls, const char *ca_file)
{
  return ca_file != NULL ? SSL_CTX_load_verify_file(tls->context, ca_file) == 1
                         : SSL_CTX_set_default_verify_paths(tls->context) == 1;
}

static bool require_name(SmtpTls *tls)
{
  X509_VERIFY_PARAM *param = SSL_CTX_get0_param(tls->context);

  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return is_ip_address(tls->host) ? X509_VERIFY_PARAM_set1_ip_asc(param, tls->host) == 1
                                  : X509_VERIFY_PARAM_set1_host(param, tls->host, 0) == 1;
}

/* TLS 1.2, no less and no more: a session ticket that a TLS 1.3 relay sends after the handshake makes
 * libesmtp read an answer to the EHLO that still lies in its write buffer, and both wait for ever. */
static bool set_versions(SmtpTls *tls)
{
  return SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(tls->context, TLS1_2_VERSION) == 1;
}

static bool set_up(SmtpTls *tls, const char *ca_file)
{
  tls->context = SSL_CTX_new(TLS_client_method());
  if (tls->context == NULL || !set_versions(tls) || SSL_CTX_set_app_data(tls->context, tls) != 1 ||
      !load_certificates(tls, ca_file) || !require_name(tls))
    return false;
  SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, note_verification);
  SSL_CTX_set_info_callback(tls->context, name_server);
  return true;
}

bool smtp_tls_new(const char *host, const char *ca_file, SmtpTls **ret_tls, GError **error)
{
  SmtpTls *tls = g_new0(SmtpTls, 1);

  tls->host = g_strdup(host);
  ERR_clear_error();
  if (set_up(tls, ca_file)) {
    *ret_tls = tls;
    return true;
  }

  const char *reason = ERR_reason_error_string(ERR_peek_last_error());

  g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_TLS, "TLS for %s: %s (certificates: %s)", host,
              reason != NULL ? reason : "cannot be set up", ca_file != NULL ? ca_file : "the system's");
  smtp_tls_free(tls);
  return false;
}

void smtp_tls_free(SmtpTls *tls)
{
  if (tls == NULL)
    return;
  SSL_CTX_free(tls->context);
  g_free(tls->host);
  g_free(tls);
}

void smtp_tls_apply(SmtpTls *tls, smtp_session_t session)
{
  tls->verify_error = X509_V_OK;
  ERR_clear_error();
  smtp_starttls_enable(session, Starttls_REQUIRED);
  smtp_starttls_set_ctx(session, tls->context);
}

char *smtp_tls_problem(const SmtpTls *tls)
{
  if (tls->verify_error != X509_V_OK)
    return g_strdup_printf("the certificate of %s is not good: %s", tls->host,
                           X509_verify_cert_error_string(tls->verify_error));

  const char *reason = ERR_reason_error_string(ERR_peek_last_error());

  return reason != NULL ? g_strdup_printf("TLS with %s failed: %s", tls->host, reason) : NULL;
}
