#include "tests/mail/relay_fixture.h"

#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

static GPid spawn(GPtrArray *arguments, int *ret_output)
{
  GPid pid = 0;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add(arguments, NULL);
  ck_assert_msg(g_spawn_async_with_pipes(NULL, (char **)arguments->pdata, NULL,
                                         G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                         NULL, ret_output, NULL, &error),
                "%s", error != NULL ? error->message : "");
  return pid;
}

static void add(GPtrArray *arguments, const char *argument)
{
  g_ptr_array_add(arguments, g_strdup(argument));
}

/* For `host`, signed by itself; an expired one ended yesterday. */
static void make_certificate(const char *certificate, const char *key, const char *host, gboolean expired)
{
  g_autofree char *request = g_strconcat(certificate, ".req", NULL);
  g_autofree char *extensions = g_strconcat(certificate, ".ext", NULL);
  g_autofree char *names = g_strdup_printf("subjectAltName=DNS:%s\n", host);
  g_autofree char *command = g_strdup_printf(
      "sh -c \"openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s -out %s"
      " -subj /CN=%s && openssl x509 -req -in %s -signkey %s -out %s -extfile %s -days %d\"",
      key, request, host, request, key, certificate, extensions, expired ? -1 : 2);
  g_autofree char *errors = NULL;
  int status = -1;

  ck_assert(g_file_set_contents(extensions, names, -1, NULL));
  ck_assert(g_spawn_command_line_sync(command, NULL, &errors, &status, NULL));
  ck_assert_msg(status == 0, "openssl: %s", errors);
}

Relay relay_script(const char *mode, gboolean tls)
{
  return relay_script_as(mode, tls ? "localhost" : NULL, FALSE);
}

Relay relay_script_as(const char *mode, const char *host, gboolean expired)
{
  g_autofree char *script = run_source_path("tests/mail/scripted_relay.py");
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
  Relay relay = { .folder = fixture_folder() };
  g_autofree char *key = g_build_filename(relay.folder, "key.pem", NULL);
  char line[16] = "";
  int output = -1;

  relay.certificate = g_build_filename(relay.folder, "certificate.pem", NULL);
  add(arguments, "python3");
  add(arguments, script);
  add(arguments, mode);
  add(arguments, relay.folder);
  if (host != NULL) {
    make_certificate(relay.certificate, key, host, expired);
    add(arguments, relay.certificate);
    add(arguments, key);
  }
  relay.pid = spawn(arguments, &output);
  for (gsize n = 0; strchr(line, '\n') == NULL; n = strlen(line))
    ck_assert_int_gt(read(output, line + n, sizeof line - 1 - n), 0);
  close(output);
  relay.port = (int)g_ascii_strtoll(line, NULL, 10);
  return relay;
}

static struct sockaddr_in loopback(int port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons((guint16)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int free_port(void)
{
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);

  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
  ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

static gboolean answers(int port)
{
  struct sockaddr_in address = loopback(port);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  gboolean connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

  close(fd);
  return connected;
}

Relay relay_sink(const char *const *options)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
  Relay relay = { .port = free_port(), .folder = g_strdup("") };
  g_autofree char *address = g_strdup_printf("127.0.0.1:%d", relay.port);

  add(arguments, RELAY_SINK);
  if (getuid() == 0) {
    add(arguments, "-u");
    add(arguments, "nobody");
  }
  for (; *options != NULL; options++)
    add(arguments, *options);
  add(arguments, address);
  add(arguments, "10");
  relay.pid = spawn(arguments, NULL);
  for (int i = 0; i < 500 && !answers(relay.port); i++)
    g_usleep(10000);
  return relay;
}

char *relay_url(const Relay *relay, const char *host)
{
  return g_strdup_printf("smtp://%s:%d", host, relay->port);
}

char *relay_read(const Relay *relay, const char *name)
{
  g_autofree char *path = g_build_filename(relay->folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

void relay_stop(Relay *relay)
{
  if (relay->pid > 0) {
    kill(relay->pid, SIGKILL);
    waitpid(relay->pid, NULL, 0);
  }
  if (relay->folder != NULL && relay->folder[0] != '\0')
    fixture_remove(relay->folder);
  g_clear_pointer(&relay->folder, g_free);
  g_clear_pointer(&relay->certificate, g_free);
  relay->pid = 0;
}
