#ifndef KIGEN_DB_DECISION_STORE_H
#define KIGEN_DB_DECISION_STORE_H

/* What customers decided about what reaches its end: for one device, or for all that they have of a release.
 * The last one of a scope counts, a device's own before that of all; those before stay. */

#include "db/audit.h"
#include "planner/decision.h"

#define DECISION_STORE_ERROR (decision_store_error_quark())
typedef enum {
  DECISION_STORE_ERROR_HELD /* the organization does not use that device, or that release (any more) */
} DecisionStoreError;
GQuark decision_store_error_quark(void);

/* One to keep. */
typedef struct {
  gint64 organization, release; /* row ids */
  gint64 device;                /* row id; 0: all that it has of the release */
  DecisionKind kind;
  Day replace_by;             /* of DECISION_REPLACE; else DAY_NONE */
  const char *controls;       /* of DECISION_CONTINUE, and of others where there are any; or NULL */
  const char *person, *title; /* title may be NULL */
} DecisionEntry;

/* Keeps it, with an audit row, inside the open write transaction. *ret_id is its row, or that of the one in
 * force where that says the same: then nothing is written. Errors: DECISION_STORE_ERROR_HELD, DB_ERROR. */
bool decision_store_add(Db *db, const AuditContext *context, const DecisionEntry *entry, gint64 *ret_id,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Strings may be NULL where it says so. */
typedef struct {
  gint64 id;
  char *product, *release;                /* codes */
  char *organization, *organization_name; /* code and Japanese name */
  gint64 release_id, device;              /* row ids; device 0: of all */
  char *serial, *asset_no;                /* of that device, or NULL; of a lot its number */
  gint64 units;                           /* that it is about, now */
  DecisionKind kind;
  Day replace_by;
  char *controls;       /* or NULL */
  char *person, *title; /* title or NULL */
  Day day;
  bool in_force; /* the last of its scope, and they still have it */
} DecisionRow;

void decision_row_free(DecisionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DecisionRow, decision_row_free)

/* Those of the organization with row id `organization` (0: of all) about releases that `pattern`
 * (db/release_pattern.h) means, by organization, product, release, device and age, oldest first; without
 * `history` only those in force. GPtrArray of DecisionRow with free function. Errors: DB_ERROR. */
bool decision_store_list(Db *db, gint64 organization, const char *pattern, bool history, GPtrArray **ret_rows,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
