#ifndef KIGEN_DB_MAKER_STORE_H
#define KIGEN_DB_MAKER_STORE_H

/* The maker's own record: every letter carries it. */

#include "db/audit.h"

/* The fields, in the order they are shown: name_ja, name_en, postal_code, address_ja, address_en, licence_no,
 * department_ja, department_en, title_ja, title_en, person_ja, person_en, phone, phone_hours_ja,
 * phone_hours_en, email, security_contact, url, document_series. NULL-terminated. */
extern const char *const maker_fields[];

/* Sets one field (NULL or empty value: removes it) and moves the change counter, inside the open write
 * transaction. A field that is none of maker_fields is DB_ERROR_FAILED, and the message lists them. */
bool maker_store_set(Db *db, const char *field, const char *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All fields set: hash table field → value (own strings). */
bool maker_store_load(Db *db, GHashTable **ret_fields, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
