/* What replies mean, and what stands on the line: without any relay. */

#include "notifier/mail/smtp_outcome.h"

#include <string.h>

#include "notifier/mail/smtp_traffic.h"
#include "tests/support/run.h"

static const struct {
  SmtpReplies replies; /* sender, recipient, message, data_begun, chunked, complete, in_turn, expired */
  DeliveryOutcome outcome;
  bool relay_failed;
} outcomes[] = {
  { { 250, 250, 250, true, false, true }, DELIVERY_ACCEPTED, false },
  { { 250, 250, 250, true, false, false }, DELIVERY_UNKNOWN, false },
  { { 0, 0, 0, false, false, false }, DELIVERY_DEFERRED, true },
  { { 0, 0, 0, false, false, false, true }, DELIVERY_RETURNED, false },
  { { 0, 0, 0, false, false, false, true, true }, DELIVERY_DEFERRED, true },
  { { 250, 0, 0, false, false, false }, DELIVERY_DEFERRED, false },
  { { 250, 0, 0, false, false, false, true }, DELIVERY_DEFERRED, false }, /* it closed on this recipient */
  { { 250, 250, 0, false, false, false }, DELIVERY_DEFERRED, false },
  { { 250, 250, 354, true, false, false }, DELIVERY_UNKNOWN, false },
  { { 250, 250, 354, false, false, false }, DELIVERY_UNKNOWN, false },
  { { 250, 250, 0, true, false, false }, DELIVERY_UNKNOWN, false },
  { { 250, 250, 354, true, false, false, true, true }, DELIVERY_UNKNOWN, false },
  { { 250, 450, 250, true, false, true }, DELIVERY_DEFERRED, false },
  { { 250, 550, 554, true, false, true }, DELIVERY_FAILED, false },
  { { 250, 550, 0, false, false, false, true }, DELIVERY_FAILED, false },
  { { 451, 0, 0, false, false, false }, DELIVERY_DEFERRED, false },
  { { 550, 0, 0, false, false, false }, DELIVERY_FAILED, false },
  { { 530, 0, 0, false, false, false }, DELIVERY_DEFERRED, true },
  { { 535, 0, 0, false, false, false, true }, DELIVERY_DEFERRED, true },
  { { 421, 0, 0, false, false, false }, DELIVERY_DEFERRED, true },
  { { 421, 0, 0, false, false, false, true }, DELIVERY_RETURNED, false },
  { { 250, 421, 0, false, false, false, true }, DELIVERY_RETURNED, false },
  { { 250, 250, 421, false, false, false, true }, DELIVERY_RETURNED, false },
  { { 250, 250, 421, true, false, false, true }, DELIVERY_DEFERRED, false },
  { { 250, 250, 452, true, false, false }, DELIVERY_DEFERRED, false },
  { { 250, 250, 554, true, false, true }, DELIVERY_FAILED, false },
  { { 250, 250, 503, true, true, true }, DELIVERY_DEFERRED, false },
  { { 250, 250, 503, true, false, true }, DELIVERY_FAILED, false },
  { { 250, 250, 999, true, false, true }, DELIVERY_UNKNOWN, false },
};

START_TEST(test_outcome)
{
  bool relay_failed = !outcomes[_i].relay_failed;
  DeliveryOutcome outcome = smtp_outcome_of(&outcomes[_i].replies, &relay_failed);

  ck_assert_msg(outcome == outcomes[_i].outcome, "row %d: %s", _i, delivery_outcome_key(outcome));
  ck_assert_msg(relay_failed == outcomes[_i].relay_failed, "row %d", _i);
}
END_TEST

/* A conversation: "S: " what the relay says, "C: " what we say, in the pieces in which it is read. */
static const struct {
  const char *said[8];
  const char *refusal;
  bool authenticated, mail_sent, is_injected, is_out_of_step;
} talks[] = {
  { { "S: 220 relay\r\n", "C: EHLO me\r\n", "S: 250-relay\r\n250 DSN\r\n", "C: MAIL FROM:<a@x.example>\r\n" },
    NULL,
    .mail_sent = true },
  { { "S: 5", "S: 54 no", "S: body here\r", "S: \n" }, "554 nobody here\r\n" },
  { { "S: 550-no such\r\n550 user\r\n", "S: 250 ok\r\n" }, "550 user\r\n" },
  { { "C: STARTTLS\r\n", "S: 220 go on\r\n" }, NULL },
  { { "C: STARTTLS\r\n", "S: 220-go\r\n220 on\r\n" }, NULL },
  { { "C: STARTTLS\r\n", "S: 220 go on\r\n250 slipped in\r\n" }, NULL, .is_injected = true },
  { { "C: STARTTLS\r\n", "S: 220 go on\r\nx" }, NULL, .is_injected = true },
  { { "S: 235 nobody asked\r\n" }, NULL },
  { { "C: AUTH PLAIN AGEAYg==\r\n", "S: 235 come in\r\n" }, NULL, .authenticated = true },
  { { "C: AUTH PLAIN AGEAYg==\r\n", "S: 535 5.7.8 no\r\n", "C: MAIL FROM:<a@x.example>\r\n" },
    "535 5.7.8 no\r\n",
    .mail_sent = true },
};

START_TEST(test_traffic)
{
  g_auto(SmtpTraffic) traffic = { 0 };

  smtp_traffic_init(&traffic);
  for (guint i = 0; i < G_N_ELEMENTS(talks[_i].said) && talks[_i].said[i] != NULL; i++) {
    const char *text = talks[_i].said[i] + 3;

    if (talks[_i].said[i][0] == 'S')
      smtp_traffic_read(&traffic, text, strlen(text));
    else
      smtp_traffic_write(&traffic, text, strlen(text));
  }
  ck_assert_pstr_eq(traffic.refusal, talks[_i].refusal);
  ck_assert_int_eq(traffic.authenticated, talks[_i].authenticated);
  ck_assert_int_eq(traffic.mail_sent, talks[_i].mail_sent);
  ck_assert_int_eq(traffic.is_injected, talks[_i].is_injected);
  ck_assert_int_eq(traffic.is_out_of_step, talks[_i].is_out_of_step);
}
END_TEST

START_TEST(test_traffic_long_line)
{
  for (gsize size = 1020; size < 1030; size++) {
    g_auto(SmtpTraffic) traffic = { 0 };
    g_autofree char *line = g_strnfill(size, 'x');

    memcpy(line, "250 ", 4);
    memcpy(line + size - 2, "\r\n", 2);
    smtp_traffic_init(&traffic);
    smtp_traffic_read(&traffic, line, size - 1); /* its end is not there yet */
    ck_assert_msg(smtp_traffic_is_overlong(&traffic) == (size > 1023), "%d octets", (int)size);
    smtp_traffic_read(&traffic, line + size - 1, 1);
    ck_assert_msg(smtp_traffic_is_overlong(&traffic) == (size > 1023), "%d octets", (int)size);
    ck_assert_msg(traffic.is_out_of_step == (size > 1023), "%d octets", (int)size);
    ck_assert_uint_eq(traffic.line->len, 0);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("smtp_outcome");
  TCase *tcase = tcase_create("outcome");

  tcase_add_loop_test(tcase, test_outcome, 0, G_N_ELEMENTS(outcomes));
  tcase_add_loop_test(tcase, test_traffic, 0, G_N_ELEMENTS(talks));
  tcase_add_test(tcase, test_traffic_long_line);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
