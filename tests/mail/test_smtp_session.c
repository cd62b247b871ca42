/* Many mails in one session, over both kinds of relay: what a reply to one of them means for it and for the
 * others, and what is believed of a relay that misbehaves. */

#include <signal.h>
#include <string.h>

#include "tests/mail/feed_fixture.h"
#include "tests/mail/relay_fixture.h"
#include "tests/support/run.h"

#define MAILS 3

static TransportMail mails[MAILS];

static void setup(void)
{
  static const char *const ids[MAILS] = { "1@x.example", "2@x.example", "3@x.example" };

  for (guint i = 0; i < MAILS; i++) {
    g_autofree char *text =
        g_strdup_printf("From: a@x.example\r\nTo: b@x.example\r\nDate: Sat, 22 Nov 2025 22:19:00 +0000\r\n"
                        "Message-ID: <%s>\r\n\r\nmail %u\r\n.\r\n",
                        ids[i], i);

    mails[i] = (TransportMail){ .sender = "a@x.example",
                                .recipient = "b@x.example",
                                .message_id = ids[i],
                                .bytes = g_bytes_new(text, strlen(text)) };
  }
}

static void teardown(void)
{
  for (guint i = 0; i < MAILS; i++)
    g_bytes_unref(mails[i].bytes);
}

static Transport *opened(const Relay *relay, const char *scheme, const TransportOptions *options)
{
  g_autofree char *url = g_strdup_printf("%s://localhost:%d", scheme, relay->port);
  g_autoptr(GError) error = NULL;
  Transport *transport = NULL;

  ck_assert_msg(transport_open(url, options, &transport, &error), "%s", error != NULL ? error->message : "");
  return transport;
}

static guint count(const Relay *relay, const char *line)
{
  g_autofree char *commands = relay_read(relay, "commands");
  g_auto(GStrv) parts = g_strsplit(commands, line, -1);

  return g_strv_length(parts) - 1;
}

/* "adfur": the outcome of each mail by its first letter; capital where the relay failed. */
static char *outcomes_of(const Feed *feed)
{
  GString *letters = g_string_new(NULL);

  for (guint i = 0; i < feed->taken; i++) {
    char letter = delivery_outcome_key(feed->results[i].outcome)[0];

    g_string_append_c(letters, feed->results[i].relay_failed ? g_ascii_toupper(letter) : letter);
  }
  return g_string_free(letters, FALSE);
}

/* One session over three mails; `outcomes` of those taken, `says` is in the reply to the last of them. */
static const struct {
  const char *mode, *outcomes, *says;
  guint connections;
} sessions[] = {
  { "accept", "aaa", "250 2.0.0 queued as 4711", 1 },
  { "mail-421-second", "ar", "421 4.7.0 enough for one session", 1 },
  { "mail-421", "D", "421 4.7.0 not today", 1 },
  { "mail-530", "D", "530 5.7.0 authentication required", 1 },
  { "rcpt-421", "D", "421 4.7.0 go away", 1 },
  { "rcpt-550-first", "faa", "250", 1 },
  { "rcpt-550-354", "faa", "250 2.0.0 queued as 4712", 1 },
  { "rcpt-close-second", "ad", "the connection broke", 1 },
  { "mail-553-first", "faa", "250", 1 },
  { "data-451-first", "d", "451 4.3.0 no room", 1 },
  { "data-354-close", "u", "the connection broke after the data began: the mail may have arrived", 1 },
  { "end-554-first", "faa", "250 2.0.0 queued as 4712", 1 },
  { "end-452", "ddd", "452 4.3.1 disk full", 1 },
  { "end-and-close", "ar", "the connection broke", 1 },
  { "end-and-reset", "ar", "the connection broke", 1 },
  { "end-close", "u", "may have arrived", 1 },
  { "end-long", "a", "250 2.0.0 xxxx", 1 },
  { "end-long-550", "f", "550 5.7.1 xxxx", 1 },
  { "end-long-lines", "u", "may have arrived", 1 },
  { "end-mixed", "u", "may have arrived", 1 },
  { "end-half", "u", "may have arrived", 1 },
  { "end-garbage", "u", "may have arrived", 1 },
  { "rcpt-mixed", "d", "550 5.1.1 or not", 1 },
  { "rcpt-garbage", "d", "the connection broke", 1 },
  { "greeting-long", "D", "a line of more than 1023 octets",
    1 }, /* twice what a relay may answer: nobody guesses */
  { "ehlo-long", "D", "a line of more than 1023 octets", 1 },
  { "ehlo-half", "D", "broke", 1 },
  { "mail-long", "d", "a line of more than 1023 octets", 1 },
  { "rcpt-long", "d", "a line of more than 1023 octets", 1 },
  { "rcpt-long-550", "f", "550 5.1.1 xxxx", 1 },
  { "data-long", "u", "1023 octets, which nobody can follow after the data began: the mail may have arrived",
    1 },
  { "data-mixed", "u", "may have arrived", 1 },
  { "chunking", "aaa", "250 2.0.0 chunk taken", 1 },
  { "chunking-554", "f", "554 5.7.1", 1 },
  { "chunking-close", "u", "may have arrived", 1 },
  { "greeting-421", "D", "421 4.3.2 too busy", 1 },
  { "greeting-554", "D", "554 no service here", 1 },
};

START_TEST(test_session)
{
  g_auto(Relay) relay = relay_script(sessions[_i].mode, FALSE);
  g_autoptr(Transport) transport = opened(&relay, "smtp", NULL);
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);
  const char *reply = feed->results[feed->taken - 1].reply;

  ck_assert_msg(strcmp(outcomes, sessions[_i].outcomes) == 0, "%s: %s, %s", sessions[_i].mode, outcomes,
                reply);
  ck_assert_msg(strstr(reply, sessions[_i].says) != NULL, "%s: %s", sessions[_i].mode, reply);
  ck_assert_msg(count(&relay, "EHLO ") <= sessions[_i].connections, "%s", sessions[_i].mode);
}
END_TEST

/* What was returned is not lost: the next session takes it; and a session has its share. */
static const struct {
  const char *mode;
  int session_mails;
  guint connections;
} shares[] = { { "accept", 2, 2 }, { "accept", 1, 3 }, { "accept", 100, 1 } };

START_TEST(test_session_share)
{
  g_auto(Relay) relay = relay_script(shares[_i].mode, FALSE);
  g_autoptr(Transport) transport =
      opened(&relay, "smtp", &(TransportOptions){ .session_mails = shares[_i].session_mails });
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 0);

  g_autofree char *outcomes = outcomes_of(feed);

  ck_assert_str_eq(outcomes, "aaa");
  ck_assert_uint_eq(count(&relay, "EHLO "), shares[_i].connections);
  ck_assert_uint_eq(count(&relay, "DATA"), MAILS);
  ck_assert_uint_eq(feed->begun, MAILS);
}
END_TEST

/* A refused recipient's mail does not go, not even to a relay that asks for it all the same. */
START_TEST(test_refused_mail_stays)
{
  g_auto(Relay) relay = relay_script("rcpt-550-354", FALSE);
  g_autoptr(Transport) transport = opened(&relay, "smtp", NULL);
  g_autoptr(Feed) feed = feed_new(mails, 1);

  feed_run(feed, transport, 1);

  g_autofree char *data = relay_read(&relay, "data");

  ck_assert_uint_eq(feed->begun, 0);
  ck_assert_str_eq(data, "");
}
END_TEST

/* A mail that must not begin does not: it is returned, and nothing of it, nor an empty mail, arrives. */
START_TEST(test_forbidden)
{
  static const char *const modes[] = { "accept", "chunking", "smtps" };
  bool secure = strcmp(modes[_i], "smtps") == 0;
  g_auto(Relay) relay = relay_script(modes[_i], secure);
  g_autoptr(Transport) transport =
      opened(&relay, secure ? "smtps" : "smtp", &(TransportOptions){ .ca_file = relay.certificate });
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed->forbids = true;
  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);

  ck_assert_str_eq(outcomes, "r");
  ck_assert_msg(strstr(feed->results[0].reply, "not begun") != NULL, "%s", feed->results[0].reply);
  ck_assert_uint_eq(count(&relay, "(whole mail)"), 0);
}
END_TEST

static const struct {
  const char *mode, *outcomes, *says, *command;
} auths[] = {
  { "auth", "aaa", "250", "AUTH PLAIN AGtpZ2VuAHNlY3JldA==\n" },
  { "auth-login", "aaa", "250", "c2VjcmV0\n" },
  { "auth-535", "D", "did not let us in as kigen: 535 5.7.8 wrong password", "AUTH PLAIN" },
  { "auth-none", "D", "did not let us in as kigen: it offers no AUTH", "EHLO" },
};

/* With a password no mail goes without it. */
START_TEST(test_auth)
{
  g_auto(Relay) relay = relay_script(auths[_i].mode, FALSE);
  g_autoptr(Transport) transport =
      opened(&relay, "smtp", &(TransportOptions){ .user = "kigen", .password = "secret" });
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);
  const char *reply = feed->results[feed->taken - 1].reply;

  ck_assert_msg(strcmp(outcomes, auths[_i].outcomes) == 0, "%s: %s, %s", auths[_i].mode, outcomes, reply);
  ck_assert_msg(strstr(reply, auths[_i].says) != NULL, "%s: %s", auths[_i].mode, reply);
  ck_assert_uint_ge(count(&relay, auths[_i].command), 1);
  ck_assert_uint_eq(count(&relay, "RCPT TO"), outcomes[0] == 'a' ? MAILS : 0);
}
END_TEST

static const struct {
  const char *mode, *outcomes, *says;
  guint sessions;
} secures[] = {
  { "smtps", "aaa", "250 2.0.0 queued as 4711", 1 },
  { "smtps-greeting-421", "D", "421 4.3.2 too busy", 1 },
  { "smtps-mail-451", "ddd", "451 4.3.0 later", 1 },
  { "smtps-mail-421-second", "ar", "421 4.7.0 enough for one session", 1 },
  { "smtps-rcpt-550-first", "fff", "550 5.1.1 no such user", 1 }, /* libcurl connects anew */
  { "smtps-rcpt-452", "ddd", "452 4.2.2 mailbox full", 1 },
  { "smtps-data-451", "ddd", "451 4.3.0 no room", 1 },
  { "smtps-data-close", "ddd", "no relay", 1 },
  { "smtps-end-452", "ddd", "452 4.3.1 disk full", 1 },
  { "smtps-end-554", "fff", "554 5.7.1 refused by content", 1 },
  { "smtps-end-close", "u", "may have arrived", 1 },
  { "smtps-end-stall", "u", "no answer within 1 seconds after the data began", 1 },
  { "smtps-end-long", "aaa", "250 2.0.0 xxxx", 1 },
  { "smtps-end-mixed", "u", "may have arrived", 1 },
  { "smtps-rcpt-long", "aaa", "250", 1 },
  { "smtps-data-354-close", "u", "may have arrived", 1 },
  { "smtps-data-stall", "u", "no answer within 1 seconds after the data began", 1 },
  { "smtps-end-half", "u", "may have arrived", 1 },
  { "smtps-end-garbage", "u", "may have arrived", 1 },
  { "smtps-end-long-550", "fff", "550 5.7.1 xxxx", 1 },
};

START_TEST(test_smtps)
{
  g_auto(Relay) relay = relay_script(secures[_i].mode, TRUE);
  g_autoptr(Transport) transport =
      opened(&relay, "smtps", &(TransportOptions){ .ca_file = relay.certificate, .deadline_seconds = 1 });
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);
  const char *reply = feed->results[feed->taken - 1].reply;

  ck_assert_msg(strcmp(outcomes, secures[_i].outcomes) == 0, "%s: %s, %s", secures[_i].mode, outcomes, reply);
  ck_assert_msg(strstr(reply, secures[_i].says) != NULL, "%s: %s", secures[_i].mode, reply);
}
END_TEST

/* It answers, and goes before anybody says good-bye: what it said holds. */
START_TEST(test_smtps_gone)
{
  static const char *const modes[] = { "smtps-end-and-close", "smtps-end-and-reset" };
  g_auto(Relay) relay = relay_script(modes[_i], TRUE);
  g_autoptr(Transport) transport =
      opened(&relay, "smtps", &(TransportOptions){ .ca_file = relay.certificate });
  g_autoptr(Feed) feed = feed_new(mails, 1);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);

  ck_assert_msg(strcmp(outcomes, "a") == 0, "%s: %s, %s", modes[_i], outcomes, feed->results[0].reply);
}
END_TEST

START_TEST(test_smtps_bytes)
{
  g_auto(Relay) relay = relay_script("smtps", TRUE);
  g_autoptr(Transport) transport =
      opened(&relay, "smtps", &(TransportOptions){ .ca_file = relay.certificate });
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *data = relay_read(&relay, "data");

  ck_assert_msg(g_str_has_suffix(data, "\r\n\r\nmail 2\r\n..\r\n"), "%s", data);
  ck_assert_uint_eq(count(&relay, "EHLO "), 1); /* one connection */
  ck_assert_uint_eq(count(&relay, "MAIL FROM:<a@x.example>"), MAILS);
  ck_assert_uint_eq(count(&relay, "(server name localhost)"), 1);
}
END_TEST

static const struct {
  const char *mode, *outcomes, *says;
} secure_auths[] = {
  { "smtps-auth", "aaa", "250" },
  { "smtps-auth-535", "D", "535 5.7.8 wrong password" },
  { "smtps", "D", "did not let us in as kigen" },
};

START_TEST(test_smtps_auth)
{
  g_auto(Relay) relay = relay_script(secure_auths[_i].mode, TRUE);
  TransportOptions options = { .ca_file = relay.certificate, .user = "kigen", .password = "secret" };
  g_autoptr(Transport) transport = opened(&relay, "smtps", &options);
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);
  g_autofree char *data = relay_read(&relay, "data");
  const char *reply = feed->results[feed->taken - 1].reply;

  ck_assert_msg(strcmp(outcomes, secure_auths[_i].outcomes) == 0, "%s: %s, %s", secure_auths[_i].mode,
                outcomes, reply);
  ck_assert_msg(strstr(reply, secure_auths[_i].says) != NULL, "%s: %s", secure_auths[_i].mode, reply);
  ck_assert_int_eq(data[0] != '\0', outcomes[0] == 'a');
}
END_TEST

/* A relay that nobody vouches for gets nothing. */
static const struct {
  const char *scheme, *mode, *subject;
  bool is_trusted, is_expired;
  const char *says;
} strangers[] = {
  { "smtps", "smtps", "localhost", false, false, "certificate" },
  { "smtps", "smtps", "other.example", true, false, "localhost" },
  { "smtps", "smtps", "localhost", true, true, "certificate" },
  { "smtp", "starttls", "localhost", true, true, "certificate has expired" },
  { "smtp", "starttls", "other.example", true, false, "ostname mismatch" },
};

START_TEST(test_stranger)
{
  g_auto(Relay) relay = relay_script_as(strangers[_i].mode, strangers[_i].subject, strangers[_i].is_expired);
  TransportOptions options = { .ca_file = strangers[_i].is_trusted ? relay.certificate : NULL,
                               .require_tls = true };
  g_autoptr(Transport) transport = opened(&relay, strangers[_i].scheme, &options);
  g_autoptr(Feed) feed = feed_new(mails, MAILS);

  feed_run(feed, transport, 1);

  g_autofree char *outcomes = outcomes_of(feed);

  ck_assert_str_eq(outcomes, "D");
  ck_assert_msg(strstr(feed->results[0].reply, strangers[_i].says) != NULL, "row %d: %s", _i,
                feed->results[0].reply);
  ck_assert_uint_eq(count(&relay, "MAIL FROM"), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("smtp_session");
  TCase *tcase = tcase_create("session");

  signal(SIGPIPE, SIG_IGN);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_session, 0, G_N_ELEMENTS(sessions));
  tcase_add_loop_test(tcase, test_session_share, 0, G_N_ELEMENTS(shares));
  tcase_add_test(tcase, test_refused_mail_stays);
  tcase_add_loop_test(tcase, test_forbidden, 0, 3);
  tcase_add_loop_test(tcase, test_auth, 0, G_N_ELEMENTS(auths));
  tcase_add_loop_test(tcase, test_smtps, 0, G_N_ELEMENTS(secures));
  tcase_add_loop_test(tcase, test_smtps_gone, 0, 2);
  tcase_add_test(tcase, test_smtps_bytes);
  tcase_add_loop_test(tcase, test_smtps_auth, 0, G_N_ELEMENTS(secure_auths));
  tcase_add_loop_test(tcase, test_stranger, 0, G_N_ELEMENTS(strangers));
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
