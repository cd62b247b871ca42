#include "db/holding_ended.h"

#include "db/holding_store.h"
#include "db/setting_store.h"

/* The day that holdings are up to date with, or DAY_NONE. */
static bool load_day(Db *db, Day *ret_day, GError **error)
{
  static const DbQuery query = { "SELECT holdings_on FROM setting WHERE id = 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  *ret_day = DAY_NONE;
  if (row && !db_is_null(statement, 0) && !day_parse(db_text(statement, 0), ret_day)) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "setting: '%s' is no day", db_text(statement, 0));
    return false;
  }
  if (row)
    db_reset(statement);
  return true;
}

/* Marks what custodies concerned whose last day was `from` or later, and is over on `today`. */
static bool mark(Db *db, Day from, Day today, gint64 *ret_marked, GError **error)
{
#define ENDED                                                                                                \
  " FROM custody c JOIN device d ON d.id = c.device WHERE c.until IS NOT NULL AND c.until >= $1 AND "        \
  "c.until < $2"
  static const DbQuery query = { "INSERT INTO holding_touched (release, organization)"
                                 " SELECT d.release, c.organization" ENDED
                                 " UNION SELECT d.software_release, c.organization" ENDED
                                 " AND d.software_release IS NOT NULL" };
  char from_text[DAY_TEXT_SIZE], today_text[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!holding_store_begin(db, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, from != DAY_NONE ? day_format(from, from_text) : "");
  db_bind_text(statement, 2, day_format(today, today_text));
  if (!db_run(statement, error))
    return false;
  *ret_marked = db_changes(db);
  return true;
}

static bool tell(Db *db, const AuditContext *context, gint64 changed, GError **error)
{
  g_autofree char *payload =
      g_strdup_printf("{\"changed\":%" G_GINT64_FORMAT ",\"why\":\"custody ended\"}", changed);

  return change_bump(db, "installed-base", error) &&
         audit_append(db, context, "holding.recount", payload, error);
}

/* Inside the write transaction; another program may have been quicker. */
static bool catch_up(Db *db, const AuditContext *context, gint64 *changed, GError **error)
{
  gint64 marked = 0;
  Day from;

  if (!load_day(db, &from, error))
    return false;
  if (from != DAY_NONE && from >= context->today)
    return true;
  return mark(db, from, context->today, &marked, error) &&
         (marked == 0 || holding_store_refresh(db, context, changed, error)) &&
         (*changed == 0 || tell(db, context, *changed, error)) &&
         holding_store_set_day(db, context->today, error);
}

bool holding_ended_catch_up(Db *db, const AuditContext *context, gint64 *ret_changed, GError **error)
{
  gint64 changed = 0;
  Day from;

  if (!load_day(db, &from, error))
    return false;
  if (from != DAY_NONE && from >= context->today) {
    *ret_changed = 0;
    return true;
  }
  if (!db_begin(db, error))
    return false;
  if (!catch_up(db, context, &changed, error) || !db_commit(db, error)) {
    db_rollback(db);
    return false;
  }
  *ret_changed = changed;
  return true;
}
