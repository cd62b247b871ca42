#include "planner/effective.h"

#include "tests/support/run.h"

/* "2031-03-31", "tba", "-" (unknown), and behind a plus sign the extensions: "+o2033-03-31" the
 * organization's, "+d2034-03-31" the device's. */
static EffectiveDate read_eos(const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, "+", -1);
  Day extension[2] = { DAY_NONE, DAY_NONE };
  PlanDate plan;

  ck_assert_msg(plan_date_from_store(g_str_equal(words[0], "-") ? NULL : words[0], &plan), "%s", text);
  for (gsize i = 1; words[i] != NULL; i++)
    ck_assert_msg(day_parse(words[i] + 1, &extension[words[i][0] == 'd']), "%s", text);
  return effective_eos(plan, extension[0], extension[1]);
}

/* "2031-03-31"; " at the latest (tba)"; by whom ", organization", and which part ", software". */
static char *describe(EffectiveDate date, bool unit)
{
  static const char *const states[] = { "-", "tba", "sure" };
  static const char *const by[] = { "", ", organization", ", device" };
  static const char *const parts[] = { ", hardware", ", software", ", both" };
  char buffer[DAY_TEXT_SIZE];
  const char *stored = plan_date_to_store(date.date, buffer);

  return g_strconcat(
      stored != NULL ? stored : "-", effective_is_latest(date) ? " at the latest, the other " : "",
      effective_is_latest(date) ? states[date.surety] : "", by[date.by], unit ? parts[date.part] : "", NULL);
}

START_TEST(test_effective_eos_cases)
{
  static const struct {
    const char *eos, *want;
  } cases[] = {
    { "2031-03-31", "2031-03-31" },
    { "tba", "tba" },
    { "-", "-" },
    { "2031-03-31+o2033-03-31", "2033-03-31, organization" },
    { "2031-03-31+d2033-03-31", "2033-03-31, device" },
    /* the device's own goes first, also where it is the earlier one */
    { "2031-03-31+o2033-03-31+d2034-03-31", "2034-03-31, device" },
    { "2031-03-31+o2034-03-31+d2033-03-31", "2033-03-31, device" },
    /* the plan has moved past it: the later holds */
    { "2035-03-31+o2033-03-31", "2035-03-31" },
    { "2035-03-31+d2033-03-31", "2035-03-31" },
    { "2035-03-31+o2036-03-31+d2033-03-31", "2036-03-31, organization" },
    { "2033-03-31+o2033-03-31", "2033-03-31" },
    /* the plan says no EOS (any more) */
    { "tba+o2033-03-31", "tba" },
    { "-+o2033-03-31+d2034-03-31", "-" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *got = describe(read_eos(cases[i].eos), false);

    ck_assert_msg(g_str_equal(got, cases[i].want), "%s: %s, not %s", cases[i].eos, got, cases[i].want);
  }
}
END_TEST

START_TEST(test_effective_first_cases)
{
  static const struct {
    const char *hardware, *software, *want;
  } cases[] = {
    { "2031-03-31", "2033-03-31", "2031-03-31, hardware" },
    { "2033-03-31", "2031-03-31", "2031-03-31, software" },
    { "2031-03-31", "2031-03-31", "2031-03-31, both" },
    { "2031-03-31", "tba", "2031-03-31 at the latest, the other tba, hardware" },
    { "2031-03-31", "-", "2031-03-31 at the latest, the other -, hardware" },
    { "tba", "2031-03-31", "2031-03-31 at the latest, the other tba, software" },
    { "-", "2031-03-31", "2031-03-31 at the latest, the other -, software" },
    { "tba", "tba", "tba, both" },
    { "-", "-", "-, both" },
    { "tba", "-", "-, both" },
    { "-", "tba", "-, both" },
    /* an extension is for its own release only */
    { "2031-03-31+o2035-03-31", "2033-03-31", "2033-03-31, software" },
    { "2031-03-31+o2032-03-31", "2033-03-31", "2032-03-31, organization, hardware" },
    { "2031-03-31+d2035-03-31", "2031-03-31", "2031-03-31, software" },
    { "2031-03-31+o2035-03-31", "2031-03-31+d2035-03-31", "2035-03-31, organization, both" },
    { "2031-03-31+o2033-03-31", "2033-03-31", "2033-03-31, both" },
    { "2031-03-31+o2033-03-31", "-", "2033-03-31 at the latest, the other -, organization, hardware" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    EffectiveDate first = effective_first(read_eos(cases[i].hardware), read_eos(cases[i].software));
    g_autofree char *got = describe(first, true);

    ck_assert_msg(g_str_equal(got, cases[i].want), "%s and %s: %s, not %s", cases[i].hardware,
                  cases[i].software, got, cases[i].want);
  }
}
END_TEST

/* Day and surety do not depend on the order in which parts are put together. */
START_TEST(test_effective_first_of_many)
{
  static const char *const dates[] = { "-", "tba", "2031-03-31", "2032-03-31", "2031-03-31+o2034-03-31" };

  for (gsize i = 0; i < 125; i++) {
    EffectiveDate a = read_eos(dates[i % 5]), b = read_eos(dates[i / 5 % 5]), c = read_eos(dates[i / 25]);
    EffectiveDate one = effective_first(effective_first(a, b), c);
    EffectiveDate other = effective_first(c, effective_first(b, a));

    ck_assert_msg(plan_date_equal(one.date, other.date) && one.surety == other.surety, "%s %s %s",
                  dates[i % 5], dates[i / 5 % 5], dates[i / 25]);
    ck_assert(one.surety <= one.date.state);
  }
}
END_TEST

START_TEST(test_effective_unit_cases)
{
  static const struct {
    const char *hardware[2], *software[2]; /* EOL, EOS */
    const char *eol, *eos;
  } cases[] = {
    { { "2029-03-31", "2031-03-31" },
      { "2028-03-31", "2032-03-31" },
      "2028-03-31, software",
      "2031-03-31, hardware" },
    { { "2029-03-31", "2031-03-31" },
      { "-", "-" },
      "2029-03-31 at the latest, the other -, hardware",
      "2031-03-31 at the latest, the other -, hardware" },
    { { "2029-03-31", "tba" },
      { "tba", "tba" },
      "2029-03-31 at the latest, the other tba, hardware",
      "tba, both" },
    /* full support does not outlive support, though no EOL says so */
    { { "2029-03-31", "2031-03-31" },
      { "-", "2028-03-31" },
      "2028-03-31 at the latest, the other -, software",
      "2028-03-31, software" },
    /* an extension moves no EOL */
    { { "2029-03-31", "2031-03-31+o2035-03-31" },
      { "2030-03-31", "2036-03-31" },
      "2029-03-31, hardware",
      "2035-03-31, organization, hardware" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    EffectiveEnd hardware = { read_eos(cases[i].hardware[0]), read_eos(cases[i].hardware[1]) };
    EffectiveEnd software = { read_eos(cases[i].software[0]), read_eos(cases[i].software[1]) };
    EffectiveEnd unit = effective_unit(hardware, software);
    g_autofree char *eol = describe(unit.eol, true);
    g_autofree char *eos = describe(unit.eos, true);

    ck_assert_msg(g_str_equal(eol, cases[i].eol), "case %zu: EOL %s, not %s", i, eol, cases[i].eol);
    ck_assert_msg(g_str_equal(eos, cases[i].eos), "case %zu: EOS %s, not %s", i, eos, cases[i].eos);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("effective");
  TCase *tcase = tcase_create("effective");

  tcase_add_test(tcase, test_effective_eos_cases);
  tcase_add_test(tcase, test_effective_first_cases);
  tcase_add_test(tcase, test_effective_first_of_many);
  tcase_add_test(tcase, test_effective_unit_cases);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
