#include "db/outbox_filter.h"

static void bind_day(DbStatement *statement, int n, Day day)
{
  char buffer[DAY_TEXT_SIZE];

  db_bind_text(statement, n, day != DAY_NONE ? day_format(day, buffer) : NULL);
}

void outbox_filter_bind(const OutboxFilter *filter, DbStatement *statement)
{
  db_bind_int(statement, 1, filter->id);
  db_bind_text(statement, 2, filter->state != NULL ? outbox_state_key(*filter->state) : NULL);
  db_bind_text(statement, 3, filter->channel);
  db_bind_text(statement, 4, filter->organization);
  db_bind_text(statement, 5, filter->kind);
  db_bind_text(statement, 6, filter->release);
  bind_day(statement, 7, filter->due_from);
  bind_day(statement, 8, filter->due_to);
}
