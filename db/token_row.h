#ifndef KIGEN_DB_TOKEN_ROW_H
#define KIGEN_DB_TOKEN_ROW_H

/* Rows that are opened by a token (feeds, pages): the token is made from the row's number, and the row keeps
 * its hash alone. Only feed_store.c and page_store.c use this. */

#include "db/db.h"
#include "db/link_key.h"

/* The number of the next row: `query` says "SELECT coalesce(max(id), 0) + 1 FROM …". The token holds it, so
 * it must be known before the row is there; the write lock keeps others from taking it. */
bool token_row_next(Db *db, const DbQuery *query, gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Binds the hash of `token` as $n. */
void token_row_bind(DbStatement *statement, int n, const char *token);

/* Of a statement that looks for a token's hash: steps; *ret_found whether there is a row whose `column` holds
 * the hash of `token`. What was found is read and reset by the caller. */
bool token_row_step(DbStatement *statement, int column, const char *token, bool *ret_found, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
