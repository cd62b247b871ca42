#include "notifier/cli/cli_error.h"
#include "notifier/cli/config.h"
#include "notifier/cli/config_user.h"
#include "tests/support/run.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;
static char *store;

static void make_folder(void)
{
  folder = g_dir_make_tmp("kigen-config-XXXXXX", NULL);
  store = g_build_filename(folder, "kigen.db", NULL);
  g_unsetenv("KIGEN_CONFIG");
}

static void remove_folder(void)
{
  static const char *const files[] = { "kigen.conf", "days.txt", "kigen.db" };

  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(folder, files[i], NULL);

    g_unlink(path);
  }
  ck_assert_int_eq(g_rmdir(folder), 0);
  g_clear_pointer(&folder, g_free);
  g_clear_pointer(&store, g_free);
}

static void write_file(const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);

  ck_assert(g_file_set_contents(path, text, -1, NULL));
}

START_TEST(test_config_load_without_a_file_gives_the_defaults)
{
  g_autoptr(Config) config = NULL;
  g_autofree char *transport = g_strconcat("maildir:", folder, "/maildir", NULL);

  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_str_eq(config->base_url, "http://127.0.0.1:8765");
  ck_assert_str_eq(config->time_zone, "Asia/Tokyo");
  ck_assert_int_eq(config->profile, PROFILE_JP);
  ck_assert_str_eq(config->transport, transport);
  ck_assert_ptr_null(config->mail_from);
}
END_TEST

START_TEST(test_config_write_is_read_back_as_the_defaults)
{
  g_autofree char *path = config_path(store);
  g_autoptr(Config) written = NULL;
  g_autoptr(Config) defaults = NULL;

  ck_assert(config_load(store, false, &defaults, NULL));
  ck_assert(config_write(path, NULL));
  ck_assert(config_load(store, false, &written, NULL));
  ck_assert_str_eq(written->base_url, defaults->base_url);
  ck_assert_str_eq(written->transport, defaults->transport);
  ck_assert_str_eq(written->time_zone, defaults->time_zone);
}
END_TEST

typedef struct {
  const char *text;
  const char *message; /* behind the folder's name */
} BadCase;

static const BadCase bad_cases[] = {
  { "[kigen]\nbase_uri = https://x.example\n",
    "/kigen.conf:2: unknown key \"base_uri\" in [kigen]: did you mean base_url?" },
  { "# c\n[mail]\n\nfrom_address = a@b\n",
    "/kigen.conf:4: unknown key \"from_address\" in [mail]: known are: from, reply_to, transport" },
  { "[kigen]\nprofile = jp\n[smtp]\nhost = x\n",
    "/kigen.conf:3: unknown section [smtp]; known are: [kigen], [mail], [users]" },
  { "[kigen]\nprofile = japan\n", "/kigen.conf:2: profile = japan: expected jp, us or eu" },
  { "[kigen]\ntime_zone = Asia/Edo\n",
    "/kigen.conf:2: time_zone = Asia/Edo: expected an IANA name like Asia/Tokyo (package tzdata)" },
  { "[kigen]\nbase_url = kigen.example\n",
    "/kigen.conf:2: base_url = kigen.example: expected https://kigen.maker.example" },
  { "[mail]\ntransport = sendmail\n",
    "/kigen.conf:2: transport = sendmail: expected maildir:DIR, smtp://host:25 or smtps://host:465" },
  { "[users]\n\nmhayase = kigen\n", "/kigen.conf:3: mhayase = kigen: expected the name of a user (kigen user "
                                    "list): \"kigen\" is what the audit "
                                    "trail calls the program itself: choose another name" },
  { "[mail]\nfrom = nobody\n", "/kigen.conf:2: from = nobody: expected Name <user@domain>" },
};

START_TEST(test_config_load_names_the_line_of_what_is_wrong)
{
  const BadCase *row = &bad_cases[_i];
  g_autoptr(Config) config = NULL;
  g_autoptr(GError) error = NULL;

  write_file("kigen.conf", row->text);
  ck_assert_msg(!config_load(store, false, &config, &error), "row %d is taken", _i);
  ck_assert_msg(g_str_has_prefix(error->message, folder) &&
                    strcmp(error->message + strlen(folder), row->message) == 0,
                "row %d: %s", _i, error->message);
  ck_assert_int_eq(cli_error_exit(error), CLI_EXIT_ENVIRONMENT);
  ck_assert_ptr_null(config);
}
END_TEST

START_TEST(test_config_load_misses_only_a_file_that_is_named)
{
  g_autoptr(Config) config = NULL;
  g_autofree char *path = g_build_filename(folder, "named.conf", NULL);

  g_setenv("KIGEN_CONFIG", path, TRUE);
  ck_assert(!config_load(store, false, &config, NULL));
  ck_assert(config_load(store, true, &config, NULL));
  ck_assert_str_eq(config->path, path);
  g_clear_pointer(&config, config_free);
  g_setenv("KIGEN_CONFIG", "", TRUE);
  ck_assert(config_load(store, false, &config, NULL));
}
END_TEST

START_TEST(test_config_load_takes_every_key)
{
  g_autoptr(Config) config = NULL;
  g_autofree char *holidays = g_build_filename(folder, "days.txt", NULL);

  write_file("kigen.conf",
             "[kigen]\nbase_url = https://k.example/x//\nprofile = eu\ntime_zone = Europe/Berlin\n"
             "holidays = days.txt\n[mail]\nfrom = K <k@k.example>\nreply_to = r@k.example\n"
             "transport = smtp://relay.example:25\n");
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_str_eq(config->base_url, "https://k.example/x");
  ck_assert_int_eq(config->profile, PROFILE_EU);
  ck_assert_str_eq(config->holidays, holidays);
  ck_assert_str_eq(config->mail_from, "K <k@k.example>");
  ck_assert_str_eq(config->mail_reply_to, "r@k.example");
  ck_assert_str_eq(config->transport, "smtp://relay.example:25");
}
END_TEST

START_TEST(test_config_load_takes_users)
{
  g_autoptr(Config) config = NULL;

  write_file("kigen.conf",
             "[users]\nmhayase = ｈａｙａｓｅ\nMAKER\\\\sato =  sato  k \nnobody =\nmhayase2 = hayase\n");
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_str_eq(config_user_of(config, "mhayase"), "hayase");
  ck_assert_str_eq(config_user_of(config, "mhayase2"), "hayase");
  ck_assert_str_eq(config_user_of(config, "MAKER\\\\sato"), "sato k");
  ck_assert_ptr_null(config_user_of(config, "nobody"));
  ck_assert_ptr_null(config_user_of(config, "Mhayase"));
  ck_assert_ptr_null(config_user_of(config, NULL));
  ck_assert(config_user_is_mapped(config, "hayase"));
  ck_assert(!config_user_is_mapped(config, "nobody"));
}
END_TEST

static const struct {
  mode_t mode;
  bool counts;
} modes[] = {
  { 0600, true },  { 0644, true },  { 0444, true },  { 0664, false },
  { 0646, false }, { 0620, false }, { 0602, false },
};

/* Of files of somebody else tests/cli/test_user.py knows, run as root. */
START_TEST(test_config_user_check_wants_a_file_that_its_owner_alone_writes)
{
  g_autoptr(Config) config = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = config_path(store);

  write_file("kigen.db", "");
  write_file("kigen.conf", "[users]\nmhayase = hayase\n");
  ck_assert_int_eq(g_chmod(path, modes[_i].mode), 0);
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_msg(config_user_check(config, store, &error) == modes[_i].counts, "mode %o",
                (unsigned)modes[_i].mode);
  if (!modes[_i].counts) {
    ck_assert_int_eq(cli_error_exit(error), CLI_EXIT_REFUSED);
    ck_assert_msg(strstr(error->message, "chmod go-w") != NULL, "%s", error->message);
  }
}
END_TEST

START_TEST(test_config_calendar_reads_the_holidays)
{
  g_autoptr(Config) config = NULL;
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_autoptr(GError) error = NULL;

  write_file("kigen.conf", "[kigen]\nholidays = days.txt\n");
  write_file("days.txt", "# holidays\n2031-05-05 こどもの日\r\n\n2031-05-06\n");
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert(config_calendar(config, &calendar, NULL));
  ck_assert(!calendar_is_business_day(calendar, day_from_ymd(2031, 5, 5)));
  ck_assert(!calendar_is_business_day(calendar, day_from_ymd(2031, 5, 6)));
  ck_assert(calendar_is_business_day(calendar, day_from_ymd(2031, 5, 7)));

  write_file("days.txt", "2031-05-05\n5/6\n");
  ck_assert(!config_calendar(config, &calendar, &error));
  ck_assert_msg(strstr(error->message, "days.txt:2: \"5/6\" is no day") != NULL, "%s", error->message);
}
END_TEST

typedef struct {
  const char *transport;
  bool with_sender, without_sender; /* taken? */
} TransportCase;

static const TransportCase transport_cases[] = {
  { "maildir:/tmp/x", true, true },
  { "smtp://127.0.0.1:25", true, true },
  { "smtp://localhost", true, true },
  { "smtp://[::1]:2525", true, true },
  { "smtp://relay.example:25", true, false },
  { "smtps://relay.example:465", true, false },
  { "smtp://localhost.example", true, false },
  { "smtp://127.0.0.1.example:25", true, false },
  { "smtp://", false, false },
};

START_TEST(test_config_check_transport_wants_a_sender)
{
  const TransportCase *row = &transport_cases[_i];
  g_autoptr(Config) config = NULL;

  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_msg(config_check_transport(config, row->transport, NULL) == row->without_sender,
                "row %d, no sender", _i);
  config->mail_from = g_strdup("k@k.example");
  ck_assert_msg(config_check_transport(config, row->transport, NULL) == row->with_sender,
                "row %d, with a sender", _i);
}
END_TEST

START_TEST(test_config_day_at_is_the_zone_s_day)
{
  g_autoptr(Config) config = NULL;

  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_uint_eq(config_day_at(config, 1930057199), day_from_ymd(2031, 2, 28)); /* 14:59:59 UTC */
  ck_assert_uint_eq(config_day_at(config, 1930057200), day_from_ymd(2031, 3, 1));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("config");
  TCase *tests = tcase_create("config");

  tcase_add_checked_fixture(tests, make_folder, remove_folder);
  tcase_add_test(tests, test_config_load_without_a_file_gives_the_defaults);
  tcase_add_test(tests, test_config_write_is_read_back_as_the_defaults);
  tcase_add_loop_test(tests, test_config_load_names_the_line_of_what_is_wrong, 0, G_N_ELEMENTS(bad_cases));
  tcase_add_test(tests, test_config_load_misses_only_a_file_that_is_named);
  tcase_add_test(tests, test_config_load_takes_every_key);
  tcase_add_test(tests, test_config_load_takes_users);
  tcase_add_loop_test(tests, test_config_user_check_wants_a_file_that_its_owner_alone_writes, 0,
                      G_N_ELEMENTS(modes));
  tcase_add_test(tests, test_config_calendar_reads_the_holidays);
  tcase_add_loop_test(tests, test_config_check_transport_wants_a_sender, 0, G_N_ELEMENTS(transport_cases));
  tcase_add_test(tests, test_config_day_at_is_the_zone_s_day);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
