#ifndef KIGEN_DB_STORE_PATH_H
#define KIGEN_DB_STORE_PATH_H

/* The store's file: which one a URL means, whether it can be one, making and removing it. Only db.c uses
 * this. */

#include "db/db.h"

/* The path in `url` (it points into it). A path needs no scheme; ":memory:", "file:", "?" and "%" are plain
 * characters of a file's name. Errors: DB_ERROR_URL. */
bool store_path_parse(const char *url, const char **ret_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The existing file at `path`, absolute and without links (own string): every name of a store must mean one
 * lock file. Errors: DB_ERROR_MISSING, DB_ERROR_NOT_A_STORE (a directory …), DB_ERROR_READ_ONLY,
 * DB_ERROR_FAILED.
 */
bool store_path_resolve(const char *path, char **ret_resolved, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes an empty file, readable by its owner alone, and resolves it. Errors: DB_ERROR_EXISTS,
 * DB_ERROR_MISSING (no such directory), DB_ERROR_READ_ONLY, DB_ERROR_FULL, DB_ERROR_FAILED. */
bool store_path_make(const char *path, char **ret_resolved, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the file and what the engine and the lock left beside it. */
void store_path_remove(const char *path);

#endif
