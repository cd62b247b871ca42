#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/service.h"
#include "notifier/web/web_server.h"

#include <malloc.h>
#include <string.h>
#include <sys/resource.h>

#define KEPT_BYTES (4 * 1024 * 1024)

static const ArgOption options[] = {
  { "listen", "ADDR:PORT",
    "where to listen (default: listen of [web] in kigen.conf, else " CONFIG_WEB_LISTEN
    "; port 0: any that is free)" },
  { NULL },
};

static const char help[] =
    "Serves the calendar feeds until SIGTERM or SIGINT. Prints its address once it is ready. SIGHUP reads\n"
    "kigen.conf again, and no request is lost. A socket that systemd hands over is taken instead of an "
    "address.\n"
    "On an address that others reach, serve TLS (tls_certificate in kigen.conf) or put a proxy with TLS in "
    "front,\n"
    "and set base_url to what hospitals see. More: man kigen-web.";

/* A configuration in force, with what of it the service points to. */
typedef struct {
  Config *config;
  char *address, *certificate, *key;
  WebConfig web;
} Setup;

typedef struct {
  Cli *cli;
  const char *listen; /* --listen, or NULL */
  int socket;         /* handed over, or 0 */
  Day fixed;          /* --today, or DAY_NONE */
  TemplateSet *templates;
  GPtrArray *setups;     /* Setup: the last one holds, those before may still be looked at */
  const Config *current; /* atomic: of the last one */
  WebServer *server;
} Service;

static void setup_free(gpointer data)
{
  Setup *setup = data;

  config_free(setup->config);
  g_free(setup->address);
  g_free(setup->certificate);
  g_free(setup->key);
  g_free(setup);
}

static void service_clear(Service *service)
{
  g_clear_pointer(&service->server, web_server_stop);
  g_clear_pointer(&service->setups, g_ptr_array_unref);
  g_clear_pointer(&service->templates, template_set_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Service, service_clear)

static Day today(gpointer data)
{
  const Service *service = data;
  const Config *config = __atomic_load_n(&service->current, __ATOMIC_ACQUIRE);

  return service->fixed != DAY_NONE ? service->fixed
                                    : config_day_at(config, g_get_real_time() / G_USEC_PER_SEC);
}

static void report(const char *message, gpointer data)
{
  fprintf(stderr, "kigen: %s\n", message);
}

static bool read_pem(const char *path, const char *key, char **ret_text, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (path == NULL || g_file_get_contents(path, ret_text, NULL, &cause))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s in [web]: %s", key, cause->message);
  return false;
}

static bool fill_listen(const Service *service, Setup *setup, GError **error)
{
  const char *listen = service->listen != NULL ? service->listen : setup->config->web.listen;
  g_autoptr(GError) cause = NULL;

  setup->web.socket = service->socket;
  if (web_server_parse_listen(listen, &setup->address, &setup->web.port, &cause))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--listen: %s", cause->message);
  return false;
}

static bool fill(Service *service, Setup *setup, GError **error)
{
  const ConfigWeb *web = &setup->config->web;

  setup->web = (WebConfig){
    .store = cli_store_url(service->cli),
    .base_url = setup->config->base_url,
    .policy = &setup->config->policy,
    .templates = service->templates,
    .today = today,
    .report = report,
    .data = service,
    .threads = (guint)web->threads,
    .connections = (guint)web->connections,
    .connections_per_client = (guint)web->connections_per_client,
    .idle_seconds = (guint)web->idle_seconds,
    .deadline_seconds = (guint)web->deadline_seconds,
    .posts_per_minute = (guint)web->posts_per_minute,
    .today_is_given = service->fixed != DAY_NONE,
    .cache_bytes = (gsize)web->cache_mib * 1024 * 1024,
    .plain = web->gzip == 0,
    .trusted_proxies = web->trusted_proxies,
  };
  if (!fill_listen(service, setup, error) ||
      !read_pem(web->tls_certificate, "tls_certificate", &setup->certificate, error) ||
      !read_pem(web->tls_key, "tls_key", &setup->key, error))
    return false;
  setup->web.address = setup->address;
  setup->web.tls_certificate = setup->certificate;
  setup->web.tls_key = setup->key;
  return true;
}

/* Reads kigen.conf; the setup is the last of the service from now on. */
static bool add_setup(Service *service, Setup **ret_setup, GError **error)
{
  Setup *setup = g_new0(Setup, 1);

  g_ptr_array_add(service->setups, setup);
  if (!config_load(cli_store_path(service->cli), false, &setup->config, error) ||
      !fill(service, setup, error)) {
    g_ptr_array_remove_index(service->setups, service->setups->len - 1);
    return false;
  }
  *ret_setup = setup;
  return true;
}

static bool reload(Service *service, GError **error)
{
  Setup *setup;

  if (!add_setup(service, &setup, error))
    return false;
  if (!web_server_reload(service->server, &setup->web, error)) {
    g_ptr_array_remove_index(service->setups, service->setups->len - 1);
    return false;
  }
  __atomic_store_n(&service->current, setup->config, __ATOMIC_RELEASE);
  return true;
}

static void print_ready(const Cli *cli, const Setup *setup, guint16 port)
{
  const char *address = setup->address != NULL ? setup->address : "127.0.0.1";
  bool six = strchr(address, ':') != NULL;
  g_autofree char *url = g_strdup_printf("http%s://%s%s%s:%u/", setup->certificate != NULL ? "s" : "",
                                         six ? "[" : "", address, six ? "]" : "", port);
  g_autoptr(Json) document = json_pack("{s:s}", "url", url);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("kigen web: %s\n", url);
  fflush(stdout);
}

/* Every connection is a descriptor, and the soft limit is a thousand for the sake of programs that use
 * select(). */
static void allow_descriptors(void)
{
  struct rlimit limit;

  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Rendering takes and gives back some memory each time: kept at hand, instead of being asked of the kernel
 * page by page again and again, a feed takes less than half of the processor (tests/bench/README.md). */
static void keep_memory(void)
{
  mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
  mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
}

/* Until SIGTERM or SIGINT. A configuration that is none leaves the one before in force. */
static void serve(Service *service, const volatile sig_atomic_t *interrupted)
{
  while (*interrupted == 0) {
    g_autoptr(GError) error = NULL;

    interrupt_wait(-1);
    if (!interrupt_take_hangup())
      continue;
    service_notify_reloading();
    if (!reload(service, &error))
      cli_report(error);
    service_notify("READY=1");
  }
  service_notify("STOPPING=1");
}

static bool start(Service *service, GError **error)
{
  Setup *setup;

  allow_descriptors();
  keep_memory();
  if (!template_set_load(&service->templates, error) || !add_setup(service, &setup, error))
    return false;
  service->current = setup->config;

  const volatile sig_atomic_t *interrupted = interrupt_watch();

  interrupt_watch_hangup();
  interrupt_hold();
  if (!web_server_start(&setup->web, &service->server, error))
    return false;
  print_ready(service->cli, setup, web_server_port(service->server));
  service_notify("READY=1");
  serve(service, interrupted);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Service) service = { .cli = cli,
                              .listen = args_text(args, "listen"),
                              .socket = service_socket(),
                              .fixed = DAY_NONE,
                              .setups = g_ptr_array_new_with_free_func(setup_free) };

  if (cli_has_today(cli) && !cli_today(cli, &service.fixed, error))
    return false;
  return start(&service, error);
}

const Command cmd_web = {
  .name = "web",
  .summary = "Serve the calendar feeds over HTTP",
  .words = "",
  .options = { options },
  .help = help,
  .run = run,
};
