#ifndef KIGEN_DB_HELD_PLANS_H
#define KIGEN_DB_HELD_PLANS_H

/* Releases with their plans, remembered from one organization to the next: ten thousand hospitals hold the
 * same few. Nothing is remembered longer than it is so: from one transaction to the next, over a write, or
 * outside a transaction all is read again. One thread's. */

#include "db/db.h"
#include "db/held_set.h"

typedef struct HeldPlans HeldPlans;

HeldPlans *held_plans_new(void);
/* Sets that were made with them stay as they are. */
void held_plans_free(HeldPlans *plans);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeldPlans, held_plans_free)

/* Before the first held_plans_find of a set: forgets what `db` may have otherwise by now, and everything when
 * it became too much. Only held_store.c calls these two. */
void held_plans_look(HeldPlans *plans, Db *db);

/* Release `id` as it is for `country` (held_release_load), the same object for the same two until the next
 * look; belongs to `plans`. Errors: as held_release_load's. */
bool held_plans_find(HeldPlans *plans, Db *db, gint64 id, const char *country,
                     const HeldRelease **ret_release, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
