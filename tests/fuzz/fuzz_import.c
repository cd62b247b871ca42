/* A file to import, as anybody wrote it: bytes to text, text to records, records to the values of one kind.
 * The first byte chooses kind and encoding. What is read, written again as plain CSV, reads the same. */

#include "notifier/exchange/import_row.h"

#include <csv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file without a name; *ret_path leads to it. */
static int make_file(const void *data, gsize size, char **ret_path)
{
  int fd = memfd_create("fuzz", MFD_CLOEXEC);

  g_assert(fd >= 0);
  for (gsize written = 0; written < size;) {
    ssize_t n = write(fd, (const char *)data + written, size - written);

    g_assert(n > 0);
    written += (gsize)n;
  }
  *ret_path = g_strdup_printf("/proc/self/fd/%d", fd);
  return fd;
}

static void check_error(const GError *error, const char *path)
{
  g_assert(error != NULL && error->domain == IMPORT_ERROR && error->code != IMPORT_ERROR_INTERRUPTED);
  g_assert(g_str_has_prefix(error->message, path) && g_utf8_validate(error->message, -1, NULL));
}

static void check_row(const ImportRow *row, const ColumnMap *map)
{
  g_assert(row->refused || row->n == map->n);
  for (int i = 0; i < COLUMNS_TARGETS_MAX; i++)
    g_assert(row->value[i] == NULL || (row->value[i][0] != '\0' && g_utf8_validate(row->value[i], -1, NULL)));
  for (guint i = 0; row->problems != NULL && i < row->problems->len; i++) {
    g_autofree char *text = import_problem_format(g_ptr_array_index(row->problems, i), "f.csv");

    g_assert(g_utf8_validate(text, -1, NULL) && strchr(text, '\n') == NULL);
  }
}

static void read_row(const ColumnMap *map, const CsvRecord *record)
{
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(256);
  g_autofree const char **cells = g_new0(const char *, record->n);
  ImportRow row = { .cell = cells };

  import_row_read(&row, map, record, chunk);
  check_row(&row, map);
  import_row_clear(&row);
}

static void write_record(GString *out, const CsvRecord *record)
{
  for (guint i = 0; i < record->n; i++) {
    gsize size = strlen(record->field[i]);
    gsize need = csv_write(NULL, 0, record->field[i], size);
    g_autofree char *cell = g_malloc(need);

    csv_write(cell, need, record->field[i], size);
    g_string_append_c(i > 0 ? g_string_append_c(out, ',') : out, cell[0]);
    g_string_append_len(out, cell + 1, (gssize)need - 1);
  }
  g_string_append_c(out, '\n');
}

/* All records, as plain CSV; NULL: an error. */
static char *read_file(const char *path, TextEncoding encoding, ImportKind kind)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TextReader) text = NULL;
  g_autoptr(CsvReader) reader = NULL;
  g_autoptr(ColumnMap) map = NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  const CsvRecord *record = NULL;
  guint line = 0;
  bool done = text_reader_open(path, encoding, &text, &error);

  if (done)
    reader = csv_reader_new(text);
  while (done && (done = csv_reader_next(reader, &record, &error)) && record != NULL) {
    g_assert(record->line > line && record->n > 0);
    line = record->line;
    write_record(out, record);
    if (map == NULL) {
      g_clear_error(&error);
      (void)!column_map_new(columns_for(kind), record, path, true, &map, &error);
    }
    if (map != NULL)
      read_row(map, record);
  }
  if (!done)
    check_error(error, path);
  return done ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *path = NULL;

  if (size == 0)
    return 0;
  ImportKind kind = (ImportKind)(data[0] % IMPORT_KIND_COUNT);
  TextEncoding encoding = (TextEncoding)(data[0] / IMPORT_KIND_COUNT % 3);
  int fd = make_file(data + 1, size - 1, &path);
  g_autofree char *first = read_file(path, encoding, kind);

  close(fd);
  if (first != NULL) {
    g_autofree char *again_path = NULL;
    int again_fd = make_file(first, strlen(first), &again_path);
    g_autofree char *again = read_file(again_path, TEXT_ENCODING_UTF8, kind);

    close(again_fd);
    g_assert(again != NULL && strcmp(first, again) == 0);
  }
  return 0;
}
