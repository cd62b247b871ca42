/* What an advisory says, lacks, and does not seem to say. */

#include "planner/advisory.h"
#include "tests/support/run.h"

#include <string.h>

static Advisory *whole(NoticeKind kind)
{
  Advisory *advisory = advisory_new(kind);

  advisory_set(advisory, ADVISORY_TITLE_JA, "題");
  advisory_set(advisory, ADVISORY_BODY_JA, "本文");
  advisory_set(advisory, ADVISORY_COMPONENT, "OpenSSL 1.1.1");
  advisory_add_release(advisory, "PUMP/1.0");
  return advisory;
}

START_TEST(test_advisory_is_kind)
{
  for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++)
    ck_assert_int_eq(advisory_is_kind((NoticeKind)kind),
                     kind == NOTICE_SECURITY_ADVISORY || kind == NOTICE_STOP_USE || kind == NOTICE_COMPONENT);
}
END_TEST

/* Blanks say nothing, of any kind; the market is always said. */
START_TEST(test_advisory_set_blank)
{
  g_autoptr(Advisory) advisory = whole(NOTICE_SECURITY_ADVISORY);

  advisory_set(advisory, ADVISORY_TITLE_JA, " 　\t\n");
  advisory_set(advisory, ADVISORY_MARKET, "");
  ck_assert_ptr_null(advisory->text[ADVISORY_TITLE_JA]);
  ck_assert_str_eq(advisory->text[ADVISORY_MARKET], "*");
  ck_assert_ptr_nonnull(strstr(advisory_problem(advisory), "--title-ja"));
}
END_TEST

START_TEST(test_advisory_releases_in_order_once)
{
  g_autoptr(Advisory) advisory = whole(NOTICE_SECURITY_ADVISORY);
  g_autoptr(Advisory) copy = NULL;

  advisory_add_release(advisory, "VIEW/A");
  advisory_add_release(advisory, "PUMP/1.0");
  advisory_add_release(advisory, "ALARM/3");
  ck_assert_uint_eq(advisory->releases->len, 3);
  ck_assert_str_eq(advisory->releases->pdata[0], "ALARM/3");
  ck_assert_str_eq(advisory->releases->pdata[2], "VIEW/A");
  copy = advisory_copy(advisory);
  ck_assert(advisory_equal(advisory, copy));
  advisory_set(copy, ADVISORY_CSAF_URL, "https://example.com/x.json");
  ck_assert(!advisory_equal(advisory, copy));
}
END_TEST

static const struct {
  NoticeKind kind;
  AdvisoryField without;
  const char *problem; /* NULL: none */
} problems[] = {
  { NOTICE_SECURITY_ADVISORY, ADVISORY_TITLE_JA, "--title-ja" },
  { NOTICE_SECURITY_ADVISORY, ADVISORY_BODY_JA, "--body-ja" },
  { NOTICE_SECURITY_ADVISORY, ADVISORY_COMPONENT, NULL },
  { NOTICE_STOP_USE, ADVISORY_COMPONENT, NULL },
  { NOTICE_COMPONENT, ADVISORY_COMPONENT, "--component" },
};

START_TEST(test_advisory_problem)
{
  g_autoptr(Advisory) advisory = whole(problems[_i].kind);

  ck_assert_ptr_null(advisory_problem(advisory));
  advisory_set(advisory, problems[_i].without, NULL);
  const char *problem = advisory_problem(advisory);

  ck_assert_int_eq(problem == NULL, problems[_i].problem == NULL);
  ck_assert(problem == NULL || strstr(problem, problems[_i].problem) != NULL);
  g_ptr_array_set_size(advisory->releases, 0);
  ck_assert_ptr_nonnull(advisory_problem(advisory));
}
END_TEST

/* What each text leaves unsaid. */
static const struct {
  NoticeKind kind;
  const char *body;
  const char *wants, *wants_not; /* in one of the sentences; in none */
} wants[] = {
  { NOTICE_SECURITY_ADVISORY, "本文", "(影響)", "(代替手段)" },
  { NOTICE_SECURITY_ADVISORY, "本文", "(対策)", "(緩和策)" },
  { NOTICE_SECURITY_ADVISORY, "本文", "(修正の見通し)", NULL },
  { NOTICE_SECURITY_ADVISORY, "本文", "CSAF", NULL },
  { NOTICE_SECURITY_ADVISORY, "## 影響\n…\n## 対策\n…\n## 修正の見通し\n…", "CSAF", "does not seem" },
  { NOTICE_SECURITY_ADVISORY, "IMPACT: none. Update. Fixed in 3.1.", "CSAF", "does not seem" },
  { NOTICE_STOP_USE, "影響", "(代替手段)", "CSAF" },
  { NOTICE_COMPONENT, "影響と緩和策", "--supplier", "--action-ja" },
  { NOTICE_COMPONENT, "影響と緩和策", "--stage", "does not seem" },
};

static bool any_says(const GPtrArray *sentences, const char *words)
{
  for (guint i = 0; i < sentences->len; i++)
    if (strstr(sentences->pdata[i], words) != NULL)
      return true;
  return false;
}

START_TEST(test_advisory_wants)
{
  g_autoptr(Advisory) advisory = whole(wants[_i].kind);

  advisory_set(advisory, ADVISORY_BODY_JA, wants[_i].body);
  g_autoptr(GPtrArray) said = advisory_wants(advisory);

  ck_assert_msg(any_says(said, wants[_i].wants), "%s", wants[_i].wants);
  ck_assert_msg(wants[_i].wants_not == NULL || !any_says(said, wants[_i].wants_not), "%s",
                wants[_i].wants_not);
}
END_TEST

/* What is missing in one language is said in the other. */
START_TEST(test_advisory_languages)
{
  g_autoptr(Advisory) advisory = whole(NOTICE_STOP_USE);

  ck_assert_str_eq(advisory_title(advisory, "en"), "題");
  advisory_set(advisory, ADVISORY_TITLE_EN, "Title");
  ck_assert_str_eq(advisory_title(advisory, "en"), "Title");
  ck_assert_str_eq(advisory_title(advisory, "ja"), "題");
  advisory_set(advisory, ADVISORY_ACTION_EN, "Stop.");
  ck_assert_str_eq(advisory_action(advisory, "ja"), "Stop.");
  ck_assert_str_eq(advisory_body(advisory, "en"), "本文");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("advisory");
  TCase *tests = tcase_create("advisory");

  tcase_add_test(tests, test_advisory_is_kind);
  tcase_add_test(tests, test_advisory_set_blank);
  tcase_add_test(tests, test_advisory_releases_in_order_once);
  tcase_add_loop_test(tests, test_advisory_problem, 0, (int)G_N_ELEMENTS(problems));
  tcase_add_loop_test(tests, test_advisory_wants, 0, (int)G_N_ELEMENTS(wants));
  tcase_add_test(tests, test_advisory_languages);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
