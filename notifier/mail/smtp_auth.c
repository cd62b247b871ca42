/* First: libesmtp.h, which smtp_auth.h includes, declares its AUTH part to who has it. */
#include <auth-client.h>

#include "notifier/mail/smtp_auth.h"

struct SmtpAuth {
  smtp_session_t session;
  auth_context_t context;
  const char *user, *password;
};

/* The library asks for what a mechanism needs (auth_interact_t). */
static int answer(auth_client_request_t request, char **result, int fields, void *data)
{
  const SmtpAuth *auth = data;

  for (int i = 0; i < fields; i++) {
    if ((request[i].flags & AUTH_USER) != 0)
      result[i] = (char *)GPOINTER_TO_SIZE(auth->user); /* const in name only */
    else if ((request[i].flags & AUTH_PASS) != 0)
      result[i] = (char *)GPOINTER_TO_SIZE(auth->password);
    else
      return 0;
  }
  return 1;
}

SmtpAuth *smtp_auth_new(smtp_session_t session, const char *user, const char *password)
{
  SmtpAuth *auth = g_new0(SmtpAuth, 1);

  auth_client_init();
  *auth =
      (SmtpAuth){ .session = session, .context = auth_create_context(), .user = user, .password = password };
  g_assert(auth->context != NULL);
  auth_set_mechanism_flags(auth->context, AUTH_PLUGIN_PLAIN, 0);
  auth_set_interact_cb(auth->context, answer, auth);
  smtp_auth_set_context(session, auth->context);
  return auth;
}

void smtp_auth_free(SmtpAuth *auth)
{
  if (auth == NULL)
    return;
  smtp_auth_set_context(auth->session, NULL);
  auth_destroy_context(auth->context);
  g_free(auth);
}
