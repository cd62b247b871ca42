#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/terms.h"
#include "notifier/mail/deliver.h"

#include <string.h>

#define SECONDS_BETWEEN_RUNS 60

static const ArgOption options[] = {
  { "once", NULL, "one run, then end" },
  { "transport", "URL", "maildir:DIR, smtp://HOST:PORT or smtps://HOST:PORT (default: of kigen.conf)" },
  { NULL },
};

static const char help[] =
    "Makes the notices that fall due today, and hands every message that waits to the transport, each once. "
    "Without --once\n"
    "it does so every minute until SIGTERM or SIGINT. Only one delivery runs on a store at a time.\n"
    "\n"
    "Exit code of --once: 1 when a message was refused for good, 3 when the relay was not to be reached or "
    "some wait for\n"
    "another try.";

/* What all runs share. */
typedef struct {
  Cli *cli;
  const Args *args;
  Db *db;
  const Config *config;
  const Policy *policy;
  BusinessCalendar *calendar;
  TemplateSet *templates;
  SignKey *sign_key;
  const char *transport; /* URL */
  const volatile sig_atomic_t *interrupted;
} Service;

static char *clock_now(gpointer data)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();

  return g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}

static void show_progress(gint64 done, gint64 total, gpointer data)
{
  progress_update(data, done, total, g_get_monotonic_time());
}

static bool run_once(const Service *service, const AuditContext *context, DeliverReport *ret_report,
                     GError **error)
{
  g_autoptr(Transport) transport = NULL;
  g_autoptr(Progress) progress = progress_new("messages");

  if (!transport_open(service->transport, NULL, &transport, error))
    return false;

  DeliverOptions deliver = {
    .making = { .audit = context, .policy = service->policy, .calendar = service->calendar },
    .transport = transport,
    .templates = service->templates,
    .from_address = service->config->mail_from,
    .reply_to = service->config->mail_reply_to,
    .sign_key = service->sign_key,
    .clock = clock_now,
    .progress = show_progress,
    .data = progress,
    .interrupt = service->interrupted,
  };

  return deliver_once(service->db, &deliver, ret_report, error);
}

static Json *report_json(const DeliverReport *report, const char *transport)
{
  return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o}", "transport", transport,
                   "notices_made", (json_int_t)report->notices_made, "messages_made",
                   (json_int_t)report->messages_made, "recovered", (json_int_t)report->recovered, "accepted",
                   (json_int_t)report->accepted, "deferred", (json_int_t)report->deferred, "failed",
                   (json_int_t)report->failed, "unknown", (json_int_t)report->unknown, "superseded",
                   (json_int_t)report->superseded, "interrupted", report->interrupted, "relay_failure",
                   cli_json_text(report->relay_failure));
}

static void print_report(const DeliverReport *report, const char *transport)
{
  const struct {
    gint64 count;
    const char *word;
  } counts[] = {
    { report->accepted, "accepted" },     { report->deferred, "deferred" },
    { report->failed, "failed" },         { report->unknown, "unknown" },
    { report->superseded, "superseded" }, { report->recovered, "recovered after a crash" },
  };
  const char *comma = "";

  if (report->notices_made > 0)
    printf("%" G_GINT64_FORMAT " %s due, %" G_GINT64_FORMAT " %s made\n", report->notices_made,
           report->notices_made == 1 ? "notice" : "notices", report->messages_made,
           report->messages_made == 1 ? "message" : "messages");
  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
    if (counts[i].count == 0)
      continue;
    printf("%s%" G_GINT64_FORMAT " %s", comma, counts[i].count, counts[i].word);
    comma = ", ";
  }
  printf("%s\n", comma[0] != '\0' ? "" : "no mail was due");
  if (report->accepted > 0)
    printf("handed to %s\n", transport);
  if (report->relay_failure != NULL)
    cli_warn("%s: the relay cannot be reached, the rest waits: %s", transport, report->relay_failure);
  if (report->failed > 0)
    cli_warn("refused for good: kigen outbox list --state failed");
  fflush(stdout);
}

static CliExit exit_of(const DeliverReport *report)
{
  if (report->relay_failure != NULL || report->deferred > 0 || report->unknown > 0 || report->interrupted)
    return CLI_EXIT_ENVIRONMENT;
  return report->failed > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE;
}

static bool deliver_single(const Service *service, const AuditContext *context, GError **error)
{
  g_auto(DeliverReport) report = { 0 };

  if (!run_once(service, context, &report, error))
    return false;
  cli_set_exit(service->cli, exit_of(&report));

  g_autoptr(Json) document = report_json(&report, service->transport);

  if (cli_json(service->cli))
    cli_print_json(document);
  else
    print_report(&report, service->transport);
  return true;
}

/* True when there is something to say about a run of the service. */
static bool is_eventful(const DeliverReport *report)
{
  return report->notices_made + report->recovered + report->accepted + report->deferred + report->failed +
                 report->unknown + report->superseded >
             0 ||
         report->relay_failure != NULL;
}

/* One run of the service. What failed is said, and tried again in the next run. */
static void serve_one(const Service *service)
{
  g_auto(DeliverReport) report = { 0 };
  g_autoptr(GError) error = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!cli_write_as_kigen(service->cli, service->args, &db, &context, &error) ||
      !run_once(service, &context, &report, &error)) {
    cli_report(error);
    return;
  }
  if (!is_eventful(&report))
    return;
  printf("%s\n", context.now);
  print_report(&report, service->transport);
}

static bool serve(const Service *service, const AuditContext *context, GError **error)
{
  if (cli_json(service->cli)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--json prints one document: give --once with it");
    return false;
  }
  printf("kigen deliver: to %s, every %d seconds\n", service->transport, SECONDS_BETWEEN_RUNS);
  fflush(stdout);
  while (*service->interrupted == 0) {
    serve_one(service);
    interrupt_wait(SECONDS_BETWEEN_RUNS);
  }
  return true;
}

/* A maildir of the command line is relative to where we are, one of kigen.conf to that file. */
static bool choose_transport(const Args *args, Service *service, GError **error)
{
  const char *given = args_text(args, "transport");

  service->transport = given != NULL ? given : service->config->transport;
  return config_check_transport(service->config, service->transport, error);
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

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(SignKey) sign_key = NULL;
  g_autoptr(BusinessCalendar) calendar = NULL;
  g_autoptr(TemplateSet) templates = NULL;
  AuditContext context = { 0 };
  Service service = { .cli = cli, .args = args };

  if (!cli_config(cli, &service.config, error) || !choose_transport(args, &service, error) ||
      !template_set_load(&templates, error) || !cli_write_as_kigen(cli, args, &service.db, &context, error) ||
      !terms_load(cli, service.db, context.today, &service.policy, &calendar, error))
    return false;
  service.calendar = calendar;
  service.templates = templates;
  service.sign_key = sign_key = load_sign_key(cli);
  service.interrupted = interrupt_watch();
  return args_flag(args, "once") ? deliver_single(&service, &context, error)
                                 : serve(&service, &context, error);
}

const Command cmd_deliver = {
  .name = "deliver",
  .summary = "Make what falls due today and send what waits",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .run = run,
};
