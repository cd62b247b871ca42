#include "notifier/mail/deliver_queue.h"

void deliver_queue_init(DeliverQueue *queue, const char *path, DeliverCrew *crew, int per_minute,
                        bool one_relay)
{
  *queue = (DeliverQueue){ .crew = crew, .renderer = deliver_renderer_new(path), .one_relay = one_relay };
  deliver_relay_init(&queue->relay, per_minute, g_get_monotonic_time());
  if (!one_relay)
    deliver_relay_spoke(&queue->relay);
}

void deliver_queue_clear(DeliverQueue *queue)
{
  GQueue *const queues[] = { &queue->rendered, &queue->ready, &queue->settled };

  for (gsize i = 0; i < G_N_ELEMENTS(queues); i++)
    g_queue_clear_full(queues[i], (GDestroyNotify)deliver_item_free);
  g_clear_pointer(&queue->crew, deliver_crew_free);
  g_clear_pointer(&queue->renderer, deliver_renderer_free);
  g_clear_pointer(&queue->failure, g_free);
}

guint deliver_queue_idle(const DeliverQueue *queue)
{
  return queue->rendered.length + queue->ready.length;
}

guint deliver_queue_busy(const DeliverQueue *queue)
{
  return deliver_renderer_busy(queue->renderer) + deliver_queue_idle(queue) + deliver_crew_busy(queue->crew);
}

bool deliver_queue_has_news(const DeliverQueue *queue)
{
  return queue->settled.length > 0 || queue->rendered.length > 0;
}

/* What an outcome says of the relay; a sender that died says nothing. One that breaks off in the middle of
 * every mail is as good as none. */
static void judge_relay(DeliverQueue *queue, const DeliverItem *item, guint32 chance)
{
  if (item->relay_failed || item->input == OUTBOX_INPUT_UNSURE) {
    deliver_relay_failed(&queue->relay, g_get_monotonic_time(), chance);
    g_free(queue->failure);
    queue->failure = g_strdup(item->reply);
  } else if (item->input == OUTBOX_INPUT_ACCEPT || item->input == OUTBOX_INPUT_DEFER ||
             item->input == OUTBOX_INPUT_REFUSE) {
    deliver_relay_spoke(&queue->relay);
    g_clear_pointer(&queue->failure, g_free);
    queue->has_spoken = true;
  }
}

static void collect_sent(DeliverQueue *queue, guint32 chance)
{
  for (DeliverItem *item; (item = deliver_crew_take(queue->crew)) != NULL;) {
    if (!item->has_outcome) {
      g_queue_push_head(&queue->ready, item);
      continue;
    }
    if (queue->one_relay)
      judge_relay(queue, item, chance);
    g_queue_push_tail(&queue->settled, item);
  }
}

/* Rendered messages join those that wait already: the version of the oldest holds for all. After an error
 * they come unrendered, and go back. */
static void add_rendered(DeliverQueue *queue, GPtrArray *items, gint64 version, bool failed)
{
  if (queue->rendered.length == 0 || version < queue->version)
    queue->version = version;
  for (guint i = 0; i < items->len; i++) {
    DeliverItem *item = items->pdata[i];

    if (failed)
      deliver_item_settle(item, OUTBOX_INPUT_RETURN, g_strdup("it could not be rendered now"));
    g_queue_push_tail(failed ? &queue->settled : &queue->rendered, item);
  }
  g_ptr_array_set_free_func(items, NULL);
}

static bool collect_rendered(DeliverQueue *queue, GError **error)
{
  while (true) {
    g_autoptr(GPtrArray) items = NULL;
    GError *problem = NULL;
    gint64 version = 0;

    deliver_renderer_take(queue->renderer, &items, &version, &problem);
    if (items == NULL)
      return true;
    add_rendered(queue, items, version, problem != NULL);
    if (problem != NULL) {
      g_propagate_error(error, problem);
      return false;
    }
  }
}

bool deliver_queue_collect(DeliverQueue *queue, guint32 chance, GError **error)
{
  bool works = deliver_crew_work(queue->crew, g_get_monotonic_time(), error);

  collect_sent(queue, chance);
  return collect_rendered(queue, works ? error : NULL) && works;
}

bool deliver_queue_dispatch(DeliverQueue *queue, GError **error)
{
  while (queue->ready.length > 0 && deliver_crew_has_room(queue->crew) &&
         deliver_relay_admit(&queue->relay, g_get_monotonic_time())) {
    if (!deliver_crew_give(queue->crew, queue->ready.head->data, error))
      return false;
    g_queue_pop_head(&queue->ready);
  }
  return true;
}

static void give_back(DeliverQueue *queue, GQueue *from, const char *why)
{
  for (DeliverItem *item; (item = g_queue_pop_head(from)) != NULL;) {
    if (!item->has_outcome)
      deliver_item_settle(item, OUTBOX_INPUT_RETURN, g_strdup(why));
    g_queue_push_tail(&queue->settled, item);
  }
}

void deliver_queue_give_back(DeliverQueue *queue, const char *why)
{
  give_back(queue, &queue->rendered, why);
  give_back(queue, &queue->ready, why);
}

void deliver_queue_written(DeliverQueue *queue)
{
  for (DeliverItem *item; (item = g_queue_pop_head(&queue->settled)) != NULL;) {
    deliver_crew_forget(queue->crew, item);
    deliver_item_free(item);
  }
  for (DeliverItem *item; (item = g_queue_pop_head(&queue->rendered)) != NULL;) {
    if (item->has_outcome) {
      deliver_item_free(item);
      continue;
    }
    g_clear_pointer(&item->context, outbox_context_free);
    g_queue_push_tail(&queue->ready, item);
  }
}
