#include "notifier/exchange/column_map.h"

#include <string.h>

#include "notifier/exchange/nearest.h"

/* «General Availability» and «ｅｏｌ» are general_availability and eol. */
static char *plain_name(const char *text)
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold(normal, -1);
  g_autoptr(GStringChunk) chunk = g_string_chunk_new(256);

  return g_strdelimit(g_strdup(values_trim(folded, chunk)), " -", '_');
}

static const ImportColumn *find_column(const ImportColumns *columns, const char *name)
{
  for (gsize i = 0; i < columns->n; i++) {
    if (strcmp(columns->column[i].name, name) == 0)
      return &columns->column[i];
  }
  return NULL;
}

static void add_sentence(GString *wrong, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_sentence(GString *wrong, const char *format, ...)
{
  va_list arguments;

  if (wrong->len > 0)
    g_string_append(wrong, "; ");
  va_start(arguments, format);
  g_string_append_vprintf(wrong, format, arguments);
  va_end(arguments);
}

static void unknown_column(const ImportColumns *columns, const char *name, GString *wrong)
{
  g_autoptr(Nearest) nearest = nearest_new(name);

  for (gsize i = 0; i < columns->n; i++)
    nearest_consider(nearest, columns->column[i].name);
  const char *found = nearest_found(nearest);

  if (strpbrk(name, ";\t") != NULL)
    add_sentence(wrong, "columns are separated by commas, not by semicolons or tabs: save the file as CSV");
  else if (found != NULL)
    add_sentence(wrong, "unknown column \"%.80s\" (is it \"%s\"?)", name, found);
  else if (*name == '\0')
    add_sentence(wrong, "a column without a name");
  else
    add_sentence(wrong, "unknown column \"%.80s\"", name);
}

static void match_field(ColumnMap *map, guint field, bool ignore_unknown, GString *wrong, bool *ret_unknown)
{
  const char *written = map->name[field];
  g_autofree char *name = plain_name(written);
  const ImportColumn *column = find_column(map->columns, name);

  if (column == NULL) {
    if (strcmp(name, COLUMNS_REJECT_REASON) == 0)
      return;
    if (ignore_unknown) {
      g_ptr_array_add(map->ignored, g_strdup(written));
      return;
    }
    unknown_column(map->columns, written, wrong);
    *ret_unknown = true;
  } else if ((map->given & (1u << column->target)) != 0) {
    add_sentence(wrong, "column \"%s\" stands there twice", column->name);
  } else {
    map->given |= 1u << column->target;
    map->column[field] = column;
  }
}

static void look_for_missing(const ColumnMap *map, GString *wrong)
{
  for (gsize i = 0; i < map->columns->n; i++) {
    const ImportColumn *column = &map->columns->column[i];

    if (column->need != COLUMN_OPTIONAL && (map->given & (1u << column->target)) == 0)
      add_sentence(wrong, "column \"%s\" is missing", column->name);
  }
}

static ColumnMap *map_alloc(const ImportColumns *columns, const CsvRecord *header)
{
  ColumnMap *map = g_new0(ColumnMap, 1);

  map->columns = columns;
  map->n = header->n;
  map->column = g_new0(const ImportColumn *, header->n);
  map->name = g_new0(char *, header->n + 1);
  for (guint i = 0; i < header->n; i++)
    map->name[i] = g_strdup(header->field[i]);
  map->ignored = g_ptr_array_new_with_free_func(g_free);
  return map;
}

bool column_map_new(const ImportColumns *columns, const CsvRecord *header, const char *path,
                    bool ignore_unknown, ColumnMap **ret_map, GError **error)
{
  g_autofree char *known = columns_list(columns);
  g_autoptr(GString) wrong = g_string_new(NULL);
  bool unknown = false;

  if (header == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_HEADER,
                "%s: the file is empty; its first line names the columns: %s", path, known);
    return false;
  }
  g_autoptr(ColumnMap) map = map_alloc(columns, header);

  for (guint i = 0; i < map->n; i++)
    match_field(map, i, ignore_unknown, wrong, &unknown);
  look_for_missing(map, wrong);
  if (wrong->len > 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_HEADER, "%s:%u: %s; the columns of %s are: %s%s", path,
                header->line, wrong->str, import_kind_key(columns->kind), known,
                unknown ? "; --ignore-unknown skips the others" : "");
    return false;
  }
  *ret_map = g_steal_pointer(&map);
  return true;
}

void column_map_free(ColumnMap *map)
{
  if (map == NULL)
    return;
  g_free(map->column);
  g_strfreev(map->name);
  g_ptr_array_unref(map->ignored);
  g_free(map);
}
