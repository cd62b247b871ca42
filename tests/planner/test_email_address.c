#include "planner/email_address.h"

#include <string.h>

#include "tests/support/run.h"

static const char *const good[] = {
  "sato@kita-hospital.example",          "s.sato+kigen@kita-hospital.example", "a@b",
  "o'brien_{x}=!#$%&*/?^`|~-@x.example", "ME-center@xn--eckwd4c7c.example",    "1@2.3.example",
};

static const struct {
  const char *address;
  int code;
  const char *says; /* part of the message */
} bad[] = {
  { NULL, EMAIL_ADDRESS_ERROR_FORM, "is empty" },
  { "", EMAIL_ADDRESS_ERROR_FORM, "is empty" },
  { "sato", EMAIL_ADDRESS_ERROR_FORM, "no @" },
  { "@x.example", EMAIL_ADDRESS_ERROR_FORM, "before the @" },
  { "sato@", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@b@c", EMAIL_ADDRESS_ERROR_FORM, "more than one @" },
  { ".a@x.example", EMAIL_ADDRESS_ERROR_FORM, "dot" },
  { "a.@x.example", EMAIL_ADDRESS_ERROR_FORM, "dot" },
  { "a..b@x.example", EMAIL_ADDRESS_ERROR_FORM, "dot" },
  { "a@x..example", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@x.example.", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@-x.example", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@x-.example", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@x_y.example", EMAIL_ADDRESS_ERROR_FORM, "domain" },
  { "a@[127.0.0.1]", EMAIL_ADDRESS_ERROR_CHARACTER, "bare address" },
  { "a@x.example\r\nRCPT TO:<b@y.example>", EMAIL_ADDRESS_ERROR_CHARACTER, "line break" },
  { "a@x.example\n", EMAIL_ADDRESS_ERROR_CHARACTER, "line break" },
  { "a\001@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "control character" },
  { "a\177@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "control character" },
  { "a\t@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "control character" },
  { " a@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "space" },
  { "佐藤 <sato@x.example>", EMAIL_ADDRESS_ERROR_CHARACTER, "outside ASCII" },
  { "sato＠x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "full-width" },
  { "a@病院.example", EMAIL_ADDRESS_ERROR_CHARACTER, "outside ASCII" },
  { "\xff@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "outside ASCII" },
  { "<a@x.example>", EMAIL_ADDRESS_ERROR_CHARACTER, "bare address" },
  { "a@x.example,b@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "bare address" },
  { "\"a b\"@x.example", EMAIL_ADDRESS_ERROR_CHARACTER, "bare address" },
};

START_TEST(test_check_accepts)
{
  g_autoptr(GError) error = NULL;

  ck_assert_msg(email_address_check(good[_i], &error), "%s: %s", good[_i], error ? error->message : "");
}
END_TEST

START_TEST(test_check_refuses)
{
  g_autoptr(GError) error = NULL;

  ck_assert_msg(!email_address_check(bad[_i].address, &error), "row %d is taken", _i);
  ck_assert_msg(g_error_matches(error, EMAIL_ADDRESS_ERROR, bad[_i].code), "row %d: code %d", _i,
                error->code);
  ck_assert_msg(strstr(error->message, bad[_i].says) != NULL, "row %d: %s", _i, error->message);
  for (const char *p = error->message; *p != '\0'; p++)
    ck_assert_msg((unsigned char)*p >= 0x20, "row %d: the message carries a control character", _i);
}
END_TEST

/* An address of `local` octets before the @ and `total` in all. */
static char *address_of(gsize local, gsize total)
{
  GString *text = g_string_new(NULL);

  while (text->len < local)
    g_string_append_c(text, 'a');
  g_string_append_c(text, '@');
  while (text->len < total)
    g_string_append_c(text, (text->len - local) % 50 == 0 && text->len + 1 < total ? '.' : 'd');
  return g_string_free(text, FALSE);
}

START_TEST(test_check_lengths)
{
  static const struct {
    gsize local, total;
    bool good;
  } rows[] = { { 64, 254, true }, { 64, 255, false }, { 65, 200, false }, { 1, 254, true } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *address = address_of(rows[i].local, rows[i].total);

    ck_assert_uint_eq(strlen(address), rows[i].total);
    ck_assert_msg(email_address_check(address, NULL) == rows[i].good, "row %zu: %s", i, address);
  }

  g_autofree char *label = g_strnfill(64, 'd');
  g_autofree char *long_label = g_strconcat("a@", label, ".example", NULL);

  ck_assert(!email_address_check(long_label, NULL));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("email_address");
  TCase *tcase = tcase_create("check");

  tcase_add_loop_test(tcase, test_check_accepts, 0, G_N_ELEMENTS(good));
  tcase_add_loop_test(tcase, test_check_refuses, 0, G_N_ELEMENTS(bad));
  tcase_add_test(tcase, test_check_lengths);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
