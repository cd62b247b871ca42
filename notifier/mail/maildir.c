#include "notifier/mail/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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

/* True when a reader has moved the mail `name` on: cur/NAME:2,FLAGS. */
static bool was_read(const char *path, const char *name)
{
  g_autofree char *cur = g_build_filename(path, "cur", NULL);
  g_autofree char *prefix = g_strconcat(name, ":", NULL);
  g_autoptr(GDir) dir = g_dir_open(cur, 0, NULL);

  for (const char *entry = dir ? g_dir_read_name(dir) : NULL; entry != NULL; entry = g_dir_read_name(dir))
    if (g_str_has_prefix(entry, prefix) || strcmp(entry, name) == 0)
      return true;
  return false;
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

/* Writes `bytes` to a new file `path`, down to the disk. */
static bool write_file(const char *path, GBytes *bytes, GError **error)
{
  g_unlink(path); /* what a crash left */

  int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return fail("create", path, error);
  if (!write_all(fd, bytes) || fsync(fd) != 0) {
    fail("write", path, error);
    close(fd);
    g_unlink(path);
    return false;
  }
  return close(fd) == 0 || fail("close", path, error);
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

bool maildir_deliver(const char *path, const TransportMail *mail, TransportResult *ret_result, GError **error)
{
  g_autofree char *name = file_name(mail->message_id);
  g_autofree char *draft = g_build_filename(path, "tmp", name, NULL);
  g_autofree char *folder = g_build_filename(path, "new", NULL);
  g_autofree char *final = g_build_filename(folder, name, NULL);

  if (was_read(path, name)) {
    *ret_result = (TransportResult){ .outcome = DELIVERY_ACCEPTED,
                                     .reply = g_strdup_printf("already in cur/%s", name) };
    return true;
  }
  if (!write_file(draft, mail->bytes, error))
    return false;
  if (g_rename(draft, final) != 0)
    return fail("rename to", final, error);
  if (!sync_folder(folder, error))
    return false;
  *ret_result = (TransportResult){ .outcome = DELIVERY_ACCEPTED, .reply = g_strdup_printf("new/%s", name) };
  return true;
}
