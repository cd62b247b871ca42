#include "notifier/cli/suggest.h"
#include "tests/support/run.h"

typedef struct {
  const char *a, *b;
  guint distance;
} DistanceCase;

static const DistanceCase distance_cases[] = {
  { "", "", 0 },
  { "", "abc", 3 },
  { "plan", "plan", 0 },
  { "paln", "plan", 1 },
  { "publsh", "publish", 1 },
  { "sow", "show", 1 },
  { "timline", "timeline", 1 },
  { "kitten", "sitting", 3 },
};

START_TEST(test_suggest_distance_counts_edits)
{
  const DistanceCase *row = &distance_cases[_i];

  ck_assert_msg(suggest_distance(row->a, row->b) == row->distance, "row %d: %u", _i,
                suggest_distance(row->a, row->b));
  ck_assert_msg(suggest_distance(row->b, row->a) == row->distance, "row %d, the other way round", _i);
}
END_TEST

typedef struct {
  const char *word;
  const char *nearest; /* or NULL */
} NearestCase;

static const NearestCase nearest_cases[] = {
  { "timline", "timeline" }, { "sched", "schedule" }, { "chekc", "check" },
  { "frobnicate", NULL },    { "x", NULL },           { "", NULL },
};

START_TEST(test_suggest_nearest_finds_what_was_meant)
{
  static const char *const known[] = { "init", "check", "timeline", "schedule", "web", NULL };
  const NearestCase *row = &nearest_cases[_i];
  const char *nearest = suggest_nearest(row->word, known);

  ck_assert_msg(g_strcmp0(nearest, row->nearest) == 0, "row %d \"%s\": %s", _i, row->word,
                nearest != NULL ? nearest : "none");
}
END_TEST

START_TEST(test_suggest_hint_lists_what_is_known)
{
  static const char *const known[] = { "eol", "eos", "lines", NULL };
  g_autofree char *near = suggest_hint("line", known);
  g_autofree char *far = suggest_hint("frobnicate", known);

  ck_assert_str_eq(near, "did you mean lines?");
  ck_assert_str_eq(far, "known are: eol, eos, lines");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("suggest");
  TCase *tests = tcase_create("suggest");

  tcase_add_loop_test(tests, test_suggest_distance_counts_edits, 0, G_N_ELEMENTS(distance_cases));
  tcase_add_loop_test(tests, test_suggest_nearest_finds_what_was_meant, 0, G_N_ELEMENTS(nearest_cases));
  tcase_add_test(tests, test_suggest_hint_lists_what_is_known);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
