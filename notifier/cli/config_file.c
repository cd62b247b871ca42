#include "notifier/cli/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void config_file_clear(ConfigFile *file)
{
  if (file->text != NULL)
    g_string_free(file->text, TRUE);
}

/* Appends all that `fd` has. Returns errno. */
static int read_all(int fd, GString *text)
{
  char buffer[4096];
  gssize n;

  while ((n = read(fd, buffer, sizeof buffer)) > 0)
    g_string_append_len(text, buffer, n);
  return n < 0 ? errno : 0;
}

int config_file_read(const char *path, ConfigFile *ret_file)
{
  g_auto(ConfigFile) file = { .text = g_string_new(NULL) };
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;

  if (fd < 0)
    return errno;

  int code = fstat(fd, &info) == 0 ? read_all(fd, file.text) : errno;

  close(fd);
  if (code != 0)
    return code;
  file.owner = info.st_uid;
  file.mode = info.st_mode;
  *ret_file = file;
  file.text = NULL;
  return 0;
}
