#include "notifier/web/web_request.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* What the headers say about the body. */
typedef struct {
  guint lengths, encodings, hosts;
  bool has_body;
  bool malformed;
} Framing;

/* A field name is a token (RFC 9110 §5.1); "Content-Length " is one to some readers and not to others. */
static bool is_token(const char *name)
{
  static const char others[] = "!#$%&'*+-.^_`|~";

  for (const char *p = name; *p != '\0'; p++) {
    if (!g_ascii_isalnum(*p) && strchr(others, *p) == NULL)
      return false;
  }
  return *name != '\0';
}

static enum MHD_Result look_at(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  Framing *framing = data;

  if (!is_token(name))
    framing->malformed = true;
  if (g_ascii_strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
    framing->lengths++;
    framing->has_body |= g_strcmp0(value, "0") != 0;
  }
  framing->encodings += g_ascii_strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
  framing->hosts += g_ascii_strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
  return MHD_YES;
}

WebRequestVerdict web_request_check(struct MHD_Connection *connection, const char *method)
{
  Framing framing = { 0 };

  MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &framing);
  if (framing.malformed || framing.lengths > 1 || framing.encodings > 1 || framing.hosts > 1 ||
      (framing.lengths > 0 && framing.encodings > 0))
    return WEB_REQUEST_BAD;
  if (!g_str_equal(method, MHD_HTTP_METHOD_GET) && !g_str_equal(method, MHD_HTTP_METHOD_HEAD))
    return WEB_REQUEST_METHOD;
  return framing.has_body || framing.encodings > 0 ? WEB_REQUEST_BAD : WEB_REQUEST_GOOD;
}
