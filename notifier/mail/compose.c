#include "notifier/mail/compose.h"

#include <gmime/gmime.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "planner/email_address.h"

G_DEFINE_QUARK(kigen - compose - error - quark, compose_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeContentType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)

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

static bool check_texts(const MailMessage *message, GError **error)
{
  const struct {
    const char *what, *text;
  } rows[] = { { "From", message->from_name },
               { "To", message->to_name },
               { "Subject", message->subject },
               { "text", message->text },
               { "HTML", message->html } };

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

/* Adds a header whose value is already encoded and folded. */
static void add_header(GMimeObject *object, const char *name, const char *raw_value)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list(object);

  g_mime_header_list_append(headers, name, "", NULL);
  g_mime_header_set_raw_value(
      g_mime_header_list_get_header_at(headers, g_mime_header_list_get_count(headers) - 1), raw_value);
}

static void add_text_header(GMimeObject *object, const char *name, const char *text)
{
  g_autofree char *value = header_text_unstructured(name, text);

  add_header(object, name, value);
}

static void add_mailbox(GMimeObject *object, const char *name, const char *display, const char *address)
{
  g_autofree char *value = header_text_mailbox(name, display, address);

  add_header(object, name, value);
}

static bool add_date(GMimeObject *object, gint64 date, GError **error)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(date);
  g_autofree char *shown = g_strdup_printf("%" G_GINT64_FORMAT, date);

  if (utc == NULL || g_date_time_get_year(utc) < 1970)
    return refuse(COMPOSE_ERROR_HEADER, "Date", shown, "no such instant", error);

  g_autofree char *text = g_mime_utils_header_format_date(utc);

  add_text_header(object, "Date", text);
  return true;
}

static bool add_message_id(GMimeObject *object, const char *id, GError **error)
{
  g_autofree char *bare = bare_message_id(id);

  if (bare == NULL)
    return refuse(COMPOSE_ERROR_HEADER, "Message-ID", id, "expected id@domain", error);

  g_autofree char *value = g_strdup_printf(" <%s>\n", bare);

  add_header(object, "Message-ID", value);
  return true;
}

/* `text` with CRLF line ends, as RFC 2045 clause 6.8 wants text before base64. Own string. */
static char *with_crlf(const char *text)
{
  GString *lines = g_string_sized_new(strlen(text) + 64);

  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '\r' && p[1] == '\n')
      continue;
    if (*p == '\n' || *p == '\r')
      g_string_append(lines, "\r\n");
    else
      g_string_append_c(lines, *p);
  }
  return g_string_free(lines, FALSE);
}

/* A leaf part in base64. */
static GMimeObject *leaf_part(const char *content_type, const void *data, gsize size)
{
  g_autoptr(GMimeContentType) type = g_mime_content_type_parse(NULL, content_type);
  GMimePart *part = g_mime_part_new();
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, size);
  g_autoptr(GMimeDataWrapper) wrapper =
      g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_object_set_content_type(GMIME_OBJECT(part), type);
  g_mime_part_set_content(part, wrapper);
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  return GMIME_OBJECT(part);
}

/* Adds `part` to `multipart`, which owns it from here. */
static void add_part(GMimeMultipart *multipart, GMimeObject *part)
{
  g_mime_multipart_add(multipart, part);
  g_object_unref(part);
}

static void add_text_part(GMimeMultipart *multipart, const char *content_type, const char *text)
{
  g_autofree char *lines = with_crlf(text);

  add_part(multipart, leaf_part(content_type, lines, strlen(lines)));
}

/* A multipart whose boundary comes from the seed. "=_" never begins a line of base64. */
static GMimeMultipart *multipart_new(const char *subtype, const char *seed)
{
  g_autofree char *text = g_strdup_printf("kigen boundary %s %s", subtype, seed);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_autofree char *boundary = g_strdup_printf("=_%.32s", hash);
  GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);

  g_mime_multipart_set_boundary(multipart, boundary);
  return multipart;
}

static GMimeObject *attachment_part(const MailAttachment *attachment)
{
  gsize size = 0;
  const void *data = g_bytes_get_data(attachment->bytes, &size);
  GMimeObject *part = leaf_part(attachment->content_type, data, size);

  g_mime_object_set_disposition(part, GMIME_DISPOSITION_ATTACHMENT);
  g_mime_part_set_filename(GMIME_PART(part), attachment->filename);
  return part;
}

/* The body: alternative alone, or inside mixed with the attachments. */
static GMimeMultipart *body_new(const MailMessage *message)
{
  GMimeMultipart *alternative = multipart_new("alternative", message->boundary_seed);

  add_text_part(alternative, "text/plain; charset=utf-8", message->text);
  if (message->html != NULL)
    add_text_part(alternative, "text/html; charset=utf-8", message->html);
  if (message->n_attachments == 0)
    return alternative;

  GMimeMultipart *mixed = multipart_new("mixed", message->boundary_seed);

  add_part(mixed, GMIME_OBJECT(alternative));
  for (gsize i = 0; i < message->n_attachments; i++)
    add_part(mixed, attachment_part(&message->attachments[i]));
  return mixed;
}

static bool add_headers(GMimeObject *mail, const MailMessage *message, GError **error)
{
  add_mailbox(mail, "From", message->from_name, message->from_address);
  add_mailbox(mail, "To", message->to_name, message->to_address);
  if (message->reply_to != NULL)
    add_mailbox(mail, "Reply-To", NULL, message->reply_to);
  add_text_header(mail, "Subject", message->subject);
  if (!add_date(mail, message->date, error) || !add_message_id(mail, message->message_id, error))
    return false;
  add_text_header(mail, "Auto-Submitted", "auto-generated");
  add_text_header(mail, "X-Auto-Response-Suppress", "OOF, AutoReply"); /* never "All": it stops bounces too */
  for (gsize i = 0; i < message->n_headers; i++)
    add_text_header(mail, message->headers[i].name, message->headers[i].value);
  return true;
}

/* The bytes of `mail` with CRLF line ends. */
static GBytes *written(GMimeObject *mail)
{
  GMimeFormatOptions *options = g_mime_format_options_new();
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();

  g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
  g_mime_object_write_to_stream(mail, options, stream);
  g_mime_format_options_free(options);

  const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));

  return g_bytes_new(array->data, array->len);
}

static void init_gmime(void)
{
  static gsize once = 0;

  if (g_once_init_enter(&once)) {
    g_mime_init();
    g_once_init_leave(&once, 1);
  }
}

bool compose_message(const MailMessage *message, GBytes **ret_bytes, GError **error)
{
  if (!check_message(message, error))
    return false;
  init_gmime();

  g_autoptr(GMimeMessage) mail = g_mime_message_new(FALSE);
  g_autoptr(GMimeMultipart) body = body_new(message);

  if (!add_headers(GMIME_OBJECT(mail), message, error))
    return false;
  g_mime_message_set_mime_part(mail, GMIME_OBJECT(body));
  *ret_bytes = written(GMIME_OBJECT(mail));
  return true;
}
