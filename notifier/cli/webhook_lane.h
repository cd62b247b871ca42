#ifndef KIGEN_CLI_WEBHOOK_LANE_H
#define KIGEN_CLI_WEBHOOK_LANE_H

/* The delivery of messages to webhooks, beside that of mail: a queue manager of its own, in a thread where
 * the delivery goes on, after the mail where it runs once. Without a secret in kigen.conf nothing is posted.
 */

#include "notifier/cli/config_webhook.h"
#include "notifier/cli/password.h"
#include "notifier/mail/deliver.h"

typedef struct WebhookLane WebhookLane;

/* For the same store, clock and style of letters as `mail`, which stay valid, and so does `config`. NULL
 * without a secret: a warning says so where messages wait. Errors: those of password_read, DB_ERROR. */
bool webhook_lane_new(Db *db, const ConfigWebhook *config, const DeliverOptions *mail, WebhookLane **ret_lane,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops it in order, and waits for its end, where it was started. NULL does nothing, here and below. */
void webhook_lane_free(WebhookLane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookLane, webhook_lane_free)

/* Starts it in its thread, until the mail's interrupt. Problems are told on standard error. */
void webhook_lane_start(WebhookLane *lane);

/* Runs it once; counts are added to `report`. Errors: those of deliver_run. */
bool webhook_lane_once(WebhookLane *lane, Db *db, DeliverReport *report, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
