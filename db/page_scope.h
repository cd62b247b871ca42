#ifndef KIGEN_DB_PAGE_SCOPE_H
#define KIGEN_DB_PAGE_SCOPE_H

/* For whom a page speaks: the organizations that it shows and the sites below them; and what of theirs its
 * forms can be about. What is not among it does not exist for who has the page's address. Reads only. */

#include "db/page_store.h"
#include "planner/day.h"

typedef struct {
  gint64 id;               /* row id */
  char *name_ja, *name_en; /* the latter may be NULL */
} PageScopeOrganization;

/* GPtrArray of PageScopeOrganization with free function, by code; each once. Errors: DB_ERROR. */
bool page_scope_load(Db *db, const PageRow *page, GPtrArray **ret_organizations, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The one with row id `id`, or NULL. */
const PageScopeOrganization *page_scope_find(const GPtrArray *organizations, gint64 id);

/* Something that the organization uses: a release with all that it has of it, or one device. Strings may be
 * NULL but for product and release. */
typedef struct {
  gint64 release, device; /* row ids; device 0: all of the release */
  gint64 units;
  char *product_ja, *product_en, *release_name;
  char *serial, *asset_no, *department; /* of a device; of a lot its number */
} PageScopeUnit;

/* What `organization` uses: each release, then its devices. GPtrArray of PageScopeUnit with free function; at
 * most `max` devices. Errors: DB_ERROR. */
bool page_scope_units(Db *db, gint64 organization, guint max, GPtrArray **ret_units, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* One of its contacts, in service on `today`. Department and title may be NULL. */
typedef struct {
  gint64 id;
  char *name, *department, *title;
} PageScopeContact;

/* GPtrArray of PageScopeContact with free function, in their order. Errors: DB_ERROR. */
bool page_scope_contacts(Db *db, gint64 organization, Day today, GPtrArray **ret_contacts, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
