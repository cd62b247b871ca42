#include "tests/support/run.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
  return remove(path);
}

int run_suite(Suite *suite)
{
  /* Whatever the tests leave behind, those killed on purpose too, lies in one folder that goes at the end.
   * Not by g_dir_make_tmp: that would fix g_get_tmp_dir() for good before TMPDIR says where. 0755: some tests
   * go on as another user. */
  const char *parent = g_getenv("TMPDIR");
  char *folder =
      g_mkdtemp_full(g_build_filename(parent != NULL ? parent : "/tmp", "kigen-test-XXXXXX", NULL), 0755);
  SRunner *runner = srunner_create(suite);

  g_setenv("TMPDIR", folder, TRUE);
  srunner_set_tap(runner, "-");
  srunner_run_all(runner, CK_SILENT);

  int failed = srunner_ntests_failed(runner);

  srunner_free(runner);
  nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
  g_free(folder);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int run_suite_with(Suite *suite, const char *program, const char *package)
{
  const char *strict = g_getenv("KIGEN_TEST_STRICT");

  if (g_file_test(program, G_FILE_TEST_IS_EXECUTABLE))
    return run_suite(suite);
  srunner_free(srunner_create(suite));
  if (strict != NULL && strict[0] != '\0') {
    printf("1..1\nnot ok 1 - %s is not installed (Debian package %s)\n", program, package);
    return EXIT_FAILURE;
  }
  printf("1..0 # SKIP %s is not installed (Debian package %s)\n", program, package);
  return EXIT_SUCCESS;
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
