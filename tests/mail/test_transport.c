#include "notifier/mail/transport.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/mail/feed_fixture.h"
#include "tests/mail/mail_fixture.h"
#include "tests/mail/relay_fixture.h"
#include "tests/support/run.h"

#define DEADLINE 1 /* seconds, in the rows that stall */

static const struct {
  const char *mode;
  DeliveryOutcome outcome;
  const char *says;
} scripted[] = {
  { "accept", DELIVERY_ACCEPTED, "250 2.0.0 queued as 4711" },
  { "greeting-421", DELIVERY_DEFERRED, "421 4.3.2 too busy" },
  { "greeting-554", DELIVERY_DEFERRED, "554 no service here" },
  { "greeting-close", DELIVERY_DEFERRED, "broke" },
  { "greeting-stall", DELIVERY_DEFERRED, "no answer within" },
  { "ehlo-550", DELIVERY_DEFERRED, "550 go away" },
  { "mail-451", DELIVERY_DEFERRED, "451 4.3.0 later" },
  { "mail-553", DELIVERY_FAILED, "553 5.1.8 who are you" },
  { "rcpt-452", DELIVERY_DEFERRED, "452 4.2.2 mailbox full" },
  { "rcpt-550", DELIVERY_FAILED, "550 5.1.1 no such user [31m佐" },
  { "rcpt-close", DELIVERY_DEFERRED, "broke" },
  { "data-451", DELIVERY_DEFERRED, "451 4.3.0 no room" },
  { "data-close", DELIVERY_DEFERRED, "broke" },
  { "data-stall", DELIVERY_UNKNOWN, "may have arrived" },
  { "end-452", DELIVERY_DEFERRED, "452 4.3.1 disk full" },
  { "end-554", DELIVERY_FAILED, "554 5.7.1 refused by content" },
  { "end-close", DELIVERY_UNKNOWN, "may have arrived" },
  { "end-stall", DELIVERY_UNKNOWN, "no answer within" },
  { "chunking", DELIVERY_ACCEPTED, "250 2.0.0 chunk taken" },
  { "chunking-452", DELIVERY_DEFERRED, "5" },
  { "chunking-554", DELIVERY_FAILED, "554 5.7.1" },
  { "chunking-close", DELIVERY_UNKNOWN, "may have arrived" },
};

START_TEST(test_smtp_scripted)
{
  g_auto(Relay) relay = relay_script(scripted[_i].mode, FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(Transport) transport = feed_transport(url, &(TransportOptions){ .deadline_seconds = DEADLINE });
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  gint64 begun = g_get_monotonic_time();
  g_auto(TransportResult) result = feed_one(transport, &mail);

  ck_assert_msg(result.outcome == scripted[_i].outcome, "%s: %s, %s", scripted[_i].mode,
                delivery_outcome_key(result.outcome), result.reply);
  ck_assert_msg(strstr(result.reply, scripted[_i].says) != NULL, "%s: %s", scripted[_i].mode, result.reply);
  ck_assert_int_lt(g_get_monotonic_time() - begun, (DEADLINE + 5) * G_TIME_SPAN_SECOND);
}
END_TEST

/* `text` without the dots that SMTP adds to lines that begin with one. Own string. */
static char *without_stuffing(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '.')
      memmove(lines[i], lines[i] + 1, strlen(lines[i]));
  return g_strjoinv("\r\n", lines);
}

/* What arrives is what was handed over, byte for byte; the commands carry the DSN parameters. */
START_TEST(test_smtp_bytes)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "localhost");
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  g_auto(TransportResult) result = feed_one(transport, &mail);
  g_autofree char *data = relay_read(&relay, "data");
  g_autofree char *commands = relay_read(&relay, "commands");

  ck_assert_int_eq(result.outcome, DELIVERY_ACCEPTED);
  ck_assert_uint_eq(strlen(data), g_bytes_get_size(bytes));
  ck_assert_mem_eq(data, g_bytes_get_data(bytes, NULL), strlen(data));
  ck_assert_ptr_nonnull(strstr(commands, "\nMAIL FROM:<notice@kigen-medical.example> RET=HDRS "
                                         "ENVID=kigen.123.0f3a@kigen-medical.example\n"));
  ck_assert_ptr_nonnull(strstr(commands, "\nRCPT TO:<sato@kita-hospital.example> NOTIFY=FAILURE,DELAY "
                                         "ORCPT=rfc822;sato@kita-hospital.example\n"));
}
END_TEST

/* Lines that begin with a dot, a lone dot among them, come through: stuffing is the library's. */
START_TEST(test_smtp_dots)
{
  static const char raw[] =
      "From: a@x.example\r\nTo: b@x.example\r\nDate: Sat, 22 Nov 2025 22:19:00 +0000\r\n"
      "Message-ID: <a@x.example>\r\n\r\n.\r\n..\r\n.a\r\nb.\r\n";
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_static(raw, sizeof raw - 1);
  TransportMail mail = { "a@x.example", "b@x.example", "a@x.example", bytes, NULL };
  g_auto(TransportResult) result = feed_one(transport, &mail);
  g_autofree char *data = relay_read(&relay, "data");
  g_autofree char *plain = without_stuffing(data);

  ck_assert_int_eq(result.outcome, DELIVERY_ACCEPTED);
  ck_assert_ptr_nonnull(strstr(data, "\r\n..\r\n...\r\n..a\r\nb.\r\n"));
  ck_assert_str_eq(plain, raw);
}
END_TEST

START_TEST(test_smtp_chunked_bytes)
{
  g_auto(Relay) relay = relay_script("chunking", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  g_auto(TransportResult) result = feed_one(transport, &mail);
  g_autofree char *data = relay_read(&relay, "data");

  ck_assert_int_eq(result.outcome, DELIVERY_ACCEPTED);
  ck_assert_uint_eq(strlen(data), g_bytes_get_size(bytes));
  ck_assert_mem_eq(data, g_bytes_get_data(bytes, NULL), strlen(data));
}
END_TEST

/* A large mail to a relay that stops reading is cut at the deadline: never a message with a hole, never
 * accepted. */
START_TEST(test_smtp_stalled_transfer)
{
  g_auto(Relay) relay = relay_script("data-stall", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(Transport) transport = feed_transport(url, &(TransportOptions){ .deadline_seconds = DEADLINE });
  g_autoptr(GString) big = g_string_new("From: a@x.example\r\nDate: x\r\nMessage-ID: <a@x.example>\r\n\r\n");

  while (big->len < 8 * 1024 * 1024)
    g_string_append(big, "0123456789012345678901234567890123456789012345678901234567890123456789\r\n");

  g_autoptr(GBytes) bytes = g_bytes_new(big->str, big->len);
  TransportMail mail = { "a@x.example", "b@x.example", "a@x.example", bytes, NULL };
  gint64 begun = g_get_monotonic_time();
  g_auto(TransportResult) result = feed_one(transport, &mail);

  ck_assert_int_eq(result.outcome, DELIVERY_UNKNOWN);
  ck_assert_ptr_nonnull(strstr(result.reply, "no answer within 1 seconds after the data began"));
  ck_assert_int_lt(g_get_monotonic_time() - begun, (DEADLINE + 5) * G_TIME_SPAN_SECOND);
}
END_TEST

/* Mail leaves this machine under TLS only, whatever the options say; "127.1" is no name of the loopback to
 * us, and one to the library. */
START_TEST(test_smtp_tls_elsewhere)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.1");
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  g_auto(TransportResult) result = feed_one(transport, &mail);
  g_autofree char *commands = relay_read(&relay, "commands");

  ck_assert_int_eq(result.outcome, DELIVERY_DEFERRED);
  ck_assert_msg(strstr(result.reply, "offers no STARTTLS, and mail leaves this machine under TLS only") !=
                    NULL,
                "%s", result.reply);
  ck_assert_ptr_nonnull(strstr(commands, "EHLO "));
  ck_assert_ptr_null(strstr(commands, "MAIL FROM:"));
}
END_TEST

START_TEST(test_smtp_no_relay)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);

  relay_stop(&relay);

  g_auto(TransportResult) result = feed_one(transport, &mail);

  ck_assert_int_eq(result.outcome, DELIVERY_DEFERRED);
  ck_assert_msg(strstr(result.reply, "no connection to 127.0.0.1") != NULL, "%s", result.reply);
}
END_TEST

static const struct {
  const char *mode, *host;
  bool has_certificate, is_trusted;
  DeliveryOutcome outcome;
  const char *says;
} encrypted[] = {
  { "starttls", "localhost", true, true, DELIVERY_ACCEPTED, "queued as 4711" },
  { "starttls", "localhost", true, false, DELIVERY_DEFERRED, "self-signed certificate" },
  { "starttls", "127.0.0.1", true, true, DELIVERY_DEFERRED, "IP address mismatch" },
  { "starttls-454", "localhost", true, true, DELIVERY_DEFERRED, "454 4.7.0 TLS not now" },
  { "starttls-inject", "localhost", true, true, DELIVERY_DEFERRED, "not trusted" },
  { "accept", "localhost", false, false, DELIVERY_DEFERRED, "offers no STARTTLS" },
};

START_TEST(test_smtp_tls)
{
  g_auto(Relay) relay = relay_script(encrypted[_i].mode, encrypted[_i].has_certificate);
  g_autofree char *url = relay_url(&relay, encrypted[_i].host);
  TransportOptions options = { .require_tls = true,
                               .ca_file = encrypted[_i].is_trusted ? relay.certificate : NULL,
                               .deadline_seconds = 20 };
  g_autoptr(Transport) transport = feed_transport(url, &options);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);

  for (int round = 0; round < 2; round++) { /* a second STARTTLS in one process */
    g_auto(TransportResult) result = feed_one(transport, &mail);

    ck_assert_msg(result.outcome == encrypted[_i].outcome, "row %d: %s, %s", _i,
                  delivery_outcome_key(result.outcome), result.reply);
    ck_assert_msg(strstr(result.reply, encrypted[_i].says) != NULL, "row %d: %s", _i, result.reply);
  }

  g_autofree char *commands = relay_read(&relay, "commands");
  bool arrived = strstr(commands, "MAIL FROM:") != NULL;

  ck_assert_int_eq(arrived, encrypted[_i].outcome == DELIVERY_ACCEPTED);
  if (arrived)
    ck_assert_ptr_nonnull(strstr(commands, "(server name localhost)"));
}
END_TEST

static const struct {
  const char *sender, *recipient;
} injections[] = {
  { "a@x.example", "b@x.example>\r\nRCPT TO:<c@y.example" },
  { "a@x.example\r\nRSET", "b@x.example" },
  { "a@x.example", "b@x.example\n" },
  { "a@x.example", "b c@x.example" },
  { "a@x.example", "<b@x.example>" },
  { "a@x.example> NOTIFY=NEVER", "b@x.example" },
  { "a@x.example", "病院@x.example" },
  { "a@x.example", "" },
  { "", "b@x.example" },
};

START_TEST(test_envelope_refused)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autofree char *folder = fixture_folder();
  g_autofree char *maildir = g_strconcat("maildir:", folder, NULL);
  const char *const urls[] = { url, maildir };
  g_autoptr(GBytes) bytes = g_bytes_new_static("x\r\n", 3);
  TransportMail mail = { injections[_i].sender, injections[_i].recipient, "a@x.example", bytes, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
    g_autoptr(Transport) transport = feed_transport(urls[i], NULL);
    g_auto(TransportResult) result = feed_one(transport, &mail);

    ck_assert_int_eq(result.outcome, DELIVERY_FAILED);
    ck_assert_ptr_nonnull(strstr(result.reply, "not sent, envelope "));
  }

  g_autofree char *commands = relay_read(&relay, "commands");
  g_autofree char *new_folder = g_build_filename(folder, "new", NULL);
  g_autoptr(GDir) dir = g_dir_open(new_folder, 0, NULL);

  ck_assert_str_eq(commands, "");
  ck_assert_ptr_null(g_dir_read_name(dir));
  fixture_remove(folder);
}
END_TEST

static const struct {
  const char *url, *says;
} bad_urls[] = {
  { "", "not a transport kigen knows" },
  { "/var/mail", "not a transport kigen knows" },
  { "smtps://", "HOST is a name" },
  { "smtps://user:pw@relay.example", "only HOST and PORT" },
  { "maildir:", "without a folder" },
  { "smtp://", "HOST is a name" },
  { "smtp://:25", "HOST is a name" },
  { "smtp://[::1]:25", "HOST is a name" },
  { "smtp://relay.example:99999", "not a URL" },
  { "smtp://user:pw@relay.example", "only HOST and PORT" },
  { "smtp://relay.example/path", "only HOST and PORT" },
  { "smtp://relay.example?x=1", "only HOST and PORT" },
  { "smtp://relay.example\r\n:25", "HOST is a name" },
  { "smtp://rel_ay\xe3\x81\x82.example", "HOST is a name" },
  { "maildir:/dev/null/mail", "cannot make /dev/null/mail/tmp" },
};

START_TEST(test_open_refused)
{
  g_autoptr(GError) error = NULL;
  Transport *transport = NULL;

  ck_assert_msg(!transport_open(bad_urls[_i].url, NULL, &transport, &error), "row %d is opened", _i);
  ck_assert_ptr_null(transport);
  ck_assert_msg(strstr(error->message, bad_urls[_i].says) != NULL, "row %d: %s", _i, error->message);
  ck_assert_msg(strpbrk(error->message, "\r\n") == NULL, "row %d: %s", _i, error->message);
}
END_TEST

START_TEST(test_open_ca_file_missing)
{
  g_autoptr(GError) error = NULL;
  Transport *transport = NULL;
  TransportOptions options = { .ca_file = "/nonexistent.pem" };

  ck_assert(!transport_open("smtp://relay.example", &options, &transport, &error));
  ck_assert(g_error_matches(error, TRANSPORT_ERROR, TRANSPORT_ERROR_TLS));
  ck_assert_ptr_nonnull(strstr(error->message, "/nonexistent.pem"));
}
END_TEST

/* Number of entries in `folder`/`name`. */
static guint entries(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint n = 0;

  ck_assert_ptr_nonnull(dir);
  while (g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

START_TEST(test_maildir)
{
  g_autofree char *parent = fixture_folder();
  g_autofree char *folder = g_build_filename(parent, "a", "mail", NULL);
  g_autofree char *url = g_strconcat("maildir:", folder, NULL);
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);

  for (int round = 0; round < 2; round++) { /* the same mail again leaves one file */
    g_auto(TransportResult) result = feed_one(transport, &mail);

    ck_assert_int_eq(result.outcome, DELIVERY_ACCEPTED);
    ck_assert_uint_eq(entries(folder, "new"), 1);
    ck_assert_uint_eq(entries(folder, "tmp"), 0);
  }
  mail.message_id = "../../another/<id>@x.example";

  g_auto(TransportResult) another = feed_one(transport, &mail);

  ck_assert_int_eq(another.outcome, DELIVERY_ACCEPTED);
  ck_assert_uint_eq(entries(folder, "new"), 2);

  g_autofree char *output = fixture_script("read_maildir.py", folder);

  ck_assert_str_eq(output, "<kigen.123.0f3a@kigen-medical.example> 6 parts, new\n"
                           "<kigen.123.0f3a@kigen-medical.example> 6 parts, new\n");
  fixture_remove(parent);
}
END_TEST

/* A reader moved the mail to cur: handing it over again does not bring it back. */
START_TEST(test_maildir_read)
{
  g_autofree char *folder = fixture_folder();
  g_autofree char *url = g_strconcat("maildir:", folder, NULL);
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  g_auto(TransportResult) first = feed_one(transport, &mail);
  g_autofree char *from = g_build_filename(folder, first.reply, NULL);
  g_autofree char *to = g_strdup_printf("%s/cur/%s:2,S", folder, first.reply + strlen("new/"));

  ck_assert_int_eq(rename(from, to), 0);

  g_auto(TransportResult) second = feed_one(transport, &mail);

  ck_assert_int_eq(second.outcome, DELIVERY_ACCEPTED);
  ck_assert_uint_eq(entries(folder, "new"), 0);
  fixture_remove(folder);
}
END_TEST

/* This machine failing is an error, not an outcome. */
START_TEST(test_maildir_gone)
{
  g_autofree char *folder = fixture_folder();
  g_autofree char *url = g_strconcat("maildir:", folder, NULL);
  g_autoptr(Transport) transport = feed_transport(url, NULL);
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(Feed) feed = feed_new(&mail, 1);

  fixture_remove(folder);
  ck_assert(!feed_session(feed, transport, &error));
  ck_assert(g_error_matches(error, TRANSPORT_ERROR, TRANSPORT_ERROR_FILE));
  ck_assert_uint_eq(feed->done, 0);
}
END_TEST

static Suite *transport_suite(void)
{
  Suite *suite = suite_create("transport");
  TCase *tcase = tcase_create("smtp");

  tcase_add_loop_test(tcase, test_smtp_scripted, 0, G_N_ELEMENTS(scripted));
  tcase_add_test(tcase, test_smtp_bytes);
  tcase_add_test(tcase, test_smtp_dots);
  tcase_add_test(tcase, test_smtp_chunked_bytes);
  tcase_add_test(tcase, test_smtp_stalled_transfer);
  tcase_add_test(tcase, test_smtp_tls_elsewhere);
  tcase_add_test(tcase, test_smtp_no_relay);
  tcase_add_loop_test(tcase, test_smtp_tls, 0, G_N_ELEMENTS(encrypted));
  tcase_add_loop_test(tcase, test_envelope_refused, 0, G_N_ELEMENTS(injections));
  tcase_add_loop_test(tcase, test_open_refused, 0, G_N_ELEMENTS(bad_urls));
  tcase_add_test(tcase, test_open_ca_file_missing);
  tcase_add_test(tcase, test_maildir);
  tcase_add_test(tcase, test_maildir_read);
  tcase_add_test(tcase, test_maildir_gone);
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return suite;
}

int main(void)
{
  signal(SIGPIPE, SIG_IGN);
  return run_suite(transport_suite());
}
