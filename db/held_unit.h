#ifndef KIGEN_DB_HELD_UNIT_H
#define KIGEN_DB_HELD_UNIT_H

/* The single units behind an organization's holdings, and when each of them ends: by its hardware, by its
 * software, and by every extension. For who shows them one by one (the organization's page); counts and feeds
 * read holdings. */

#include "db/db.h"
#include "db/held_end.h"

/* One installed unit, or lot. Texts may be NULL, but for product, its name and model. */
typedef struct {
  gint64 id;
  char *product, *product_name_ja, *product_name_en; /* code and names */
  char *model;                                       /* hardware release */
  char *software;                                    /* software release */
  gint64 hardware_release, software_release;         /* row ids; the latter 0: none */
  char *serial, *lot, *udi;
  gint64 quantity;
  char *department, *location, *asset_no;
  char *status;             /* "in-use", "spare", "isolated", "unknown" */
  Day installed_on;         /* DAY_NONE: unknown */
  Day contract_until;       /* DAY_NONE: unknown */
  const HeldRevision *plan; /* of the hardware, in force; belongs to the set; NULL: none */
  EffectiveEnd end;
} HeldUnit;

void held_unit_free(HeldUnit *unit);

/* What the organization with row id `organization` has on `today` in the role by which it is concerned
 * (db/held_role.h) and is not gone: at most `max` units, by product, department, serial and lot; *ret_more:
 * how many rows besides. Ends are those of `set`, which holds the organization's holdings. GPtrArray of
 * HeldUnit with free function. Inside a read transaction. Errors: DB_ERROR. */
bool held_unit_load(Db *db, const HeldSet *set, gint64 organization, Day today, guint max,
                    GPtrArray **ret_units, gint64 *ret_more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
