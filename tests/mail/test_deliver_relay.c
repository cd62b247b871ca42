#include "notifier/mail/deliver_relay.h"

#include "tests/support/run.h"

#define SECOND G_TIME_SPAN_SECOND
#define MIDDLE (G_MAXUINT32 / 2)

START_TEST(test_failing)
{
  static const int seconds[] = { 0, 0, 10, 20, 40, 80, 160, 300, 300 };
  DeliverRelay relay;
  gint64 now = 5 * SECOND;

  deliver_relay_init(&relay, 0, now);
  ck_assert_uint_eq(deliver_relay_depth(&relay, 96, now), 1);
  for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
    deliver_relay_failed(&relay, now, MIDDLE);

    gint64 wait = deliver_relay_wait(&relay, now);

    ck_assert_int_eq((wait + SECOND / 2) / SECOND, seconds[i]);
    ck_assert_int_eq(deliver_relay_is_down(&relay), i + 1 >= DELIVER_RELAY_FAILURES_MAX);
    ck_assert_uint_eq(deliver_relay_depth(&relay, 96, now), wait == 0);
    now += wait;
    ck_assert_uint_eq(deliver_relay_depth(&relay, 96, now), 1); /* one mail tells */
  }
  deliver_relay_spoke(&relay);
  ck_assert(!deliver_relay_is_down(&relay));
  ck_assert_uint_eq(deliver_relay_depth(&relay, 96, now), 96);
}
END_TEST

START_TEST(test_jitter)
{
  for (guint32 chance = 0; chance < 10; chance++) {
    DeliverRelay relay;

    deliver_relay_init(&relay, 0, 0);
    for (int i = 0; i < DELIVER_RELAY_FAILURES_MAX; i++)
      deliver_relay_failed(&relay, 0, chance * (G_MAXUINT32 / 9));
    ck_assert(deliver_relay_wait(&relay, 0) >= 8 * SECOND && deliver_relay_wait(&relay, 0) <= 12 * SECOND);
  }
}
END_TEST

/* How many mails go in `seconds` when one is tried every 10 milliseconds. */
static int admitted(DeliverRelay *relay, gint64 from, int seconds)
{
  int n = 0;

  for (gint64 now = from; now < from + seconds * SECOND; now += SECOND / 100)
    n += deliver_relay_admit(relay, now);
  return n;
}

START_TEST(test_rate)
{
  static const int rates[] = { 1, 60, 600, 6000 };

  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
    DeliverRelay relay;

    deliver_relay_init(&relay, rates[i], 0);

    int first = admitted(&relay, 0, 60);
    int later = admitted(&relay, 600 * SECOND, 60); /* what was saved up meanwhile is little */

    ck_assert_msg(first >= rates[i] && first <= rates[i] + 1, "rate %d: %d", rates[i], first);
    ck_assert_msg(later >= rates[i] && later <= rates[i] + 1 + rates[i] / 60, "rate %d: %d", rates[i], later);
  }
}
END_TEST

START_TEST(test_rate_wait)
{
  DeliverRelay relay;

  deliver_relay_init(&relay, 30, 0);
  ck_assert_int_eq(deliver_relay_wait(&relay, 0), 0);
  ck_assert(deliver_relay_admit(&relay, 0));
  ck_assert(!deliver_relay_admit(&relay, SECOND));

  gint64 wait = deliver_relay_wait(&relay, SECOND);

  ck_assert(wait > SECOND / 2 && wait <= SECOND + 2);
  ck_assert(deliver_relay_admit(&relay, SECOND + wait));
}
END_TEST

START_TEST(test_no_rate)
{
  DeliverRelay relay;

  deliver_relay_init(&relay, 0, 0);
  ck_assert_int_eq(admitted(&relay, 0, 10), 1000);
  ck_assert_int_eq(deliver_relay_wait(&relay, 0), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("deliver_relay");
  TCase *tcase = tcase_create("relay");

  tcase_add_test(tcase, test_failing);
  tcase_add_test(tcase, test_jitter);
  tcase_add_test(tcase, test_rate);
  tcase_add_test(tcase, test_rate_wait);
  tcase_add_test(tcase, test_no_rate);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
