#include "notifier/web/client_address.h"
#include "tests/support/run.h"

START_TEST(test_nets)
{
  static const struct {
    const char *nets, *address;
    int has; /* -1: the nets are refused */
  } rows[] = {
    { "", "127.0.0.1", 0 },
    { "127.0.0.1", "127.0.0.1", 1 },
    { "127.0.0.0/8 ::1", "127.255.0.9", 1 },
    { "127.0.0.0/8,::1", "::1", 1 },
    { "127.0.0.0/8 ::1", "::2", 0 },
    { "10.0.0.0/9", "10.127.255.255", 1 },
    { "10.0.0.0/9", "10.128.0.0", 0 },
    { "10.0.0.0/0", "192.0.2.1", 1 },
    { "10.0.0.0/0", "2001:db8::1", 0 },
    { "0.0.0.0/0 ::/0", "2001:db8::1", 1 },
    { "2001:db8::/33", "2001:db8:7fff::", 1 },
    { "2001:db8::/33", "2001:db8:8000::", 0 },
    { "192.0.2.1", "::ffff:192.0.2.1", 1 },
    { "192.0.2.1/32", "192.0.2.1", 1 },
    { "192.0.2.1/33", "192.0.2.1", -1 },
    { "::1/129", "::1", -1 },
    { "192.0.2.1/", "192.0.2.1", -1 },
    { "192.0.2.1/-1", "192.0.2.1", -1 },
    { "localhost", "192.0.2.1", -1 },
    { "192.0.2", "192.0.2.1", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(ClientNets) nets = NULL;
    ClientAddress address;

    ck_assert_msg(client_address_parse(rows[i].address, &address), "row %zu", i);
    ck_assert_msg(client_nets_parse(rows[i].nets, &nets) == (rows[i].has >= 0), "row %zu", i);
    if (nets != NULL)
      ck_assert_msg(client_nets_have(nets, &address) == (rows[i].has == 1), "row %zu", i);
  }
}
END_TEST

START_TEST(test_behind)
{
  static const struct {
    const char *peer, *forwarded, *client;
  } rows[] = {
    { "192.0.2.1", NULL, "192.0.2.1" },
    { "192.0.2.1", "198.51.100.7", "192.0.2.1" }, /* not trusted: what it says counts for nothing */
    { "127.0.0.1", NULL, "127.0.0.1" },
    { "127.0.0.1", "198.51.100.7", "198.51.100.7" },
    { "127.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7" }, /* what the client wrote itself */
    { "127.0.0.1", "198.51.100.7, 10.1.2.3", "198.51.100.7" },
    { "127.0.0.1", " 198.51.100.7 ,10.1.2.3 ", "198.51.100.7" },
    { "127.0.0.1", "unknown, 10.1.2.3", "10.1.2.3" },
    { "127.0.0.1", "", "127.0.0.1" },
    { "127.0.0.1", "198.51.100.7:80", "127.0.0.1" },
    { "::1", "2001:db8::7", "2001:db8::7" },
  };
  g_autoptr(ClientNets) trusted = NULL;

  ck_assert(client_nets_parse("127.0.0.0/8 ::1 10.0.0.0/8", &trusted));
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    ClientAddress peer;

    ck_assert(client_address_parse(rows[i].peer, &peer));

    ClientAddress client = client_address_behind(peer, trusted, rows[i].forwarded);
    g_autofree char *text = client_address_text(&client);

    ck_assert_msg(g_str_equal(text, rows[i].client), "row %zu: %s", i, text);
  }
}
END_TEST

START_TEST(test_loopback)
{
  static const struct {
    const char *address;
    bool loopback;
  } rows[] = { { "127.0.0.1", true },        { "127.9.9.9", true },  { "::1", true },
               { "::ffff:127.0.0.1", true }, { "128.0.0.1", false }, { "2001:db8::1", false },
               { "0.0.0.0", false },         { "::", false } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    ClientAddress address;

    ck_assert(client_address_parse(rows[i].address, &address));
    ck_assert_msg(client_address_is_loopback(&address) == rows[i].loopback, "row %zu", i);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("client_address");
  TCase *tcase = tcase_create("client_address");

  tcase_add_test(tcase, test_nets);
  tcase_add_test(tcase, test_behind);
  tcase_add_test(tcase, test_loopback);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
