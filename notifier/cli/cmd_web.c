#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/web/web_server.h"

#include <string.h>

#define DEFAULT_LISTEN "127.0.0.1:8765"

static const ArgOption options[] = {
  { "listen", "ADDR:PORT", "where to listen (default: " DEFAULT_LISTEN "; port 0: any that is free)" },
  { NULL },
};

static const char help[] =
    "Serves the calendar feeds until SIGTERM or SIGINT. Prints its address once it is ready. On an address "
    "that others reach,\n"
    "put a proxy with TLS in front, and set base_url in kigen.conf to what hospitals see.";

/* What the callbacks need; read by several threads, written by none. */
typedef struct {
  const Config *config;
  Day fixed; /* --today, or DAY_NONE */
} Clock;

static Day today(gpointer data)
{
  const Clock *clock = data;

  return clock->fixed != DAY_NONE ? clock->fixed
                                  : config_day_at(clock->config, g_get_real_time() / G_USEC_PER_SEC);
}

static void report(const char *message, gpointer data)
{
  fprintf(stderr, "kigen: %s\n", message);
}

static void print_ready(const Cli *cli, const char *address, guint16 port)
{
  bool six = address != NULL && strchr(address, ':') != NULL;
  g_autofree char *url = g_strdup_printf("http://%s%s%s:%u/", six ? "[" : "",
                                         address != NULL ? address : "127.0.0.1", six ? "]" : "", port);
  g_autoptr(Json) document = json_pack("{s:s}", "url", url);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("kigen web: %s\n", url);
  fflush(stdout);
}

static bool serve(Cli *cli, const char *listen, Clock *clock, GError **error)
{
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(WebServer) server = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GError) cause = NULL;
  WebConfig web = { .store = cli_store_url(cli), .today = today, .report = report, .data = clock };

  if (!web_server_parse_listen(listen, &address, &web.port, &cause)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--listen: %s", cause->message);
    return false;
  }
  if (!template_set_load(&templates, error))
    return false;
  web.address = address;
  web.templates = templates;
  interrupt_watch();
  interrupt_hold();
  if (!web_server_start(&web, &server, error))
    return false;
  print_ready(cli, address, web_server_port(server));
  interrupt_wait(-1);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  const char *listen = args_text(args, "listen") != NULL ? args_text(args, "listen") : DEFAULT_LISTEN;
  Clock clock = { 0 };

  if (!cli_config(cli, &clock.config, error))
    return false;
  if (cli_has_today(cli) && !cli_today(cli, &clock.fixed, error))
    return false;
  return serve(cli, listen, &clock, error);
}

const Command cmd_web = {
  .name = "web",
  .summary = "Serve the calendar feeds over HTTP",
  .words = "",
  .options = { options },
  .help = help,
  .run = run,
};
