#include "db/lock.h"

#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_PAUSE 1000 /* microseconds */
#define LONGEST_PAUSE 20000

struct Lock {
  char *store;
  char *path;
  int descriptor; /* -1: not open */
  bool held;
};

Lock *lock_new(const char *store_path)
{
  Lock *lock = g_new0(Lock, 1);

  lock->store = g_strdup(store_path);
  lock->path = g_strconcat(store_path, ".lock", NULL);
  lock->descriptor = -1;
  return lock;
}

static void close_descriptor(Lock *lock)
{
  if (lock->descriptor >= 0) {
    close(lock->descriptor);
  }
  lock->descriptor = -1;
  lock->held = false;
}

void lock_free(Lock *lock)
{
  if (lock == NULL) {
    return;
  }
  close_descriptor(lock);
  g_free(lock->store);
  g_free(lock->path);
  g_free(lock);
}

const char *lock_path(const Lock *lock)
{
  return lock->path;
}

static bool fail(const Lock *lock, const char *what, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name(lock->path);
  DbError kind = code == EACCES || code == EROFS || code == EPERM ? DB_ERROR_READ_ONLY
                 : code == ENOSPC || code == EDQUOT               ? DB_ERROR_FULL
                                                                  : DB_ERROR_FAILED;

  g_set_error(error, DB_ERROR, kind,
              "cannot %s the write lock %s: %s; kigen must be able to write beside the store", what, shown,
              g_strerror(code));
  return false;
}

/* Whoever may write the store must be able to open the lock: it gets the store's mode, whatever the umask. */
static bool open_descriptor(Lock *lock, GError **error)
{
  struct stat store;
  int descriptor = open(lock->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (descriptor < 0 && errno == ENOENT) {
    descriptor = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor >= 0 && stat(lock->store, &store) == 0 && fchmod(descriptor, store.st_mode & 0666) != 0) {
      int code = errno;

      close(descriptor);
      return fail(lock, "prepare", code, error);
    }
  }
  if (descriptor < 0) {
    return fail(lock, "open", errno, error);
  }
  lock->descriptor = descriptor;
  return true;
}

/* False when somebody removed or replaced the lock file since we opened it: others then lock another inode.
 */
static bool is_current(const Lock *lock)
{
  struct stat ours, named;

  return fstat(lock->descriptor, &ours) == 0 && stat(lock->path, &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static bool try_acquire(Lock *lock, bool *ret_held, GError **error)
{
  if (lock->descriptor < 0 && !open_descriptor(lock, error)) {
    return false;
  }
  if (flock(lock->descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(lock, "take", errno, error);
    }
    *ret_held = false;
    return true;
  }
  *ret_held = is_current(lock);
  if (!*ret_held) {
    close_descriptor(lock);
  }
  return true;
}

static bool fail_busy(const Lock *lock, int timeout, GError **error)
{
  g_autofree char *shown = g_filename_display_name(lock->path);

  g_set_error(
      error, DB_ERROR, DB_ERROR_BUSY,
      "another program is writing to the store: its lock %s was held for more than %.1f s; wait until that "
      "program has finished, or find it with 'fuser -v %s' and stop it, then try again",
      shown, timeout / 1000.0, shown);
  return false;
}

bool lock_acquire(Lock *lock, int timeout, const volatile sig_atomic_t *interrupt, GError **error)
{
  gint64 deadline = g_get_monotonic_time() + (gint64)timeout * 1000;
  gulong pause = FIRST_PAUSE;

  g_assert(!lock->held);
  while (true) {
    bool held;

    if (!try_acquire(lock, &held, error)) {
      return false;
    }
    if (held) {
      lock->held = true;
      return true;
    }
    if (interrupt != NULL && *interrupt != 0) {
      g_set_error_literal(error, DB_ERROR, DB_ERROR_INTERRUPTED, "interrupted: nothing was changed");
      return false;
    }
    if (g_get_monotonic_time() >= deadline) {
      return fail_busy(lock, timeout, error);
    }
    g_usleep(pause);
    pause = MIN(pause * 2, LONGEST_PAUSE);
  }
}

void lock_release(Lock *lock)
{
  if (lock->held) {
    (void)flock(lock->descriptor, LOCK_UN);
  }
  lock->held = false;
}

void lock_give_way(void)
{
  g_usleep(LONGEST_PAUSE + FIRST_PAUSE);
}
