#include "notifier/cli/cmd.h"
#include "notifier/cli/delivery_view.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/password.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/terms.h"
#include "notifier/cli/webhook_lane.h"

#define ITSELF "/proc/self/exe" /* the senders are this very program, even when it was upgraded meanwhile */

static const ArgOption options[] = {
  { "once", NULL, "until nothing is due, then end" },
  { "transport", "URL",
    "maildir:DIR, smtp://HOST:PORT or smtps://HOST:PORT (default: of kigen.conf, and so on)" },
  { "connections", "N", "connections to the relay at a time, 1 to 64" },
  { "rate", "N", "messages a minute at most, 0 for no limit" },
  { NULL },
};

static const char help[] =
    "Makes the notices that fall due today, and hands every message that waits to the transport. What is put "
    "off is tried\n"
    "again, after 5 minutes first and every hour in the end, for 5 days. Without --once it runs until "
    "SIGTERM "
    "or SIGINT, and\n"
    "ends in order: what is under way comes to its end, the rest waits for the next run. Only one delivery "
    "runs on a store\n"
    "at a time.\n"
    "\n"
    "Exit code of --once: 1 when a message was refused for good, 3 when the relay was not to be reached or "
    "some wait for\n"
    "another try.";

/* What the callbacks see. */
typedef struct {
  Cli *cli;
  const Config *config;
  const char *transport;
  Day fixed; /* --today, or DAY_NONE */
  Progress *progress;
  Db *db;
  BusinessCalendar *calendar; /* as it was read on … */
  Day calendar_on;
} Service;

static void service_clear(Service *service)
{
  calendar_free(service->calendar);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Service, service_clear)

/* What a delivery borrows from. */
typedef struct {
  TemplateSet *templates;
  SignKey *sign_key;
  LinkKey *link_key;
  Password password;
  char *from_name, *from_address;
} Things;

static void things_clear(Things *things)
{
  template_set_free(things->templates);
  sign_key_free(things->sign_key);
  link_key_free(things->link_key);
  password_clear(&things->password);
  g_free(things->from_name);
  g_free(things->from_address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Things, things_clear)

static char *now(gpointer data)
{
  g_autoptr(GDateTime) instant = g_date_time_new_now_utc();

  return g_date_time_format(instant, "%Y-%m-%dT%H:%M:%SZ");
}

static Day today(gpointer data)
{
  const Service *service = data;

  return service->fixed != DAY_NONE ? service->fixed
                                    : config_day_at(service->config, g_get_real_time() / G_USEC_PER_SEC);
}

/* A service runs for years, a list of holidays ends with the next one: the files are read anew every day.
 * What cannot be read leaves the days that were known. */
static const BusinessCalendar *business_days(Day day, gpointer data)
{
  Service *service = data;
  const Policy *policy = NULL;
  BusinessCalendar *calendar = NULL;
  g_autoptr(GError) error = NULL;

  if (day == service->calendar_on)
    return service->calendar;
  service->calendar_on = day;
  progress_hide(service->progress);
  if (!terms_load(service->cli, service->db, day, &policy, &calendar, &error)) {
    cli_report(error);
    return service->calendar;
  }
  calendar_free(service->calendar);
  service->calendar = calendar;
  return service->calendar;
}

static guint32 chance(gpointer data)
{
  return g_random_int();
}

static void show_progress(gint64 done, gint64 total, gpointer data)
{
  const Service *service = data;

  progress_update(service->progress, done, total, g_get_monotonic_time());
}

static void tell(const DeliverReport *since, gpointer data)
{
  const Service *service = data;
  g_autofree char *instant = now(data);

  progress_hide(service->progress);
  printf("%s\n", instant);
  delivery_view_print(since, service->transport);
}

static void fault(const GError *problem, gpointer data)
{
  const Service *service = data;

  progress_hide(service->progress);
  cli_report(problem);
}

static bool take_number(const Args *args, const char *name, int max, int *ret_number, GError **error)
{
  const char *text = args_text(args, name);
  gint64 number = 0;

  if (text == NULL)
    return true;
  if (!g_ascii_string_to_signed(text, 10, max > DELIVER_CREW_MAX ? 0 : 1, max, &number, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s %s: expected a number up to %d", name, text, max);
    return false;
  }
  *ret_number = (int)number;
  return true;
}

/* Notices go out with or without a signature; NULL without a key that can be read. */
static SignKey *load_sign_key(Cli *cli)
{
  g_autofree char *path = sign_key_path(cli_store_path(cli));
  g_autoptr(GError) error = NULL;
  SignKey *key = NULL;

  if (!sign_key_load(path, &key, &error))
    cli_warn("mails go without the signed head of the audit trail: %s", error->message);
  return key;
}

/* The key of return paths, links and codes: mails go without them too, unless returned mail depends on it. */
static bool load_link_key(Cli *cli, const Config *config, LinkKey **ret_key, GError **error)
{
  g_autofree char *path = link_key_path(cli_store_path(cli));
  g_autoptr(GError) inner = NULL;

  if (link_key_load(path, ret_key, &inner))
    return true;
  if (config->mail.bounces != NULL) {
    g_propagate_error(error, g_steal_pointer(&inner));
    return false;
  }
  cli_warn("mails go without acknowledgement link and confirmation number: %s", inner->message);
  return true;
}

static bool load_things(Cli *cli, const Config *config, Things *things, GError **error)
{
  const ConfigMail *mail = &config->mail;

  if (mail->from != NULL)
    config_mail_split(mail->from, &things->from_name, &things->from_address);
  things->sign_key = load_sign_key(cli);
  return template_set_load(&things->templates, error) &&
         load_link_key(cli, config, &things->link_key, error) &&
         (mail->auth_password_file == NULL ||
          password_read(mail->auth_password_file, &things->password, error));
}

/* The options that kigen.conf and the command line give. */
static bool fill_options(const Config *config, const Args *args, const Things *things,
                         DeliverOptions *options_, GError **error)
{
  const ConfigMail *mail = &config->mail;
  int connections = mail->connections, rate = mail->rate;

  if (!take_number(args, "connections", DELIVER_CREW_MAX, &connections, error) ||
      !take_number(args, "rate", 100000, &rate, error))
    return false;
  options_->program = ITSELF;
  options_->relay = (TransportOptions){ .ca_file = mail->ca_file,
                                        .require_tls = mail->require_tls,
                                        .deadline_seconds = mail->deadline,
                                        .session_mails = mail->session_messages,
                                        .user = mail->auth_user,
                                        .password = mail->auth_user != NULL ? things->password.text : NULL };
  options_->connections = (guint)connections;
  options_->per_minute = rate;
  options_->from_name = things->from_name;
  options_->from_address = things->from_address;
  options_->reply_to = mail->reply_to;
  options_->bounce_address = mail->bounces;
  options_->base_url = config->base_url;
  options_->key = things->link_key;
  options_->sign_key = things->sign_key;
  options_->templates = things->templates;
  options_->once = args_flag(args, "once");
  options_->today = today;
  options_->calendar = business_days;
  options_->now = now;
  options_->chance = chance;
  options_->progress = show_progress;
  options_->tell = tell;
  options_->fault = fault;
  options_->interrupt = interrupt_watch();
  return true;
}

static bool deliver(const Service *service, const DeliverOptions *options_, GError **error)
{
  g_autoptr(WebhookLane) webhooks = NULL;
  g_auto(DeliverReport) report = { 0 };
  g_autoptr(Json) document = NULL;

  if (!webhook_lane_new(service->db, &service->config->webhook, options_, &webhooks, error))
    return false;
  if (!options_->once) {
    printf("kigen deliver: to %s\n", service->transport);
    fflush(stdout);
    webhook_lane_start(webhooks);
  }
  if (!deliver_run(service->db, options_, &report, error) ||
      (options_->once && !webhook_lane_once(webhooks, service->db, &report, error)))
    return false;
  progress_hide(service->progress);
  if (!options_->once)
    return true;
  cli_set_exit(service->cli, delivery_view_exit(&report));
  document = delivery_view_json(&report, service->transport);
  if (cli_json(service->cli))
    cli_print_json(document);
  else
    delivery_view_print(&report, service->transport);
  return true;
}

/* A maildir of the command line is relative to where we are, one of kigen.conf to that file. */
static bool choose_transport(const Args *args, Service *service, GError **error)
{
  const char *given = args_text(args, "transport");

  service->transport = given != NULL ? given : service->config->mail.transport;
  if (cli_json(service->cli) && !args_flag(args, "once")) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--json prints one document: give --once with it");
    return false;
  }
  return config_check_transport(service->config, service->transport, error);
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Things) things = { 0 };
  g_autoptr(Progress) progress = progress_new("messages");
  g_auto(Service) service = { .cli = cli, .progress = progress };
  DeliverOptions deliver_options = { .data = &service };

  if (!cli_config(cli, &service.config, error) || !choose_transport(args, &service, error) ||
      (cli_has_today(cli) && !cli_today(cli, &service.fixed, error)) ||
      !load_things(cli, service.config, &things, error) ||
      !cli_write_as_kigen(cli, args, &service.db, &deliver_options.actor, error) ||
      !terms_load(cli, service.db, deliver_options.actor.today, &deliver_options.policy, &service.calendar,
                  error) ||
      !fill_options(service.config, args, &things, &deliver_options, error))
    return false;
  service.calendar_on = deliver_options.actor.today;
  deliver_options.channel = "mail";
  deliver_options.transport = service.transport;
  return deliver(&service, &deliver_options, error);
}

const Command cmd_deliver = {
  .name = "deliver",
  .summary = "Make what falls due today and send what waits",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .run = run,
};
