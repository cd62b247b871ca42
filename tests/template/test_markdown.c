/* Markdown that a person writes: what is refused, and what both parts of a letter make of the rest. */

#include "notifier/template/markdown.h"
#include "tests/support/run.h"

#include <string.h>

/* What is refused where; `said` NULL: nothing is. */
static const struct {
  const char *text;
  const char *place; /* LINE:COLUMN */
  const char *said;
} checks[] = {
  { "# 影響\n\n本文 <https://example.com/>\n", NULL, NULL },
  { "a < b && c > d, \\<b> & &amp;", NULL, NULL },
  { "```\n<script>\n```\n", NULL, NULL },
  { "[届け先](mailto:a@example.com) [電話](tel:+81-3-0000-0000)", NULL, NULL },
  { "\xef\xbb\xbf# BOM", NULL, NULL },
  { "本文\n\n<b>太字</b>", "3:1", "raw HTML (<b>)" },
  { "あいう<br>えお", "1:4", "raw HTML (<br>)" },
  { "本文\n\n<!-- 社内用 -->\n", "3:1", "raw HTML (<!--" },
  { "一\r\n二<i>\r\n", "2:2", "raw HTML" },
  { "![図](https://example.com/a.png)", "1:1", "take the ! away" },
  { "[x](javascript:alert(1))", "1:1", "javascript:alert(1)" },
  { "[x](JaVaScRiPt:alert(1))", "1:1", "whole address" },
  { "[x](data:text/html,a)", "1:1", "whole address" },
  { "[x](vbscript:a)", "1:1", "whole address" },
  { "[x](file:///etc/passwd)", "1:1", "whole address" },
  { "[x](manual.pdf)", "1:1", "\"manual.pdf\"" },
  { "[x](//example.com)", "1:1", "whole address" },
  { "[x][ref]\n\n[ref]: javascript:a", "1:1", "whole address" },
  { "一行\n二\xff", "2:2", "0xff is not valid UTF-8" },
  { "\x83\x65\x83\x58\x83\x67", "1:1", "iconv -f CP932" },
  { "一\a二", "1:2", "control character (0x07)" },
  { "", "1:1", "says nothing" },
  { " \n\n \n", "1:1", "says nothing" },
};

START_TEST(test_markdown_check)
{
  g_autoptr(GError) error = NULL;
  const char *text = checks[_i].text;
  bool done = markdown_check(text, strlen(text), "a.md", &error);

  ck_assert_msg(done == (checks[_i].said == NULL), "%s: %s", text, error != NULL ? error->message : "passed");
  if (done)
    return;
  g_autofree char *begin = g_strdup_printf("a.md:%s: ", checks[_i].place);

  ck_assert_msg(g_str_has_prefix(error->message, begin), "%s: %s", text, error->message);
  ck_assert_msg(strstr(error->message, checks[_i].said) != NULL, "%s: %s", text, error->message);
}
END_TEST

START_TEST(test_markdown_check_nul_and_size)
{
  g_autoptr(GError) nul = NULL;
  g_autoptr(GError) large = NULL;
  g_autofree char *text = g_strnfill(MARKDOWN_SIZE_MAX + 1, 'a');

  ck_assert(!markdown_check("a\0b", 3, "a.md", &nul));
  ck_assert_ptr_nonnull(strstr(nul->message, "a.md:1:2: "));
  ck_assert(!markdown_check(text, MARKDOWN_SIZE_MAX + 1, "a.md", &large));
  ck_assert_ptr_nonnull(strstr(large->message, "link to it"));
}
END_TEST

static const struct {
  const char *text, *html;
} pages[] = {
  { "# 影響", "<h3>影響</h3>\n" },
  { "##### 深い", "<h3>深い</h3>\n" },
  { "> # 引用\n\n- ## 項目",
    "<blockquote>\n<h3>引用</h3>\n</blockquote>\n<ul>\n<li>\n<h4>項目</h4>\n</li>\n</ul>\n" },
  { "## 一\n### 二\n###### 三", "<h3>一</h3>\n<h4>二</h4>\n<h6>三</h6>\n" },
  { "**直ちに**停止", "<p><strong>直ちに</strong>停止</p>\n" },
  /* a line broken between Japanese characters is no blank */
  { "装置を\n停止", "<p>装置を停止</p>\n" },
  { "OpenSSL\n1.1.1", "<p>OpenSSL\n1.1.1</p>\n" },
  { "装置を  \n停止", "<p>装置を<br />\n停止</p>\n" },
  { "<https://example.com/a?b=1&c=2>",
    "<p><a href=\"https://example.com/a?b=1&amp;c=2\">https://example.com/a?b=1&amp;c=2</a></p>\n" },
  { "a \"b\" & c", "<p>a &quot;b&quot; &amp; c</p>\n" },
  { "{{maker.name}} {{{x}}}", "<p>{{maker.name}} {{{x}}}</p>\n" },
  /* what another program put into the store goes no further */
  { "<script>alert(1)</script>", "<!-- raw HTML omitted -->\n" },
  { "a <b onclick=x>b</b>", "<p>a <!-- raw HTML omitted -->b<!-- raw HTML omitted --></p>\n" },
  { "[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>\n" },
  { "[x](page.html)", "<p><a href=\"\">x</a></p>\n" },
  { "![図](https://example.com/a.png)", "<p><a href=\"https://example.com/a.png\">図</a></p>\n" },
  { "![図](javascript:a)", "<p><a href=\"\">図</a></p>\n" },
  { "\xff", "<p>\xef\xbf\xbd</p>\n" },
};

START_TEST(test_markdown_html)
{
  g_autofree char *html = markdown_html(pages[_i].text);

  ck_assert_str_eq(html, pages[_i].html);
}
END_TEST

static const struct {
  const char *text, *ja, *en;
} texts[] = {
  { "# 影響\n\n本文", "■影響\n本文", "影響\n--\n本文" },
  { "a\n\nb", "a\n\nb", "a\n\nb" },
  { "装置を\n停止\nしてください", "装置を停止してください", "装置を停止してください" },
  { "one\ntwo", "one two", "one two" },
  { "- 一\n- 二\n  - 三\n", "・一\n・二\n　・三", "- 一\n- 二\n  - 三" },
  { "3. 一\n4. 二\n", "3. 一\n4. 二", "3. 一\n4. 二" },
  { "1. 一\n\n   続き\n\n2. 二\n", "1. 一\n   \n   続き\n\n2. 二", "1. 一\n   \n   続き\n\n2. 二" },
  { "**太字**と*斜体*と`code_x`", "太字と斜体とcode_x", "太字と斜体とcode_x" },
  { "[手順](https://example.com/a)を", "手順（https://example.com/a）を", "手順 <https://example.com/a>を" },
  { "<https://example.com/a>", "https://example.com/a", "https://example.com/a" },
  { "<a@example.com>", "a@example.com", "a@example.com" },
  { "<mailto:a@example.com>", "a@example.com", "a@example.com" },
  { "[電話](tel:+81-3)", "電話（+81-3）", "電話 <+81-3>" },
  { "> 引用\n> 続き", "> 引用続き", "> 引用続き" },
  { "```\na  b\nc\n```", "    a  b\n    c", "    a  b\n    c" },
  { "a\n\n---\n\nb", "a\n\n――――――――――\n\nb", "a\n\n----------\n\nb" },
  { "CVE\\_2031 1\\*2 &lt;x&gt;", "CVE_2031 1*2 <x>", "CVE_2031 1*2 <x>" },
  { "<script>x</script>\n\n後", "\n後", "\n後" },
};

START_TEST(test_markdown_text)
{
  g_autofree char *ja = markdown_text(texts[_i].text, "ja");
  g_autofree char *en = markdown_text(texts[_i].text, "en");

  ck_assert_str_eq(ja, texts[_i].ja);
  ck_assert_str_eq(en, texts[_i].en);
}
END_TEST

/* Things in each other without end: refused, and walked by nobody. */
START_TEST(test_markdown_depth)
{
  static const char *const units[] = { ">", "- ", "1. ", "*a **b " };

  for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    for (int n = 0; n < 20000; n++)
      g_string_append(text, units[i]);
    g_string_append(text, "終");
    for (int n = 0; n < 20000; n++)
      g_string_append(text, "** *");
    if (i < 3)
      ck_assert(!markdown_check(text->str, text->len, "a.md", &error));
    g_autofree char *html = markdown_html(text->str);
    g_autofree char *plain = markdown_text(text->str, "ja");

    ck_assert_ptr_nonnull(strstr(html, "終"));
    ck_assert_ptr_nonnull(strstr(plain, "終"));
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("markdown");
  TCase *tests = tcase_create("markdown");

  tcase_add_loop_test(tests, test_markdown_check, 0, (int)G_N_ELEMENTS(checks));
  tcase_add_test(tests, test_markdown_check_nul_and_size);
  tcase_add_loop_test(tests, test_markdown_html, 0, (int)G_N_ELEMENTS(pages));
  tcase_add_loop_test(tests, test_markdown_text, 0, (int)G_N_ELEMENTS(texts));
  tcase_add_test(tests, test_markdown_depth);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
