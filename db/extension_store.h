#ifndef KIGEN_DB_EXTENSION_STORE_H
#define KIGEN_DB_EXTENSION_STORE_H

/* Extensions: a customer's or a device's own later EOS, by contract. At most one holds for a scope (a release
 * at an organization, or one device of it); the next takes its place, or it is ended. They belong to release
 * and organization, not to a plan: a new revision leaves them as they are. db/extension_list.h reads them. */

#include "db/audit.h"
#include "planner/day.h"

#define EXTENSION_STORE_ERROR (extension_store_error_quark())
typedef enum {
  EXTENSION_STORE_ERROR_REFUSED, /* by planner/extension.h */
  EXTENSION_STORE_ERROR_ENDED,   /* there is nothing (any more) to end */
  EXTENSION_STORE_ERROR_NONE     /* no extension of that number */
} ExtensionStoreError;
GQuark extension_store_error_quark(void);

/* What to extend. Nothing is owned. */
typedef struct {
  gint64 release, organization;    /* row ids */
  const char *serial, *serial_key; /* of the one device, as given and as values_serial_key has it; or NULL */
  Day eos;
  const char *reference; /* the contract's number, or NULL */
  const char *reason;
} ExtensionRequest;

typedef struct {
  gint64 id;
  gint64 replaced; /* the extension whose place it took; 0: none */
  bool same;       /* that one said the same: nothing was changed, and `id` is its */
} ExtensionResult;

/* Sets an extension, in the place of one for the same scope, takes notices of the former EOS that still wait
 * out of the outbox, appends an audit row and moves the counter that feeds ask: inside the open write
 * transaction. Errors: EXTENSION_STORE_ERROR_REFUSED, DB_ERROR. */
bool extension_store_set(Db *db, const AuditContext *context, const ExtensionRequest *request,
                         ExtensionResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends extension `id`: today is the last day on which it holds. Otherwise as above. Errors:
 * EXTENSION_STORE_ERROR, DB_ERROR. */
bool extension_store_end(Db *db, const AuditContext *context, gint64 id, const char *reason, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
