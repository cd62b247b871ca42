#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_KIND_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_KIND_H

/* The kinds of file that can be imported. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  IMPORT_PRODUCTS,
  IMPORT_LIFECYCLES,
  IMPORT_ORGANIZATIONS,
  IMPORT_CONTACTS,
  IMPORT_DEVICES,
  IMPORT_CUSTODY,
  IMPORT_PRESENTATIONS,
  IMPORT_RELAY_REPORTS,
  IMPORT_KIND_COUNT
} ImportKind;

/* The word on the command line: "products", "lifecycles", "organizations", "contacts", "devices", "custody",
 * "presentations", "relay-reports". */
const char *import_kind_key(ImportKind kind);
bool import_kind_parse(const char *key, ImportKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;

#endif
