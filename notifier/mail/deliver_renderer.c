#include "notifier/mail/deliver_renderer.h"

#include <sys/eventfd.h>
#include <unistd.h>

/* An array on its way through the thread. */
typedef struct {
  DeliverStyle *style;
  char *now;
  gint64 version;
  GPtrArray *items;
  GError *problem;
} Job;

struct DeliverRenderer {
  char *path;
  GThread *thread;
  GAsyncQueue *given;    /* Job; one without items: the end */
  GAsyncQueue *finished; /* Job */
  int event;             /* eventfd */
  guint busy;
  Db *db; /* the thread's */
};

static void job_free(gpointer data)
{
  Job *job = data;

  deliver_style_unref(job->style);
  g_free(job->now);
  g_clear_pointer(&job->items, g_ptr_array_unref);
  g_clear_error(&job->problem);
  g_free(job);
}

static bool render_all(Db *db, const Job *job, GError **error)
{
  for (guint i = 0; i < job->items->len; i++)
    if (!deliver_render(db, job->style, job->now, job->items->pdata[i], error))
      return false;
  return true;
}

/* All of a job from one state of the store. */
static bool run(DeliverRenderer *renderer, const Job *job, GError **error)
{
  if (renderer->db == NULL && !db_open(renderer->path, DB_READ, &renderer->db, error))
    return false;
  if (!db_begin_read(renderer->db, error))
    return false;

  bool done = render_all(renderer->db, job, error);

  db_end_read(renderer->db);
  return done;
}

static gpointer work(gpointer data)
{
  DeliverRenderer *renderer = data;

  for (Job *job; (job = g_async_queue_pop(renderer->given))->items != NULL;) {
    const guint64 one = 1;

    if (!run(renderer, job, &job->problem))
      g_assert(job->problem != NULL);
    g_async_queue_push(renderer->finished, job);
    (void)!write(renderer->event, &one, sizeof one);
  }
  db_close(renderer->db);
  return NULL;
}

DeliverRenderer *deliver_renderer_new(const char *path)
{
  DeliverRenderer *renderer = g_new0(DeliverRenderer, 1);

  renderer->path = g_strdup(path);
  renderer->given = g_async_queue_new_full(job_free);
  renderer->finished = g_async_queue_new_full(job_free);
  renderer->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_assert(renderer->event >= 0);
  renderer->thread = g_thread_new("render", work, renderer);
  return renderer;
}

void deliver_renderer_free(DeliverRenderer *renderer)
{
  if (renderer == NULL)
    return;

  Job *end = g_new0(Job, 1);

  g_async_queue_push_front(renderer->given, end);
  g_thread_join(renderer->thread);
  job_free(end);
  g_async_queue_unref(renderer->given);
  g_async_queue_unref(renderer->finished);
  close(renderer->event);
  g_free(renderer->path);
  g_free(renderer);
}

void deliver_renderer_give(DeliverRenderer *renderer, DeliverStyle *style, const char *now, gint64 version,
                           GPtrArray *items)
{
  Job *job = g_new0(Job, 1);

  *job = (Job){ .style = deliver_style_ref(style), .now = g_strdup(now), .version = version, .items = items };
  renderer->busy += items->len;
  g_async_queue_push(renderer->given, job);
}

void deliver_renderer_take(DeliverRenderer *renderer, GPtrArray **ret_items, gint64 *ret_version,
                           GError **ret_problem)
{
  Job *job = g_async_queue_try_pop(renderer->finished);
  guint64 count;

  *ret_items = NULL;
  if (job == NULL) {
    (void)!read(renderer->event, &count, sizeof count);
    job = g_async_queue_try_pop(renderer->finished); /* what came between the two */
  }
  if (job == NULL)
    return;
  renderer->busy -= job->items->len;
  *ret_items = g_steal_pointer(&job->items);
  *ret_version = job->version;
  *ret_problem = g_steal_pointer(&job->problem);
  job_free(job);
}

guint deliver_renderer_busy(const DeliverRenderer *renderer)
{
  return renderer->busy;
}

int deliver_renderer_descriptor(const DeliverRenderer *renderer)
{
  return renderer->event;
}
