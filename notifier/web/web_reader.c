#include "notifier/web/web_reader.h"

#include <errno.h>
#include <sys/stat.h>

#define LOCK_MILLISECONDS 10 /* a request waits no longer for a locked store: it has the last good bytes */

/* Of one thread. A thread belongs to one service and ends with it. */
typedef struct {
  WebReader reader;
  guint64 device, inode; /* of the file that db has open */
  gint64 data_version;
  gint64 looked_at; /* monotonic, µs */
  Day today;
  GError *failed; /* at the last look, or NULL */
} Own;

static void close_store(Own *own)
{
  g_clear_pointer(&own->reader.db, db_close);
  g_clear_pointer(&own->reader.changes, change_set_free);
}

static void own_free(gpointer data)
{
  Own *own = data;

  close_store(own);
  feed_block_memo_free(own->reader.blocks);
  g_clear_error(&own->failed);
  g_free(own);
}

static GPrivate thread_own = G_PRIVATE_INIT(own_free);

static Own *own_of_thread(void)
{
  Own *own = g_private_get(&thread_own);

  if (own == NULL) {
    own = g_new0(Own, 1);
    own->looked_at = -WEB_READER_LOOK;
    own->reader.blocks = feed_block_memo_new();
    g_private_set(&thread_own, own);
  }
  return own;
}

static bool identify(const char *path, guint64 *ret_device, guint64 *ret_inode, GError **error)
{
  struct stat status;

  if (stat(path, &status) < 0) {
    g_set_error(error, DB_ERROR, DB_ERROR_MISSING, "store %s: %s", path, g_strerror(errno));
    return false;
  }
  *ret_device = status.st_dev;
  *ret_inode = status.st_ino;
  return true;
}

static guint enter_generation(WebStore *store, const Own *own)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->mutex);

  if (own->device != store->device || own->inode != store->inode)
    store->generation++;
  store->device = own->device;
  store->inode = own->inode;
  return store->generation;
}

static guint next_generation(WebStore *store)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->mutex);

  return ++store->generation;
}

/* Opens the store when it is not open yet, or when another file lies there now. */
static bool open_store(const WebConfig *config, WebStore *store, Own *own, GError **error)
{
  guint64 device, inode;

  if (own->reader.db != NULL) {
    if (!identify(db_path(own->reader.db), &device, &inode, error))
      return false;
    if (device == own->device && inode == own->inode)
      return true;
    close_store(own);
  }
  if (!db_open(config->store, DB_READ, &own->reader.db, error) ||
      !identify(db_path(own->reader.db), &own->device, &own->inode, error))
    return false;
  db_set_lock_timeout(own->reader.db, LOCK_MILLISECONDS);
  own->data_version = -1;
  own->reader.generation = enter_generation(store, own);
  return true;
}

/* The counters, when somebody wrote since. */
static bool read_changes(WebStore *store, Own *own, GError **error)
{
  ChangeSet *changes;
  gint64 version;

  if (!db_data_version(own->reader.db, &version, error))
    return false;
  if (version == own->data_version)
    return true;
  if (!change_set_load(own->reader.db, &changes, error))
    return false;
  if (own->reader.changes != NULL && change_set_total(changes) < change_set_total(own->reader.changes))
    own->reader.generation = next_generation(store);
  g_clear_pointer(&own->reader.changes, change_set_free);
  own->reader.changes = changes;
  own->data_version = version;
  return true;
}

/* Who is only locked out keeps the connection: to open a locked store takes long. */
static void give_up(Own *own)
{
  if (!g_error_matches(own->failed, DB_ERROR, DB_ERROR_BUSY))
    close_store(own);
}

static void look(const WebConfig *config, WebStore *store, Own *own)
{
  g_clear_error(&own->failed);
  own->today = own->reader.today = web_reader_today(config);
  if (!open_store(config, store, own, &own->failed) || !read_changes(store, own, &own->failed))
    give_up(own);
}

bool web_reader_get(const WebConfig *config, WebStore *store, WebReader **ret_reader, Day *ret_today,
                    GError **error)
{
  Own *own = own_of_thread();
  gint64 now = g_get_monotonic_time();

  if (now - own->looked_at >= WEB_READER_LOOK) {
    look(config, store, own);
    own->looked_at = now;
  }
  *ret_today = own->today;
  if (own->failed != NULL) {
    g_propagate_error(error, g_error_copy(own->failed));
    return false;
  }
  *ret_reader = &own->reader;
  return true;
}

void web_reader_fail(const GError *cause)
{
  Own *own = own_of_thread();

  g_clear_error(&own->failed);
  own->failed = g_error_copy(cause);
  give_up(own);
}

Day web_reader_today(const WebConfig *config)
{
  return config->today(config->data);
}

gint64 web_reader_now(const WebConfig *config)
{
  return config->now != NULL ? config->now(config->data) : g_get_real_time() / G_USEC_PER_SEC;
}
