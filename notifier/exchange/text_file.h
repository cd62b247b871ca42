#ifndef KIGEN_NOTIFIER_EXCHANGE_TEXT_FILE_H
#define KIGEN_NOTIFIER_EXCHANGE_TEXT_FILE_H

/* The file under a TextReader: bytes that can be read more than once. What is not a regular file (a pipe) is
 * copied to an unnamed temporary file first. Errors: IMPORT_ERROR_FILE. */

#include "notifier/exchange/import_error.h"

#include <stdbool.h>

typedef struct TextFile TextFile;

bool text_file_open(const char *path, TextFile **ret_file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void text_file_free(TextFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextFile, text_file_free)

/* As given; owned by `file`. */
const char *text_file_path(const TextFile *file);
/* Bytes, when it was opened. */
gint64 text_file_size(const TextFile *file);

/* Reads `size` bytes at `offset`; *ret_size is less only at the end of the file. */
bool text_file_read(TextFile *file, gint64 offset, char *buffer, gsize size, gsize *ret_size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Fails when size or modification time moved since it was opened. */
bool text_file_check_unchanged(TextFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Line and column (in characters), both from 1, of the byte at `offset`; `cp932` says how bytes make
 * characters, UTF-8 otherwise. CR, LF and CRLF each end a line. */
void text_file_locate(TextFile *file, gint64 offset, bool cp932, guint *ret_line, guint *ret_column);

#endif
