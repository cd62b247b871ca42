#include "tests/mail/feed_fixture.h"

#include <string.h>

#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

Feed *feed_new(const TransportMail *mails, guint n)
{
  Feed *feed = g_new0(Feed, 1);

  feed->mails = mails;
  feed->n = n;
  feed->results = g_new0(TransportResult, n);
  return feed;
}

void feed_free(Feed *feed)
{
  for (guint i = 0; i < feed->n; i++)
    transport_result_clear(&feed->results[i]);
  g_free(feed->results);
  g_free(feed);
}

static bool next_mail(gpointer data, bool wait, TransportMail *ret_mail)
{
  Feed *feed = data;

  if (feed->taken == feed->n)
    return false;
  if (feed->on_next != NULL)
    feed->on_next(feed->taken);
  *ret_mail = feed->mails[feed->taken];
  ret_mail->tag = GUINT_TO_POINTER(feed->taken);
  feed->taken++;
  return true;
}

static bool begin_mail(gpointer data, gpointer tag)
{
  Feed *feed = data;

  feed->begun++;
  return !feed->forbids;
}

static void done_mail(gpointer data, gpointer tag, const TransportResult *result)
{
  Feed *feed = data;
  TransportResult *kept = &feed->results[GPOINTER_TO_UINT(tag)];

  ck_assert_msg(kept->reply == NULL, "mail %u is done twice", GPOINTER_TO_UINT(tag));
  ck_assert_ptr_nonnull(result->reply);
  *kept = *result;
  kept->reply = g_strdup(result->reply);
  feed->done++;
}

bool feed_session(Feed *feed, Transport *transport, GError **error)
{
  TransportFeed callbacks = { next_mail, begin_mail, done_mail, feed };

  return transport_session(transport, &callbacks, error);
}

void feed_run(Feed *feed, Transport *transport, guint sessions)
{
  for (guint i = 0; feed->taken < feed->n && (sessions == 0 || i < sessions); i++) {
    g_autoptr(GError) error = NULL;
    bool done = feed_session(feed, transport, &error);

    ck_assert_msg(done, "%s", error != NULL ? error->message : "");
    ck_assert_uint_eq(feed->done, feed->taken);
  }
}

TransportMail feed_letter(GBytes **ret_bytes)
{
  MailMessage letter = fixture_letter();

  ck_assert(compose_message(&letter, ret_bytes, NULL));
  return (TransportMail){ "notice@kigen-medical.example", "sato@kita-hospital.example",
                          "kigen.123.0f3a@kigen-medical.example", *ret_bytes, NULL };
}

Transport *feed_transport(const char *url, const TransportOptions *options)
{
  g_autoptr(GError) error = NULL;
  Transport *transport = NULL;

  ck_assert_msg(transport_open(url, options, &transport, &error), "%s", error != NULL ? error->message : "");
  return transport;
}

TransportResult feed_one(Transport *transport, const TransportMail *mail)
{
  g_autoptr(Feed) feed = feed_new(mail, 1);

  feed_run(feed, transport, 1);

  TransportResult result = feed->results[0];

  feed->results[0].reply = NULL;
  ck_assert_msg(g_utf8_validate(result.reply, -1, NULL), "the reply is not UTF-8");
  ck_assert_uint_le(strlen(result.reply), 500);
  for (const char *p = result.reply; *p != '\0'; p++)
    ck_assert_msg((unsigned char)*p >= 0x20, "a control character in: %s", result.reply);
  return result;
}
