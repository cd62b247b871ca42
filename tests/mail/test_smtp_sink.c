/* Postfix's smtp-sink as a relay that fails, waits and hangs up wherever it can. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/mail/feed_fixture.h"
#include "tests/mail/mail_fixture.h"
#include "tests/mail/relay_fixture.h"
#include "tests/support/run.h"

#define LINES 150000 /* of a mail, 11 MB: more than the kernel keeps for a socket */

/* A relay that does not read for a while, with a small window: the mail waits in the middle, and arrives
 * whole. */
START_TEST(test_smtp_slow_reader)
{
  g_autofree char *folder = fixture_folder();
  g_autofree char *dump = g_build_filename(folder, "mail.", NULL);
  const char *options[] = { "-H", "2", "-T", "4096", "-d", dump, NULL };
  g_auto(Relay) relay = relay_sink(options);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(GString) big = g_string_new("From: a@x.example\r\nDate: x\r\nMessage-ID: <a@x.example>\r\n\r\n");

  ck_assert_int_eq(chmod(folder, 0777), 0);
  for (int i = 0; i < LINES; i++)
    g_string_append_printf(
        big, "line %d .................................................................\r\n", i);

  g_autoptr(Transport) transport = feed_transport(url, &(TransportOptions){ .deadline_seconds = 40 });
  g_autoptr(GBytes) bytes = g_bytes_new(big->str, big->len);
  TransportMail mail = { "a@x.example", "b@x.example", "a@x.example", bytes, NULL };
  g_auto(TransportResult) result = feed_one(transport, &mail);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autofree char *file = g_build_filename(folder, g_dir_read_name(dir), NULL);
  g_autofree char *text = NULL;
  gsize size = 0;

  ck_assert_msg(result.outcome == DELIVERY_ACCEPTED, "%s", result.reply);
  ck_assert(g_file_get_contents(file, &text, &size, NULL));

  const char *line = strstr(text, "line 0 "), *end = text + size;

  for (int i = 0; i < LINES; i++) {
    ck_assert_msg(line != NULL && strtol(line + strlen("line "), NULL, 10) == i, "hole at line %d", i);
    line = memchr(line, '\n', (gsize)(end - line));
    line = line != NULL ? line + 1 : NULL;
  }
  fixture_remove(folder);
}
END_TEST

static const struct {
  const char *option[4];
  DeliveryOutcome outcome;
} sinks[] = {
  { { NULL }, DELIVERY_ACCEPTED },           { { "-r", "CONNECT" }, DELIVERY_DEFERRED },
  { { "-r", "MAIL" }, DELIVERY_DEFERRED },   { { "-r", "RCPT" }, DELIVERY_DEFERRED },
  { { "-r", "DATA" }, DELIVERY_DEFERRED },   { { "-r", "." }, DELIVERY_DEFERRED },
  { { "-f", "MAIL" }, DELIVERY_FAILED },     { { "-f", "RCPT" }, DELIVERY_FAILED },
  { { "-f", "DATA" }, DELIVERY_FAILED },     { { "-f", "." }, DELIVERY_FAILED },
  { { "-q", "EHLO" }, DELIVERY_DEFERRED },   { { "-q", "MAIL" }, DELIVERY_DEFERRED },
  { { "-q", "RCPT" }, DELIVERY_DEFERRED },   { { "-q", "DATA" }, DELIVERY_DEFERRED },
  { { "-q", "." }, DELIVERY_UNKNOWN },       { { "-Q", "RCPT" }, DELIVERY_DEFERRED },
  { { "-Q", "." }, DELIVERY_DEFERRED },      { { "-e" }, DELIVERY_ACCEPTED },
  { { "-p" }, DELIVERY_ACCEPTED },           { { "-A", "0" }, DELIVERY_FAILED },
  { { "-W", "DATA:1" }, DELIVERY_ACCEPTED }, { { "-W", ".:1" }, DELIVERY_ACCEPTED },
  { { "-A", "1" }, DELIVERY_FAILED },        { { "-N" }, DELIVERY_ACCEPTED },
};

START_TEST(test_smtp_sink)
{
  g_auto(Relay) relay = relay_sink(sinks[_i].option);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autoptr(GBytes) bytes = NULL;
  TransportMail mail = feed_letter(&bytes);

  g_autoptr(Transport) transport = feed_transport(url, &(TransportOptions){ .deadline_seconds = 20 });
  g_auto(TransportResult) result = feed_one(transport, &mail);

  ck_assert_msg(result.outcome == sinks[_i].outcome, "%s %s: %s, %s", sinks[_i].option[0],
                sinks[_i].option[1], delivery_outcome_key(result.outcome), result.reply);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("smtp_sink");
  TCase *tcase = tcase_create("smtp_sink");

  signal(SIGPIPE, SIG_IGN);
  tcase_add_test(tcase, test_smtp_slow_reader);
  tcase_add_loop_test(tcase, test_smtp_sink, 0, G_N_ELEMENTS(sinks));
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite_with(suite, RELAY_SINK, "postfix");
}
