#ifndef KIGEN_DB_CORRECTION_STORE_H
#define KIGEN_DB_CORRECTION_STORE_H

/* What customers said is wrong in the installed base and among their contacts (planner/correction.h), as it
 * was sent: it changes nothing by itself. db/correction_apply.h does what was approved. */

#include "db/audit.h"
#include "planner/correction.h"

#define CORRECTION_STORE_ERROR (correction_store_error_quark())
typedef enum {
  CORRECTION_STORE_ERROR_TARGET,  /* the organization has no such device or contact (any more) */
  CORRECTION_STORE_ERROR_SAME,    /* it says what the store has already */
  CORRECTION_STORE_ERROR_NONE,    /* no correction of that number */
  CORRECTION_STORE_ERROR_DECIDED, /* it was approved or rejected already */
  CORRECTION_STORE_ERROR_CONFLICT /* what it is about changed since, or it contradicts what is there */
} CorrectionStoreError;
GQuark correction_store_error_quark(void);

/* One field, by its name in the import files. */
typedef struct {
  char *field;
  char *was;  /* in the store when it was sent; NULL: nothing */
  char *said; /* as it should be; NULL: nothing */
} CorrectionField;

CorrectionField *correction_field_new(const char *field, const char *was, const char *said);
void correction_field_free(CorrectionField *field);

/* One to keep. */
typedef struct {
  gint64 organization;
  CorrectionKind kind;
  gint64 device, contact;  /* row ids; 0: none */
  const GPtrArray *fields; /* CorrectionField: only of correction_fields(kind); `was` does not count */
  const char *person;
  const char *note; /* or NULL */
} CorrectionEntry;

/* Keeps it, waiting, with an audit row, inside the open write transaction: of the fields those that differ
 * from what the store has. *ret_id is its row, or that of one that waits already and says the same: then
 * nothing is written. Errors: CORRECTION_STORE_ERROR_TARGET, CORRECTION_STORE_ERROR_SAME, DB_ERROR. */
bool correction_store_add(Db *db, const AuditContext *context, const CorrectionEntry *entry, gint64 *ret_id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Strings may be NULL where it says so. */
typedef struct {
  gint64 id;
  gint64 organization_id;
  char *organization, *organization_name; /* code and Japanese name */
  CorrectionKind kind;
  gint64 device, contact;  /* row ids; 0: none */
  char *product, *release; /* of the device; NULL without */
  char *serial;            /* of the device, of a lot its number; may be NULL */
  char *contact_name;      /* of the contact, as it is now; NULL without */
  char *person, *note;     /* note or NULL */
  Day day;
  char *at; /* UTC instant */
  CorrectionState state;
  char *decided_by;  /* while it waits NULL, as is … */
  Day decided_on;    /* … DAY_NONE */
  char *reason;      /* or NULL */
  GPtrArray *fields; /* CorrectionField */
} CorrectionRow;

void correction_row_free(CorrectionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CorrectionRow, correction_row_free)

/* Those of the organization with row id `organization` (0: of all), by age; without `all` only those that
 * wait. GPtrArray of CorrectionRow with free function. Errors: DB_ERROR. */
bool correction_store_list(Db *db, gint64 organization, bool all, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Number `id`. Errors: CORRECTION_STORE_ERROR_NONE, DB_ERROR. */
bool correction_store_load(Db *db, gint64 id, CorrectionRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The present value of a field of its device or contact: own string, NULL where there is none. For
 * CORRECTION_CONTACT_NEW always NULL. */
bool correction_store_present(Db *db, CorrectionKind kind, gint64 device, gint64 contact, const char *field,
                              char **ret_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes that `row`, which must wait, was approved (reason NULL) or rejected, with an audit row, inside the
 * open write transaction. What was approved is db/correction_apply.h's. Errors:
 * CORRECTION_STORE_ERROR_DECIDED, DB_ERROR. */
bool correction_store_decide(Db *db, const AuditContext *context, const CorrectionRow *row,
                             CorrectionState state, const char *reason, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
