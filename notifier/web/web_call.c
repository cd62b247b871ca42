#include "notifier/web/web_call.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

WebCall *web_call_new(WebSite *site, struct MHD_Connection *connection)
{
  WebCall *call = g_new0(WebCall, 1);

  call->site = site;
  call->connection = connection;
  return call;
}

void web_call_free(WebCall *call)
{
  if (call == NULL)
    return;
  if (call->body != NULL)
    g_string_free(call->body, TRUE);
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
  g_autofree char *spaced = g_strdelimit(g_strdup(raw), "+", ' ');
  g_autofree char *text = g_uri_unescape_string(spaced, NULL);

  return text != NULL && g_utf8_validate(text, -1, NULL) ? g_steal_pointer(&text) : NULL;
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

bool web_call_is_local(const WebCall *call)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *peer = info->client_addr;

  if (peer->sa_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(gconstpointer)peer)->sin6_addr);
  return peer->sa_family == AF_INET &&
         ntohl(((const struct sockaddr_in *)(gconstpointer)peer)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}
