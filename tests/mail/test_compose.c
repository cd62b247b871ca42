#include "notifier/mail/compose.h"

#include <gmime/gmime.h>
#include <string.h>

#include "notifier/mail/header_text.h"
#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static GBytes *composed(const MailMessage *message)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = NULL;

  ck_assert_msg(compose_message(message, &bytes, &error), "%s", error != NULL ? error->message : "");
  return bytes;
}

static const char *text_at(json_t *object, const char *key)
{
  return json_string_value(json_object_get(object, key));
}

static const char *header_of(json_t *mail, const char *name)
{
  gsize i;
  json_t *pair;

  json_array_foreach(json_object_get(mail, "headers"), i,
                     pair) if (strcmp(json_string_value(json_array_get(pair, 0)), name) ==
                               0) return json_string_value(json_array_get(pair, 1));
  return NULL;
}

static json_t *part_at(json_t *mail, gsize i)
{
  return json_array_get(json_object_get(mail, "parts"), i);
}

static gint64 number_at(json_t *mail, const char *key)
{
  return json_integer_value(json_object_get(mail, key));
}

START_TEST(test_message_headers_python)
{
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) bytes = composed(&letter);
  g_autoptr(json_t) mail = fixture_parse(bytes);
  const struct {
    const char *name, *value;
  } rows[] = {
    { "Subject", letter.subject },
    { "Date", "Sat, 22 Nov 2025 22:19:00 +0000" },
    { "Message-ID", "<kigen.123.0f3a@kigen-medical.example>" },
    { "Reply-To", letter.reply_to },
    { "Auto-Submitted", "auto-generated" },
    { "X-Auto-Response-Suppress", "OOF, AutoReply" },
    { "MIME-Version", "1.0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    ck_assert_str_eq(header_of(mail, rows[i].name), rows[i].value);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "from"), 0)), letter.from_name);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "from"), 1)), letter.from_address);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "to"), 0)), letter.to_name);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "to"), 1)), letter.to_address);
  ck_assert_uint_eq(json_array_size(json_object_get(mail, "addresses")), 2);
  ck_assert_uint_eq(json_array_size(json_object_get(mail, "header_defects")), 0);
}
END_TEST

START_TEST(test_message_lines)
{
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) bytes = composed(&letter);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_int_le(number_at(mail, "longest_header_line"), 78);
  ck_assert_int_le(number_at(mail, "longest_line"), 78);
  ck_assert_int_le(number_at(mail, "longest_encoded_word"), 75);
  ck_assert_int_gt(number_at(mail, "longest_encoded_word"), 20);
  ck_assert_int_eq(number_at(mail, "bare_newlines"), 0);
  ck_assert(json_is_true(json_object_get(mail, "ascii")));
}
END_TEST

START_TEST(test_message_parts_python)
{
  static const struct {
    const char *type, *encoding, *disposition, *filename, *content;
  } rows[] = {
    { "multipart/mixed", NULL, NULL, NULL, NULL },
    { "multipart/alternative", NULL, NULL, NULL, NULL },
    { "text/plain", "base64", NULL, NULL, "拝啓\r\n\r\n.\r\n..\r\nFrom here\r\n敬具\r\n" },
    { "text/html", "base64", NULL, NULL, "<!DOCTYPE html>\r\n<p>拝啓 &amp; 敬具</p>\r\n" },
    { "text/csv", "base64", "attachment", "devices.csv", "\xef\xbb\xbf製造番号\r\n00123\r\n" },
    { "text/calendar", "base64", "attachment", "製品寿命終了の予定.ics",
      "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" },
  };
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) bytes = composed(&letter);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_uint_eq(json_array_size(json_object_get(mail, "parts")), G_N_ELEMENTS(rows));
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    json_t *part = part_at(mail, i);

    ck_assert_str_eq(text_at(part, "type"), rows[i].type);
    ck_assert_pstr_eq(text_at(part, "encoding"), rows[i].encoding);
    ck_assert_pstr_eq(text_at(part, "disposition"), rows[i].disposition);
    ck_assert_pstr_eq(text_at(part, "filename"), rows[i].filename);
    ck_assert_pstr_eq(text_at(part, "content"), rows[i].content);
    ck_assert_uint_eq(json_array_size(json_object_get(part, "defects")), 0);
    ck_assert_msg(rows[i].content == NULL || strcmp(text_at(part, "charset"), "utf-8") == 0, "row %zu", i);
  }
}
END_TEST

START_TEST(test_message_gmime)
{
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) bytes = composed(&letter);
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, size);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage *mail = g_mime_parser_construct_message(parser, NULL);
  InternetAddress *to = internet_address_list_get_address(g_mime_message_get_to(mail), 0);
  GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(mail));
  GMimeMultipart *alternative = GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0));
  g_autofree char *text =
      g_mime_text_part_get_text(GMIME_TEXT_PART(g_mime_multipart_get_part(alternative, 0)));

  ck_assert_str_eq(g_mime_message_get_subject(mail), letter.subject);
  ck_assert_str_eq(g_mime_message_get_message_id(mail), letter.message_id);
  ck_assert_int_eq(g_date_time_to_unix(g_mime_message_get_date(mail)), letter.date);
  ck_assert_str_eq(internet_address_get_name(to), letter.to_name);
  ck_assert_str_eq(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)), letter.to_address);
  ck_assert_int_eq(g_mime_multipart_get_count(mixed), 3);
  ck_assert_str_eq(text, "拝啓\r\n\r\n.\r\n..\r\nFrom here\r\n敬具\r\n");
  g_object_unref(mail);
  g_object_unref(parser);
  g_object_unref(stream);
}
END_TEST

START_TEST(test_message_same_bytes)
{
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) first = composed(&letter);
  g_autoptr(GBytes) second = composed(&letter);

  ck_assert(g_bytes_equal(first, second));

  letter.boundary_seed = "another";

  g_autoptr(GBytes) third = composed(&letter);

  ck_assert(!g_bytes_equal(first, third));
  ck_assert_uint_eq(g_bytes_get_size(first), g_bytes_get_size(third));
}
END_TEST

START_TEST(test_message_without_attachments)
{
  MailMessage letter = fixture_letter();

  letter.n_attachments = 0;
  letter.html = NULL;
  letter.to_name = NULL;
  letter.reply_to = NULL;

  g_autoptr(GBytes) bytes = composed(&letter);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_uint_eq(json_array_size(json_object_get(mail, "parts")), 2);
  ck_assert_str_eq(text_at(part_at(mail, 0), "type"), "multipart/alternative");
  ck_assert_str_eq(header_of(mail, "To"), letter.to_address);
  ck_assert_ptr_null(header_of(mail, "Reply-To"));
}
END_TEST

/* Nothing that is given as a name, a subject or a value begins a header of its own. */
START_TEST(test_message_injection_cleaned)
{
  static const MailHeader headers[] = { { "X-Kigen-Notice", "a\r\nX-Injected: 3" } };
  MailMessage letter = fixture_letter();

  letter.subject = "件名\r\nX-Injected: 1\r\n\r\nbody";
  letter.to_name = "佐藤\nBcc: all@evil.example\x01\x7f\xe2\x80\xa8x";
  letter.from_name = "Kigen\" <x@evil.example>,\r\n\t\"";
  letter.headers = headers;
  letter.n_headers = 1;

  g_autoptr(GBytes) bytes = composed(&letter);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_ptr_null(header_of(mail, "X-Injected"));
  ck_assert_ptr_null(header_of(mail, "Bcc"));
  ck_assert_str_eq(header_of(mail, "Subject"), "件名 X-Injected: 1 body");
  ck_assert_str_eq(header_of(mail, "X-Kigen-Notice"), "a X-Injected: 3");
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "to"), 0)),
                   "佐藤 Bcc: all@evil.example x");
  ck_assert_uint_eq(json_array_size(json_object_get(mail, "addresses")), 2);
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(mail, "from"), 1)), letter.from_address);
}
END_TEST

static const MailAttachment bad_attachment[] = {
  { "a\r\nX: 1.csv", "text/csv", NULL },
  { "../a.csv", "text/csv", NULL },
  { "a\".csv", "text/csv", NULL },
  { "", "text/csv", NULL },
  { "a.ics", "text/calendar; method=PUBLISH", NULL },
  { "a.ics", "text/calendar\r\nX: 1", NULL },
  { "a.ics", "calendar", NULL },
  { "\xff.csv", "text/csv", NULL },
};

static const MailHeader bad_header[] = {
  { "X-A\r\nX-B", "v" }, { "X A", "v" },  { "X:", "v" },           { "", "v" },
  { "Subject", "v" },    { "bcc ", "v" }, { "content-type", "v" }, { "X-A", "\xff" },
};

static const struct {
  MailMessage change; /* what is not NULL or 0 replaces the letter's */
  ComposeError code;
} refused[] = {
  { { .to_address = "a@x.example\r\nBcc: b@y.example" }, COMPOSE_ERROR_ADDRESS },
  { { .to_address = "a@x.example>, <b@y.example" }, COMPOSE_ERROR_ADDRESS },
  { { .to_address = "佐藤@x.example" }, COMPOSE_ERROR_ADDRESS },
  { { .to_address = "" }, COMPOSE_ERROR_ADDRESS },
  { { .from_address = "a b@x.example" }, COMPOSE_ERROR_ADDRESS },
  { { .reply_to = "a@x.example\n" }, COMPOSE_ERROR_ADDRESS },
  { { .message_id = "a@x\r\nX: 1" }, COMPOSE_ERROR_HEADER },
  { { .message_id = "no-at-sign" }, COMPOSE_ERROR_HEADER },
  { { .date = -1 }, COMPOSE_ERROR_HEADER },
  { { .date = G_MAXINT64 }, COMPOSE_ERROR_HEADER },
  { { .subject = "\xff" }, COMPOSE_ERROR_TEXT },
  { { .to_name = "\x82\xa0" }, COMPOSE_ERROR_TEXT },
};

/* The letter with the non-empty members of `change`. */
static MailMessage changed(const MailMessage *change)
{
  MailMessage letter = fixture_letter();

  letter.to_address = change->to_address != NULL ? change->to_address : letter.to_address;
  letter.from_address = change->from_address != NULL ? change->from_address : letter.from_address;
  letter.reply_to = change->reply_to != NULL ? change->reply_to : letter.reply_to;
  letter.message_id = change->message_id != NULL ? change->message_id : letter.message_id;
  letter.date = change->date != 0 ? change->date : letter.date;
  letter.subject = change->subject != NULL ? change->subject : letter.subject;
  letter.text = change->text != NULL ? change->text : letter.text;
  letter.html = change->html != NULL ? change->html : letter.html;
  letter.to_name = change->to_name != NULL ? change->to_name : letter.to_name;
  return letter;
}

static void assert_refused(const MailMessage *letter, int code, int row)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = NULL;

  ck_assert_msg(!compose_message(letter, &bytes, &error), "row %d is composed", row);
  ck_assert_ptr_null(bytes);
  if (code >= 0)
    ck_assert_msg(g_error_matches(error, COMPOSE_ERROR, code), "row %d: %s", row, error->message);
  ck_assert_msg(strpbrk(error->message, "\r\n") == NULL, "row %d: the message breaks its line", row);
}

START_TEST(test_message_refused)
{
  MailMessage letter = changed(&refused[_i].change);

  assert_refused(&letter, (int)refused[_i].code, _i);
}
END_TEST

START_TEST(test_message_refused_header)
{
  MailMessage letter = fixture_letter();

  letter.headers = &bad_header[_i];
  letter.n_headers = 1;
  assert_refused(&letter, -1, _i);
}
END_TEST

START_TEST(test_message_refused_attachment)
{
  MailMessage letter = fixture_letter();
  g_autoptr(GBytes) bytes = g_bytes_new_static("a", 1);
  MailAttachment attachment = bad_attachment[_i];

  attachment.bytes = bytes;
  letter.attachments = &attachment;
  letter.n_attachments = 1;
  assert_refused(&letter, -1, _i);
}
END_TEST

static const struct {
  const char *text, *value;
} unstructured[] = {
  { "", "\n" },
  { "Notice", " Notice\n" },
  { "a  b\tc", " a b c\n" },
  { "=?UTF-8?B?44GC?=", " =?UTF-8?B?PT9VVEYtOD9CPzQ0R0M/PQ==?=\n" },
  { "あ", " =?UTF-8?B?44GC?=\n" },
  { "a\xe2\x80\xae"
    "b\xe2\x81\xa6"
    "c\xef\xbb\xbf",
    " a b c\n" }, /* what turns the direction, a BOM */
};

START_TEST(test_unstructured)
{
  g_autofree char *value = header_text_unstructured("Subject", unstructured[_i].text);

  ck_assert_str_eq(value, unstructured[_i].value);
}
END_TEST

/* Every length of a subject folds within bounds and comes back whole. */
START_TEST(test_unstructured_lengths)
{
  static const char *const units[] = { "あ", "a", "x ", "𠮷", "é", "aあ" };

  for (gsize u = 0; u < G_N_ELEMENTS(units); u++)
    for (int n = 1; n < 120; n++) {
      g_autoptr(GString) text = g_string_new(NULL);

      for (int i = 0; i < n; i++)
        g_string_append(text, units[u]);

      g_autofree char *clean = header_text_clean(text->str);
      g_autofree char *value = header_text_unstructured("Subject", text->str);
      g_autofree char *header = g_strconcat("Subject:", value, NULL);
      g_auto(GStrv) lines = g_strsplit(header, "\n", -1);
      g_autofree char *unfolded = g_mime_utils_header_unfold(value);
      g_autofree char *back = g_mime_utils_header_decode_text(NULL, unfolded);

      for (guint i = 0; lines[i] != NULL; i++)
        ck_assert_msg(strlen(lines[i]) <= 76, "%s × %d: %s", units[u], n, lines[i]);
      ck_assert_str_eq(g_strstrip(back), clean);
    }
}
END_TEST

static const struct {
  const char *display, *value;
} mailboxes[] = {
  { NULL, " a@x.example\n" },
  { "", " a@x.example\n" },
  { "\r\n", " a@x.example\n" },
  { "Sato, Taro", " \"Sato, Taro\" <a@x.example>\n" },
  { "T \"x\" \\", " \"T \\\"x\\\" \\\\\" <a@x.example>\n" },
  { "佐藤", " =?UTF-8?B?5L2Q6Jek?= <a@x.example>\n" },
};

START_TEST(test_mailbox)
{
  g_autofree char *value = header_text_mailbox("To", mailboxes[_i].display, "a@x.example");

  ck_assert_str_eq(value, mailboxes[_i].value);
}
END_TEST

int main(void)
{
  g_mime_init();

  Suite *suite = suite_create("compose");
  TCase *tcase = tcase_create("message");

  tcase_add_test(tcase, test_message_headers_python);
  tcase_add_test(tcase, test_message_lines);
  tcase_add_test(tcase, test_message_parts_python);
  tcase_add_test(tcase, test_message_gmime);
  tcase_add_test(tcase, test_message_same_bytes);
  tcase_add_test(tcase, test_message_without_attachments);
  tcase_add_test(tcase, test_message_injection_cleaned);
  tcase_add_loop_test(tcase, test_message_refused, 0, G_N_ELEMENTS(refused));
  tcase_add_loop_test(tcase, test_message_refused_header, 0, G_N_ELEMENTS(bad_header));
  tcase_add_loop_test(tcase, test_message_refused_attachment, 0, G_N_ELEMENTS(bad_attachment));
  tcase_add_loop_test(tcase, test_unstructured, 0, G_N_ELEMENTS(unstructured));
  tcase_add_test(tcase, test_unstructured_lengths);
  tcase_add_loop_test(tcase, test_mailbox, 0, G_N_ELEMENTS(mailboxes));
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
