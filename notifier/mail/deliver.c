#include "notifier/mail/deliver.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <sys/file.h>
#include <unistd.h>

#include "db/audit_head.h"
#include "db/maker_store.h"
#include "db/outbox_store.h"
#include "db/setting_store.h"
#include "notifier/mail/deliver_message.h"
#include "planner/email_address.h"

G_DEFINE_QUARK(kigen - deliver - error - quark, deliver_error)

#define RELAY_FAILURES_MAX 3 /* in a row: then the others need not be tried now */

/* What a run has open. */
typedef struct {
  int lock; /* descriptor, -1: none */
  Setting setting;
  GHashTable *maker;
  char *from_address;
} Delivery;

static void delivery_clear(Delivery *delivery)
{
  if (delivery->lock >= 0)
    close(delivery->lock);
  setting_clear(&delivery->setting);
  g_clear_pointer(&delivery->maker, g_hash_table_unref);
  g_free(delivery->from_address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Delivery, delivery_clear)

void deliver_report_clear(DeliverReport *report)
{
  g_clear_pointer(&report->relay_failure, g_free);
}

/* Takes <store>.deliver, which only deliveries know: a message in `sending` is then nobody's. */
static bool take_lock(Db *db, int *ret_lock, GError **error)
{
  g_autofree char *path = g_strconcat(db_path(db), ".deliver", NULL);
  int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int code = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 ? errno : 0;

  if (code == 0) {
    *ret_lock = fd;
    return true;
  }
  if (fd >= 0)
    close(fd);
  if (code == EWOULDBLOCK)
    g_set_error(error, DELIVER_ERROR, DELIVER_ERROR_BUSY,
                "another kigen deliver is at work on %s: let it end, it sends what is due", db_path(db));
  else
    g_set_error(error, DELIVER_ERROR, DELIVER_ERROR_FILE, "cannot lock %s: %s", path, g_strerror(code));
  return false;
}

static bool check_address(const char *what, const char *address, GError **error)
{
  g_autoptr(GError) inner = NULL;

  if (address == NULL || email_address_check(address, &inner))
    return true;
  g_set_error(error, DELIVER_ERROR, DELIVER_ERROR_SENDER, "%s: %s", what, inner->message);
  return false;
}

/* Own string: as given, else the maker's, else one of the store's domain. */
static char *choose_sender(const DeliverOptions *options, const Delivery *delivery)
{
  const char *email = g_hash_table_lookup(delivery->maker, "email");

  if (options->from_address != NULL)
    return g_strdup(options->from_address);
  if (email != NULL && email_address_check(email, NULL))
    return g_strdup(email);
  return g_strconcat("kigen@", delivery->setting.uid_domain, NULL);
}

static bool set_up(Db *db, const DeliverOptions *options, Delivery *delivery, GError **error)
{
  if (!check_address("mail.reply_to", options->reply_to, error) || !take_lock(db, &delivery->lock, error) ||
      !setting_store_load(db, &delivery->setting, error) || !maker_store_load(db, &delivery->maker, error))
    return false;
  delivery->from_address = choose_sender(options, delivery);
  return check_address("mail.from", delivery->from_address, error);
}

static bool audit_recovered(Db *db, const AuditContext *audit, const GArray *ids, GError **error)
{
  json_t *list = json_array();

  for (guint i = 0; i < ids->len; i++)
    json_array_append_new(list, json_integer(g_array_index(ids, gint64, i)));

  json_t *object = json_pack("{s:o, s:s}", "messages", list, "to", outbox_state_key(OUTBOX_UNKNOWN));
  g_autofree char *payload = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

  json_decref(object);
  return audit_append(db, audit, "outbox.recover", payload, error);
}

static bool mark_unknown(Db *db, const AuditContext *audit, const GArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    if (!outbox_store_record(db, audit, g_array_index(ids, gint64, i), OUTBOX_UNKNOWN,
                             "the program ended between handing over and recording: it may have arrived",
                             NULL, error))
      return false;
  return audit_recovered(db, audit, ids, error);
}

/* What a crash left in sending becomes unknown, in one transaction, and is due at once. */
static bool recover(Db *db, const AuditContext *audit, gint64 *ret_recovered, GError **error)
{
  g_autoptr(GArray) ids = NULL;

  if (!outbox_store_list_sending(db, &ids, error))
    return false;
  *ret_recovered = ids->len;
  if (ids->len == 0)
    return true;
  if (!db_begin(db, error))
    return false;
  if (mark_unknown(db, audit, ids, error) && db_commit(db, error))
    return true;
  db_rollback(db);
  return false;
}

static void count(DeliverReport *report, OutboxState state)
{
  gint64 *const counters[OUTBOX_STATE_COUNT] = {
    [OUTBOX_ACCEPTED] = &report->accepted,     [OUTBOX_DEFERRED] = &report->deferred,
    [OUTBOX_FAILED] = &report->failed,         [OUTBOX_UNKNOWN] = &report->unknown,
    [OUTBOX_SUPERSEDED] = &report->superseded,
  };

  g_assert(counters[state] != NULL);
  (*counters[state])++;
}

/* Delivers message `id` with the time of now. */
static bool deliver_one(const DeliverRun *run, const DeliverOptions *options, gint64 id,
                        DeliverReport *report, int *failures, GError **error)
{
  g_autofree char *now = options->clock != NULL ? options->clock(options->data) : NULL;
  AuditContext audit = *options->making.audit;
  DeliverRun timed = *run;
  g_auto(DeliverOutcome) outcome = { 0 };

  audit.now = now != NULL ? now : audit.now;
  timed.audit = &audit;
  if (!deliver_message(&timed, id, &outcome, error))
    return false;
  if (!outcome.skipped)
    count(report, outcome.state);
  *failures = outcome.relay_failed ? *failures + 1 : 0;
  if (*failures >= RELAY_FAILURES_MAX)
    report->relay_failure = g_steal_pointer(&outcome.reply);
  return true;
}

static bool deliver_all(const DeliverRun *run, const DeliverOptions *options, const GArray *ids,
                        DeliverReport *report, GError **error)
{
  int failures = 0;

  for (guint i = 0; i < ids->len && report->relay_failure == NULL; i++) {
    if (options->interrupt != NULL && *options->interrupt != 0) {
      report->interrupted = true;
      return true;
    }
    if (!deliver_one(run, options, g_array_index(ids, gint64, i), report, &failures, error))
      return false;
    if (options->progress != NULL)
      options->progress(i + 1, ids->len, options->data);
  }
  return true;
}

/* The trail's end as this run finds it, for its mails; NULL without a key. */
static bool sign_head(Db *db, const DeliverOptions *options, char **ret_lines, GError **error)
{
  AuditPoint end;

  if (options->sign_key == NULL)
    return true;
  if (!audit_load_end(db, &end, error))
    return false;

  AuditHead head = audit_head_sign(options->sign_key, &end, options->making.audit->now);

  *ret_lines = audit_head_format_lines(&head);
  return true;
}

bool deliver_once(Db *db, const DeliverOptions *options, DeliverReport *ret_report, GError **error)
{
  const AuditContext *audit = options->making.audit;
  g_auto(Delivery) delivery = { .lock = -1 };
  g_auto(DeliverReport) report = { 0 };
  g_autoptr(GArray) ids = NULL;
  g_autofree char *head = NULL;

  if (!set_up(db, options, &delivery, error) || !recover(db, audit, &report.recovered, error) ||
      !deliver_make_due(db, &options->making, &report.notices_made, &report.messages_made, error) ||
      !outbox_store_list_due(db, "mail", audit->today, audit->now, &ids, error) ||
      !sign_head(db, options, &head, error))
    return false;

  DeliverRun run = { .db = db,
                     .transport = options->transport,
                     .templates = options->templates,
                     .audit = audit,
                     .from_address = delivery.from_address,
                     .reply_to = options->reply_to,
                     .uid_domain = delivery.setting.uid_domain,
                     .maker = delivery.maker,
                     .audit_head = head };

  if (!deliver_all(&run, options, ids, &report, error))
    return false;
  *ret_report = report;
  report.relay_failure = NULL;
  return true;
}
