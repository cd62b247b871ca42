#include "notifier/cli/args.h"
#include "notifier/cli/cli_error.h"
#include "tests/support/run.h"

static const ArgOption own[] = { { "until", "DAY", "" }, { "dry-run", NULL, "" }, { NULL } };
static const ArgOption global[] = { { "json", NULL, "" }, { "help", NULL, "" }, { NULL } };
static const ArgOption *const tables[] = { own, global, NULL };

typedef struct {
  const char *line;  /* arguments, separated by blanks */
  const char *until; /* expected value of --until, or NULL */
  const char *flags; /* those given */
  const char *words; /* joined by | */
  const char *error; /* or NULL */
} ArgsCase;

static const ArgsCase cases[] = {
  { "a b", NULL, "", "a|b", NULL },
  { "--until 2031-03-31 a", "2031-03-31", "", "a", NULL },
  { "a --until=2031-03-31 --json b", "2031-03-31", "json", "a|b", NULL },
  { "--until= a", "", "", "a", NULL },
  { "--until x --until y", "y", "", "", NULL },
  { "-h", NULL, "help", "", NULL },
  { "a -- --json -h", NULL, "", "a|--json|-h", NULL },
  { "- --dry-run", NULL, "dry-run", "-", NULL },
  { "--until", NULL, NULL, NULL, "--until needs a value: --until DAY" },
  { "--json=1", NULL, NULL, NULL, "--json takes no value" },
  { "--dryrun", NULL, NULL, NULL, "unknown option --dryrun: did you mean --dry-run?" },
  { "--untl=x", NULL, NULL, NULL, "unknown option --untl: did you mean --until?" },
  { "-x", NULL, NULL, NULL, "unknown option -x" },
  { "--", NULL, "", "", NULL },
};

static char *flags_of(const Args *args)
{
  static const char *const names[] = { "dry-run", "json", "help" };
  GString *flags = g_string_new("");

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (args_flag(args, names[i]))
      g_string_append(flags, names[i]);
  return g_string_free(flags, FALSE);
}

static char *words_of(const Args *args)
{
  GString *words = g_string_new("");

  for (guint i = 0; i < args_count(args); i++)
    g_string_append_printf(words, "%s%s", i > 0 ? "|" : "", args_word(args, i));
  return g_string_free(words, FALSE);
}

START_TEST(test_args_read_takes_options_and_words)
{
  const ArgsCase *row = &cases[_i];
  g_auto(GStrv) argv = g_strsplit(row->line, " ", -1);
  g_autoptr(Args) args = args_new();
  g_autoptr(GError) error = NULL;
  int position = 0;
  bool done = args_read(args, tables, false, argv, &position, &error);

  if (row->error != NULL) {
    ck_assert_msg(!done && g_strcmp0(error->message, row->error) == 0, "row %d: %s", _i,
                  error != NULL ? error->message : "taken");
    ck_assert(g_error_matches(error, CLI_ERROR, CLI_ERROR_USAGE));
    ck_assert_int_eq(cli_error_exit(error), CLI_EXIT_USAGE);
    return;
  }

  g_autofree char *flags = flags_of(args);
  g_autofree char *words = words_of(args);

  ck_assert_msg(done, "row %d: %s", _i, error != NULL ? error->message : "");
  ck_assert_msg(g_strcmp0(args_text(args, "until"), row->until) == 0, "row %d: --until", _i);
  ck_assert_msg(g_strcmp0(flags, row->flags) == 0, "row %d: flags %s", _i, flags);
  ck_assert_msg(g_strcmp0(words, row->words) == 0, "row %d: words %s", _i, words);
}
END_TEST

START_TEST(test_args_read_stops_at_the_command)
{
  g_auto(GStrv) argv = g_strsplit("--json plan --until x", " ", -1);
  g_autoptr(Args) args = args_new();
  int position = 0;

  ck_assert(args_read(args, tables, true, argv, &position, NULL));
  ck_assert_int_eq(position, 1);
  ck_assert(args_flag(args, "json"));
  ck_assert_uint_eq(args_count(args), 0);
  ck_assert_ptr_null(args_word(args, 0));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("args");
  TCase *tests = tcase_create("args");

  tcase_add_loop_test(tests, test_args_read_takes_options_and_words, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tests, test_args_read_stops_at_the_command);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
