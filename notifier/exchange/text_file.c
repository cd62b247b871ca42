#include "notifier/exchange/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (64 * 1024)

struct TextFile {
  char *path;
  int fd;
  gint64 size;
  struct timespec modified;
};

static bool fail(const char *path, int code, GError **error)
{
  const char *remedy = code == ENOENT   ? "; check the name and the folder"
                       : code == EACCES ? "; ask for the right to read it"
                                        : "";

  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE, "%s: cannot be read: %s%s", path, g_strerror(code),
              remedy);
  return false;
}

/* Copies `from` to the end into `to`; 0, or errno. */
static int copy(int from, int to)
{
  g_autofree char *buffer = g_malloc(BUFFER_SIZE);

  for (;;) {
    ssize_t n = read(from, buffer, BUFFER_SIZE);

    if (n == 0)
      return 0;
    if (n < 0 && errno != EINTR)
      return errno;
    for (ssize_t written = 0; n > written;) {
      ssize_t m = write(to, buffer + written, (gsize)(n - written));

      if (m < 0 && errno != EINTR)
        return errno;
      written += MAX(m, 0);
    }
  }
}

static bool spool(TextFile *file, GError **error)
{
  g_autofree char *name = NULL;
  int fd = g_file_open_tmp("kigen-import-XXXXXX", &name, error);

  if (fd < 0) {
    g_prefix_error(error, "%s: cannot be copied to read it twice: ", file->path);
    return false;
  }
  g_unlink(name);

  int code = copy(file->fd, fd);

  close(file->fd);
  file->fd = fd;
  return code == 0 || fail(file->path, code, error);
}

bool text_file_open(const char *path, TextFile **ret_file, GError **error)
{
  g_autoptr(TextFile) file = g_new0(TextFile, 1);
  struct stat st;

  file->path = g_strdup(path);
  file->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (file->fd < 0 || fstat(file->fd, &st) != 0)
    return fail(path, errno, error);
  if (S_ISDIR(st.st_mode)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE, "%s: is a directory; name the CSV file in it", path);
    return false;
  }
  if (!S_ISREG(st.st_mode) && !spool(file, error))
    return false;
  if (fstat(file->fd, &st) != 0)
    return fail(path, errno, error);
  file->size = st.st_size;
  file->modified = st.st_mtim;
  *ret_file = g_steal_pointer(&file);
  return true;
}

void text_file_free(TextFile *file)
{
  if (file == NULL)
    return;
  if (file->fd >= 0)
    close(file->fd);
  g_free(file->path);
  g_free(file);
}

const char *text_file_path(const TextFile *file)
{
  return file->path;
}

gint64 text_file_size(const TextFile *file)
{
  return file->size;
}

bool text_file_read(TextFile *file, gint64 offset, char *buffer, gsize size, gsize *ret_size, GError **error)
{
  gsize used = 0;

  while (used < size) {
    ssize_t n = pread(file->fd, buffer + used, size - used, offset + (gint64)used);

    if (n == 0)
      break;
    if (n < 0 && errno != EINTR)
      return fail(file->path, errno, error);
    used += (gsize)MAX(n, 0);
  }
  *ret_size = used;
  return true;
}

bool text_file_check_unchanged(TextFile *file, GError **error)
{
  struct stat st;

  if (fstat(file->fd, &st) != 0)
    return fail(file->path, errno, error);
  if (st.st_size == file->size && st.st_mtim.tv_sec == file->modified.tv_sec &&
      st.st_mtim.tv_nsec == file->modified.tv_nsec)
    return true;
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE,
              "%s: changed while it was read; import it again when it is complete", file->path);
  return false;
}

typedef struct {
  guint line;
  guint column;
  char before;
  bool trail; /* the byte before was a CP932 lead byte */
} Place;

static void place_step(Place *place, char byte, bool cp932)
{
  guchar c = (guchar)byte;
  bool second = cp932 ? place->trail : (c & 0xC0) == 0x80;

  place->trail = cp932 && !second && ((c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC));
  if (c == '\r' || (c == '\n' && place->before != '\r')) {
    place->line++;
    place->column = 1;
  } else if (c != '\n' && !second) {
    place->column++;
  }
  place->before = byte;
}

void text_file_locate(TextFile *file, gint64 offset, bool cp932, guint *ret_line, guint *ret_column)
{
  g_autofree char *buffer = g_malloc(BUFFER_SIZE);
  Place place = { .line = 1, .column = 1 };
  gsize n = 1;

  for (gint64 at = 0; at < offset && n > 0; at += (gint64)n) {
    if (!text_file_read(file, at, buffer, (gsize)MIN(BUFFER_SIZE, offset - at), &n, NULL))
      break;
    for (gsize i = 0; i < n; i++)
      place_step(&place, buffer[i], cp932);
  }
  *ret_line = place.line;
  *ret_column = place.column;
}
