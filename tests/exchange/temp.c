#include "tests/exchange/temp.h"

char *temp_write(const char *name, const char *bytes, gssize size)
{
  char *path = scratch_path(name);

  ck_assert_msg(g_file_set_contents(path, bytes, size, NULL), "cannot write %s", path);
  return path;
}
