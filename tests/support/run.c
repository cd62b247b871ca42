#include "tests/support/run.h"

#include <stdlib.h>

int run_suite(Suite *suite)
{
  SRunner *runner = srunner_create(suite);

  srunner_set_tap(runner, "-");
  srunner_run_all(runner, CK_SILENT);

  int failed = srunner_ntests_failed(runner);

  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const char *source_root(void)
{
  const char *root = g_getenv("KIGEN_SOURCE_ROOT");

  return root != NULL ? root : ".";
}

char *run_source_path(const char *relative)
{
  return g_build_filename(source_root(), relative, NULL);
}

char *run_shared_path(const char *relative)
{
  g_autofree char *path = g_build_filename(source_root(), "..", "shared", relative, NULL);

  return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}
