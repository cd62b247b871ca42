#include "notifier/mail/mailbox.h"

#include "notifier/mail/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

static bool fail(const char *what, const char *path, GError **error)
{
  int code = errno;

  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
              g_strerror(code));
  return false;
}

bool mailbox_is_maildir(const char *path)
{
  g_autofree char *folder = g_build_filename(path, "new", NULL);

  return g_file_test(folder, G_FILE_TEST_IS_DIR);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool mailbox_list(const char *path, GPtrArray **ret_names, GError **error)
{
  g_autofree char *folder = g_build_filename(path, "new", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
  GPtrArray *names = NULL;
  const char *name;

  if (dir == NULL)
    return false;
  names = g_ptr_array_new_with_free_func(g_free);
  while ((name = g_dir_read_name(dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  *ret_names = names;
  return true;
}

static bool read_descriptor(int fd, const char *shown, gsize max, GByteArray **ret_bytes, GError **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  g_autofree guint8 *piece = g_malloc(PIECE);

  for (;;) {
    ssize_t n = read(fd, piece, PIECE);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail("read", shown, error);
    if (n == 0 || bytes->len + (gsize)n > max) {
      *ret_bytes = n == 0 ? g_steal_pointer(&bytes) : NULL;
      return true;
    }
    g_byte_array_append(bytes, piece, (guint)n);
  }
}

bool mailbox_read(const char *folder, const char *name, gsize max, GByteArray **ret_bytes, GError **error)
{
  g_autofree char *path = folder != NULL ? g_build_filename(folder, "new", name, NULL) : g_strdup(name);
  bool done;
  int fd;

  if (strcmp(path, "-") == 0)
    return read_descriptor(STDIN_FILENO, "standard input", max, ret_bytes, error);
  fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    return fail("open", path, error);
  done = read_descriptor(fd, path, max, ret_bytes, error);
  close(fd);
  return done;
}

bool mailbox_done(const char *path, const char *name, GError **error)
{
  const char *colon = strrchr(name, ':');
  g_autofree char *base = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : g_strdup(name);
  g_autofree char *seen = g_strconcat(base, ":2,S", NULL);
  g_autofree char *folder = g_build_filename(path, "cur", NULL);
  g_autofree char *from = g_build_filename(path, "new", name, NULL);
  g_autofree char *to = g_build_filename(folder, seen, NULL);

  if (g_mkdir_with_parents(folder, 0700) != 0)
    return fail("make", folder, error);
  return g_rename(from, to) == 0 || fail("move to cur", from, error);
}

/* So that the file's name is there after a crash too. */
static bool sync_folder(const char *path, GError **error)
{
  int fd = g_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  bool done = fd >= 0 && fsync(fd) == 0;

  if (!done)
    fail("sync", path, error);
  if (fd >= 0)
    close(fd);
  return done;
}

bool mailbox_keep(const char *path, const GByteArray *bytes, GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
  g_autofree char *name = g_strdup_printf("%.40s.kigen", digest);
  g_autofree char *written = g_build_filename(path, "tmp", name, NULL);
  g_autofree char *folder = g_build_filename(path, "new", NULL);
  g_autofree char *kept = g_build_filename(folder, name, NULL);

  if (!maildir_make(path, error) ||
      !g_file_set_contents_full(written, (const char *)bytes->data, (gssize)bytes->len,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return false;
  return (g_rename(written, kept) == 0 || fail("move to new", written, error)) && sync_folder(folder, error);
}
