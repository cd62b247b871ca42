#ifndef KIGEN_DB_AUDIT_H
#define KIGEN_DB_AUDIT_H

/* The audit trail, version 1: append-only rows, hash-chained over salted digests; payload and salt lie in an
 * erasable side table. digest = BLAKE2b-256(salt ‖ payload); hash = BLAKE2b-256(previous hash ‖ "1" ‖ id ‖ at
 * ‖ day ‖ action ‖ digest), each field with its length (8 bytes, most significant first) before it, the id in
 * decimal; before the first row the previous hash is 32 zero bytes. Who can write the file can rewrite the
 * chain, or cut its end off: the signed head in mails and exports is what shows that. */

#include "db/audit_chain.h"
#include "db/db.h"
#include "planner/day.h"

/* Who acts, when, and what "today" is: handed down to every write. */
typedef struct {
  const char *actor; /* the user's name; while the store has no users --by, or the operating system's user */
  Day today;         /* civil day in the maker's time zone; virtual in a simulation store */
  const char *now;   /* the real time, UTC "YYYY-MM-DDTHH:MM:SSZ" */
  gint64 user; /* row id of the user who proved to be that; 0: the store has no users, or kigen acts itself */
  guint roles; /* that user's roles, as ROLE_BITs */
} AuditContext;

/* Appends a row inside the open write transaction. `action` is a word like "plan.publish"; `payload` JSON
 * text (what, from, to, why); the actor goes into the payload's "actor" member, never into the row. Errors:
 * DB_ERROR_FAILED for a payload that is no JSON object in UTF-8; USER_STORE_ERROR_CHANGED (db/user_store.h)
 * where the context's user may not act any more. */
bool audit_append(Db *db, const AuditContext *context, const char *action, const char *payload,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The end of the chain. */
bool audit_load_end(Db *db, AuditPoint *ret_end, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Walks the chain. *ret_rows = rows seen, *ret_bad_id = first row that does not hold (0: all hold; a payload
 * that was erased holds). db/audit_check.h says more. */
bool audit_verify(Db *db, gint64 *ret_rows, gint64 *ret_bad_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Erases the payload of row `id`, and its salt, without which nobody can guess at it by its digest. The chain
 * holds as before. Inside the open write transaction. */
bool audit_erase(Db *db, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
