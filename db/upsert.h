#ifndef KIGEN_DB_UPSERT_H
#define KIGEN_DB_UPSERT_H

/* Insert or update of one row by its natural key, field by field as texts: what the stores behind the imports
 * share. A field that is not given keeps what the store has; a row that equals the stored one is not
 * written. */

#include "db/db.h"

#define UPSERT_FIELDS_MAX 32

typedef enum { UPSERT_ADDED, UPSERT_CHANGED, UPSERT_UNCHANGED } UpsertResult;

/* How one table is written. Static storage. */
typedef struct {
  int fields;  /* of a row, at most UPSERT_FIELDS_MAX */
  guint32 key; /* bit n: field n belongs to the natural key */
  /* By field: what stands in the place of NULL (NULL: stays NULL). NULL: for no field. */
  const char *const *fallback;
  DbQuery find;   /* $1 … the key's fields, in order → id, then every field in order */
  DbQuery insert; /* $1 … every field in order */
  DbQuery update; /* $1 … every field in order, then the id */
  /* Where rows are many: bit n: field n stands in an index. Where none of them changed, `update_rest` ($1 …
   * the other fields in order, then the id) leaves the indexes in peace. 0: `update` always. */
  guint32 indexed;
  DbQuery update_rest;
} Upsert;

/* A row beside what is stored of it. */
typedef struct {
  gint64 id;                        /* 0: not stored */
  bool differs;                     /* from what is stored; true when nothing is */
  guint32 changed;                  /* bit n: field n differs from what is stored */
  char *stored[UPSERT_FIELDS_MAX];  /* own strings, when stored */
  char *written[UPSERT_FIELDS_MAX]; /* own strings: what a write would leave */
} UpsertRow;

void upsert_row_clear(UpsertRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UpsertRow, upsert_row_clear)

/* Puts the row `value` (upsert->fields texts; integers in decimal) of which the fields in `given` (bit n:
 * field n; the key always) count: all of them in a new row. Inside the open write transaction. The values
 * need not outlive the call. */
bool upsert_put(Db *db, const Upsert *upsert, const char *const *value, guint32 given, gint64 *ret_id,
                UpsertResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The two halves of it, for a store that has more to do in between. *ret_row must be clear ({ 0 }). */
bool upsert_look(Db *db, const Upsert *upsert, const char *const *value, guint32 given, UpsertRow *ret_row,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool upsert_write(Db *db, const Upsert *upsert, UpsertRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inserts it without looking for it first. */
bool upsert_insert(Db *db, const Upsert *upsert, const char *const *value, gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The id of the row of that key, 0 when there is none. Only the key of `value` is looked at. */
bool upsert_find(Db *db, const Upsert *upsert, const char *const *value, gint64 *ret_id, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
