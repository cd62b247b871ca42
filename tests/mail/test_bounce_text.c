/* What mails that came back say, as the systems named write them: tests/mail/bounces. */

#include "notifier/mail/bounce_text.h"

#include <string.h>

#include "notifier/mail/incoming_text.h"
#include "tests/support/run.h"

static const struct {
  const char *file;
  BounceKind kind;
  const char *diagnosis; /* that it holds */
} mails[] = {
  { "postfix-failed", BOUNCE_FAILED,
    "5.1.1 hayase@h1.example: 550 5.1.1 <hayase@h1.example>: Recipient address" },
  { "postfix-delayed", BOUNCE_DELAYED, "4.4.1 hayase@h1.example: connect to" },
  { "postfix-delivered", BOUNCE_ARRIVED, "2.0.0" },
  { "mailbox-full", BOUNCE_FAILED, "5.2.2" },
  { "exchange-365-ja", BOUNCE_FAILED, "5.1.10 hayase@h1.example: 550 5.1.10 RESOLVER" },
  { "qmail", BOUNCE_FAILED, "no mailbox here by that name. (#5.1.1)" },
  { "sendmail-warning", BOUNCE_DELAYED, "this is a warning message only" },
  { "docomo", BOUNCE_FAILED, "550 Unknown user" },
  { "au", BOUNCE_FAILED, "unknown user" },
  { "softbank", BOUNCE_FAILED, "宛先のメールアドレスは存在しません" },
  { "provider-sjis", BOUNCE_FAILED, "550 5.1.1 User unknown" },
  { "provider-utf8-full", BOUNCE_FAILED, "552 5.2.2" },
  { "provider-delay-ja", BOUNCE_DELAYED, "配信が遅れて" },
  { "mislabelled", BOUNCE_FAILED, "宛先不明" },
  { "gmail", BOUNCE_FAILED, "550 5.1.1 The email account" },
  { "vacation", BOUNCE_NONE, NULL },
  { "spam", BOUNCE_NONE, NULL },
};

static IncomingMail *read_mail(const char *name)
{
  g_autofree char *file = g_strconcat(name, ".eml", NULL);
  g_autofree char *path =
      g_build_filename(g_getenv("KIGEN_SOURCE_ROOT"), "tests", "mail", "bounces", file, NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;
  IncomingMail *mail = NULL;

  ck_assert_msg(g_file_get_contents(path, &bytes, &size, NULL), "%s", path);
  mail = incoming_mail_parse(bytes, size);
  ck_assert_ptr_nonnull(mail);
  return mail;
}

START_TEST(test_judge)
{
  g_autoptr(IncomingMail) mail = read_mail(mails[_i].file);
  g_autofree char *diagnosis = NULL;
  BounceKind kind = bounce_text_judge(mail, &diagnosis);

  ck_assert_msg(kind == mails[_i].kind, "%s: %s, %s", mails[_i].file, bounce_text_key(kind),
                diagnosis != NULL ? diagnosis : "-");
  if (mails[_i].diagnosis == NULL)
    ck_assert_ptr_null(diagnosis);
  else
    ck_assert_msg(diagnosis != NULL && strstr(diagnosis, mails[_i].diagnosis) != NULL, "%s: %s",
                  mails[_i].file, diagnosis);
  ck_assert_str_eq(mail->recipients->pdata[0], "bounces+1-aaaaaaaaaaaaaaaa@maker.example");
}
END_TEST

START_TEST(test_automatic)
{
  g_autoptr(IncomingMail) vacation = read_mail("vacation");
  g_autoptr(IncomingMail) spam = read_mail("spam");

  ck_assert(vacation->automatic && !vacation->from_daemon);
  ck_assert(!spam->automatic && !spam->from_daemon);
  ck_assert_str_eq(vacation->from, "hayase@h1.example");
  ck_assert_str_eq(vacation->from_name, "早瀬");
}
END_TEST

static const struct {
  const char *charset, *claimed;
} encodings[] = {
  { "UTF-8", "utf-8" },     { "ISO-2022-JP", "iso-2022-jp" }, { "ISO-2022-JP", "us-ascii" },
  { "ISO-2022-JP", NULL },  { "ISO-2022-JP", "utf-8" },       { "CP932", "shift_jis" },
  { "CP932", "x-no-such" }, { "EUC-JP", "euc-jp" },           { "UTF-8", "iso-2022-jp" },
};

/* Whatever it calls itself. */
START_TEST(test_decode)
{
  const char *text = "宛先不明です";
  gsize size = 0;
  g_autofree char *bytes = g_convert(text, -1, encodings[_i].charset, "UTF-8", NULL, &size, NULL);
  g_autofree char *decoded = incoming_text_decode(bytes, size, encodings[_i].claimed);

  ck_assert_str_eq(decoded, text);
}
END_TEST

START_TEST(test_decode_broken)
{
  g_autofree char *decoded = incoming_text_decode("a\0b\xff\xfe\x80", 6, NULL);

  ck_assert(g_utf8_validate(decoded, -1, NULL));
  ck_assert(g_str_has_prefix(decoded, "a b"));
}
END_TEST

START_TEST(test_plain)
{
  g_autofree char *text = incoming_text_plain(
      "<html><head><style>p { a }</style></head><p>A &amp; B&nbsp;&#x3042;</p>C<br>D"
      "<blockquote>quoted<blockquote>twice</blockquote>still</blockquote>E<!-- <p>no --><unclosed");

  ck_assert_str_eq(text, "\nA & B あ\nC\nDE");
}
END_TEST

static const char *const odd[] = {
  "",           "\n",          "\r\n\r\n", "x",
  "\xff\xfe\0", "From nobody", "A: b",     "Content-Type: multipart/report; boundary=x\n\n--x\n\n--x\n--x--\n"
};

/* Anything is some mail, or none. */
START_TEST(test_odd)
{
  g_autoptr(IncomingMail) mail = incoming_mail_parse(odd[_i], strlen(odd[_i]));
  g_autofree char *diagnosis = NULL;

  if (mail != NULL)
    ck_assert_int_eq(bounce_text_judge(mail, &diagnosis), BOUNCE_NONE);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("bounce_text");
  TCase *tests = tcase_create("bounce_text");

  tcase_add_loop_test(tests, test_judge, 0, G_N_ELEMENTS(mails));
  tcase_add_test(tests, test_automatic);
  tcase_add_loop_test(tests, test_decode, 0, G_N_ELEMENTS(encodings));
  tcase_add_test(tests, test_decode_broken);
  tcase_add_test(tests, test_plain);
  tcase_add_loop_test(tests, test_odd, 0, G_N_ELEMENTS(odd));
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
