/* What a reply says: only what is new in it, and only what leaves no doubt. */

#include "notifier/mail/reply_text.h"

#include <string.h>

#include "tests/support/run.h"

#define QUOTED_LETTER                                                                                        \
  "　　　　　　　　　　　　　　　　　　文書番号　KM-QA-000123\n"                      \
  "中央病院\n件名　サポート終了\n【ご確認の方法】\n確認番号：%s\n受領確認しました\n"

/* `%s` stands for the code. */
static const struct {
  const char *text;
  ReplySense sense;
  AcknowledgementKind kind;
} replies[] = {
  { "%s", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "確認番号：%s\n", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "受領確認しました %s\n", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "お世話になっております。中央病院の早瀬です。\n本状を受領いたしました。\n確認番号は%sです。\n"
    "よろしくお願いいたします。\n--\n中央病院 臨床工学部\nTEL 03-0000-0000\nhttps://h1.example/?id=1\n",
    REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "確認しました。問題ありません。%s", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "内容を拝見し、了解しました。不明な点は特にございません。%s", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "Received, thank you. %s\n", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "OK %s\n\nOn Tue, 1 Dec 2026 at 09:00, Kigen <notice@maker.example> wrote:\n> old\n", REPLY_CONFIRMS,
    ACKNOWLEDGEMENT_RECEIPT },
  { "受領しました %s\n\n-----Original Message-----\n差出人: Kigen\n質問ですか？\n", REPLY_CONFIRMS,
    ACKNOWLEDGEMENT_RECEIPT },
  { "> 確認しました？\n受領しました %s\n", REPLY_CONFIRMS, ACKNOWLEDGEMENT_RECEIPT },
  { "責任移転を確認しました\n確認番号：%s\n責任者の役職：医療機器安全管理責任者\n責任者の氏名：佐藤 健\n",
    REPLY_CONFIRMS, ACKNOWLEDGEMENT_TRANSFER },
  { "Transfer confirmed\n%s\nResponsible person: Ken Sato\nTitle: Safety manager\n", REPLY_CONFIRMS,
    ACKNOWLEDGEMENT_TRANSFER },
  /* nobody has said it */
  { "", REPLY_NOTHING, 0 },
  { "受領確認しました", REPLY_NOTHING, 0 },
  { "よろしくお願いします。\n> 受領確認しました\n> 確認番号：%s\n", REPLY_NOTHING, 0 },
  { "＞ %s\n", REPLY_NOTHING, 0 },
  { "確認しました\n\n" QUOTED_LETTER, REPLY_NOTHING, 0 },
  { QUOTED_LETTER, REPLY_NOTHING, 0 },
  { "2026年12月1日(火) 9:00 期限メディカル <notice@maker.example>:\n%s 受領確認しました\n", REPLY_NOTHING,
    0 },
  { "From: Kigen\n%s received\n", REPLY_NOTHING, 0 },
  { "https://kigen.maker.example/a/123-wV9n0lY4rN3n1g5bX2n7f8QmPZtJ0aKcE6sUo-hTR_Y\n確認番号：%s\n",
    REPLY_NOTHING, 0 },
  /* a person has to read it */
  { "この機器は当院にはありません。%s", REPLY_FOR_PERSON, 0 },
  { "受領しましたが、機器は廃棄済みです。%s", REPLY_FOR_PERSON, 0 },
  { "%s 宛先が間違っています", REPLY_FOR_PERSON, 0 },
  { "確認番号 %s について、いつまで使えますか？", REPLY_FOR_PERSON, 0 },
  { "We did not receive the devices. %s", REPLY_FOR_PERSON, 0 },
  { "%s 添付のとおりです", REPLY_FOR_PERSON, 0 },
  { "責任移転を確認しました %s\n", REPLY_FOR_PERSON, 0 },
  { "責任移転を確認しました %s\n責任者の氏名：\n", REPLY_FOR_PERSON, 0 },
  { "責任移転を確認しました %s\n責任者の氏名：---\n", REPLY_FOR_PERSON, 0 },
};

static char *with_code(const char *text, const char *code)
{
  g_auto(GStrv) parts = g_strsplit(text, "%s", -1);

  return g_strjoinv(code, parts);
}

START_TEST(test_read)
{
  ShortCode code = short_code_make(123, 4711);
  char buffer[SHORT_CODE_TEXT_SIZE];
  g_autofree char *text = with_code(replies[_i].text, short_code_format(&code, buffer));
  g_autofree char *windows = with_code(text, buffer);
  g_auto(Reply) reply = { 0 };

  reply_text_read(text, &reply);
  ck_assert_msg(reply.sense == replies[_i].sense, "%d for %s", reply.sense, text);
  if (reply.sense != REPLY_CONFIRMS)
    return;
  ck_assert_int_eq(reply.kind, replies[_i].kind);
  ck_assert_uint_eq(reply.codes->len, 1);
  ck_assert(short_code_equal(&g_array_index(reply.codes, ShortCode, 0), &code));
}
END_TEST

START_TEST(test_person)
{
  ShortCode code = short_code_make(123, 4711);
  char buffer[SHORT_CODE_TEXT_SIZE];
  g_autofree char *text =
      with_code("責任移転を確認いたしました\r\n%s\r\n・役職　:　放射線科部長\r\n責任者氏名: 佐藤 健 \r\n",
                short_code_format(&code, buffer));
  g_auto(Reply) reply = { 0 };

  reply_text_read(text, &reply);
  ck_assert_int_eq(reply.sense, REPLY_CONFIRMS);
  ck_assert_int_eq(reply.kind, ACKNOWLEDGEMENT_TRANSFER);
  ck_assert_str_eq(reply.person, "佐藤 健");
  ck_assert_str_eq(reply.title, "放射線科部長");
}
END_TEST

/* Each code once, and not as many as one who guesses would write. */
START_TEST(test_codes)
{
  g_autoptr(GString) text = g_string_new("received\n");
  g_auto(Reply) two = { 0 }, many = { 0 };
  char buffer[SHORT_CODE_TEXT_SIZE];

  for (guint64 i = 0; i < 30; i++) {
    ShortCode code = short_code_make(7, i);

    g_string_append_printf(text, "%s\n%s\n", short_code_format(&code, buffer), buffer);
    if (i == 1)
      reply_text_read(text->str, &two);
  }
  ck_assert_int_eq(two.sense, REPLY_CONFIRMS);
  ck_assert_uint_eq(two.codes->len, 2);
  reply_text_read(text->str, &many);
  ck_assert_int_eq(many.sense, REPLY_FOR_PERSON);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("reply_text");
  TCase *tests = tcase_create("reply_text");

  tcase_add_loop_test(tests, test_read, 0, G_N_ELEMENTS(replies));
  tcase_add_test(tests, test_person);
  tcase_add_test(tests, test_codes);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
