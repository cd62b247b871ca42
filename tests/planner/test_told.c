/* Since when customers know a date. */

#include "planner/told.h"
#include "tests/support/run.h"

#include <string.h>

static PlanDate date(const char *text)
{
  Day day;

  if (strcmp(text, "tba") == 0)
    return (PlanDate){ DATE_TBA, DAY_NONE };
  return day_parse(text, &day) ? plan_date_known(day) : (PlanDate){ DATE_UNKNOWN, DAY_NONE };
}

/* Revisions are "PUBLISHED EOL [ANNOUNCED] [withdrawn]", with ; between them. */
static const struct {
  const char *name, *revisions, *since;
} cases[] = {
  { "nothing", "", "-" },
  { "the first", "2025-04-01 2031-03-31", "2025-04-01" },
  { "no date", "2025-04-01 tba", "-" },
  { "announced before kigen", "2025-04-01 2031-03-31 2022-01-01", "2022-01-01" },
  { "announced later than published", "2025-04-01 2031-03-31 2026-01-01", "2025-04-01" },
  { "announced on a day not yet set", "2025-04-01 2031-03-31 tba", "2025-04-01" },
  { "unchanged", "2025-04-01 2031-03-31;2029-04-01 2031-03-31", "2025-04-01" },
  { "put off", "2025-04-01 2031-03-31;2029-04-01 2034-03-31", "2025-04-01" },
  { "put off twice", "2025-04-01 2030-03-31;2026-04-01 2031-03-31;2029-04-01 2034-03-31", "2025-04-01" },
  { "moved earlier", "2025-04-01 2031-03-31;2028-04-01 2031-03-30", "2028-04-01" },
  { "earlier, then put off", "2025-04-01 2031-03-31;2027-04-01 2030-03-31;2028-04-01 2030-09-30",
    "2027-04-01" },
  { "put off, then back", "2025-04-01 2031-03-31;2027-04-01 2034-03-31;2028-04-01 2031-03-31", "2028-04-01" },
  { "taken back, then told again", "2025-04-01 2031-03-31;2027-04-01 tba;2028-04-01 2031-03-31",
    "2028-04-01" },
  { "told for the first time by the second", "2025-04-01 -;2027-04-01 2031-03-31", "2027-04-01" },
  { "withdrawn, then told again", "2025-04-01 2031-03-31 - withdrawn;2028-04-01 2031-03-31", "2028-04-01" },
  { "the withdrawn one itself", "2025-04-01 2031-03-31;2026-04-01 2031-03-31 - withdrawn", "2025-04-01" },
  { "what is carried on says nothing of a date that moves earlier",
    "2025-04-01 2031-03-31 2022-01-01;2028-04-01 2030-03-31 2022-01-01", "2028-04-01" },
  { "what is carried on over a withdrawal is said again",
    "2025-04-01 2031-03-31 2022-01-01 withdrawn;2028-04-01 2031-03-31 2022-01-01", "2022-01-01" },
  { "an own day of a date that moves earlier",
    "2025-04-01 2031-03-31 2022-01-01;2028-04-01 2030-03-31 2027-12-01", "2027-12-01" },
  { "entered afterwards", "2026-04-01 2031-03-31;2026-05-01 2031-03-31 2022-01-01", "2022-01-01" },
};

START_TEST(test_told_since)
{
  g_auto(GStrv) texts = g_strsplit(cases[_i].revisions, ";", -1);
  ToldRevision revisions[4] = { 0 };
  gsize n = 0;
  Day want = DAY_NONE;

  for (; texts[n] != NULL && *texts[n] != '\0'; n++) {
    g_auto(GStrv) words = g_strsplit(texts[n], " ", -1);
    guint count = g_strv_length(words);

    revisions[n].published_on = date(words[0]).day;
    revisions[n].date[MILESTONE_EOL] = date(words[1]);
    revisions[n].date[MILESTONE_EOS] = plan_date_known(day_from_ymd(2040, 1, 1));
    revisions[n].announced_on = date(count > 2 ? words[2] : "-");
    revisions[n].withdrawn = count > 3;
  }
  want = date(cases[_i].since).day;
  ck_assert_msg(told_since(revisions, n, MILESTONE_EOL) == want, "%s", cases[_i].name);
  ck_assert_uint_eq(told_since(revisions, n, MILESTONE_END_OF_SALE), DAY_NONE);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("told");
  TCase *tests = tcase_create("told");

  tcase_add_loop_test(tests, test_told_since, 0, G_N_ELEMENTS(cases));
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
