#ifndef KIGEN_DB_MIGRATE_H
#define KIGEN_DB_MIGRATE_H

/* The schema's versions: db/migrations/ENGINE/NNNN_name.sql, built into the program, append-only. Only db.c
 * uses this. */

#include "db/sqlite.h"

/* The newest version this program knows. */
int migrate_latest(void);

/* The version of the store behind `sqlite`. Errors: DB_ERROR_NOT_A_STORE (a file that is not kigen's, or
 * whose init was interrupted), DB_ERROR_NEWER_SCHEMA; `shown` is the store's name for the message. */
bool migrate_version(Sqlite *sqlite, const char *shown, int *ret_version, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Runs the migrations after `version` (0: an empty store), each with its row in `migration`. Inside an open
 * write transaction without foreign keys, so that all of it happens or nothing. */
bool migrate_run(Sqlite *sqlite, int version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
