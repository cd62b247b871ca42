#include "notifier/cli/webhook_lane.h"

#include <stdio.h>

#include "db/outbox_lease.h"
#include "notifier/cli/delivery_view.h"

#define CHANNEL "webhook"

struct WebhookLane {
  const DeliverOptions *mail;
  DeliverOptions options;
  Password secret;
  char *path; /* of the store */
  GThread *thread;
  volatile sig_atomic_t stop;
};

static Day today(gpointer data)
{
  const WebhookLane *lane = data;

  return lane->mail->today(lane->mail->data);
}

/* Asked for in every turn of the queue manager: the mail's interrupt is heard here as well. */
static char *now(gpointer data)
{
  WebhookLane *lane = data;

  if (lane->mail->interrupt != NULL && *lane->mail->interrupt != 0)
    lane->stop = 1;
  return lane->mail->now(lane->mail->data);
}

static guint32 chance(gpointer data)
{
  const WebhookLane *lane = data;

  return lane->mail->chance(lane->mail->data);
}

static void tell(const DeliverReport *since, gpointer data)
{
  g_autofree char *instant = now(data);

  printf("%s\n", instant);
  delivery_view_print(since, "webhooks");
}

static void fault(const GError *problem, gpointer data)
{
  cli_report(problem);
}

static void fill(WebhookLane *lane, const ConfigWebhook *config)
{
  DeliverOptions *options = &lane->options;

  *options = *lane->mail;
  options->channel = CHANNEL;
  options->transport = TRANSPORT_WEBHOOK;
  options->relay = (TransportOptions){ .ca_file = config->ca_file,
                                       .deadline_seconds = config->deadline,
                                       .secret = lane->secret.text,
                                       .private_addresses = config->private_addresses };
  options->connections = (guint)config->connections;
  options->per_minute = 0;
  options->calendar = NULL; /* what falls due is made by who delivers mail */
  options->today = today;
  options->now = now;
  options->chance = chance;
  options->progress = NULL;
  options->tell = tell;
  options->fault = fault;
  options->data = lane;
  options->interrupt = &lane->stop;
}

static bool warn_of_waiting(Db *db, const AuditContext *actor, GError **error)
{
  gint64 waiting = 0;

  if (!outbox_lease_count_due(db, actor, CHANNEL, &waiting, error))
    return false;
  if (waiting > 0)
    cli_warn("%" G_GINT64_FORMAT " messages to webhooks wait: give secret_file in [webhook] of kigen.conf",
             waiting);
  return true;
}

bool webhook_lane_new(Db *db, const ConfigWebhook *config, const DeliverOptions *mail, WebhookLane **ret_lane,
                      GError **error)
{
  if (config->secret_file == NULL)
    return warn_of_waiting(db, &mail->actor, error);

  g_autoptr(WebhookLane) lane = g_new0(WebhookLane, 1);

  if (!password_read(config->secret_file, &lane->secret, error))
    return false;
  lane->mail = mail;
  lane->path = g_strdup(db_path(db));
  fill(lane, config);
  *ret_lane = g_steal_pointer(&lane);
  return true;
}

void webhook_lane_free(WebhookLane *lane)
{
  if (lane == NULL)
    return;
  lane->stop = 1;
  if (lane->thread != NULL)
    g_thread_join(lane->thread);
  password_clear(&lane->secret);
  g_free(lane->path);
  g_free(lane);
}

static gpointer work(gpointer data)
{
  const WebhookLane *lane = data;
  g_auto(DeliverReport) report = { 0 };
  g_autoptr(Db) db = NULL;
  g_autoptr(GError) error = NULL;

  if (!db_open(lane->path, DB_WRITE, &db, &error) || !deliver_run(db, &lane->options, &report, &error))
    cli_report(error);
  return NULL;
}

void webhook_lane_start(WebhookLane *lane)
{
  if (lane != NULL)
    lane->thread = g_thread_new("webhooks", work, lane);
}

bool webhook_lane_once(WebhookLane *lane, Db *db, DeliverReport *report, GError **error)
{
  g_auto(DeliverReport) of_lane = { 0 };

  if (lane == NULL)
    return true;
  if (!deliver_run(db, &lane->options, &of_lane, error))
    return false;
  deliver_counts_add(&report->counts, &of_lane.counts);
  report->recovered += of_lane.recovered;
  report->interrupted |= of_lane.interrupted;
  return true;
}
