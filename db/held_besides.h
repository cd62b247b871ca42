#ifndef KIGEN_DB_HELD_BESIDES_H
#define KIGEN_DB_HELD_BESIDES_H

/* What there is to know of holdings besides themselves: their extensions, and with which other releases their
 * units are made. Only held_store.c uses this. */

#include "db/db.h"
#include "db/held_set.h"
#include "db/held_site.h"

/* Fills that in for the holdings of `set`, which is arranged; `sites` (HeldSite) are those that hold them.
 * Errors: DB_ERROR. */
bool held_besides_load(Db *db, const GPtrArray *sites, HeldSet *set, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
