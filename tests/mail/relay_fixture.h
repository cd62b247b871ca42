#ifndef KIGEN_TESTS_MAIL_RELAY_FIXTURE_H
#define KIGEN_TESTS_MAIL_RELAY_FIXTURE_H

/* Relays for the mail tests: tests/mail/scripted_relay.py and Postfix's smtp-sink, each a child on a free
 * loopback port, ended by its own process id. */

#include <glib.h>

#define RELAY_SINK "/usr/sbin/smtp-sink"

typedef struct {
  GPid pid;
  int port;
  char *folder; /* what a scripted relay wrote; "" for smtp-sink */
  char *certificate;
} Relay;

/* A scripted relay in `mode`; with `tls` it has a certificate for localhost, also in `relay.certificate`. */
Relay relay_script(const char *mode, gboolean tls);

/* The same with a certificate for `host` (NULL: none), which may have expired. */
Relay relay_script_as(const char *mode, const char *host, gboolean expired);

/* RELAY_SINK with `options` (NULL-terminated); the suite asks for it by run_suite_with. */
Relay relay_sink(const char *const *options);

/* "smtp://HOST:PORT". Own string. */
char *relay_url(const Relay *relay, const char *host);

/* Contents of `name` in the relay's folder ("" when absent). Own string. */
char *relay_read(const Relay *relay, const char *name);

void relay_stop(Relay *relay);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Relay, relay_stop)

#endif
