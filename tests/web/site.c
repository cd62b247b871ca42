#include "tests/web/site.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "db/setting_store.h"

Site site;

static const AuditContext context = { "Tanaka", 739707, "2026-04-01T00:00:00Z" };

#define ORGANIZATION                                                                                         \
  "INSERT INTO organization (id, code, name_ja, role, language)"                                             \
  " VALUES (1, 'H1', 'あおば総合病院', 'hospital', 'ja')"
#define PRODUCT "INSERT INTO product (id, code, name_ja) VALUES (1, 'CT', 'CT装置')"
#define RELEASE "INSERT INTO release (id, product, name) VALUES (1, 1, 'X100')"
#define PLAN                                                                                                 \
  "INSERT INTO support_plan (id, release, revision, state, eol, eos, author, created_at, published_on,"      \
  " published_at) VALUES (1, 1, 1, 'published', '2029-03-31', '2031-03-31', 'T', '2026-04-01T00:00:00Z',"    \
  " '2026-04-01', '2026-04-01T00:00:00Z')"
#define HOLDING                                                                                              \
  "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"                \
  " VALUES (1, 1, 'user', 3, 1, 'h1', '2025-01-01', '2026-01-01T00:00:00Z')"

static const char *const store[] = { ORGANIZATION, PRODUCT, RELEASE, PLAN, HOLDING };

static Day today(gpointer data)
{
  return site.today;
}

static void report(const char *message, gpointer data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&site.mutex);

  g_string_append_printf(site.reports, "%s\n", message);
}

static void make_store(void)
{
  g_autofree char *path = NULL;

  site.db = scratch_store("kigen.db");
  path = link_key_path(db_path(site.db));
  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &site.key, ERR));
  assert_done(db_begin(site.db, ERR));
  assert_done(setting_store_init(site.db, &context, true, "maker.example", ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(store); i++)
    scratch_sql(site.db, store[i]);
  assert_done(feed_store_create(site.db, &context, site.key, "H1", &(FeedTerms){ 0 }, &site.token, ERR));
  assert_done(db_commit(site.db, ERR));
}

void site_setup(void)
{
  scratch_setup();
  make_store();
  site.today = context.today;
  site.reports = g_string_new(NULL);
  assert_done(template_set_load(&site.templates, ERR));
  site.config = (WebConfig){
    .store = db_path(site.db), .templates = site.templates, .today = today, .report = report, .threads = 2
  };
  assert_done(web_server_start(&site.config, &site.server, ERR));
}

void site_restart(void)
{
  g_clear_pointer(&site.server, web_server_stop);
  assert_done(web_server_start(&site.config, &site.server, ERR));
}

void site_teardown(void)
{
  g_clear_pointer(&site.server, web_server_stop);
  g_clear_pointer(&site.db, db_close);
  g_clear_pointer(&site.key, link_key_free);
  g_clear_pointer(&site.templates, template_set_free);
  g_clear_pointer(&site.token, g_free);
  g_string_free(site.reports, TRUE);
  scratch_teardown();
}

void site_wait(void)
{
  g_usleep(100 * 1000);
}

void site_change(const char *sql)
{
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, sql);
  assert_done(change_bump(site.db, "plan", ERR));
  assert_done(db_commit(site.db, ERR));
  site_wait();
}

void site_change_one(const char *sql, ChangeKind kind, gint64 id)
{
  assert_done(db_begin(site.db, ERR));
  scratch_sql(site.db, sql);
  assert_done(change_set_bump(site.db, kind, id, ERR));
  assert_done(db_commit(site.db, ERR));
  site_wait();
}

static int connect_to_site(void)
{
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons(web_server_port(site.server)),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

  ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static bool receive(int fd, int milliseconds, GString *out)
{
  char buffer[65536];

  for (;;) {
    struct pollfd wait = { .fd = fd, .events = POLLIN };

    if (poll(&wait, 1, milliseconds) <= 0)
      return false;

    gssize n = recv(fd, buffer, sizeof buffer, 0);

    if (n <= 0)
      return true;
    g_string_append_len(out, buffer, n);
  }
}

char *site_talk(const char *request, gssize length, int milliseconds, bool *ret_closed)
{
  GString *out = g_string_new(NULL);
  int fd = connect_to_site();
  gsize size = length < 0 ? strlen(request) : (gsize)length;

  for (gsize sent = 0; sent < size;) {
    gssize n = send(fd, request + sent, size - sent, MSG_NOSIGNAL);

    if (n <= 0)
      break; /* refused before it was read to its end */
    sent += (gsize)n;
  }

  bool closed = receive(fd, milliseconds, out);

  if (ret_closed != NULL)
    *ret_closed = closed;
  close(fd);
  return g_string_free(out, FALSE);
}

char *site_get(const char *path, const char *headers)
{
  g_autofree char *request =
      g_strdup_printf("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", path, headers);

  return site_talk(request, -1, 10000, NULL);
}

char *site_get_feed(const char *headers)
{
  g_autofree char *path = g_strdup_printf("/feeds/%s.ics", site.token);

  return site_get(path, headers);
}

int site_status(const char *response)
{
  return g_str_has_prefix(response, "HTTP/1.1 ") ? (int)g_ascii_strtoll(response + 9, NULL, 10) : 0;
}

const char *site_body(const char *response)
{
  const char *end = strstr(response, "\r\n\r\n");

  return end != NULL ? end + 4 : "";
}

char *site_header(const char *response, const char *name)
{
  g_autofree char *head = g_strndup(response, (gsize)(site_body(response) - response));
  g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);

  for (gsize i = 1; lines[i] != NULL; i++) {
    gsize n = strlen(name);

    if (g_ascii_strncasecmp(lines[i], name, n) == 0 && lines[i][n] == ':')
      return g_strstrip(g_strdup(lines[i] + n + 1));
  }
  return NULL;
}
