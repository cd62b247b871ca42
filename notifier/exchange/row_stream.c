#include "notifier/exchange/row_stream.h"

#define BATCHES 3
#define BATCH_ROWS 512
#define BATCH_BYTES (1024 * 1024) /* of cells: large rows make a batch shorter */
#define CHUNK_SIZE (64 * 1024)

typedef struct {
  guint n;
  ImportRow row[BATCH_ROWS];
  GArray *cells; /* const char *: room for the rows' cells */
  GStringChunk *chunk;
  gint64 done;   /* bytes of the file read up to here */
  bool last;     /* nothing comes after it */
  GError *error; /* what ended it early, or NULL */
} Batch;

struct RowStream {
  TextReader *text;
  CsvReader *csv;
  ColumnMap *map;
  TextEncoding encoding;
  bool guessed;
  GThread *thread;
  GAsyncQueue *empty; /* Batch *: for the thread to fill */
  GAsyncQueue *full;
  gint stop; /* atomic: the thread ends */
  Batch *batch[BATCHES];
  Batch *present; /* being given out */
  guint at;
};

static void batch_clear(Batch *batch)
{
  for (guint i = 0; i < batch->n; i++)
    import_row_clear(&batch->row[i]);
  batch->n = 0;
  g_string_chunk_clear(batch->chunk);
  g_clear_error(&batch->error);
}

static void batch_free(Batch *batch)
{
  if (batch == NULL)
    return;
  batch_clear(batch);
  g_string_chunk_free(batch->chunk);
  g_array_unref(batch->cells);
  g_free(batch);
}

static Batch *batch_new(void)
{
  Batch *batch = g_new0(Batch, 1);

  batch->chunk = g_string_chunk_new(CHUNK_SIZE);
  batch->cells = g_array_new(FALSE, FALSE, sizeof(const char *));
  return batch;
}

/* Fills `batch` from the file. The room for cells is made before the first row, so that it does not move: a
 * row with more cells than the header ends what fits. */
static void fill(RowStream *stream, Batch *batch)
{
  guint room = BATCH_ROWS * stream->map->n + CSV_READER_FIELDS_MAX;
  const CsvRecord *record;
  guint used = 0;
  gsize bytes = 0;

  g_array_set_size(batch->cells, room);
  while (batch->n < BATCH_ROWS && bytes < BATCH_BYTES && used + CSV_READER_FIELDS_MAX <= room) {
    if (!csv_reader_next(stream->csv, &record, &batch->error) || record == NULL) {
      batch->last = true;
      break;
    }
    ImportRow *row = &batch->row[batch->n++];

    row->cell = &g_array_index(batch->cells, const char *, used);
    import_row_read(row, stream->map, record, batch->chunk);
    used += record->n;
    bytes += record->size;
  }
  batch->done = text_reader_done(stream->text);
}

static gpointer run(gpointer data)
{
  RowStream *stream = data;
  bool last = false;

  while (!last) {
    Batch *batch = g_async_queue_pop(stream->empty);

    if (g_atomic_int_get(&stream->stop) != 0)
      break;
    batch_clear(batch);
    fill(stream, batch);
    last = batch->last;
    g_async_queue_push(stream->full, batch);
  }
  return NULL;
}

bool row_stream_open(const char *path, TextEncoding encoding, const ImportColumns *columns,
                     bool ignore_unknown, RowStream **ret_stream, GError **error)
{
  g_autoptr(RowStream) stream = g_new0(RowStream, 1);
  const CsvRecord *header;

  if (!text_reader_open(path, encoding, &stream->text, error))
    return false;
  stream->encoding = text_reader_encoding(stream->text);
  stream->guessed = text_reader_guessed(stream->text);
  stream->csv = csv_reader_new(stream->text);
  if (!csv_reader_next(stream->csv, &header, error) ||
      !column_map_new(columns, header, path, ignore_unknown, &stream->map, error))
    return false;
  stream->empty = g_async_queue_new();
  stream->full = g_async_queue_new();
  for (int i = 0; i < BATCHES; i++) {
    stream->batch[i] = batch_new();
    g_async_queue_push(stream->empty, stream->batch[i]);
  }
  stream->thread = g_thread_new("import-rows", run, stream);
  *ret_stream = g_steal_pointer(&stream);
  return true;
}

static void join(RowStream *stream)
{
  if (stream->thread == NULL)
    return;
  g_atomic_int_set(&stream->stop, 1);
  g_async_queue_push(stream->empty, stream->batch[0]); /* wakes it; it looks at stop first */
  g_thread_join(stream->thread);
  stream->thread = NULL;
}

void row_stream_free(RowStream *stream)
{
  if (stream == NULL)
    return;
  join(stream);
  g_clear_pointer(&stream->empty, g_async_queue_unref);
  g_clear_pointer(&stream->full, g_async_queue_unref);
  for (int i = 0; i < BATCHES; i++)
    batch_free(stream->batch[i]);
  column_map_free(stream->map);
  csv_reader_free(stream->csv);
  text_reader_free(stream->text);
  g_free(stream);
}

bool row_stream_next(RowStream *stream, ImportRow **ret_row, GError **error)
{
  while (stream->present == NULL || stream->at == stream->present->n) {
    Batch *read = stream->present;

    if (read != NULL && read->error != NULL) {
      g_propagate_error(error, g_steal_pointer(&read->error));
      return false;
    }
    if (read != NULL && read->last) {
      join(stream);
      *ret_row = NULL;
      return true;
    }
    if (read != NULL)
      g_async_queue_push(stream->empty, read);
    stream->present = g_async_queue_pop(stream->full);
    stream->at = 0;
  }
  *ret_row = &stream->present->row[stream->at++];
  return true;
}

const ColumnMap *row_stream_map(const RowStream *stream)
{
  return stream->map;
}

gint64 row_stream_total(const RowStream *stream)
{
  return text_reader_total(stream->text);
}

gint64 row_stream_done(const RowStream *stream)
{
  return stream->present != NULL ? stream->present->done : 0;
}

TextEncoding row_stream_encoding(const RowStream *stream)
{
  return stream->encoding;
}

bool row_stream_guessed(const RowStream *stream)
{
  return stream->guessed;
}

char *row_stream_sha256(RowStream *stream)
{
  return text_reader_sha256(stream->text);
}
