#ifndef KIGEN_NOTIFIER_EXCHANGE_TEXT_H
#define KIGEN_NOTIFIER_EXCHANGE_TEXT_H

/* A file's bytes as UTF-8, piece by piece, in bounded memory. A byte order mark is dropped. The encoding is
 * UTF-8, or CP932 (Shift_JIS as Windows writes it) when the bytes are invalid UTF-8 and wholly valid CP932;
 * the caller can force either. A NUL byte, UTF-16 and broken text are errors that name line and column. */

#include "notifier/exchange/import_error.h"

#include <stdbool.h>

typedef enum { TEXT_ENCODING_AUTO, TEXT_ENCODING_UTF8, TEXT_ENCODING_CP932 } TextEncoding;

/* "utf-8", "cp932"; also utf8, shift_jis, sjis, ms932, windows-31j; case ignored. */
bool text_encoding_parse(const char *key, TextEncoding *ret_encoding) G_GNUC_WARN_UNUSED_RESULT;
/* "utf-8", "cp932", "auto". */
const char *text_encoding_key(TextEncoding encoding);

typedef struct TextReader TextReader;

/* Opens the file at `path` and looks through it once to learn its encoding. What is not a regular file (a
 * pipe) is copied to an unnamed temporary file first. Errors: IMPORT_ERROR_FILE, IMPORT_ERROR_TEXT. */
bool text_reader_open(const char *path, TextEncoding encoding, TextReader **ret_reader, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void text_reader_free(TextReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextReader, text_reader_free)

/* The next piece: valid UTF-8 without NUL bytes, cut between characters, good until the next call, not
 * NUL-terminated. *ret_size is 0 at the end. Errors: IMPORT_ERROR_FILE, IMPORT_ERROR_TEXT. */
bool text_reader_next(TextReader *reader, const char **ret_text, gsize *ret_size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* As read: UTF8 or CP932, never AUTO. */
TextEncoding text_reader_encoding(const TextReader *reader);
/* True when CP932 was concluded, not asked for. */
bool text_reader_guessed(const TextReader *reader);
/* The path given, for messages; owned by `reader`. */
const char *text_reader_path(const TextReader *reader);
/* Bytes of the file, and how many of them were handed out. */
gint64 text_reader_total(const TextReader *reader);
gint64 text_reader_done(const TextReader *reader);
/* SHA-256 of the file's bytes as 64 hex digits, once text_reader_next came to the end (own string). */
char *text_reader_sha256(TextReader *reader);

#endif
