#ifndef KIGEN_DB_DAY_COLUMN_H
#define KIGEN_DB_DAY_COLUMN_H

/* A day as the store keeps it: ISO 8601 text, or NULL. */

#include "db/db.h"
#include "planner/day.h"

/* The day in column `column` of the present row; DAY_NONE for NULL, and for what is none. */
Day day_column_read(DbStatement *statement, int column);

#endif
