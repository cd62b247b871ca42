#include "notifier/mail/compose.h"

#include <gmime/gmime.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "notifier/mail/mime_part.h"
#include "planner/email_address.h"

G_DEFINE_QUARK(kigen - compose - error - quark, compose_error)

/* Headers of ours that no extra header may double. */
static const char *const own_headers[] = { "From",           "To",
                                           "Reply-To",       "Subject",
                                           "Date",           "Message-ID",
                                           "Auto-Submitted", "X-Auto-Response-Suppress",
                                           "MIME-Version",   NULL };

static bool refuse(ComposeError code, const char *what, const char *value, const char *why, GError **error)
{
  g_autofree char *escaped = g_strescape(value != NULL ? value : "", NULL);

  g_set_error(error, COMPOSE_ERROR, (gint)code, "%s \"%s\": %s", what, escaped, why);
  return false;
}

static bool check_address(const char *what, const char *address, GError **error)
{
  g_autoptr(GError) inner = NULL;

  if (email_address_check(address, &inner))
    return true;
  g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS, "%s: %s", what, inner->message);
  return false;
}

static bool check_utf8(const char *what, const char *text, GError **error)
{
  if (text == NULL || g_utf8_validate(text, -1, NULL))
    return true;
  return refuse(COMPOSE_ERROR_TEXT, what, text, "not valid UTF-8", error);
}

/* Message-ID without its brackets: dot-atoms around one @ (RFC 5322 3.6.4). Own string, or NULL. */
static char *bare_message_id(const char *id)
{
  gsize size = id != NULL ? strlen(id) : 0;
  bool bracketed = size > 2 && id[0] == '<' && id[size - 1] == '>';
  g_autofree char *bare = bracketed ? g_strndup(id + 1, size - 2) : g_strdup(id);

  return email_address_check(bare, NULL) ? g_steal_pointer(&bare) : NULL;
}

static bool is_token(const char *text)
{
  gsize size = strlen(text);

  return size > 0 && size < 60 &&
         strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+.") == size;
}

static bool check_header(const MailHeader *header, GError **error)
{
  if (!is_token(header->name) || g_ascii_strncasecmp(header->name, "Content-", 8) == 0)
    return refuse(COMPOSE_ERROR_HEADER, "header", header->name, "not the name of an extra header", error);
  for (guint i = 0; own_headers[i] != NULL; i++)
    if (g_ascii_strcasecmp(own_headers[i], header->name) == 0)
      return refuse(COMPOSE_ERROR_HEADER, "header", header->name, "kigen sets this one itself", error);
  return check_utf8(header->name, header->value, error);
}

/* type/subtype and charset of an attachment; nothing else may stand there. */
static bool check_content_type(const char *content_type, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(content_type, "; charset=", 2);
  g_auto(GStrv) type = g_strsplit(parts[0], "/", 2);

  if (type[0] != NULL && type[1] != NULL && is_token(type[0]) && is_token(type[1]) &&
      (parts[1] == NULL || is_token(parts[1])))
    return true;
  return refuse(COMPOSE_ERROR_HEADER, "content type", content_type,
                "expected type/subtype, or type/subtype; charset=name", error);
}

static bool check_attachment(const MailAttachment *attachment, GError **error)
{
  const char *name = attachment->filename;

  if (!check_utf8("file name", name, error) || !check_content_type(attachment->content_type, error))
    return false;

  g_autofree char *clean = header_text_clean(name);

  if (name[0] == '\0' || strcmp(clean, name) != 0 || strpbrk(name, "/\\\"") != NULL)
    return refuse(COMPOSE_ERROR_HEADER, "file name", name,
                  "not a plain name: no folders, quotes, control characters or blanks at its ends", error);
  return true;
}

/* Text and HTML are not looked at: they are long, and valid as what they are rendered from is
 * (mustache_compile, jansson). */
static bool check_texts(const MailMessage *message, GError **error)
{
  const struct {
    const char *what, *text;
  } rows[] = { { "From", message->from_name }, { "To", message->to_name }, { "Subject", message->subject } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    if (!check_utf8(rows[i].what, rows[i].text, error))
      return false;
  return true;
}

static bool check_message(const MailMessage *message, GError **error)
{
  if (!check_address("From", message->from_address, error) ||
      !check_address("To", message->to_address, error) ||
      (message->reply_to != NULL && !check_address("Reply-To", message->reply_to, error)) ||
      !check_texts(message, error))
    return false;
  for (gsize i = 0; i < message->n_headers; i++)
    if (!check_header(&message->headers[i], error))
      return false;
  for (gsize i = 0; i < message->n_attachments; i++)
    if (!check_attachment(&message->attachments[i], error))
      return false;
  return true;
}

/* Appends a header whose value is already encoded and folded, its lines ended by LF. */
static void put_header(GString *out, const char *name, const char *raw_value)
{
  g_string_append(out, name);
  g_string_append_c(out, ':');
  for (const char *end; (end = strchr(raw_value, '\n')) != NULL; raw_value = end + 1) {
    g_string_append_len(out, raw_value, end - raw_value);
    g_string_append(out, "\r\n");
  }
}

static void put_text_header(GString *out, const char *name, const char *text)
{
  g_autofree char *value = header_text_unstructured(name, text);

  put_header(out, name, value);
}

static void put_mailbox(GString *out, const char *name, const char *display, const char *address)
{
  g_autofree char *value = header_text_mailbox(name, display, address);

  put_header(out, name, value);
}

static bool put_date(GString *out, gint64 date, GError **error)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(date);
  g_autofree char *shown = g_strdup_printf("%" G_GINT64_FORMAT, date);

  if (utc == NULL || g_date_time_get_year(utc) < 1970)
    return refuse(COMPOSE_ERROR_HEADER, "Date", shown, "no such instant", error);

  g_autofree char *text = g_mime_utils_header_format_date(utc);

  put_text_header(out, "Date", text);
  return true;
}

static bool put_message_id(GString *out, const char *id, GError **error)
{
  g_autofree char *bare = bare_message_id(id);

  if (bare == NULL)
    return refuse(COMPOSE_ERROR_HEADER, "Message-ID", id, "expected id@domain", error);
  g_string_append_printf(out, "Message-ID: <%s>\r\n", bare);
  return true;
}

static bool put_headers(GString *out, const MailMessage *message, GError **error)
{
  put_mailbox(out, "From", message->from_name, message->from_address);
  put_mailbox(out, "To", message->to_name, message->to_address);
  if (message->reply_to != NULL)
    put_mailbox(out, "Reply-To", NULL, message->reply_to);
  put_text_header(out, "Subject", message->subject);
  if (!put_date(out, message->date, error) || !put_message_id(out, message->message_id, error))
    return false;
  put_text_header(out, "Auto-Submitted", "auto-generated");
  put_text_header(out, "X-Auto-Response-Suppress", "OOF, AutoReply"); /* never "All": it stops bounces too */
  for (gsize i = 0; i < message->n_headers; i++)
    put_text_header(out, message->headers[i].name, message->headers[i].value);
  return true;
}

/* Text and HTML, as multipart/alternative. */
static void put_alternative(GString *out, const MailMessage *message)
{
  g_autofree char *boundary = mime_part_boundary("alternative", message->boundary_seed);

  mime_part_open(out, "alternative", boundary);
  mime_part_next(out, boundary, "");
  mime_part_text(out, "text/plain; charset=utf-8", message->text);
  if (message->html != NULL) {
    mime_part_next(out, boundary, "");
    mime_part_text(out, "text/html; charset=utf-8", message->html);
  }
  mime_part_next(out, boundary, "--");
}

/* The body: alternative alone, or inside mixed with the attachments. */
static void put_body(GString *out, const MailMessage *message)
{
  g_string_append(out, "MIME-Version: 1.0\r\n");
  if (message->n_attachments == 0) {
    put_alternative(out, message);
    return;
  }

  g_autofree char *boundary = mime_part_boundary("mixed", message->boundary_seed);

  mime_part_open(out, "mixed", boundary);
  mime_part_next(out, boundary, "");
  put_alternative(out, message);
  for (gsize i = 0; i < message->n_attachments; i++) {
    const MailAttachment *attachment = &message->attachments[i];
    gsize size = 0;
    const void *data = g_bytes_get_data(attachment->bytes, &size);

    mime_part_next(out, boundary, "");
    mime_part_append(out, attachment->content_type, attachment->filename, data, size);
  }
  mime_part_next(out, boundary, "--");
}

/* About how long the mail gets. */
static gsize estimate(const MailMessage *message)
{
  gsize size = strlen(message->text) + (message->html != NULL ? strlen(message->html) : 0);

  for (gsize i = 0; i < message->n_attachments; i++)
    size += g_bytes_get_size(message->attachments[i].bytes);
  return size * 7 / 5 + 3072; /* base64 in lines is 78/57 */
}

bool compose_message(const MailMessage *message, GBytes **ret_bytes, GError **error)
{
  g_autoptr(GString) out = NULL;

  if (!check_message(message, error))
    return false;
  out = g_string_sized_new(estimate(message));
  if (!put_headers(out, message, error))
    return false;
  put_body(out, message);
  *ret_bytes = g_string_free_to_bytes(g_steal_pointer(&out));
  return true;
}
