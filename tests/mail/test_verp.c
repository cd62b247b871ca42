#include "notifier/mail/verp.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

#define MAILBOX "bounces@maker.example"

static LinkKey *key;
static char *folder;

static LinkKey *new_key(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  LinkKey *made = NULL;

  ck_assert(link_key_create(path, NULL));
  ck_assert(link_key_load(path, &made, NULL));
  return made;
}

static void setup(void)
{
  folder = fixture_folder();
  key = new_key("key");
}

static void teardown(void)
{
  link_key_free(key);
  fixture_remove(folder);
  g_free(folder);
}

START_TEST(test_address)
{
  g_autofree char *address = verp_address(MAILBOX, key, 123, "kigen.1@maker.example", "sato@kita.example");
  g_autofree char *again = verp_address(MAILBOX, key, 123, "kigen.1@maker.example", "Sato@Kita.example");
  g_autofree char *capitals = g_ascii_strup(address, -1);
  const char *forms[] = { address, capitals };

  ck_assert_str_eq(address, again);
  ck_assert(g_regex_match_simple("^bounces\\+123-[a-z2-7]{20}@maker\\.example$", address, 0, 0));
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autofree char *code = NULL;
    gint64 message = 0;

    ck_assert(verp_parse(forms[i], MAILBOX, &message, &code));
    ck_assert_int_eq(message, 123);
    ck_assert(verp_is_ours(key, 123, "kigen.1@maker.example", code));
    ck_assert(!verp_is_ours(key, 124, "kigen.1@maker.example", code));
    ck_assert(!verp_is_ours(key, 123, "kigen.2@maker.example", code)); /* another row of that number */
    ck_assert(verp_is_to(key, 123, "SATO@kita.example", code));
    ck_assert(!verp_is_to(key, 123, "sato@minami.example", code));
  }
}
END_TEST

/* Whom it went to cannot be changed in a return path. */
START_TEST(test_whom_is_proven)
{
  g_autofree char *one = verp_address(MAILBOX, key, 123, "m", "sato@kita.example");
  g_autofree char *two = verp_address(MAILBOX, key, 123, "m", "sato@minami.example");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gint64 message = 0;

  ck_assert(verp_parse(one, MAILBOX, &message, &first));
  ck_assert(verp_parse(two, MAILBOX, &message, &second));
  ck_assert(verp_is_ours(key, 123, "m", first) && verp_is_ours(key, 123, "m", second));
  memcpy(first, second, 4);
  ck_assert(!verp_is_ours(key, 123, "m", first));
}
END_TEST

/* Another store's key, or none, makes another code. */
START_TEST(test_foreign)
{
  g_autoptr(LinkKey) other = new_key("other");
  g_autofree char *address = verp_address(MAILBOX, other, 123, "m", "sato@kita.example");
  g_autofree char *code = NULL;
  gint64 message = 0;

  ck_assert(verp_parse(address, MAILBOX, &message, &code));
  ck_assert(!verp_is_ours(key, message, "m", code));
  ck_assert(!verp_is_ours(key, message, "m", ""));
  ck_assert(!verp_is_ours(key, message, "m", "aaaaaaaaaaaaaaaa"));
  ck_assert(!verp_is_ours(key, message, "m", "aaaaaaaaaaaaaaaaaaaa"));
}
END_TEST

static const char *const others[] = {
  "",
  "@",
  MAILBOX,
  "bounces+@maker.example",
  "bounces+123@maker.example",
  "bounces+123-abc",
  "bounces+123-abc@other.example",
  "bounces+123-abc@maker.example.org",
  "other+123-abc@maker.example",
  "bounces-123-abc@maker.example",
  "bounces+0-abc@maker.example",
  "bounces+-1-abc@maker.example",
  "bounces+99999999999999999999-abc@maker.example",
  "bounces+1x-abc@maker.example",
  "bounces+12@maker-x.example",
};

START_TEST(test_parse_refuses)
{
  gint64 message = -1;
  char *code = NULL;

  ck_assert_msg(!verp_parse(others[_i], MAILBOX, &message, &code), "%s", others[_i]);
  ck_assert_int_eq(message, -1);
  ck_assert_ptr_null(code);
}
END_TEST

START_TEST(test_check_mailbox)
{
  static const struct {
    const char *mailbox, *says;
  } cases[] = {
    { MAILBOX, NULL },
    { "abcdefghijklmnopqrstuvwxyzab@maker.example", NULL },
    { "abcdefghijklmnopqrstuvwxyzabc@maker.example", "too long" },
    { "bounces", "bounces" },
    { "bo unces@maker.example", "bo unces" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;

    ck_assert_int_eq(verp_check_mailbox(cases[i].mailbox, &error), cases[i].says == NULL);
    ck_assert(error == NULL || strstr(error->message, cases[i].says) != NULL);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("verp");
  TCase *tcase = tcase_create("verp");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_address);
  tcase_add_test(tcase, test_whom_is_proven);
  tcase_add_test(tcase, test_foreign);
  tcase_add_loop_test(tcase, test_parse_refuses, 0, G_N_ELEMENTS(others));
  tcase_add_test(tcase, test_check_mailbox);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
