#include "notifier/mail/deliver.h"

#include <string.h>

#include "notifier/mail/deliver_identity.h"
#include "notifier/mail/deliver_queue.h"
#include "notifier/mail/deliver_recover.h"
#include "notifier/mail/deliver_sender.h"

G_DEFINE_QUARK(kigen - deliver - error - quark, deliver_error)

#define ORPHAN_SECONDS (DELIVER_SENDER_GRACE_SECONDS + 5)
#define LEASE_BATCH 64u                   /* leases of one transaction */
#define GAP (3 * G_TIME_SPAN_MILLISECOND) /* between two commits, so that there is something to group */
#define BREATH G_TIME_SPAN_MILLISECOND    /* one look for what several senders say */
#define LOOK G_TIME_SPAN_SECOND           /* how often others' changes and the clock are looked at */
#define MAKE_AGAIN G_TIME_SPAN_MINUTE     /* how often others' changes make something fall due */
#define TELL G_TIME_SPAN_MINUTE
#define HOLD (10 * G_TIME_SPAN_SECOND) /* after something failed */
#define RELAY_NOTED G_TIME_SPAN_MINUTE /* how often it is written down that the relay works */

typedef struct {
  Db *db;
  const DeliverOptions *options;
  DeliverSheet *sheet;
  char *owner; /* of the leases of this run */
  DeliverStyle *style;
  DeliverQueue queue;
  AuditContext audit; /* day and instant as they are now */
  char *now;
  DeliverReport report, since; /* in all; since it was told */
  gint64 total;                /* for the progress */
  gint64 version;              /* of the store, as others have changed it */
  Day made_on;
  bool is_drained; /* nothing was due when it was looked */
  bool is_stopping;
  GError *problem; /* that it is stopping for */
  gint64 tick;     /* monotonic microseconds, now; and when things were done: */
  gint64 looked_at, made_at, wrote_at, told_at, relay_noted_at, held_until, kill_at;
} Manager;

void deliver_report_clear(DeliverReport *report)
{
  g_clear_pointer(&report->relay_failure, g_free);
}

static void manager_clear(Manager *manager)
{
  if (manager->queue.crew != NULL)
    deliver_queue_clear(&manager->queue);
  g_clear_pointer(&manager->sheet, deliver_sheet_close);
  g_clear_pointer(&manager->style, deliver_style_unref);
  g_free(manager->owner);
  g_free(manager->now);
  deliver_report_clear(&manager->report);
  deliver_report_clear(&manager->since);
  g_clear_error(&manager->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Manager, manager_clear)

static void read_clock(Manager *manager)
{
  const DeliverOptions *options = manager->options;

  g_free(manager->now);
  manager->now = options->now(options->data);
  manager->audit = options->actor;
  manager->audit.today = options->today(options->data);
  manager->audit.now = manager->now;
  manager->tick = g_get_monotonic_time();
}

/* No two runs have the same. */
static char *new_owner(void)
{
  g_autofree char *random = g_uuid_string_random();

  return g_strdup_printf("%.40s %.12s", g_get_host_name(), random);
}

static bool is_of_mail(const Manager *manager)
{
  return strcmp(manager->options->channel, "mail") == 0;
}

static bool start_crew(Manager *manager, GError **error)
{
  const DeliverOptions *options = manager->options;
  DeliverCrewOptions crew = { .program = options->program,
                              .setup = { .url = options->transport, .options = options->relay },
                              .senders = options->connections,
                              .sheet = manager->sheet };

  if (!deliver_sheet_begin(manager->sheet, manager->owner, DELIVER_CREW_SLOTS(options->connections), error))
    return false;
  deliver_queue_init(&manager->queue, db_path(manager->db), deliver_crew_new(&crew), options->per_minute,
                     is_of_mail(manager));
  return true;
}

static bool set_up(Manager *manager, GError **error)
{
  manager->owner = new_owner();
  manager->made_on = DAY_NONE;
  read_clock(manager);

  g_autofree char *sheet_of = g_strconcat(db_path(manager->db), is_of_mail(manager) ? "" : ".webhook", NULL);

  return transport_check(manager->options->transport, error) &&
         deliver_identity_check(manager->db, manager->options, error) &&
         deliver_sheet_open(sheet_of, ORPHAN_SECONDS, &manager->sheet, error) &&
         deliver_recover(manager->db, &manager->audit, manager->options->channel, manager->sheet,
                         &manager->report.recovered, error) &&
         start_crew(manager, error);
}

/* What falls due is made by who delivers mail, for every channel. */
static bool make_due(Manager *manager, gint64 *ret_notices, gint64 *ret_messages, GError **error)
{
  const DeliverOptions *options = manager->options;

  if (!is_of_mail(manager))
    return true;

  DeliverMaking making = { .audit = &manager->audit,
                           .policy = options->policy,
                           .calendar = options->calendar(manager->audit.today, options->data),
                           .escalate = manager->audit.today != manager->made_on };

  return deliver_make_due(manager->db, &making, ret_notices, ret_messages, error);
}

static bool make(Manager *manager, GError **error)
{
  const DeliverOptions *options = manager->options;
  gint64 notices = 0, messages = 0, due = 0;

  if (!make_due(manager, &notices, &messages, error) ||
      !outbox_lease_count_due(manager->db, &manager->audit, options->channel, &due, error))
    return false;
  manager->report.notices_made += notices;
  manager->report.messages_made += messages;
  manager->since.notices_made += notices;
  manager->since.messages_made += messages;
  manager->total = due + deliver_queue_busy(&manager->queue);
  manager->made_on = manager->audit.today;
  manager->made_at = manager->tick;
  manager->is_drained = false;
  return true;
}

/* True when a message that waits for its instant is due. */
static bool is_again_due(Manager *manager, bool *ret_due, GError **error)
{
  g_autofree char *next = NULL;

  if (!outbox_lease_next(manager->db, manager->options->channel, &next, error))
    return false;
  *ret_due = next != NULL && g_strcmp0(next, manager->now) <= 0;
  return true;
}

/* What has changed since the last look: the day, the store, what is due again. */
static bool look_around(Manager *manager, GError **error)
{
  gint64 version = 0;
  bool due = false;

  if (manager->made_on != DAY_NONE && manager->tick - manager->looked_at < LOOK)
    return true;
  if (!db_data_version(manager->db, &version, error))
    return false;

  bool changed = version != manager->version || manager->style == NULL;
  bool makes =
      manager->audit.today != manager->made_on || (changed && manager->tick - manager->made_at >= MAKE_AGAIN);

  if ((makes && !make(manager, error)) || !is_again_due(manager, &due, error))
    return false;
  if (changed || makes) {
    g_clear_pointer(&manager->style, deliver_style_unref);
    if (!deliver_identity_style(manager->db, manager->options, &manager->audit, &manager->style, error))
      return false;
  }
  manager->is_drained &= !changed && !due;
  if (!changed || makes || manager->options->once)
    manager->version = version; /* else it is looked at again, until something may be made of it */
  manager->looked_at = manager->tick;
  return true;
}

/* No message any more; what is under way comes to its end. */
static void stop(Manager *manager, const char *why)
{
  deliver_queue_give_back(&manager->queue, why);
  deliver_crew_stop(manager->queue.crew);
  if (!manager->is_stopping)
    manager->kill_at = manager->tick + DELIVER_SENDER_GRACE_SECONDS * G_TIME_SPAN_SECOND;
  manager->is_stopping = true;
}

static bool is_interrupted(const Manager *manager)
{
  return manager->options->interrupt != NULL && *manager->options->interrupt != 0;
}

/* How many new leases to take. */
static guint wanted(const Manager *manager)
{
  guint full = manager->options->connections * DELIVER_CREW_AHEAD * 2 + LEASE_BATCH;
  guint depth = deliver_relay_depth(&manager->queue.relay, full, manager->tick);
  guint busy = deliver_queue_busy(&manager->queue);

  if (manager->is_stopping || manager->is_drained || manager->tick < manager->held_until || busy >= depth ||
      depth - busy < MIN(depth, LEASE_BATCH / 2))
    return 0;
  return MIN(depth - busy, LEASE_BATCH);
}

/* Gives new leases to be rendered. */
static bool give_to_render(Manager *manager, GPtrArray *leases, GError **error)
{
  GPtrArray *items = NULL;
  gint64 version = 0;

  if (leases->len == 0)
    return true;
  if (!db_data_version(manager->db, &version, error))
    return false;
  items = g_ptr_array_new_with_free_func((GDestroyNotify)deliver_item_free);
  for (guint i = 0; i < leases->len; i++)
    g_ptr_array_add(items, deliver_item_new(leases->pdata[i]));
  g_ptr_array_set_free_func(leases, NULL);
  deliver_renderer_give(manager->queue.renderer, manager->style, manager->now, version, items);
  return true;
}

/* What to write down of the relay; NULL: nothing new. */
static const char *relay_to_note(const Manager *manager)
{
  bool is_new = manager->tick - manager->relay_noted_at >= RELAY_NOTED || manager->relay_noted_at == 0;

  return manager->queue.failure != NULL || (manager->queue.has_spoken && is_new) ? manager->options->transport
                                                                                 : NULL;
}

static void count(Manager *manager, const DeliverCounts *counts)
{
  const DeliverOptions *options = manager->options;
  const DeliverCounts *all = &manager->report.counts;

  deliver_counts_add(&manager->report.counts, counts);
  deliver_counts_add(&manager->since.counts, counts);
  if (options->progress != NULL)
    options->progress(all->accepted + all->deferred + all->failed + all->unknown + all->superseded,
                      manager->total, options->data);
}

/* One transaction: what there is, and `limit` new leases. */
static bool write_down(Manager *manager, guint limit, GError **error)
{
  const DeliverOptions *options = manager->options;
  DeliverQueue *queue = &manager->queue;
  DeliverEntry entry = { .audit = &manager->audit,
                         .owner = manager->owner,
                         .channel = options->channel,
                         .style = manager->style,
                         .set_bytes = template_set_bytes(options->templates),
                         .set_hash = template_set_hash(options->templates),
                         .settled = &queue->settled,
                         .rendered = &queue->rendered,
                         .version = queue->version,
                         .lease_limit = limit,
                         .chance = options->chance,
                         .data = options->data,
                         .relay = relay_to_note(manager),
                         .relay_failure = queue->failure };
  g_autoptr(GPtrArray) leases = NULL;
  DeliverCounts counts = { 0 };
  bool again = false;

  if (!deliver_ledger_write(manager->db, &entry, &counts, &leases, &again, error))
    return false;
  if (entry.relay != NULL)
    manager->relay_noted_at = manager->tick;
  queue->has_spoken &= entry.relay == NULL;
  manager->is_drained = (manager->is_drained || (limit > 0 && leases->len < limit)) && !again;
  manager->wrote_at = g_get_monotonic_time();
  deliver_queue_written(queue);
  count(manager, &counts);
  return give_to_render(manager, leases, error);
}

static bool write_news(Manager *manager, GError **error)
{
  guint limit = wanted(manager);

  if ((!deliver_queue_has_news(&manager->queue) && limit == 0) ||
      (!manager->is_stopping &&
       (manager->tick < manager->held_until || manager->tick - manager->wrote_at < GAP)))
    return true;
  return write_down(manager, limit, error);
}

/* A relay that is down: a single run ends, a manager that goes on keeps nothing back meanwhile. */
static void heed_relay(Manager *manager)
{
  DeliverQueue *queue = &manager->queue;
  bool down = deliver_relay_is_down(&queue->relay);

  if (down && manager->options->once && !manager->is_stopping) {
    manager->report.relay_failure = g_strdup(queue->failure);
    stop(manager, "the relay cannot be reached");
  } else if (down && deliver_queue_idle(queue) > 0 &&
             deliver_relay_depth(&queue->relay, 1, manager->tick) == 0) {
    deliver_queue_give_back(queue, "the relay cannot be reached");
  }
}

static bool step(Manager *manager, GError **error)
{
  DeliverQueue *queue = &manager->queue;

  if (is_interrupted(manager) && !manager->is_stopping) {
    manager->report.interrupted = true;
    stop(manager, "given back: the delivery was stopped");
  }
  if (manager->is_stopping && manager->tick >= manager->kill_at)
    deliver_crew_kill(queue->crew);
  if (!manager->is_stopping && manager->tick >= manager->held_until && !look_around(manager, error))
    return false;
  if (!deliver_queue_collect(queue, manager->options->chance(manager->options->data), error))
    return false;
  heed_relay(manager);
  if (manager->is_stopping)
    deliver_queue_give_back(queue, "given back: the delivery was stopped");
  return write_news(manager, error) && (manager->is_stopping || manager->tick < manager->held_until ||
                                        deliver_queue_dispatch(queue, error));
}

/* A single run ends with its first problem, a manager that goes on tells it and waits a little. */
static void heed_problem(Manager *manager, GError *problem)
{
  g_autoptr(GError) owned = problem;

  if (manager->options->once && !manager->is_stopping) {
    manager->problem = g_steal_pointer(&owned);
    stop(manager, "given back: the delivery was stopped");
    return;
  }
  manager->held_until = manager->tick + HOLD;
  if (!manager->options->once && manager->options->fault != NULL)
    manager->options->fault(owned, manager->options->data);
  deliver_queue_give_back(&manager->queue, "given back: the delivery was held up");
}

static bool is_eventful(const DeliverReport *report)
{
  const DeliverCounts *counts = &report->counts;

  return report->notices_made + report->recovered + counts->accepted + counts->deferred + counts->failed +
             counts->unknown + counts->superseded + counts->foreign >
         0;
}

static void tell(Manager *manager)
{
  const DeliverOptions *options = manager->options;

  if (options->once || options->tell == NULL || !is_eventful(&manager->since))
    return;
  deliver_report_clear(&manager->since);
  manager->since.relay_failure = g_strdup(manager->queue.failure);
  options->tell(&manager->since, options->data);
  deliver_report_clear(&manager->since);
  manager->since = (DeliverReport){ 0 };
  manager->told_at = manager->tick;
}

/* Nothing is under way, and nothing due. */
static bool is_at_rest(const Manager *manager)
{
  return deliver_queue_busy(&manager->queue) == 0 && !deliver_queue_has_news(&manager->queue) &&
         (manager->is_drained || manager->is_stopping || deliver_relay_is_down(&manager->queue.relay));
}

/* Until something happens, or there is something to do. */
static void wait(const Manager *manager)
{
  g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
  struct pollfd rendered = { .fd = deliver_renderer_descriptor(manager->queue.renderer), .events = POLLIN };
  gint64 now = g_get_monotonic_time(), timeout = LOOK;
  gint64 relay = deliver_relay_wait(&manager->queue.relay, now);

  if (deliver_queue_has_news(&manager->queue) || wanted(manager) > 0)
    timeout = manager->tick < manager->held_until ? HOLD : MAX(manager->wrote_at + GAP - now, 0);
  if (relay > 0)
    timeout = MIN(timeout, relay);
  g_array_append_val(fds, rendered);
  deliver_crew_watch(manager->queue.crew, fds);
  if (deliver_crew_busy(manager->queue.crew) > 0)
    g_usleep(BREATH);
  poll((struct pollfd *)(void *)fds->data, fds->len,
       (int)(MIN(timeout, LOOK) / G_TIME_SPAN_MILLISECOND + (timeout > 0)));
}

/* True while the manager goes on. */
static bool goes_on(Manager *manager)
{
  bool rests = is_at_rest(manager);

  if (rests || manager->tick - manager->told_at >= TELL)
    tell(manager);
  if (rests && (manager->options->once || manager->is_stopping))
    return false;
  wait(manager);
  return true;
}

/* False: a problem while it was stopping already. What senders have noted down the next run finds. */
static bool turn(Manager *manager)
{
  GError *problem = NULL;

  read_clock(manager);
  if (step(manager, &problem))
    return true;

  bool was_stopping = manager->is_stopping;

  heed_problem(manager, problem);
  return !was_stopping || (manager->tick < manager->kill_at && deliver_crew_busy(manager->queue.crew) > 0);
}

bool deliver_run(Db *db, const DeliverOptions *options, DeliverReport *ret_report, GError **error)
{
  g_auto(Manager) manager = { .db = db, .options = options };

  g_assert(options->connections > 0 && options->connections <= DELIVER_CREW_MAX);
  if (!set_up(&manager, error))
    return false;
  manager.since.recovered = manager.report.recovered;
  while (turn(&manager) && goes_on(&manager))
    ;
  deliver_crew_end(manager.queue.crew);
  if (manager.problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&manager.problem));
    return false;
  }
  *ret_report = manager.report;
  manager.report.relay_failure = NULL;
  return true;
}
