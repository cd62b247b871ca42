#include "notifier/mail/webhook.h"

#include <arpa/inet.h>
#include <string.h>

#include "notifier/mail/webhook_address.h"
#include "tests/support/run.h"

static const struct {
  const char *address;
  bool is_private;
} addresses[] = {
  { "8.8.8.8", false },
  { "203.0.112.255", false },
  { "172.15.255.255", false },
  { "172.32.0.0", false },
  { "100.63.255.255", false },
  { "100.128.0.0", false },
  { "223.255.255.255", false },
  { "2606:4700::1111", false },
  { "2001:db7::1", false },
  { "64:ff9b::808:808", false },
  { "::ffff:8.8.8.8", false },
  { "0.0.0.0", true },
  { "10.0.0.1", true },
  { "100.64.0.1", true },
  { "127.0.0.1", true },
  { "127.255.255.255", true },
  { "169.254.169.254", true },
  { "172.16.0.1", true },
  { "172.31.255.255", true },
  { "192.0.2.1", true },
  { "192.168.255.255", true },
  { "198.19.0.1", true },
  { "224.0.0.1", true },
  { "255.255.255.255", true },
  { "::", true },
  { "::1", true },
  { "::7f00:1", true },
  { "::ffff:127.0.0.1", true },
  { "::ffff:10.1.2.3", true },
  { "64:ff9b::a00:1", true },
  { "2002:7f00:1::", true },
  { "2001:db8::1", true },
  { "fc00::1", true },
  { "fdff::1", true },
  { "fe80::1", true },
  { "fec0::1", true },
  { "ff02::1", true },
};

START_TEST(test_address)
{
  struct sockaddr_in in = { .sin_family = AF_INET };
  struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
  const char *text = addresses[_i].address;
  bool is_v4 = inet_pton(AF_INET, text, &in.sin_addr) == 1;

  ck_assert(is_v4 || inet_pton(AF_INET6, text, &in6.sin6_addr) == 1);
  ck_assert_msg(webhook_address_is_private(is_v4 ? (const struct sockaddr *)(const void *)&in
                                                 : (const struct sockaddr *)(const void *)&in6) ==
                    addresses[_i].is_private,
                "%s", text);
}
END_TEST

START_TEST(test_address_other_family)
{
  struct sockaddr other = { .sa_family = AF_UNIX };

  ck_assert(webhook_address_is_private(&other));
}
END_TEST

static const struct {
  long status;
  bool begun;
  DeliveryOutcome outcome;
} outcomes[] = {
  { 0, false, DELIVERY_DEFERRED },  { 0, true, DELIVERY_UNKNOWN },    { 100, true, DELIVERY_UNKNOWN },
  { 200, true, DELIVERY_ACCEPTED }, { 204, true, DELIVERY_ACCEPTED }, { 301, true, DELIVERY_FAILED },
  { 308, true, DELIVERY_FAILED },   { 400, true, DELIVERY_FAILED },   { 401, true, DELIVERY_FAILED },
  { 404, true, DELIVERY_FAILED },   { 408, true, DELIVERY_DEFERRED }, { 410, true, DELIVERY_FAILED },
  { 413, true, DELIVERY_FAILED },   { 425, true, DELIVERY_DEFERRED }, { 429, true, DELIVERY_DEFERRED },
  { 500, true, DELIVERY_DEFERRED }, { 503, true, DELIVERY_DEFERRED }, { 599, false, DELIVERY_DEFERRED },
};

START_TEST(test_outcome)
{
  ck_assert_int_eq(webhook_outcome(outcomes[_i].status, outcomes[_i].begun), outcomes[_i].outcome);
}
END_TEST

/* As `printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac secret` has it. */
START_TEST(test_signature)
{
  g_autoptr(GBytes) body = g_bytes_new_static("{\"a\":1}", strlen("{\"a\":1}"));
  g_autofree char *signature = webhook_signature("secret", "1790000000", body);

  ck_assert_str_eq(signature, "sha256=da8fe498621aaab99d5b11c51346b13d1a2bf2914b865b8d3edd3531cab25a3e");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("webhook");
  TCase *tcase = tcase_create("webhook");

  tcase_add_loop_test(tcase, test_address, 0, G_N_ELEMENTS(addresses));
  tcase_add_test(tcase, test_address_other_family);
  tcase_add_loop_test(tcase, test_outcome, 0, G_N_ELEMENTS(outcomes));
  tcase_add_test(tcase, test_signature);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
