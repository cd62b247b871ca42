#include "db/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define KEY_TEXT_SIZE (2 * KEY_FILE_SIZE + 1) /* hexadecimal and a newline */

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
}

#define AUTO_FD __attribute__((cleanup(close_fd))) int

static bool fail(const KeyFileKind *kind, const char *verb, const char *path, GError **error)
{
  int saved = errno;

  g_set_error(error, kind->domain(), KEY_FILE_ERROR_FAILED, "%s: cannot %s the %s: %s", path, verb,
              kind->noun, g_strerror(saved));
  return false;
}

static bool write_key(const KeyFileKind *kind, int fd, const char *path, GError **error)
{
  guint8 key[KEY_FILE_SIZE];
  char text[KEY_TEXT_SIZE + 1];

  randombytes_buf(key, sizeof key);
  sodium_bin2hex(text, sizeof text, key, sizeof key);
  text[KEY_TEXT_SIZE - 1] = '\n';
  errno = ENOSPC; /* a short write sets none */

  bool written = fchmod(fd, 0600) == 0 && write(fd, text, KEY_TEXT_SIZE) == KEY_TEXT_SIZE && fsync(fd) == 0;

  sodium_memzero(key, sizeof key);
  sodium_memzero(text, sizeof text);
  return written || fail(kind, "write", path, error);
}

static bool sync_folder(const KeyFileKind *kind, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  AUTO_FD fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return (fd >= 0 && fsync(fd) == 0) || fail(kind, "sync the folder of", path, error);
}

bool key_file_create(const KeyFileKind *kind, const char *path, GError **error)
{
  g_return_val_if_fail(sodium_init() >= 0, false);

  AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0 && errno == EEXIST) {
    g_set_error(error, kind->domain(), KEY_FILE_ERROR_EXISTS, "%s exists already: %s; move it away first",
                path, kind->exists);
    return false;
  }
  if (fd < 0)
    return fail(kind, "make", path, error);
  if (!write_key(kind, fd, path, error) || !sync_folder(kind, path, error)) {
    g_unlink(path);
    return false;
  }
  return true;
}

static bool check_access(const KeyFileKind *kind, int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat(fd, &info) < 0)
    return fail(kind, "look at", path, error);
  if (!S_ISREG(info.st_mode)) {
    g_set_error(error, kind->domain(), KEY_FILE_ERROR_FORM, "%s is not a regular file: no %s", path,
                kind->noun);
    return false;
  }
  if ((info.st_mode & 077) != 0) {
    g_set_error(error, kind->domain(), KEY_FILE_ERROR_OPEN,
                "%s has mode %04o: others than its owner can %s; run `chmod 600 %s`", path,
                (unsigned)(info.st_mode & 07777), kind->open, path);
    return false;
  }
  return true;
}

static bool read_key(const KeyFileKind *kind, int fd, const char *path, guint8 ret_key[static KEY_FILE_SIZE],
                     GError **error)
{
  char text[KEY_TEXT_SIZE + 2]; /* one more than a key file has, to notice a longer one */
  gsize size = 0;
  const char *end = NULL;
  gssize n = read(fd, text, sizeof text - 1);

  if (n < 0)
    return fail(kind, "read", path, error);
  text[n] = '\0';

  bool good = (n == KEY_TEXT_SIZE || n == KEY_TEXT_SIZE - 1) &&
              sodium_hex2bin(ret_key, KEY_FILE_SIZE, text, 2 * KEY_FILE_SIZE, NULL, &size, &end) == 0 &&
              size == KEY_FILE_SIZE && end == text + 2 * KEY_FILE_SIZE &&
              (n < KEY_TEXT_SIZE || text[2 * KEY_FILE_SIZE] == '\n');

  sodium_memzero(text, sizeof text);
  if (!good)
    g_set_error(error, kind->domain(), KEY_FILE_ERROR_FORM,
                "%s holds no %s (64 hexadecimal digits): restore it from your backup", path, kind->noun);
  return good;
}

bool key_file_load(const KeyFileKind *kind, const char *path, guint8 ret_key[static KEY_FILE_SIZE],
                   GError **error)
{
  g_return_val_if_fail(sodium_init() >= 0, false);

  /* O_NONBLOCK: a FIFO in its place must not hang us; it is refused a line further down. */
  AUTO_FD fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT) {
    g_set_error(error, kind->domain(), KEY_FILE_ERROR_MISSING, "%s: no such file: %s", path, kind->missing);
    return false;
  }
  if (fd < 0)
    return fail(kind, "open", path, error);
  return check_access(kind, fd, path, error) && read_key(kind, fd, path, ret_key, error);
}
