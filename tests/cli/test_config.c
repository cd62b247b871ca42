#include "notifier/cli/cli_error.h"
#include "notifier/cli/config.h"
#include "notifier/cli/config_calendar.h"
#include "notifier/cli/config_template.h"
#include "notifier/cli/config_user.h"
#include "planner/rule.h"
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
  static const char *const files[] = { "kigen.conf", "days.txt", "more.ics", "kigen.db" };

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
  ck_assert_str_eq(config->policy.key, "jp");
  ck_assert_int_eq(config->policy.profile, PROFILE_JP);
  ck_assert_str_eq(config->mail.transport, transport);
  ck_assert_ptr_null(config->mail.from);
}
END_TEST

START_TEST(test_config_write_is_read_back_as_the_defaults)
{
  g_autofree char *path = config_path(store);
  g_autoptr(Config) written = NULL;
  g_autoptr(Config) defaults = NULL;

  ck_assert(config_load(store, false, &defaults, NULL));
  ck_assert(config_template_write(path, NULL));
  ck_assert(config_load(store, false, &written, NULL));
  ck_assert_str_eq(written->base_url, defaults->base_url);
  ck_assert_str_eq(written->mail.transport, defaults->mail.transport);
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
    "/kigen.conf:4: unknown key \"from_address\" in [mail]: known are: from, reply_to, transport, bounces, "
    "unhandled, auth_user, auth_password_file, ca_file, require_tls, connections, rate, session_messages, "
    "deadline" },
  { "[kigen]\nprofile = jp\n[smtp]\nhost = x\n", "/kigen.conf:3: unknown section [smtp]; known are: [kigen], "
                                                 "[mail], [web], [webhook], [users], [profile NAME], "
                                                 "[product CODE]" },
  { "[kigen]\nprofile = japan\n", "/kigen.conf:2: profile = japan: no such profile: known are: jp, us, eu" },
  { "[kigen]\nprofile = strikt\n[profile strict]\n",
    "/kigen.conf:2: profile = strikt: no such profile: did you mean strict?" },
  { "[profile]\nbase = jp\n", "/kigen.conf:1: [profile]: a profile needs a name: [profile NAME]" },
  { "[profile jp]\nbase = us\n",
    "/kigen.conf:1: [profile jp]: jp is built in: give yours another name, and say base = jp" },
  { "[profile a]\nbase = jp\n[profile  a]\n",
    "/kigen.conf:3: [profile  a] is here twice: put both into one" },
  { "[profile a]\n\nbase = uk\n", "/kigen.conf:3: base = uk: expected jp, us or eu" },
  { "[profile a]\nseverity.LSP-1 = warning\n",
    "/kigen.conf:2: severity.LSP-1 = warning: LSP-1 is never softened: the store itself refuses what breaks "
    "it; remove the line" },
  { "[profile a]\n# c\nseverity.ord-1 = off\n",
    "/kigen.conf:3: severity.ord-1 = off: ORD-1 is never softened: the store itself refuses what breaks it; "
    "remove the line" },
  { "[profile a]\nseverity.LSP-9 = off\n",
    "/kigen.conf:2: severity.LSP-9 = off: no rule LSP-9: did you mean LSP-1?" },
  { "[profile a]\nseverity.LSP-4 = fatal\n",
    "/kigen.conf:2: severity.LSP-4 = fatal: expected off, warning or error" },
  { "[profile a]\neol_leads = 6, 12\n", "/kigen.conf:2: eol_leads = 6, 12: expected months before, the "
                                        "longest first, like 36, 24, 12, 6, 3, 1 (at "
                                        "most 16 of them, none above 240)" },
  { "[profile a]\neos_leads = 12, 0\n", "/kigen.conf:2: eos_leads = 12, 0: expected months before, the "
                                        "longest first, like 36, 24, 12, 6, 3, 1 (at "
                                        "most 16 of them, none above 240)" },
  { "[profile a]\nlead_months = 24 months\n",
    "/kigen.conf:2: lead_months = 24 months: expected months, 1 to 240" },
  { "[profile a]\nescalation_days = 0\n", "/kigen.conf:2: escalation_days = 0: expected days, 1 to 365" },
  { "[profile a]\ntransfer_warning_months = 12\n",
    "/kigen.conf:2: transfer_error_months is 24, transfer_warning_months 12: the warning comes first, so it "
    "needs as many months or more" },
  { "[profile a]\napprove.plan-chnge = quality\n",
    "/kigen.conf:2: approve.plan-chnge = quality: no notice plan-chnge: did you mean plan-change?" },
  { "[profile a]\napprove.eos-reminder = quality\n",
    "/kigen.conf:2: approve.eos-reminder = quality: nobody approves eos-reminder notices: they follow from "
    "a plan that was approved" },
  { "[profile a]\noverride = quality, boss\n",
    "/kigen.conf:2: override = quality, boss: no role \"boss\": known are: planner, approver, viewer, admin, "
    "safety_officer, quality, general_manager" },
  { "[profile a]\nseverty.LSP-4 = off\n",
    "/kigen.conf:2: unknown key \"severty.LSP-4\" in [profile a]: known are: base, severity., eol_leads, "
    "eos_leads, lead_months, transfer_warning_months, transfer_error_months, stale_months, escalation_days, "
    "escalation_days_urgent, approve., override, retention_months_contact, retention_years_proof" },
  { "[product]\neol_leads = 12\n", "/kigen.conf:1: [product]: which product? [product CODE]" },
  { "[product X]\nlead_months = 12\n",
    "/kigen.conf:2: unknown key \"lead_months\" in [product X]: known are: eol_leads, eos_leads" },
  { "[kigen]\ntime_zone = Asia/Edo\n",
    "/kigen.conf:2: time_zone = Asia/Edo: expected an IANA name like Asia/Tokyo (package tzdata)" },
  { "[kigen]\nbase_url = kigen.example\n",
    "/kigen.conf:2: base_url = kigen.example: expected https://kigen.maker.example" },
  { "[mail]\ntransport = sendmail\n",
    "/kigen.conf:2: transport = sendmail: transport \"sendmail\": not a transport kigen knows; write "
    "maildir:DIR, smtp://HOST:PORT or smtps://HOST:PORT" },
  { "[mail]\nconnections = 65\n",
    "/kigen.conf:2: connections = 65: expected connections at a time, 1 to 64" },
  { "[mail]\nconnections = 0\n", "/kigen.conf:2: connections = 0: expected connections at a time, 1 to 64" },
  { "[mail]\nrequire_tls = true\n", "/kigen.conf:2: require_tls = true: expected yes or no" },
  { "[mail]\nauth_user = kigen\n",
    "/kigen.conf:2: auth_user and auth_password_file belong together: give both, or none" },
  { "[mail]\nbounces = nobody\n", "/kigen.conf:2: bounces = nobody: expected user@domain" },
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
  g_autofree char *more = g_build_filename(folder, "more.ics", NULL);

  write_file("kigen.conf",
             "[kigen]\nbase_url = https://k.example/x//\nprofile = eu\ntime_zone = Europe/Berlin\n"
             "holidays = days.txt; more.ics\n[mail]\nfrom = K <k@k.example>\nreply_to = r@k.example\n"
             "transport = smtp://relay.example:25\n");
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert_str_eq(config->base_url, "https://k.example/x");
  ck_assert_str_eq(config->policy.key, "eu");
  ck_assert_uint_eq(g_strv_length(config->holidays), 2);
  ck_assert_str_eq(config->holidays[0], holidays);
  ck_assert_str_eq(config->holidays[1], more);
  ck_assert_str_eq(config->mail.from, "K <k@k.example>");
  ck_assert_str_eq(config->mail.reply_to, "r@k.example");
  ck_assert_str_eq(config->mail.transport, "smtp://relay.example:25");
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

/* Every key of a profile, and of a product. */
static const char own_profile[] =
    "[kigen]\nprofile = own\n"
    "[profile own]\nseverity.lease-1 = error\nseverity.LEAD-1=off\nbase = eu\neol_leads = 36,12 , 1\n"
    "eos_leads = 48\nlead_months = 36\ntransfer_warning_months = 48\ntransfer_error_months = 30\n"
    "stale_months = 12\nescalation_days = 7\nescalation_days_urgent = 1\n"
    "approve.plan-change = safety_officer,general_manager\noverride = general_manager\n"
    "retention_months_contact = 60\nretention_years_proof = 20\n"
    "[product CT-100 改]\neos_leads = 60, 48\n[profile other]\n";

START_TEST(test_config_load_takes_an_own_profile)
{
  g_autoptr(Config) config = NULL;
  g_autofree char *hint = NULL;
  Policy other;

  write_file("kigen.conf", own_profile);
  ck_assert(config_load(store, false, &config, NULL));

  const Policy *policy = &config->policy;

  ck_assert_str_eq(policy->key, "own");
  ck_assert_int_eq(policy->profile, PROFILE_EU);
  ck_assert_int_eq(rule_severity(rule_find("LEASE-1"), policy), SEVERITY_ERROR);
  ck_assert_int_eq(rule_severity(rule_find("LEAD-1"), policy), SEVERITY_OFF);
  ck_assert_int_eq(rule_severity(rule_find("EU-1"), policy), SEVERITY_ERROR);
  ck_assert(policy->eol_leads[0] == 36 && policy->eol_leads[1] == 12 && policy->eol_leads[2] == 1 &&
            policy->eol_leads[3] == 0);
  ck_assert(policy->eos_leads[0] == 48 && policy->eos_leads[1] == 0);
  ck_assert_int_eq(policy->lead_months, 36);
  ck_assert_int_eq(policy->transfer_warning_months, 48);
  ck_assert_int_eq(policy->transfer_error_months, 30);
  ck_assert_int_eq(policy->stale_months, 12);
  ck_assert_int_eq(policy_escalation_days(policy, NOTICE_PLAN_CHANGE), 7);
  ck_assert_int_eq(policy_escalation_days(policy, NOTICE_STOP_USE), 1);
  ck_assert_uint_eq(policy->approvers[NOTICE_PLAN_CHANGE],
                    ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_GENERAL_MANAGER));
  ck_assert_uint_eq(policy->approvers[NOTICE_PLAN_ANNOUNCEMENT],
                    policy_for(PROFILE_EU)->approvers[NOTICE_PLAN_ANNOUNCEMENT]);
  ck_assert_uint_eq(policy->override_signers, ROLE_BIT(ROLE_GENERAL_MANAGER));
  ck_assert_int_eq(policy->retention_months_contact, 60);
  ck_assert_int_eq(policy->retention_years_proof, 20);

  Policy product = policy_for_product(policy, "CT-100 改");

  ck_assert(product.eos_leads[0] == 60 && product.eos_leads[1] == 48 && product.eos_leads[2] == 0);
  ck_assert_int_eq(product.eol_leads[0], 36);
  ck_assert_int_eq(policy_for_product(policy, "CT-200").eos_leads[0], 48);

  ck_assert(config_policy(config, "other", &other, &hint));
  ck_assert_int_eq(other.profile, PROFILE_JP);
  ck_assert_int_eq(policy_for_product(&other, "CT-100 改").eos_leads[0], 60);
  ck_assert(!config_policy(config, "owm", &other, &hint));
  ck_assert_str_eq(hint, "did you mean own?");
}
END_TEST

static bool is_closed(const BusinessCalendar *calendar, int year, int month, int day)
{
  return !calendar_is_business_day(calendar, day_from_ymd(year, month, day));
}

START_TEST(test_config_calendar_reads_the_holidays)
{
  g_autoptr(Config) config = NULL;
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_auto(GStrv) doubts = NULL;
  Day today = day_from_ymd(2031, 5, 7);

  write_file("kigen.conf", "[kigen]\nholidays = days.txt;more.ics\n");
  write_file("days.txt", "# holidays\n2031-05-05 こどもの日\r\n\n2031-05-06\n");
  write_file("more.ics",
             "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20310813\nDTEND;VALUE=DATE:20310816\n"
             "END:VEVENT\nEND:VCALENDAR\n");
  ck_assert(config_load(store, false, &config, NULL));
  ck_assert(config_calendar_load(config, today, &calendar, &doubts, NULL));
  ck_assert(is_closed(calendar, 2031, 5, 5) && is_closed(calendar, 2031, 5, 6));
  ck_assert(!is_closed(calendar, 2031, 5, 7));
  ck_assert(is_closed(calendar, 2031, 8, 13) && is_closed(calendar, 2031, 8, 15));
  ck_assert_uint_eq(g_strv_length(doubts), 1);
  ck_assert_msg(g_str_has_suffix(doubts[0],
                                 "/days.txt ends on 2031-05-06: holidays after it move no notice, only "
                                 "weekends and the year's end do; fetch its next edition"),
                "%s", doubts[0]);
}
END_TEST

START_TEST(test_config_calendar_refuses_what_would_move_notices_far)
{
  static const struct {
    const char *days, *says;
  } cases[] = {
    { "2031-05-05\n5/6\n", "/days.txt:2: \"5/6\" is no day" },
    { "# none\n", "/days.txt: no day is in it" },
    { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20310401\nDTEND;VALUE=DATE:20310502\n"
      "END:VEVENT\nEND:VCALENDAR\n",
      NULL }, /* 31 days; the week before ends on a Monday */
    { "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20310401\nDTEND;VALUE=DATE:20310503\n"
      "END:VEVENT\nEND:VCALENDAR\n",
      "every day from 2031-04-01 to 2031-05-04 is closed, and reminders would move by as much" },
  };
  g_autoptr(Config) config = NULL;

  write_file("kigen.conf", "[kigen]\nholidays = days.txt\n");
  ck_assert(config_load(store, false, &config, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(BusinessCalendar) calendar = NULL;
    g_auto(GStrv) doubts = NULL;
    g_autoptr(GError) error = NULL;

    write_file("days.txt", cases[i].days);
    bool done = config_calendar_load(config, day_from_ymd(2026, 1, 1), &calendar, &doubts, &error);

    ck_assert_msg(done == (cases[i].says == NULL), "row %zu: %s", i,
                  error != NULL ? error->message : "taken");
    if (done)
      continue;
    ck_assert_msg(strstr(error->message, cases[i].says) != NULL, "row %zu: %s", i, error->message);
    ck_assert_int_eq(cli_error_exit(error), CLI_EXIT_ENVIRONMENT);
  }
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
  config->mail.from = g_strdup("k@k.example");
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
  tcase_add_test(tests, test_config_load_takes_an_own_profile);
  tcase_add_test(tests, test_config_calendar_reads_the_holidays);
  tcase_add_test(tests, test_config_calendar_refuses_what_would_move_notices_far);
  tcase_add_loop_test(tests, test_config_check_transport_wants_a_sender, 0, G_N_ELEMENTS(transport_cases));
  tcase_add_test(tests, test_config_day_at_is_the_zone_s_day);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
