#include "db/outbox_gauge.h"

#include "db/outbox_list.h"

static gint64 seconds_of(const char *instant)
{
  g_autoptr(GDateTime) time = instant != NULL ? g_date_time_new_from_iso8601(instant, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix(time) : 0;
}

static bool load_oldest(Db *db, Day today, gint64 *ret_oldest, GError **error)
{
  static const DbQuery query = { "SELECT min(created_at) FROM outbox"
                                 " WHERE state IN ('pending', 'sending', 'deferred', 'unknown')"
                                 " AND due_on <= $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day_format(today, day));
  if (!db_step(statement, &row, error))
    return false;
  *ret_oldest = seconds_of(db_text(statement, 0));
  db_reset(statement);
  return true;
}

bool outbox_gauge_load(Db *db, Day today, OutboxGauge *ret_gauge, GError **error)
{
  OutboxGauge gauge = { 0 };

  if (!outbox_list_counts(db, gauge.count, error) || !load_oldest(db, today, &gauge.oldest, error))
    return false;
  *ret_gauge = gauge;
  return true;
}
