#include "notifier/exchange/csv_reader.h"

#include <csv.h>
#include <string.h>

/* libcsv knows no lines. So it is fed one physical line at a time, and what it reports belongs to that line.
 */

#define FEED_MAX (32 * 1024) /* bytes fed at once: a boundless field is noticed this soon */

struct CsvReader {
  TextReader *text;
  struct csv_parser parser;
  const char *piece; /* the text at hand: from `at` on it is not yet fed */
  gsize piece_size;
  gsize at;
  gsize next_lf, next_cr; /* offsets of the next ones from `at` on; piece_size: none. Kept, so that a file
                             of one kind of line end is not searched for the other again and again */
  guint line;             /* the physical line being fed, from 1 */
  char line_end;          /* CR or LF when that was the last byte fed, else NUL */
  glong column;           /* characters of this line fed with earlier slices */
  bool row_ended;         /* libcsv saw the end of a row, blank or not */
  bool complete;          /* a record is complete */
  bool too_long;
  bool has_content; /* a field of this record is not empty */
  GString *bytes;   /* the record's fields, each with its NUL */
  GArray *offset;   /* gsize: where each begins */
  GPtrArray *field; /* the same as pointers, once complete */
  CsvRecord record;
};

static void on_field(void *text, size_t size, void *data)
{
  CsvReader *reader = data;
  gsize offset = reader->bytes->len;

  if (size > CSV_READER_FIELD_MAX || offset + size >= CSV_READER_RECORD_MAX ||
      reader->offset->len >= CSV_READER_FIELDS_MAX) {
    reader->too_long = true;
    return;
  }
  g_array_append_val(reader->offset, offset);
  g_string_append_len(reader->bytes, text, (gssize)size);
  g_string_append_c(reader->bytes, '\0');
  reader->has_content = reader->has_content || size > 0;
}

static void start_record(CsvReader *reader)
{
  g_string_truncate(reader->bytes, 0);
  g_array_set_size(reader->offset, 0);
  reader->has_content = false;
  reader->complete = false;
}

static void on_row(int end, void *data)
{
  CsvReader *reader = data;

  reader->row_ended = true;
  if (reader->has_content)
    reader->complete = true;
  else
    start_record(reader);
}

CsvReader *csv_reader_new(TextReader *text)
{
  CsvReader *reader = g_new0(CsvReader, 1);

  reader->text = text;
  /* REPALL_NL: a blank line is reported too, or one would not see that a row ended. */
  if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL) != 0)
    g_assert_not_reached();
  csv_set_blk_size(&reader->parser, 4096);
  reader->line = 1;
  reader->row_ended = true; /* the first line begins a row */
  reader->bytes = g_string_new(NULL);
  reader->offset = g_array_new(FALSE, FALSE, sizeof(gsize));
  reader->field = g_ptr_array_new();
  return reader;
}

void csv_reader_free(CsvReader *reader)
{
  if (reader == NULL)
    return;
  csv_free(&reader->parser);
  g_string_free(reader->bytes, TRUE);
  g_array_unref(reader->offset);
  g_ptr_array_unref(reader->field);
  g_free(reader);
}

static gsize find(const CsvReader *reader, char byte)
{
  const char *found = memchr(reader->piece + reader->at, byte, reader->piece_size - reader->at);

  return found != NULL ? (gsize)(found - reader->piece) : reader->piece_size;
}

/* Reads the next piece; at the end of the text piece_size is 0. */
static bool next_piece(CsvReader *reader, GError **error)
{
  const char *piece;
  gsize size;

  if (!text_reader_next(reader->text, &piece, &size, error))
    return false;
  reader->piece = piece;
  reader->piece_size = size;
  reader->at = 0;
  reader->next_lf = find(reader, '\n');
  reader->next_cr = find(reader, '\r');
  return true;
}

/* Bytes from `at` to the end of the physical line, its CR, LF or CRLF included, or of the piece. */
static gsize slice_size(CsvReader *reader)
{
  if (reader->next_lf < reader->at)
    reader->next_lf = find(reader, '\n');
  if (reader->next_cr < reader->at)
    reader->next_cr = find(reader, '\r');

  gsize end = MIN(reader->next_lf, reader->next_cr);

  if (end < reader->piece_size)
    end++;
  if (end < reader->piece_size && end == reader->next_cr + 1 && end == reader->next_lf)
    end++;
  return end - reader->at;
}

static bool syntax_error(CsvReader *reader, guint line, glong column, const char *what, GError **error)
{
  const char *path = text_reader_path(reader->text);

  if (column > 0)
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s:%u: column %ld: %s", path, line, column, what);
  else
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s:%u: %s", path, line, what);
  return false;
}

static bool too_long_error(CsvReader *reader, GError **error)
{
  return syntax_error(reader, reader->record.line, 0,
                      "the row that begins here has a field of more than 64 KiB, more than 1 MiB in all, or "
                      "more than 1000 fields; is the closing quote of a field missing?",
                      error);
}

/* Excel's text form ="00123" may stand unquoted: its two quotes are no error. True when the quote at `text`,
 * which libcsv refused, is one of them. */
static bool is_excel_quote(const CsvReader *reader, const char *text, gsize left)
{
  const struct csv_parser *parser = &reader->parser;

  if (parser->quoted || text[0] != '"')
    return false;
  if (parser->entry_pos == 1)
    return parser->entry_buf[0] == '=';
  return parser->entry_pos > 1 && memcmp(parser->entry_buf, "=\"", 2) == 0 &&
         (left == 1 || strchr(",\r\n", text[1]) != NULL);
}

/* Gives libcsv `size` bytes; *ret_fed is less where it found an error. */
static void feed(CsvReader *reader, const char *text, gsize size, gsize *ret_fed)
{
  gsize fed = 0;

  while (fed < size && !reader->too_long) {
    gsize n = MIN(size - fed, FEED_MAX);
    gsize taken = csv_parse(&reader->parser, text + fed, n, on_field, on_row, reader);

    fed += taken;
    reader->too_long = reader->too_long || reader->parser.entry_pos > CSV_READER_FIELD_MAX;
    if (taken == n)
      continue;
    if (!is_excel_quote(reader, text + fed, size - fed))
      break;
    csv_set_opts(&reader->parser, CSV_REPALL_NL | CSV_APPEND_NULL);
    fed += csv_parse(&reader->parser, text + fed, 1, on_field, on_row, reader);
    csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL);
  }
  *ret_fed = fed;
}

/* Feeds one slice: a physical line, or the part of it that the piece holds. */
static bool feed_slice(CsvReader *reader, GError **error)
{
  const char *text = reader->piece + reader->at;
  gsize size = slice_size(reader);
  gsize fed;

  if (reader->line_end != '\0' && !(reader->line_end == '\r' && text[0] == '\n')) {
    reader->line++;
    reader->column = 0;
  }
  if (reader->row_ended)
    reader->record.line = reader->line;
  reader->row_ended = false;
  feed(reader, text, size, &fed);
  if (reader->too_long)
    return too_long_error(reader, error);
  if (fed < size)
    return syntax_error(reader, reader->line, reader->column + g_utf8_strlen(text, (gssize)fed) + 1,
                        reader->parser.quoted
                            ? "text after a closing quote; a quote inside a quoted field is written twice"
                            : "a quote inside an unquoted field; put the field in quotes and write the quote "
                              "twice",
                        error);
  reader->line_end = text[size - 1] == '\n' || text[size - 1] == '\r' ? text[size - 1] : '\0';
  if (reader->line_end == '\0')
    reader->column += g_utf8_strlen(text, (gssize)size);
  reader->at += size;
  return true;
}

/* The last line may lack its end. */
static bool finish(CsvReader *reader, GError **error)
{
  if (csv_fini(&reader->parser, on_field, on_row, reader) != 0)
    return syntax_error(reader, reader->record.line, 0,
                        "the row that begins here has a quote that is never closed; close it, or write a "
                        "quote inside a field twice",
                        error);
  return reader->too_long ? too_long_error(reader, error) : true;
}

static void point_to_fields(CsvReader *reader)
{
  g_ptr_array_set_size(reader->field, 0);
  for (guint i = 0; i < reader->offset->len; i++)
    g_ptr_array_add(reader->field, reader->bytes->str + g_array_index(reader->offset, gsize, i));
  reader->record.n = reader->field->len;
  reader->record.size = reader->bytes->len;
  reader->record.field = (const char *const *)reader->field->pdata;
}

bool csv_reader_next(CsvReader *reader, const CsvRecord **ret_record, GError **error)
{
  bool ended = false;

  start_record(reader);
  while (!reader->complete && !ended) {
    if (reader->at < reader->piece_size) {
      if (!feed_slice(reader, error))
        return false;
      continue;
    }
    if (!next_piece(reader, error))
      return false;
    ended = reader->piece_size == 0;
    if (ended && !finish(reader, error))
      return false;
  }
  if (reader->complete)
    point_to_fields(reader);
  *ret_record = reader->complete ? &reader->record : NULL;
  return true;
}
