#include "notifier/mail/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BATCH 64 /* mails synced together */

static const char *const folders[] = { "tmp", "new", "cur" };

/* Reports errno about `path`. */
static bool fail(const char *what, const char *path, GError **error)
{
  int code = errno;

  g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_FILE, "maildir: cannot %s %s: %s", what, path,
              g_strerror(code));
  return false;
}

bool maildir_make(const char *path, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *folder = g_build_filename(path, folders[i], NULL);

    if (g_mkdir_with_parents(folder, 0700) != 0)
      return fail("make", folder, error);
  }
  return true;
}

/* The file's name: the Message-ID's digest, for the id itself may hold a slash. Own string. */
static char *file_name(const char *message_id)
{
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, message_id, -1);

  return g_strdup_printf("%.40s.kigen", hash);
}

static bool write_all(int fd, GBytes *bytes)
{
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);

  while (size > 0) {
    ssize_t n = write(fd, data, size);

    if (n < 0 && errno != EINTR)
      return false;
    if (n > 0) {
      data += n;
      size -= (gsize)n;
    }
  }
  return true;
}

/* Writes `bytes` to a new file `path`, left open for fsync: several files are synced faster once all are
 * written. */
static bool write_file(const char *path, GBytes *bytes, int *ret_fd, GError **error)
{
  g_unlink(path); /* what a crash left */

  int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return fail("create", path, error);
  if (!write_all(fd, bytes)) {
    fail("write", path, error);
    close(fd);
    g_unlink(path);
    return false;
  }
  *ret_fd = fd;
  return true;
}

/* Makes the names in `folder` durable. */
static bool sync_folder(const char *folder, GError **error)
{
  int fd = g_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return fail("open", folder, error);

  bool synced = fsync(fd) == 0;

  if (!synced)
    fail("sync", folder, error);
  close(fd);
  return synced;
}

/* A mail of a batch. */
typedef struct {
  gpointer tag;
  char *name;
  int fd; /* of what was written to tmp; -1: it is there already */
  bool was_read;
} Entry;

static void entry_clear(gpointer data)
{
  Entry *entry = data;

  if (entry->fd >= 0)
    close(entry->fd);
  g_free(entry->name);
}

/* The names in cur, without their flags (NAME:2,FLAGS): what readers have moved on. */
static GHashTable *list_read(const char *path)
{
  g_autofree char *cur = g_build_filename(path, "cur", NULL);
  g_autoptr(GDir) dir = g_dir_open(cur, 0, NULL);
  GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

  for (const char *entry = dir ? g_dir_read_name(dir) : NULL; entry != NULL; entry = g_dir_read_name(dir))
    g_hash_table_add(names, g_strndup(entry, strcspn(entry, ":")));
  return names;
}

static bool is_among(const GArray *batch, const char *name)
{
  for (guint i = 0; i < batch->len; i++)
    if (strcmp(g_array_index(batch, Entry, i).name, name) == 0)
      return true;
  return false;
}

static bool add_entry(const char *path, const TransportMail *mail, GHashTable *read, GArray *batch,
                      GError **error)
{
  Entry entry = { .tag = mail->tag, .name = file_name(mail->message_id), .fd = -1 };
  g_autofree char *draft = g_build_filename(path, "tmp", entry.name, NULL);

  entry.was_read = g_hash_table_contains(read, entry.name);
  if (entry.was_read || is_among(batch, entry.name) || write_file(draft, mail->bytes, &entry.fd, error)) {
    g_array_append_val(batch, entry);
    return true;
  }
  entry_clear(&entry);
  return false;
}

/* Waits for a mail, and takes what else is there. *ret_more false: the feed has come to its end. */
static bool gather(const char *path, const TransportFeed *feed, GArray *batch, bool *ret_more, GError **error)
{
  g_autoptr(GHashTable) read = NULL;
  TransportMail mail;

  *ret_more = feed->next(feed->data, true, &mail);
  if (!*ret_more)
    return true;
  read = list_read(path);
  do {
    if (!add_entry(path, &mail, read, batch, error))
      return false;
  } while (batch->len < BATCH && feed->next(feed->data, false, &mail));
  return true;
}

/* Syncs what is written of `entry`, and gives it its name. */
static bool keep(const char *path, const Entry *entry, GError **error)
{
  g_autofree char *draft = g_build_filename(path, "tmp", entry->name, NULL);
  g_autofree char *final = g_build_filename(path, "new", entry->name, NULL);

  if (entry->fd < 0)
    return true;
  if (fsync(entry->fd) != 0)
    return fail("write", draft, error);
  return g_rename(draft, final) == 0 || fail("rename to", final, error);
}

static void discard(const char *path, const Entry *entry)
{
  g_autofree char *draft = g_build_filename(path, "tmp", entry->name, NULL);

  if (entry->fd >= 0)
    g_unlink(draft);
}

static void tell(const TransportFeed *feed, const Entry *entry)
{
  g_auto(TransportResult) result = { .outcome = DELIVERY_ACCEPTED };

  result.reply = g_strdup_printf(entry->was_read ? "already in cur/%s" : "new/%s", entry->name);
  feed->done(feed->data, entry->tag, &result);
}

/* Makes the batch durable, then tells of it: all that could be kept. */
static bool settle(const char *path, const TransportFeed *feed, const GArray *batch, GError **error)
{
  g_autofree char *folder = g_build_filename(path, "new", NULL);
  bool kept = true;
  guint n = 0;

  while (n < batch->len && kept) {
    kept = keep(path, &g_array_index(batch, Entry, n), error);
    n += kept;
  }
  for (guint i = n; i < batch->len; i++)
    discard(path, &g_array_index(batch, Entry, i));
  if (n > 0 && !sync_folder(folder, kept ? error : NULL))
    return false;
  for (guint i = 0; i < n; i++)
    tell(feed, &g_array_index(batch, Entry, i));
  return kept;
}

bool maildir_session(const char *path, const TransportFeed *feed, GError **error)
{
  bool more = true;

  while (more) {
    g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GError) problem = NULL;

    g_array_set_clear_func(batch, entry_clear);

    bool gathered = gather(path, feed, batch, &more, &problem);

    if (!settle(path, feed, batch, gathered ? &problem : NULL) || !gathered) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return false;
    }
  }
  return true;
}
