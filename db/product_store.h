#ifndef KIGEN_DB_PRODUCT_STORE_H
#define KIGEN_DB_PRODUCT_STORE_H

/* Products and their releases: what the imports write. Plans are plan_store.h's. */

#include "db/upsert.h"

/* The fields of a product, as texts (upsert.h). */
typedef enum {
  PRODUCT_CODE,
  PRODUCT_NAME_JA,
  PRODUCT_NAME_EN,
  PRODUCT_GENERIC_NAME,
  PRODUCT_JMDN,
  PRODUCT_CLASS,
  PRODUCT_APPROVAL_NO,
  PRODUCT_SECURITY_CONTACT,
  PRODUCT_UPDATE_POLICY_DOC,
  PRODUCT_USEFUL_LIFE_YEARS,
  PRODUCT_ART12_3,    /* "yes", "no"; NULL: unknown */
  PRODUCT_TRANSITION, /* "1", "0" */
  PRODUCT_SUCCESSOR,
  PRODUCT_PACKAGE_INSERT_URL,
  PRODUCT_ART12_3_REASON,
  PRODUCT_SERIOUS_HARM, /* "yes", "no"; NULL: unknown */
  PRODUCT_FIELDS
} ProductField;

typedef enum {
  RELEASE_PRODUCT, /* the product's id */
  RELEASE_NAME,
  RELEASE_KIND, /* "hardware", "software" */
  RELEASE_UDI_DI,
  RELEASE_FIELDS
} ReleaseField;

/* Both inside the open write transaction; see upsert_put. */
bool product_store_put(Db *db, const char *const value[static PRODUCT_FIELDS], guint32 given, gint64 *ret_id,
                       UpsertResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool product_store_put_release(Db *db, const char *const value[static RELEASE_FIELDS], guint32 given,
                               gint64 *ret_id, UpsertResult *ret_result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Why the product is out of scope of 基本要件基準12条3項 (own string, or NULL); *ret_out false: it is not. */
bool product_store_scope(Db *db, gint64 product, bool *ret_out, char **ret_reason, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Every product: code → id. */
typedef void (*ProductEach)(const char *code, gint64 id, void *data);
bool product_store_each(Db *db, ProductEach each, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every release: its product's id, its name, its id. */
typedef void (*ProductEachRelease)(gint64 product, const char *name, gint64 release, void *data);
bool product_store_each_release(Db *db, ProductEachRelease each, void *data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
