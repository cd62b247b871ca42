#include "planner/person.h"

#include "tests/support/run.h"

static const struct {
  const char *name, *email, *text;
  bool named;
} cases[] = {
  { "髙橋 澄江", NULL, "髙橋 澄江", true },
  { "髙橋 澄江", NULL, "髙橋澄江様のご依頼による", true },
  { "髙橋 澄江", NULL, "担当の髙橋　澄江が退職", true },
  { "髙橋澄江", NULL, "髙橋\t澄江", true },
  { "髙橋 澄江", NULL, "髙橋 澄子", false },
  { "髙橋 澄江", NULL, "澄江 髙橋", false },
  { "髙橋 澄江", NULL, "", false },
  { "髙橋 澄江", NULL, NULL, false },
  { "小田切 亮", NULL, "（小田切亮）", true },
  { "ｵﾀﾞｷﾞﾘ ﾘｮｳ", NULL, "オダギリ　リョウ 様", true },
  /* short names stand by themselves */
  { "林 誠", NULL, "林 誠", true },
  { "林 誠", NULL, "林誠様", true },
  { "林 誠", NULL, "電話：林 誠（医療機器安全管理責任者）", true },
  { "林 誠", NULL, "林 誠さんより", true },
  { "林 誠", NULL, "林誠が退職したため", true },
  { "林 誠", NULL, "小林誠一", false },
  { "林 誠", NULL, "小林 誠", false },
  { "林 誠", NULL, "林 誠一", false },
  { "早瀬", NULL, "早瀬様", true },
  { "早瀬", NULL, "早瀬千景", false },
  { "早瀬", NULL, "早瀬 千景", false },
  { "佐々木", NULL, "佐々木 健", false },
  { "佐々木", NULL, "佐々木氏の依頼", true },
  { "林", NULL, "森林公園病院", false },
  { "林 太郎", NULL, "担当の林太郎", true },
  { "林 健太郎", NULL, "小林健太郎", false },
  { "山田 健太", NULL, "山田健太郎", false },
  { "山田 健太", NULL, "医療機器安全管理責任者山田健太部長", true },
  { "ハルカ", NULL, "ハルカス", false },
  /* letters: whole words */
  { "Li Na", NULL, "asked by LI NA, by telephone", true },
  { "Li Na", NULL, "Ｌｉ　Ｎａ様", true },
  { "Li Na", NULL, "Carolina", false },
  { "Li Na", NULL, "Li Nakamura", false },
  { "Li Na", NULL, "LiNa", false },
  { "John Smith", NULL, "担当John Smith様", true },
  { "John Smith", NULL, "John  Smith", true },
  { "Jürgen Groß", NULL, "JÜRGEN GROSS", true },
  { "Иван Петров", NULL, "Иван Петрович", false },
  /* addresses */
  { "髙橋 澄江", "Sato@Kita.example", "550 5.1.1 <sato@kita.example>: no such user", true },
  { "髙橋 澄江", "sato@kita.example", "write to sato@kita.example.", true },
  { "髙橋 澄江", "sato@kita.example", "mailto:sato@kita.example?subject=x", true },
  { "髙橋 澄江", "sato@kita.example", "m.sato@kita.example", false },
  { "髙橋 澄江", "sato@kita.example", "sato@kita.example.org", false },
  { "髙橋 澄江", "sato@kita.example", "msato@kita.example, sato@kita.example", true },
  { "髙橋 澄江", "", "anything", false },
  { " ", NULL, " anything ", false },
  { "\xff", NULL, "anything", false },
};

START_TEST(test_is_in)
{
  g_autoptr(Person) person = person_new(cases[_i].name, cases[_i].email);

  ck_assert_msg(person_is_in(person, cases[_i].text) == cases[_i].named, "%s <%s> in: %s", cases[_i].name,
                cases[_i].email != NULL ? cases[_i].email : "", cases[_i].text);
}
END_TEST

START_TEST(test_key_is_the_same_for_every_spelling)
{
  static const struct {
    const char *name, *key;
  } keys[] = {
    { "髙橋 澄江", "髙橋澄江" },
    { "　髙橋　澄江 ", "髙橋澄江" },
    { "Ｊｏｈｎ Smith", "johnsmith" },
    { " ", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_autofree char *key = person_key(keys[i].name);

    ck_assert_str_eq(key, keys[i].key);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("person");
  TCase *tcase = tcase_create("person");

  tcase_add_loop_test(tcase, test_is_in, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, test_key_is_the_same_for_every_spelling);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
