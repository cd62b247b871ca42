#include "notifier/mail/incoming_mail.h"

#include <gmime/gmime.h>
#include <string.h>

#include "notifier/mail/incoming_text.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddressList, g_object_unref)

#define DEPTH_MAX 8      /* of parts within parts */
#define STATUSES_MAX 100 /* groups of a report that are looked at */
#define LINE_MAX_KEPT 500

static void status_free(IncomingStatus *status)
{
  g_free(status->action);
  g_free(status->status);
  g_free(status->diagnostic);
  g_free(status->recipient);
  g_free(status);
}

void incoming_mail_free(IncomingMail *mail)
{
  if (mail == NULL)
    return;
  g_ptr_array_unref(mail->recipients);
  g_ptr_array_unref(mail->statuses);
  g_free(mail->from);
  g_free(mail->from_name);
  g_free(mail->subject);
  g_free(mail->failed_recipients);
  g_free(mail->text);
  g_free(mail);
}

/* `value` on one line, valid, without control characters, not too long. Takes it; NULL for what says nothing.
 */
static char *one_line(char *value)
{
  g_autofree char *raw = value;
  g_autofree char *valid = raw != NULL ? g_utf8_make_valid(raw, -1) : NULL;
  g_autoptr(GString) out = g_string_new(NULL);

  for (const char *p = valid; p != NULL && *p != '\0' && out->len < LINE_MAX_KEPT;
       p += g_utf8_skip[(guchar)*p]) {
    gunichar c = g_utf8_get_char(p);

    if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
      if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
    } else {
      g_string_append_unichar(out, c);
    }
  }

  char *line = g_strstrip(g_strdup(out->str));

  if (line[0] == '\0')
    g_clear_pointer(&line, g_free);
  return line;
}

/* Without the type in front, "rfc822;" or "smtp;". */
static char *untyped(const char *value)
{
  const char *semicolon = value != NULL ? strchr(value, ';') : NULL;

  return one_line(g_strdup(semicolon != NULL ? semicolon + 1 : value));
}

/* The fields of one group, by lower-case name; folded lines are joined. */
static GHashTable *read_fields(char **lines, gsize from, gsize to)
{
  GHashTable *fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GString) field = g_string_new(NULL);

  for (gsize i = from; i <= to; i++) {
    bool folded = i < to && (lines[i][0] == ' ' || lines[i][0] == '\t');
    const char *colon = strchr(field->str, ':');

    if (!folded && colon != NULL) {
      g_autofree char *name = g_ascii_strdown(field->str, colon - field->str);

      if (g_hash_table_lookup(fields, g_strstrip(name)) == NULL)
        g_hash_table_insert(fields, g_steal_pointer(&name), g_strstrip(g_strdup(colon + 1)));
    }
    if (!folded)
      g_string_truncate(field, 0);
    if (i < to)
      g_string_append(field, lines[i]);
  }
  return fields;
}

static void add_status(IncomingMail *mail, GHashTable *fields)
{
  const char *action = g_hash_table_lookup(fields, "action");
  const char *original = g_hash_table_lookup(fields, "original-recipient");
  IncomingStatus *status;

  if (action == NULL || mail->statuses->len >= STATUSES_MAX)
    return;
  status = g_new0(IncomingStatus, 1);
  g_ptr_array_add(mail->statuses, status);
  status->action = g_ascii_strdown(action, (gssize)strcspn(action, " \t(;"));
  status->status = one_line(g_strdup(g_hash_table_lookup(fields, "status")));
  status->diagnostic = untyped(g_hash_table_lookup(fields, "diagnostic-code"));
  status->recipient = untyped(original != NULL ? original : g_hash_table_lookup(fields, "final-recipient"));
}

/* message/delivery-status: groups of fields, parted by empty lines; the first is about the message. */
static void read_report(IncomingMail *mail, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gsize count = g_strv_length(lines), from = 0;

  for (gsize i = 0; i < count; i++)
    g_strchomp(lines[i]);
  for (gsize i = 0; i <= count; i++) {
    if (i < count && lines[i][0] != '\0')
      continue;

    g_autoptr(GHashTable) fields = read_fields(lines, from, i);

    add_status(mail, fields);
    from = i + 1;
  }
}

static GByteArray *content_of(GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content(part);
  GByteArray *bytes = g_byte_array_new();
  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(bytes);

  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  if (content != NULL)
    g_mime_data_wrapper_write_to_stream(content, stream);
  return bytes;
}

typedef struct {
  IncomingMail *mail;
  GString *text, *html;
} Walk;

/* "relay-report.csv" (letter_relay.h), "relay-report (1).csv", "Relay-Report.xlsx" … */
static bool is_relay_report(GMimePart *part)
{
  const char *name = g_mime_part_get_filename(part);

  return name != NULL && g_ascii_strncasecmp(name, "relay-report", strlen("relay-report")) == 0;
}

static void take_part(Walk *walk, GMimePart *part)
{
  GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
  bool is_report = g_mime_content_type_is_type(type, "message", "delivery-status") ||
                   g_mime_content_type_is_type(type, "message", "global-delivery-status");
  bool is_html = g_mime_content_type_is_type(type, "text", "html");
  bool is_text = is_html || g_mime_content_type_is_type(type, "text", "plain");
  GString *into = is_html ? walk->html : walk->text;

  walk->mail->has_relay_report |= is_relay_report(part);
  if (!is_report && (!is_text || g_mime_part_is_attachment(part) || into->len >= INCOMING_MAIL_TEXT_MAX))
    return;

  g_autoptr(GByteArray) bytes = content_of(part);
  g_autofree char *text = incoming_text_decode(bytes->data, MIN(bytes->len, INCOMING_MAIL_TEXT_MAX),
                                               g_mime_content_type_get_parameter(type, "charset"));

  if (is_report) {
    read_report(walk->mail, text);
    return;
  }
  g_string_append(into, text);
  g_string_append_c(into, '\n');
}

static void walk_part(Walk *walk, GMimeObject *object, int depth)
{
  if (object == NULL || depth > DEPTH_MAX)
    return;
  if (GMIME_IS_MULTIPART(object)) {
    GMimeMultipart *multipart = GMIME_MULTIPART(object);

    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
      walk_part(walk, g_mime_multipart_get_part(multipart, i), depth + 1);
  } else if (GMIME_IS_PART(object)) {
    take_part(walk, GMIME_PART(object));
  } /* an attached mail is what was sent, not what is said */
}

static void add_address(GPtrArray *list, const char *address)
{
  for (guint i = 0; i < list->len; i++)
    if (g_ascii_strcasecmp(list->pdata[i], address) == 0)
      return;
  g_ptr_array_add(list, g_strdup(address));
}

/* The addresses of every field of that name. */
static void add_addresses(IncomingMail *mail, GMimeMessage *message, const char *name)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));

  for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
    const char *value = g_mime_header_get_raw_value(header);

    if (g_ascii_strcasecmp(g_mime_header_get_name(header), name) != 0 || value == NULL)
      continue;

    g_autoptr(InternetAddressList) list = internet_address_list_parse(NULL, value);

    for (int j = 0; list != NULL && j < internet_address_list_length(list); j++) {
      InternetAddress *address = internet_address_list_get_address(list, j);
      const char *mailbox = INTERNET_ADDRESS_IS_MAILBOX(address)
                                ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address))
                                : NULL;

      if (mailbox != NULL && mailbox[0] != '\0' && g_utf8_validate(mailbox, -1, NULL))
        add_address(mail->recipients, mailbox);
    }
  }
}

static char *header(GMimeMessage *message, const char *name)
{
  return one_line(g_strdup(g_mime_object_get_header(GMIME_OBJECT(message), name)));
}

static void take_from(IncomingMail *mail, GMimeMessage *message)
{
  InternetAddressList *list = g_mime_message_get_from(message);
  InternetAddress *first = list != NULL && internet_address_list_length(list) > 0
                               ? internet_address_list_get_address(list, 0)
                               : NULL;

  if (first == NULL || !INTERNET_ADDRESS_IS_MAILBOX(first))
    return;

  g_autofree char *address =
      one_line(g_strdup(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first))));

  mail->from = address != NULL ? g_ascii_strdown(address, -1) : NULL;
  mail->from_name = one_line(g_strdup(internet_address_get_name(first)));
}

/* RFC 3834 5, and what was in use before it. */
static bool is_automatic(GMimeMessage *message)
{
  static const char *const precedences[] = { "bulk", "junk", "list", "auto_reply", "auto-reply", NULL };
  static const char *const marks[] = { "X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id" };
  g_autofree char *submitted = header(message, "Auto-Submitted");
  g_autofree char *precedence = header(message, "Precedence");
  g_autofree char *lower = precedence != NULL ? g_ascii_strdown(precedence, -1) : NULL;

  if ((submitted != NULL && g_ascii_strncasecmp(submitted, "no", 2) != 0) ||
      (lower != NULL && g_strv_contains(precedences, lower)))
    return true;
  for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
    if (g_mime_object_get_header(GMIME_OBJECT(message), marks[i]) != NULL)
      return true;
  return false;
}

/* By the name before the @ of who sends it. */
static bool is_daemon(const char *from)
{
  static const char *const names[] = { "mailer-daemon@", "postmaster@", "mail-daemon@",      "maildaemon@",
                                       "mdaemon@",       "mailer@",     "microsoftexchange", "daemon@" };

  for (gsize i = 0; from != NULL && i < G_N_ELEMENTS(names); i++)
    if (g_str_has_prefix(from, names[i]))
      return true;
  return from == NULL;
}

static void read_message(IncomingMail *mail, GMimeMessage *message)
{
  static const char *const outermost_first[] = { "X-Original-To", "Delivered-To", "Envelope-To",
                                                 "X-Envelope-To", "To",           "Cc" };
  g_autoptr(GString) text = g_string_new(NULL), html = g_string_new(NULL);
  Walk walk = { mail, text, html };

  for (gsize i = 0; i < G_N_ELEMENTS(outermost_first); i++)
    add_addresses(mail, message, outermost_first[i]);
  take_from(mail, message);
  mail->subject = one_line(g_strdup(g_mime_message_get_subject(message)));
  mail->automatic = is_automatic(message);
  mail->from_daemon = is_daemon(mail->from);
  mail->failed_recipients = header(message, "X-Failed-Recipients");
  walk_part(&walk, g_mime_message_get_mime_part(message), 0);
  mail->text = text->len > 0 || html->len == 0 ? g_strdup(text->str) : incoming_text_plain(html->str);
}

static void init_gmime(void)
{
  static gsize once = 0;

  if (g_once_init_enter(&once)) {
    g_mime_init();
    g_once_init_leave(&once, 1);
  }
}

IncomingMail *incoming_mail_parse(const void *bytes, gsize size)
{
  IncomingMail *mail = NULL;

  init_gmime();

  g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes, size);
  g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
  g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);

  if (message == NULL ||
      g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message))) == 0)
    return NULL;
  mail = g_new0(IncomingMail, 1);
  mail->recipients = g_ptr_array_new_with_free_func(g_free);
  mail->statuses = g_ptr_array_new_with_free_func((GDestroyNotify)status_free);
  read_message(mail, message);
  return mail;
}
