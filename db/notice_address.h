#ifndef KIGEN_DB_NOTICE_ADDRESS_H
#define KIGEN_DB_NOTICE_ADDRESS_H

/* Messages of one notice for the audience that was found (the connection's temporary table `audience`,
 * db/audience.h). Only notice_store.c and advisory_telling.c use this. */

#include "db/audit.h"

/* The notice; nothing is owned. */
typedef struct {
  gint64 notice;
  const char *due;             /* ISO day on which its messages go out */
  const char *prefix, *suffix; /* of its Message-IDs; no other notice has the same prefix */
} NoticeAddress;

/* Makes one message for each contact of the audience, which has `audience` rows, or lets it join the one that
 * waits for that day. Inside the open write transaction. *ret_messages = new outbox rows. */
bool notice_address_audience(Db *db, const AuditContext *context, const NoticeAddress *address,
                             gint64 audience, gint64 *ret_messages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
