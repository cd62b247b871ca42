#ifndef KIGEN_DB_LOCK_H
#define KIGEN_DB_LOCK_H

/* The write lock: an exclusive flock on `<store>.lock`, taken around every write transaction and every
 * checkpoint, because SQLite 3.7.0 to 3.51.2 can lose a commit that races a checkpoint on another connection.
 * Each connection has its own descriptor (O_CLOEXEC), so that two connections of one process exclude each
 * other too. flock is not fair: hold it briefly. Only db.c uses this. */

#include <glib.h>
#include <signal.h>
#include <stdbool.h>

typedef struct Lock Lock;

/* The lock of the store at `store_path` (absolute). Touches nothing yet. */
Lock *lock_new(const char *store_path);
/* Gives the lock back and forgets it. The lock file stays: removing it would let two writers in. */
void lock_free(Lock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lock, lock_free)

/* Takes the lock, waiting up to `timeout` milliseconds; `interrupt` (may be NULL) ends the wait when it is
 * not 0. Errors: DB_ERROR_BUSY (names the file and the remedy), DB_ERROR_INTERRUPTED, DB_ERROR_READ_ONLY,
 * DB_ERROR_FULL, DB_ERROR_FAILED. */
bool lock_acquire(Lock *lock, int timeout, const volatile sig_atomic_t *interrupt, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Gives it back; nothing when it is not held. */
void lock_release(Lock *lock);

/* The file's path, owned by `lock`. */
const char *lock_path(const Lock *lock);

/* Waits, without holding it, for as long as whoever waits for it looks away: they have it first. */
void lock_give_way(void);

#endif
