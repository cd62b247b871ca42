#ifndef KIGEN_DB_HELD_BESIDES_H
#define KIGEN_DB_HELD_BESIDES_H

/* What there is to know of holdings besides themselves: their extensions, and with which other releases their
 * units are made. Only held_store.c uses this. */

#include "db/db.h"
#include "db/held_set.h"

/* Fills that in for the holdings of `set`, which are all there: two queries. Errors: DB_ERROR. */
bool held_besides_load(Db *db, HeldSet *set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
