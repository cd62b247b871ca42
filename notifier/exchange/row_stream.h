#ifndef KIGEN_NOTIFIER_EXCHANGE_ROW_STREAM_H
#define KIGEN_NOTIFIER_EXCHANGE_ROW_STREAM_H

/* The rows of a file, read and parsed in a thread of their own, some batches ahead of the one that stores
 * them. Memory stays bounded: batches are used again. */

#include "notifier/exchange/import_row.h"

typedef struct RowStream RowStream;

/* Opens the file and matches its header; then the thread begins. Errors: IMPORT_ERROR. */
bool row_stream_open(const char *path, TextEncoding encoding, const ImportColumns *columns,
                     bool ignore_unknown, RowStream **ret_stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the thread, wherever it is. */
void row_stream_free(RowStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowStream, row_stream_free)

/* The next row, good until the next call; NULL at the end. Errors: IMPORT_ERROR. */
bool row_stream_next(RowStream *stream, ImportRow **ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const ColumnMap *row_stream_map(const RowStream *stream);
/* Bytes of the file, and how many of them were read for the rows given so far. */
gint64 row_stream_total(const RowStream *stream);
gint64 row_stream_done(const RowStream *stream);
TextEncoding row_stream_encoding(const RowStream *stream);
bool row_stream_guessed(const RowStream *stream);
/* SHA-256 of the file in hex (own string), once row_stream_next came to the end. */
char *row_stream_sha256(RowStream *stream);

#endif
