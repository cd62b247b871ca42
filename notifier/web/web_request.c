#include "notifier/web/web_request.h"

#include <stdbool.h>
#include <string.h>

/* What the headers say about the body. */
typedef struct {
  guint lengths, encodings, hosts;
  guint64 length;
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
    if (value == NULL || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &framing->length, NULL))
      framing->malformed = true;
  }
  framing->encodings += g_ascii_strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
  framing->hosts += g_ascii_strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
  return MHD_YES;
}

static WebRequestVerdict check_body(const Framing *framing, bool takes_body, gsize body_max)
{
  if (framing->encodings > 0 || (takes_body ? framing->lengths == 0 : framing->length > 0))
    return WEB_REQUEST_BAD;
  return framing->length > body_max ? WEB_REQUEST_TOO_LARGE : WEB_REQUEST_GOOD;
}

WebRequestVerdict web_request_check(struct MHD_Connection *connection, const char *method, gsize body_max)
{
  Framing framing = { 0 };
  bool post = g_str_equal(method, MHD_HTTP_METHOD_POST);

  MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &framing);
  if (framing.malformed || framing.lengths > 1 || framing.encodings > 1 || framing.hosts > 1 ||
      (framing.lengths > 0 && framing.encodings > 0))
    return WEB_REQUEST_BAD;
  if (!post && !g_str_equal(method, MHD_HTTP_METHOD_GET) && !g_str_equal(method, MHD_HTTP_METHOD_HEAD))
    return WEB_REQUEST_METHOD;
  return check_body(&framing, post, body_max);
}
