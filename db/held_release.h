#ifndef KIGEN_DB_HELD_RELEASE_H
#define KIGEN_DB_HELD_RELEASE_H

/* Reads one release with every plan that was ever published for it. Only held_store.c and held_plans.c use
 * this. */

#include "db/db.h"
#include "db/held_set.h"

/* SQL, true of the support_plan `p` (an alias) once it was published. */
#define HELD_RELEASE_PUBLISHED_SQL(p) p ".state IN ('published', 'superseded', 'withdrawn')"

/* Release `id` with its plans for every market and for `country` ("*": for every market alone), as they
 * concerned who is there in turn (db/held_market.h). The caller has the one reference. Errors: DB_ERROR;
 * DB_ERROR_CORRUPT where there is no such release. */
bool held_release_load(Db *db, gint64 id, const char *country, HeldRelease **ret_release, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
