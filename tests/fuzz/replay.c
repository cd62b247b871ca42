/* Stands in for libFuzzer in the normal test run: feeds every file of the folders given to the fuzz target.
 */

#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
  g_autofree char *data = NULL;
  gsize size;
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents(path, &data, &size, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  printf("%s\n", path);
  fflush(stdout); /* the last line names the file that crashes */
  return LLVMFuzzerTestOneInput((const uint8_t *)data, size);
}

static int replay_folder(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *entry;
  int files = 0;

  while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, entry, NULL);

    if (replay_file(path) != EXIT_SUCCESS)
      return EXIT_FAILURE;
    files++;
  }
  if (files == 0)
    fprintf(stderr, "%s: no file to replay\n", folder);
  return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
  int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

  for (int i = 1; i < argc && status == EXIT_SUCCESS; i++)
    status = replay_folder(argv[i]);
  return status;
}
