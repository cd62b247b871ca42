#include "notifier/cli/dossier_work.h"

#include "notifier/cli/cli.h"
#include "notifier/mail/dossier_files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".kigen-dossier-"
#define TRIES_MAX 100 /* each but the last lost to somebody who was just tidying up */

static bool fail(const char *path, GError **error)
{
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", path, g_strerror(errno));
  return false;
}

/* The lock of `folder` as a descriptor; -1 where somebody has it, or it is no folder of ours. */
static int lock_folder(const char *folder)
{
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

/* Made by this user, and filled by nobody else: anybody can make a folder of that name in /tmp. */
static bool is_own(int folder)
{
  struct stat status;

  return fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static void remove_left(const char *folder)
{
  int lock = lock_folder(folder);

  if (lock < 0)
    return;
  if (is_own(lock)) {
    dossier_files_remove(lock);
    if (g_rmdir(folder) == 0)
      cli_warn("removed what an interrupted run had left: %s", folder);
  }
  close(lock);
}

static void remove_all_left(const char *beside)
{
  g_autoptr(GDir) dir = g_dir_open(beside, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *folder = g_build_filename(beside, name, NULL);

    if (g_str_has_prefix(name, PREFIX))
      remove_left(folder);
  }
}

/* True when `folder`, just made, is ours and still there: before it is locked somebody may take it for left.
 */
static bool take(const char *folder, int *ret_lock)
{
  int lock = lock_folder(folder);
  struct stat status;

  if (lock < 0)
    return false;
  if (fstat(lock, &status) == 0 && status.st_nlink > 0) {
    *ret_lock = lock;
    return true;
  }
  close(lock);
  return false;
}

void dossier_work_clear(DossierWork *work)
{
  if (work->folder != NULL) {
    dossier_files_remove(work->lock);
    (void)g_rmdir(work->folder);
  }
  g_clear_pointer(&work->folder, g_free);
  if (work->lock > 0)
    close(work->lock);
  work->lock = 0;
}

bool dossier_work_make(const char *path, DossierWork *ret_work, GError **error)
{
  g_autofree char *absolute = path != NULL ? g_canonicalize_filename(path, NULL) : NULL;
  g_autofree char *beside = absolute != NULL ? g_path_get_dirname(absolute) : g_strdup(g_get_tmp_dir());

  remove_all_left(beside);
  for (int i = 0; i < TRIES_MAX; i++) {
    g_autofree char *folder = g_build_filename(beside, PREFIX "XXXXXX", NULL);

    if (g_mkdtemp(folder) == NULL)
      return fail(folder, error);
    if (take(folder, &ret_work->lock)) {
      ret_work->folder = g_steal_pointer(&folder);
      return true;
    }
  }
  errno = EAGAIN;
  return fail(beside, error);
}
