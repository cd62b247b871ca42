#include "notifier/web/web_call.h"

WebCall *web_call_new(const WebTerms *terms, struct MHD_Connection *connection)
{
  WebCall *call = g_new0(WebCall, 1);

  call->site = terms->site;
  call->terms = terms;
  call->connection = connection;
  return call;
}

void web_call_free(WebCall *call)
{
  if (call == NULL)
    return;
  if (call->body != NULL)
    g_string_free(call->body, TRUE);
  web_write_free(call->write);
  g_free(call->word);
  g_free(call);
}

const char *web_call_header(const WebCall *call, const char *name)
{
  return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

char *web_call_argument(const WebCall *call, const char *name)
{
  const char *raw = MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
  g_autofree char *spaced = g_strdelimit(g_strdup(raw != NULL ? raw : ""), "+", ' ');
  g_autofree char *text = g_uri_unescape_string(spaced, NULL);

  return raw != NULL && text != NULL && g_utf8_validate(text, -1, NULL) ? g_steal_pointer(&text) : NULL;
}

bool web_call_take_body(WebCall *call, const char *data, gsize size)
{
  if (call->body == NULL)
    call->body = g_string_new(NULL);
  if (size > WEB_CALL_BODY_MAX - call->body->len)
    return false;
  g_string_append_len(call->body, data, (gssize)size);
  return true;
}

ClientAddress web_call_address(const WebCall *call)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

  return client_address_behind(client_address_of(info->client_addr), call->terms->trusted,
                               web_call_header(call, "X-Forwarded-For"));
}

char *web_call_client(const WebCall *call)
{
  const ClientAddress client = web_call_address(call);

  return client_address_text(&client);
}

bool web_call_is_local(const WebCall *call)
{
  const ClientAddress client = web_call_address(call);

  return client_address_is_loopback(&client);
}

bool web_call_is_last(const WebCall *call)
{
  return __atomic_load_n(&call->terms->retiring, __ATOMIC_RELAXED) != 0;
}
