#include "db/notice_address.h"

#include "db/outbox_urgent.h"

/* From here on a third of the time goes into looking up rows that were read a moment ago. */
#define LARGE_AUDIENCE 1000

/* One message for each contact of the audience, unless one is waiting that it can join: of several
 * organizations that share a contact the first makes it, the others join. The Message-ID is unique for ever,
 * because a notice concerns an organization once over one contact: it names notice, revision, contact (0: a
 * letter to the organization) and the first organization concerned. */
static bool insert_messages(Db *db, const AuditContext *context, const NoticeAddress *address,
                            gint64 *ret_messages, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO outbox (organization, contact, channel, due_on, message_id, created_at)"
    " SELECT a.through, nullif(a.contact, 0), a.channel, $1, $2 || a.contact || '.o' || a.organization || "
    "$3, $4"
    " FROM audience a WHERE true ORDER BY a.organization ON CONFLICT DO NOTHING"
  };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, address->due);
  db_bind_text(statement, 2, address->prefix);
  db_bind_text(statement, 3, address->suffix);
  db_bind_text(statement, 4, context->now);
  if (!db_run(statement, error)) {
    return false;
  }
  *ret_messages = db_changes(db);
  return true;
}

/* Joins the audience to the waiting messages. */
static bool join_messages(Db *db, const DbQuery *query, const NoticeAddress *address, gint64 *addressed,
                          GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, address->notice);
  db_bind_text(statement, 2, address->due);
  if (!db_run(statement, error)) {
    return false;
  }
  *addressed += db_changes(db);
  return true;
}

static const DbQuery join_contacts = {
  "INSERT INTO outbox_notice (notice, organization, outbox) SELECT $1, a.organization, o.id"
  " FROM audience a JOIN outbox o ON o.contact = a.contact AND o.channel = a.channel AND o.due_on = $2"
  " WHERE a.contact > 0 AND o.state = 'pending' AND o.attempt = 0 AND o.contact IS NOT NULL"
};
static const DbQuery join_letters = {
  "INSERT INTO outbox_notice (notice, organization, outbox) SELECT $1, a.organization, o.id"
  " FROM audience a JOIN outbox o ON o.organization = a.organization AND o.due_on = $2"
  " WHERE a.contact = 0 AND o.state = 'pending' AND o.attempt = 0 AND o.contact IS NULL"
};

static bool make_messages(Db *db, const AuditContext *context, const NoticeAddress *address, gint64 audience,
                          gint64 *ret_messages, GError **error)
{
  gint64 addressed = 0;

  if (!insert_messages(db, context, address, ret_messages, error) ||
      !join_messages(db, &join_contacts, address, &addressed, error) ||
      !join_messages(db, &join_letters, address, &addressed, error) ||
      !outbox_urgent_mark_audience(db, address->notice, error)) {
    return false;
  }
  g_assert(addressed == audience); /* nobody is left without a message */
  return true;
}

bool notice_address_audience(Db *db, const AuditContext *context, const NoticeAddress *address,
                             gint64 audience, gint64 *ret_messages, GError **error)
{
  db_trust_references(db, audience >= LARGE_AUDIENCE);

  bool done = make_messages(db, context, address, audience, ret_messages, error);

  db_trust_references(db, false);
  return done;
}
