#ifndef KIGEN_DB_CONTACT_STORE_H
#define KIGEN_DB_CONTACT_STORE_H

/* Contacts of organizations. */

#include "db/upsert.h"

/* The fields, as texts (upsert.h). */
typedef enum {
  CONTACT_ORGANIZATION, /* the organization's id */
  CONTACT_NAME,
  CONTACT_KANA,
  CONTACT_DEPARTMENT,
  CONTACT_TITLE,
  CONTACT_EMAIL,
  CONTACT_PHONE,
  CONTACT_ROLE,
  CONTACT_LANGUAGE,
  CONTACT_CHANNEL,
  CONTACT_ORDER,
  CONTACT_VALID_FROM,
  CONTACT_VALID_TO,
  CONTACT_WEBHOOK,
  CONTACT_FIELDS
} ContactField;

/* Inside the open write transaction; see upsert_put. */
bool contact_store_put(Db *db, const char *const value[static CONTACT_FIELDS], guint32 given, gint64 *ret_id,
                       UpsertResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `organization` (row id) has a contact of that very name. */
bool contact_store_has(Db *db, gint64 organization, const char *name, bool *ret_has, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
