#include "db/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (1024 * 1024)

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
}

#define AUTO_FD __attribute__((cleanup(close_fd))) int

static bool fail(const char *verb, const char *path, GError **error)
{
  static const struct {
    int code;
    DbError error;
  } rows[] = { { EEXIST, DB_ERROR_EXISTS },    { ENOENT, DB_ERROR_MISSING },  { ENOTDIR, DB_ERROR_MISSING },
               { EACCES, DB_ERROR_READ_ONLY }, { EPERM, DB_ERROR_READ_ONLY }, { EROFS, DB_ERROR_READ_ONLY },
               { ENOSPC, DB_ERROR_FULL },      { EDQUOT, DB_ERROR_FULL } };
  int saved = errno;
  DbError kind = DB_ERROR_FAILED;
  g_autofree char *shown = g_filename_display_name(path);

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    kind = rows[i].code == saved ? rows[i].error : kind;
  g_set_error(error, DB_ERROR, kind, "cannot %s %s: %s", verb, shown, g_strerror(saved));
  return false;
}

bool backup_file_make(const char *path, char **ret_made, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(path);
  g_autofree char *made = g_strdup_printf("%s/.%s.XXXXXX", folder, name);
  AUTO_FD fd = mkostemp(made, O_CLOEXEC);

  if (fd < 0)
    return fail("write a file beside", path, error);
  if (fchmod(fd, 0600) != 0) {
    (void)fail("set the mode of", made, error);
    (void)unlink(made);
    return false;
  }
  *ret_made = g_steal_pointer(&made);
  return true;
}

static bool sync_path(const char *path, int flags, GError **error)
{
  AUTO_FD fd = open(path, flags | O_RDONLY | O_CLOEXEC);

  return (fd >= 0 && fsync(fd) == 0) || fail("sync", path, error);
}

/* Without `replace` whoever made a file of that name in the meantime keeps it. */
static bool name_it(const char *made, const char *path, bool replace)
{
  if (replace)
    return rename(made, path) == 0;
  return link(made, path) == 0 && unlink(made) == 0;
}

bool backup_file_publish(const char *made, const char *path, bool replace, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);

  if (!sync_path(made, 0, error))
    return false;
  if (!name_it(made, path, replace))
    return fail("write", path, error);
  return sync_path(folder, O_DIRECTORY, error);
}

bool backup_file_digest(const char *path, char **ret_digest, gint64 *ret_size, GError **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc(BLOCK);
  AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
  gint64 size = 0;
  gssize n = 0;

  while (fd >= 0 && (n = read(fd, block, BLOCK)) > 0) {
    g_checksum_update(checksum, block, n);
    size += n;
  }
  if (fd < 0 || n < 0)
    return fail("read", path, error);
  *ret_digest = g_strdup(g_checksum_get_string(checksum));
  *ret_size = size;
  return true;
}

bool backup_file_is_same(const char *a, const char *b)
{
  struct stat first, second;

  return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}
