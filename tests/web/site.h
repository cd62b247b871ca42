#ifndef KIGEN_TESTS_WEB_SITE_H
#define KIGEN_TESTS_WEB_SITE_H

/* A running web service over a small store, and a client that sends bytes as they are. */

#include "db/change_set.h"
#include "db/feed_store.h"
#include "notifier/web/web_server.h"
#include "tests/db/scratch.h"

typedef struct {
  Db *db;      /* a write connection, outside any transaction */
  char *token; /* of the feed of organization 1: id 1 */
  WebServer *server;
  LinkKey *key;
  TemplateSet *templates;
  GMutex mutex;
  GString *reports; /* what the service reported, a line each */
  Day today;
  WebConfig config;
} Site;

extern Site site;

/* Checked fixture: makes the store and starts the service; what a test changes in site.config beforehand
 * holds with site_restart. */
void site_setup(void);
void site_teardown(void);
void site_restart(void);

/* Runs one SQL text in a transaction of its own, moves the counter "plan" (site_change_one: that of a row
 * instead), and waits for as long as a change may need to be seen. */
void site_change(const char *sql);
void site_change_one(const char *sql, ChangeKind kind, gint64 id);

/* Waits for as long as a change may need to be seen: 100 ms. */
void site_wait(void);

/* Sends `request` (length -1: up to its NUL) over a connection of its own, and returns all that comes back
 * until the other side closes, or for `milliseconds` of silence. Own string; *ret_closed (may be NULL): the
 * other side closed. */
char *site_talk(const char *request, gssize length, int milliseconds, bool *ret_closed);

/* "GET path HTTP/1.1" with Host, Connection: close and `headers` (lines with CRLF, or ""). Own string. */
char *site_get(const char *path, const char *headers);
/* As site_get, of the feed of site.token. */
char *site_get_feed(const char *headers);

/* The status of a response, 0 when it is none; the value of a header (own string) or NULL; the body. */
int site_status(const char *response);
char *site_header(const char *response, const char *name);
const char *site_body(const char *response);

#endif
