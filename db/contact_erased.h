#ifndef KIGEN_DB_CONTACT_ERASED_H
#define KIGEN_DB_CONTACT_ERASED_H

/* How people who were erased are known again, so that a file that still names them does not bring them back
 * unnoticed. The store keeps a keyed digest of organization and name; the key is that of links
 * (db/link_key.h), which is not in the store: who has the store alone cannot even try names. */

#include "db/db.h"
#include "db/link_key.h"
#include "planner/day.h"

/* What an erased contact is called, before its id; no contact may be imported by such a name. */
#define CONTACT_ERASED_PREFIX "erased-"

/* True for a name that only erased contacts have. */
bool contact_erased_is_name(const char *name);

/* What the store keeps of the contact `name` of `organization` (row id); blanks and widths in a name make no
 * difference. */
void contact_erased_digest(const LinkKey *key, gint64 organization, const char *name,
                           guint8 ret_digest[static LINK_KEY_TOKEN_HASH_SIZE]);

typedef struct ContactErasedNames ContactErasedNames;

void contact_erased_names_free(ContactErasedNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactErasedNames, contact_erased_names_free)

/* How many erased people the store could know again with its key. */
bool contact_erased_count(Db *db, gint64 *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of them. `key` stays the caller's, and valid as long as the names. */
bool contact_erased_names_load(Db *db, const LinkKey *key, ContactErasedNames **ret_names, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The day on which the contact `name` of `organization` (row id) was erased, the last one where there are
 * several; DAY_NONE: none was. */
Day contact_erased_names_find(const ContactErasedNames *names, gint64 organization, const char *name);

/* People who are erased in `now` and there in `older`, a backup of the same store: GPtrArray of own strings
 * "ORGANIZATION NAME", by their ids. */
bool contact_erased_returning(Db *now, Db *older, GPtrArray **ret_people, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
