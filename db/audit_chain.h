#ifndef KIGEN_DB_AUDIT_CHAIN_H
#define KIGEN_DB_AUDIT_CHAIN_H

/* A row of the audit trail and what its digest and hash are over (db/audit.h says which bytes), whether the
 * row lies in a store or in an export. Pure. Only db/audit*.c, tests and benchmarks use this. */

#include <glib.h>
#include <stdbool.h>

#define AUDIT_HASH_SIZE 32
#define AUDIT_SALT_SIZE 32

/* Bytes of somebody else's; data NULL: there are none (SQL NULL). Texts have no NUL behind them. */
typedef struct {
  const void *data;
  gsize size;
} AuditField;

/* A plain value; its fields stay good until the reader's next row. */
typedef struct {
  gint64 id;
  gint64 version;
  AuditField at, day, action;
  AuditField digest, hash;
  AuditField salt, payload; /* both NULL: erased */
} AuditRow;

/* The end of a chain, or a place in it: the row and its hash; id 0 and zeros before the first row. */
typedef struct {
  gint64 id;
  guint8 hash[AUDIT_HASH_SIZE];
} AuditPoint;

/* Rows in order, from wherever they lie. */
typedef struct AuditReader AuditReader;
struct AuditReader {
  /* Reads the next row; *ret_more is false behind the last one. */
  bool (*next)(AuditReader *reader, AuditRow *ret_row, bool *ret_more, GError **error);
  /* Back before the first row. */
  bool (*rewind)(AuditReader *reader, GError **error);
};

/* A field of a C string, or of NULL. */
AuditField audit_field_text(const char *text);
bool audit_field_equal(AuditField a, AuditField b);

/* The hash that the content of `row` has behind `previous`, as row `id`. */
void audit_chain_hash(const guint8 previous[static AUDIT_HASH_SIZE], gint64 id, const AuditRow *row,
                      guint8 ret_hash[static AUDIT_HASH_SIZE]);
/* The digest of a payload; `salt` has AUDIT_SALT_SIZE bytes. */
void audit_chain_digest(AuditField salt, AuditField payload, guint8 ret_digest[static AUDIT_HASH_SIZE]);

#endif
