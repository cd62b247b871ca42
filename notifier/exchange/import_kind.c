#include "notifier/exchange/import_kind.h"

#include <string.h>

static const char *const keys[IMPORT_KIND_COUNT] = {
  [IMPORT_PRODUCTS] = "products",
  [IMPORT_LIFECYCLES] = "lifecycles",
  [IMPORT_ORGANIZATIONS] = "organizations",
  [IMPORT_CONTACTS] = "contacts",
  [IMPORT_DEVICES] = "devices",
  [IMPORT_CUSTODY] = "custody",
  [IMPORT_PRESENTATIONS] = "presentations",
  [IMPORT_RELAY_REPORTS] = "relay-reports",
};

const char *import_kind_key(ImportKind kind)
{
  g_assert(kind < IMPORT_KIND_COUNT);
  return keys[kind];
}

bool import_kind_parse(const char *key, ImportKind *ret_kind)
{
  for (int i = 0; i < IMPORT_KIND_COUNT; i++) {
    if (strcmp(keys[i], key) == 0) {
      *ret_kind = (ImportKind)i;
      return true;
    }
  }
  return false;
}
