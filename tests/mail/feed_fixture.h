#ifndef KIGEN_TESTS_MAIL_FEED_FIXTURE_H
#define KIGEN_TESTS_MAIL_FEED_FIXTURE_H

/* Mails for a transport's session, and what became of them. */

#include "notifier/mail/transport.h"

typedef struct {
  const TransportMail *mails;
  guint n;
  guint taken, begun, done;
  TransportResult *results; /* as many as mails; reply NULL: not done */
  bool forbids;             /* no mail may begin */
  void (*on_next)(guint i); /* before mail i is given, or NULL */
} Feed;

/* `n` mails, which stay. */
Feed *feed_new(const TransportMail *mails, guint n);
void feed_free(Feed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feed, feed_free)

/* Sessions until every mail is taken, or `sessions` of them (0: no limit); fails the test when the machine
 * does. */
void feed_run(Feed *feed, Transport *transport, guint sessions);

/* One session. */
bool feed_session(Feed *feed, Transport *transport, GError **error);

/* mail_fixture's letter, ready to be handed over; its bytes are *ret_bytes. */
TransportMail feed_letter(GBytes **ret_bytes);

/* The transport of `url`, which must be there. */
Transport *feed_transport(const char *url, const TransportOptions *options);

/* What became of one mail in a session of its own: a reply that can be shown. */
TransportResult feed_one(Transport *transport, const TransportMail *mail);

#endif
