#ifndef KIGEN_DB_HELD_SITE_H
#define KIGEN_DB_HELD_SITE_H

/* The organizations of which a set is made: the one it is for, and all below it. Only held_store.c and its
 * modules use this. */

#include "db/db.h"

typedef struct {
  gint64 id;
  char *name_ja, *name_en; /* the latter may be NULL */
  char *language;
  char *country;
  char *role; /* of the holdings by which it is concerned (db/held_role.h); NULL: by none */
} HeldSite;

/* `organization` (row id) first, then those below it (parent; a circle ends where it closes); empty: there is
 * no such organization. GPtrArray of HeldSite with free function. Errors: DB_ERROR. */
bool held_site_load(Db *db, gint64 organization, GPtrArray **ret_sites, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
