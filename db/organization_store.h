#ifndef KIGEN_DB_ORGANIZATION_STORE_H
#define KIGEN_DB_ORGANIZATION_STORE_H

/* Organizations: hospitals, clinics, distributors, lessors, repairers, regulators. */

#include "db/upsert.h"

/* The fields, as texts (upsert.h). */
typedef enum {
  ORGANIZATION_CODE,
  ORGANIZATION_NAME_JA,
  ORGANIZATION_ROLE,
  ORGANIZATION_NAME_EN,
  ORGANIZATION_KANA,
  ORGANIZATION_COUNTRY,
  ORGANIZATION_LANGUAGE,
  ORGANIZATION_TIME_ZONE,
  ORGANIZATION_PARENT, /* the parent's id; it must be stored already */
  ORGANIZATION_POSTAL_CODE,
  ORGANIZATION_ADDRESS,
  ORGANIZATION_PHONE,
  ORGANIZATION_FAX,
  ORGANIZATION_CORPORATE_NO,
  ORGANIZATION_FACILITY_CODE,
  ORGANIZATION_BUDGET_MONTH,
  ORGANIZATION_DISCLOSED,
  ORGANIZATION_FIELDS
} OrganizationField;

/* Inside the open write transaction; see upsert_put. The caller has looked for cycles of parents. */
bool organization_store_put(Db *db, const char *const value[static ORGANIZATION_FIELDS], guint32 given,
                            gint64 *ret_id, UpsertResult *ret_result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Every organization: code, id, its parent's code (NULL: none). */
typedef void (*OrganizationEach)(const char *code, gint64 id, const char *parent, void *data);
bool organization_store_each(Db *db, OrganizationEach each, void *data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Those whose whole name (Japanese or English) is `name`, by code. */
bool organization_store_named(Db *db, const char *name, OrganizationEach each, void *data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
