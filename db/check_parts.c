#include "db/check_parts.h"

#include <string.h>

#include "db/outbox_part.h"

#define RESTORE                                                                                              \
  "restore the last backup: kigen restore FILE --force; what was not sent yet is rendered anew without it"

/* In JSON a text holds no bare quotation mark, so that `"part":"` is a member. */
static const CheckQuery queries[] = {
  { { "SELECT 'message_context ' || x.outbox, NULL FROM message_context x WHERE x.context LIKE "
      "'%\"part\":\"%'"
      " AND NOT EXISTS (SELECT 1 FROM message_part m WHERE m.outbox = x.outbox)" },
    "it names parts, but has none: the message's bytes cannot be made again",
    RESTORE },
};

static void check_hash(const CheckStep *step, DbStatement *statement, GPtrArray *findings)
{
  OutboxPart *part = outbox_part_new(db_dup_text(statement, 2));

  if (strcmp(part->hash, db_text(statement, 1)) != 0)
    check_add(step, findings, g_strdup_printf("context_part %" G_GINT64_FORMAT, db_int(statement, 0)),
              g_strdup("changed beside kigen: its words are not those of its hash, and the bytes of the "
                       "messages that name it cannot be made again"),
              RESTORE);
  outbox_part_unref(part);
}

bool check_parts(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
{
  static const DbQuery query = { "SELECT id, hash, json FROM context_part ORDER BY id" };
  DbStatement *statement;
  bool row;

  if (!check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error) ||
      !db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    check_hash(step, statement, findings);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}
