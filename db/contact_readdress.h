#ifndef KIGEN_DB_CONTACT_READDRESS_H
#define KIGEN_DB_CONTACT_READDRESS_H

/* What waits for somebody who goes is sent to who is reached in their place, so that no notice is lost with a
 * person. Only contact_erase.c uses this. */

#include "db/audit.h"

/* Supersedes message `outbox`, which waits (pending, deferred) for contact `contact`, and makes another of
 * what is still in force and not told: to the contact through whom the same organization is reached today, in
 * the same way unless that is mail they cannot get, or a letter to the organization. Joins what waits for
 * them today. Inside the open write transaction. */
bool contact_readdress(Db *db, const AuditContext *context, gint64 outbox, gint64 contact, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
