#ifndef KIGEN_DB_CHANGE_SET_H
#define KIGEN_DB_CHANGE_SET_H

/* The change counters, seen by who keeps what was made from the store: a calendar of one hospital need not be
 * made anew when a plan changes that none of its devices has. Beside the counters that concern everything
 * (change_bump, db/setting_store.h) there is one for each release, organization and feed that changed by
 * itself, under the scope "release/12". No counter ever falls; a restore raises what concerns everything
 * above all that was. */

#include "db/db.h"

typedef enum { CHANGE_RELEASE, CHANGE_ORGANIZATION, CHANGE_FEED, CHANGE_KIND_COUNT } ChangeKind;

/* One row that something was made from. */
typedef struct {
  ChangeKind kind;
  gint64 id;
} ChangeScope;

/* Moves the counter of row `id`, inside the open write transaction. Errors: DB_ERROR. */
bool change_set_bump(Db *db, ChangeKind kind, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct ChangeSet ChangeSet;

/* All counters as they are now. */
bool change_set_load(Db *db, ChangeSet **ret_set, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void change_set_free(ChangeSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeSet, change_set_free)

/* The sum of all counters: it moves with every change. */
gint64 change_set_total(const ChangeSet *set);

/* The sum of the counters that concern everything and of those of `scopes` (n): what was made from these rows
 * at this sum or a greater one is as the counters of `set` know it. */
gint64 change_set_sum(const ChangeSet *set, const ChangeScope *scopes, gsize n);

#endif
