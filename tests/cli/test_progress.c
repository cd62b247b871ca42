#include "notifier/cli/progress.h"
#include "notifier/cli/term.h"
#include "tests/support/run.h"

typedef struct {
  gint64 done, total;
  double seconds;
  int columns;
  const char *line;
} LineCase;

static const LineCase cases[] = {
  { 50, 100, 10, 80, "[###############...............]  50% 50 rows, 5/s, 0:10 left" },
  { 100, 100, 10, 80, "[##############################] 100% 100 rows, 10/s" },
  { 0, 100, 0, 80, "[..............................]   0% 0 rows" },
  { 1200, 0, 2, 80, "1200 rows, 600/s" },
  { 1, 7201, 1, 80, "[..............................]   0% 1 rows, 1/s, 120:00 left" },
  { 50, 100, 10, 30, " 50% 50 rows, 5/s, 0:10 left" },
};

START_TEST(test_progress_line_shows_share_rate_and_time_left)
{
  const LineCase *row = &cases[_i];
  g_autofree char *line = progress_line("rows", row->done, row->total, row->seconds, row->columns);

  ck_assert_msg(g_strcmp0(line, row->line) == 0, "row %d: \"%s\"", _i, line);
  ck_assert_int_lt(term_width(line), row->columns);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("progress");
  TCase *tests = tcase_create("progress");

  tcase_add_loop_test(tests, test_progress_line_shows_share_rate_and_time_left, 0, G_N_ELEMENTS(cases));
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
