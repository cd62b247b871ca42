#include "planner/extension.h"

#include "tests/support/run.h"

static Day iso(const char *text)
{
  Day day;

  ck_assert_msg(day_parse(text, &day), "%s", text);
  return day;
}

START_TEST(test_extension_check_cases)
{
  static const struct {
    const char *name;
    bool customer;
    gint64 held;
    const char *plan; /* NULL: none in force; "-" unknown */
    const char *device, *organization;
    const char *eos;
    ExtensionVerdict want;
  } cases[] = {
    { "fine", true, 3, "2031-03-31", NULL, NULL, "2033-03-31", EXTENSION_FINE },
    { "a day later", true, 3, "2031-03-31", NULL, NULL, "2031-04-01", EXTENSION_FINE },
    { "the same day", true, 3, "2031-03-31", NULL, NULL, "2031-03-31", EXTENSION_NOT_LATER },
    { "earlier", true, 3, "2031-03-31", NULL, NULL, "2031-03-30", EXTENSION_NOT_LATER },
    { "a distributor", false, 3, "2031-03-31", NULL, NULL, "2033-03-31", EXTENSION_NO_CUSTOMER },
    { "has none", true, 0, "2031-03-31", NULL, NULL, "2033-03-31", EXTENSION_NOT_HELD },
    { "no plan", true, 3, NULL, NULL, NULL, "2033-03-31", EXTENSION_NO_PLAN },
    { "not announced", true, 3, "tba", NULL, NULL, "2033-03-31", EXTENSION_NOT_ANNOUNCED },
    { "unknown", true, 3, "-", NULL, NULL, "2033-03-31", EXTENSION_UNKNOWN },
    { "ends today", true, 3, "2024-03-31", NULL, NULL, "2026-12-01", EXTENSION_FINE },
    { "ended yesterday", true, 3, "2024-03-31", NULL, NULL, "2026-11-30", EXTENSION_OVER },
    { "a device", true, 3, "2031-03-31", "theirs", NULL, "2033-03-31", EXTENSION_FINE },
    { "not theirs", true, 3, "2031-03-31", "not", NULL, "2033-03-31", EXTENSION_NOT_THEIRS },
    { "longer than all", true, 3, "2031-03-31", "theirs", "2032-03-31", "2033-03-31", EXTENSION_FINE },
    { "as long as all", true, 3, "2031-03-31", "theirs", "2033-03-31", "2033-03-31", EXTENSION_SHORTENS },
    { "shorter than all", true, 3, "2031-03-31", "theirs", "2034-03-31", "2033-03-31", EXTENSION_SHORTENS },
    { "all, again and shorter", true, 3, "2031-03-31", NULL, "2034-03-31", "2033-03-31", EXTENSION_FINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *plan = cases[i].plan;
    ExtensionFacts facts = { .customer = cases[i].customer,
                             .held = cases[i].held,
                             .published = plan != NULL,
                             .of_device = cases[i].device != NULL,
                             .theirs = g_strcmp0(cases[i].device, "theirs") == 0 };

    if (cases[i].organization != NULL)
      facts.organization = iso(cases[i].organization);
    ck_assert(plan_date_from_store(g_strcmp0(plan, "-") == 0 ? NULL : plan, &facts.eos));
    ExtensionVerdict got = extension_check(&facts, iso(cases[i].eos), iso("2026-12-01"));

    ck_assert_msg(got == cases[i].want, "%s: %s", cases[i].name, extension_verdict_text(got));
    ck_assert((extension_verdict_text(got) == NULL) == (got == EXTENSION_FINE));
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("extension");
  TCase *tcase = tcase_create("extension");

  tcase_add_test(tcase, test_extension_check_cases);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
