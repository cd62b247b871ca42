#ifndef KIGEN_NOTIFIER_EXCHANGE_CSV_READER_H
#define KIGEN_NOTIFIER_EXCHANGE_CSV_READER_H

/* CSV records out of text (RFC 4180, read by libcsv), each with the physical line it begins on. Lines end in
 * LF, CRLF or CR; quoted fields may hold line breaks; blank lines, and rows of nothing but empty fields
 * (spreadsheets leave them), are skipped; Excel's ="00123" may stand unquoted. Spaces around an unquoted
 * field are dropped. Fields and records are bounded. */

#include "notifier/exchange/text.h"

#define CSV_READER_FIELD_MAX (64 * 1024)    /* bytes of a field */
#define CSV_READER_RECORD_MAX (1024 * 1024) /* bytes of a record */
#define CSV_READER_FIELDS_MAX 1000          /* fields of a record */

typedef struct {
  guint line; /* first physical line, from 1 */
  guint n;
  const char *const *field; /* n strings of UTF-8, one behind the other */
  gsize size;               /* bytes of all of them, the NULs included */
} CsvRecord;

typedef struct CsvReader CsvReader;

/* Reads from `text`, which stays the caller's and outlives the reader. */
CsvReader *csv_reader_new(TextReader *text);
void csv_reader_free(CsvReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

/* The next record, owned by the reader and good until the next call; NULL at the end. Errors:
 * IMPORT_ERROR_SYNTAX (with line and column), and those of text_reader_next. No call after an error. */
bool csv_reader_next(CsvReader *reader, const CsvRecord **ret_record, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
