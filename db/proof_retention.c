#include "db/proof_retention.h"

#include "db/outbox_reach.h"

#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Nobody waits for it, no release that it tells of is one of `lasting`, and no advisory in it is younger. */
#define OVER                                                                                                 \
  " FROM message_context WHERE erased_on IS NULL AND outbox IN (SELECT x.id FROM outbox x"                   \
  "  WHERE x.state IN " OUTBOX_ENDED_STATES ")"                                                              \
  " AND outbox IN (SELECT outbox FROM outbox_notice)"                                                        \
  " AND outbox NOT IN (SELECT n.outbox FROM outbox_notice n JOIN notice k ON k.id = n.notice"                \
  "  JOIN advisory v ON v.id = k.advisory WHERE v.published_on >= $1)"                                       \
  " AND outbox NOT IN (SELECT n.outbox FROM outbox_notice n JOIN notice k ON k.id = n.notice"                \
  "  LEFT JOIN support_plan p ON p.id = k.plan LEFT JOIN advisory_release w ON w.advisory = k.advisory"      \
  "  WHERE coalesce(p.release, w.release) IN"                                                                \
  "  (SELECT s.release FROM support_plan s WHERE s.published_on IS NOT NULL"                                 \
  "    AND (s.eos IS NULL OR s.eos = 'tba' OR s.eos >= $1)"                                                  \
  "   UNION SELECT e.release FROM extension e WHERE e.eos >= $1))"

static bool prepare(Db *db, const DbQuery *query, Day limit, DbStatement **ret_statement, GError **error)
{
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, query, ret_statement, error))
    return false;
  db_bind_text(*ret_statement, 1, day_format(limit, day));
  return true;
}

bool proof_retention_count(Db *db, Day limit, gint64 *ret_messages, GError **error)
{
  static const DbQuery query = { "SELECT count(*)" OVER };
  DbStatement *statement;
  bool row;

  if (!prepare(db, &query, limit, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_messages = db_int(statement, 0);
  db_reset(statement);
  return true;
}

static bool append_audit(Db *db, const AuditContext *context, Day limit, gint64 messages, const char *reason,
                         GError **error)
{
  char day[DAY_TEXT_SIZE];
  g_autoptr(json_t) payload = json_pack("{s:I, s:s, s:s}", "messages", (json_int_t)messages, "eos_before",
                                        day_format(limit, day), "reason", reason);

  if (payload == NULL) {
    g_set_error_literal(error, DB_ERROR, DB_ERROR_FAILED, "the reason is not valid UTF-8");
    return false;
  }

  g_autofree char *text = json_dumps(payload, JSON_COMPACT);

  return audit_append(db, context, "proof.erase", text, error);
}

bool proof_retention_erase(Db *db, const AuditContext *context, Day limit, const char *reason,
                           gint64 *ret_messages, GError **error)
{
  static const DbQuery query = { "UPDATE message_context SET context = '', erased_on = $2"
                                 " WHERE outbox IN (SELECT outbox" OVER ")" };
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!prepare(db, &query, limit, &statement, error))
    return false;
  db_bind_text(statement, 2, day_format(context->today, today));
  if (!db_run(statement, error))
    return false;

  gint64 messages = db_changes(db);

  if (messages > 0 && !append_audit(db, context, limit, messages, reason, error))
    return false;
  *ret_messages = messages;
  return true;
}
