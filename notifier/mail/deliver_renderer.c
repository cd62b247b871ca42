#include "notifier/mail/deliver_renderer.h"

#include <sys/eventfd.h>
#include <unistd.h>

#define CACHE_KIB 4000 /* of each thread: messages are read in their order, hardly a page twice */
#define THREADS_MAX 4  /* more would wait for one writer and a handful of senders */

/* An array on its way through a thread. */
typedef struct {
  DeliverStyle *style;
  char *now;
  gint64 version;
  GPtrArray *items;
  GError *problem;
} Job;

struct DeliverRenderer {
  char *path;
  guint n_threads;
  GThread *threads[THREADS_MAX];
  GAsyncQueue *given;    /* Job; one without items: a thread's end */
  GAsyncQueue *finished; /* Job */
  int event;             /* eventfd */
  guint busy;
};

/* What a thread has of its own. */
typedef struct {
  Db *db; /* NULL: not opened yet */
  LetterMemo *memo;
} Own;

static void job_free(gpointer data)
{
  Job *job = data;

  deliver_style_unref(job->style);
  g_free(job->now);
  g_clear_pointer(&job->items, g_ptr_array_unref);
  g_clear_error(&job->problem);
  g_free(job);
}

static bool render_all(const Own *own, const Job *job, GError **error)
{
  letter_memo_begin(own->memo);
  for (guint i = 0; i < job->items->len; i++)
    if (!deliver_render(own->db, job->style, own->memo, job->now, job->items->pdata[i], error))
      return false;
  return true;
}

/* All of a job from one state of the store. */
static bool run(const char *path, Own *own, const Job *job, GError **error)
{
  if (own->db == NULL) {
    if (!db_open(path, DB_READ, &own->db, error))
      return false;
    db_set_cache(own->db, CACHE_KIB);
  }
  if (!db_begin_read(own->db, error))
    return false;

  bool done = render_all(own, job, error);

  db_end_read(own->db);
  return done;
}

static gpointer work(gpointer data)
{
  DeliverRenderer *renderer = data;
  Own own = { .memo = letter_memo_new() };

  for (Job *job; (job = g_async_queue_pop(renderer->given))->items != NULL;) {
    const guint64 one = 1;

    if (!run(renderer->path, &own, job, &job->problem))
      g_assert(job->problem != NULL);
    g_async_queue_push(renderer->finished, job);
    (void)!write(renderer->event, &one, sizeof one);
  }
  letter_memo_free(own.memo);
  db_close(own.db);
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
  renderer->n_threads = CLAMP(g_get_num_processors(), 1, THREADS_MAX);
  for (guint i = 0; i < renderer->n_threads; i++)
    renderer->threads[i] = g_thread_new("render", work, renderer);
  return renderer;
}

void deliver_renderer_free(DeliverRenderer *renderer)
{
  if (renderer == NULL)
    return;

  Job end = { 0 };

  for (guint i = 0; i < renderer->n_threads; i++)
    g_async_queue_push_front(renderer->given, &end);
  for (guint i = 0; i < renderer->n_threads; i++)
    g_thread_join(renderer->threads[i]);
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
