#include "notifier/web/web_csrf.h"
#include "notifier/web/web_rate.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#define TODAY 740000

static LinkKey *make_key(const char *name)
{
  g_autofree char *path = scratch_path(name);
  LinkKey *key = NULL;

  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &key, ERR));
  return key;
}

START_TEST(test_field)
{
  g_autoptr(LinkKey) key = make_key("a"), other = make_key("b");
  g_autofree char *field = web_csrf_field(key, "T1", "acknowledge", TODAY);
  const struct {
    const LinkKey *key;
    const char *token, *form;
    Day today;
    bool holds;
  } rows[] = {
    { key, "T1", "acknowledge", TODAY, true },      { key, "T1", "acknowledge", TODAY + 1, true },
    { key, "T1", "acknowledge", TODAY + 2, false }, { key, "T1", "acknowledge", TODAY - 1, false },
    { key, "T2", "acknowledge", TODAY, false },     { key, "T1", "decide", TODAY, false },
    { other, "T1", "acknowledge", TODAY, false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    ck_assert_msg(web_csrf_holds(rows[i].key, rows[i].token, rows[i].form, rows[i].today, field) ==
                      rows[i].holds,
                  "row %zu", i);

  const char *const wrong[] = { "", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    ck_assert_msg(!web_csrf_holds(key, "T1", "acknowledge", TODAY, wrong[i]), "wrong %zu", i);
  for (gsize i = 0; i < LINK_KEY_TOKEN_LENGTH - 1; i++) { /* the last one has bits that stand for nothing */
    g_autofree char *changed = g_strdup(field);

    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ck_assert_msg(!web_csrf_holds(key, "T1", "acknowledge", TODAY, changed), "changed %zu", i);
  }
}
END_TEST

START_TEST(test_origin)
{
  const struct {
    const char *host, *origin, *site;
    bool own;
  } rows[] = {
    { "kigen.example", NULL, NULL, true },
    { "kigen.example", "null", NULL, true },
    { "kigen.example", "https://kigen.example", NULL, true },
    { "kigen.example:8765", "http://kigen.example:8765", NULL, true },
    { "kigen.example", "https://kigen.example.evil.example", NULL, false },
    { "kigen.example", "https://evil.example", NULL, false },
    { "kigen.example", "kigen.example", NULL, false },
    { "kigen.example", "", NULL, false },
    { NULL, "https://kigen.example", NULL, false },
    { "kigen.example", "null", "same-origin", true },
    { "kigen.example", "https://kigen.example", "same-origin", true },
    { "kigen.example", "https://kigen.example", "same-site", false },
    { "kigen.example", NULL, "cross-site", false },
    { "kigen.example", NULL, "none", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    ck_assert_msg(web_csrf_is_own(rows[i].host, rows[i].origin, rows[i].site) == rows[i].own, "row %zu", i);
}
END_TEST

static ClientAddress address(const char *text)
{
  ClientAddress client;

  ck_assert(client_address_parse(text, &client));
  return client;
}

START_TEST(test_rate)
{
  WebRate *rate = web_rate_new();
  const ClientAddress one = address("192.0.2.1"), two = address("192.0.2.2"), six = address("2001:db8::1"),
                      neighbour = address("2001:db8::ffff:2"), far = address("2001:db8:0:1::1");
  gint64 now = 1000;

  for (int i = 0; i < 6; i++)
    ck_assert_msg(web_rate_take(rate, &one, 6, now), "%d", i);
  ck_assert(!web_rate_take(rate, &one, 6, now));
  ck_assert(web_rate_take(rate, &two, 6, now));
  ck_assert(!web_rate_take(rate, &one, 6, now + 9 * G_TIME_SPAN_SECOND));
  ck_assert(web_rate_take(rate, &one, 6, now + 10 * G_TIME_SPAN_SECOND));
  ck_assert(!web_rate_take(rate, &one, 6, now + 11 * G_TIME_SPAN_SECOND));
  ck_assert(web_rate_take(rate, &six, 1, now));
  ck_assert(!web_rate_take(rate, &neighbour, 1, now));
  ck_assert(web_rate_take(rate, &far, 1, now));
  for (guint32 i = 0; i < 50000; i++) { /* bounded memory, and nobody is shut out by others */
    ClientAddress client = address("10.0.0.0");

    client.byte[13] = (guint8)(i >> 16);
    client.byte[14] = (guint8)(i >> 8);
    client.byte[15] = (guint8)i;
    ck_assert(web_rate_take(rate, &client, 6, now));
  }
  web_rate_free(rate);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_csrf");
  TCase *tcase = tcase_create("web_csrf");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_test(tcase, test_field);
  tcase_add_test(tcase, test_origin);
  tcase_add_test(tcase, test_rate);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
