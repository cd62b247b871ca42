#ifndef KIGEN_DB_CONTACT_ERASE_H
#define KIGEN_DB_CONTACT_ERASE_H

/* Erasing people who were contacts (個人情報保護法 第35条第5項, 第22条; GDPR art. 17, 5(1)(e)). What goes:
 * all that is personal in the contact's row, whose name becomes "erased-" and its id; what their messages
 * were rendered from, which holds name and address; what a relay answered and names them; their name in
 * acknowledgements, decisions and corrections, where "erased" stands then, what a correction says of them,
 * and notes of presentations that name them; the payload and salt of audit rows that name them. What stays is
 * the proof that somebody was told (GDPR art. 17(3)(b), (e)): that there was a contact, each message with its
 * states, instants and digest, each acknowledgement with its day, the audit chain. The bytes are gone from
 * the file only after db_wipe, and from no backup. */

#include "db/audit.h"
#include "db/contact_erased.h"
#include "db/contact_list.h"

/* What stands for who confirmed something. */
#define CONTACT_ERASED_BY "erased"

/* What was erased. */
typedef struct {
  gint64 people;
  gint64 messages;    /* to them: they stay */
  gint64 contexts;    /* of messages */
  gint64 details;     /* answers of a relay */
  gint64 deeds;       /* names in acknowledgements, decisions, corrections, notes of presentations */
  gint64 payloads;    /* of audit rows */
  gint64 readdressed; /* messages that waited for them and go to somebody else now */
} ContactErased;

/* Erases everybody in `rows` (ContactRow; who is erased already is passed by), or nobody, each with an audit
 * row that names nobody, inside the open write transaction. What waits for them goes to whoever is reached in
 * their place, or becomes a letter to the organization. `key`: lets an import know them again
 * (db/contact_erased.h); NULL: it cannot. Errors: CONTACT_ERROR_DUTY (who is needed, and what to do first),
 * CONTACT_ERROR_REASON, DB_ERROR. */
bool contact_erase(Db *db, const AuditContext *context, const GPtrArray *rows, const LinkKey *key,
                   const char *reason, ContactErased *ret_erased, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
