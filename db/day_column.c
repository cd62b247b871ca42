#include "db/day_column.h"

Day day_column_read(DbStatement *statement, int column)
{
  const char *text = db_text(statement, column);
  Day day;

  return text != NULL && day_parse(text, &day) ? day : DAY_NONE;
}
