#include "notifier/exchange/rejects.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct Rejects {
  char *path;
  char *unfinished; /* the name until it is complete, or NULL: nothing written */
  FILE *file;
  const ColumnMap *map;
};

static bool fail(const char *path, int code, GError **error)
{
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_REJECTS,
              "%s: the refused rows cannot be written: %s; name "
              "another file with --rejects",
              path, g_strerror(code));
  return false;
}

bool rejects_new(const char *path, const char *source, const ColumnMap *map, Rejects **ret_rejects,
                 GError **error)
{
  GStatBuf there, read;

  if (g_stat(path, &there) == 0) {
    if (!S_ISREG(there.st_mode))
      return fail(path, S_ISDIR(there.st_mode) ? EISDIR : EEXIST, error);
    if (g_stat(source, &read) == 0 && read.st_dev == there.st_dev && read.st_ino == there.st_ino) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_REJECTS,
                  "%s: is the file being imported; name another file with --rejects", path);
      return false;
    }
  }
  Rejects *rejects = g_new0(Rejects, 1);

  rejects->path = g_strdup(path);
  rejects->map = map;
  *ret_rejects = rejects;
  return true;
}

void rejects_free(Rejects *rejects)
{
  if (rejects == NULL)
    return;
  if (rejects->file != NULL)
    fclose(rejects->file);
  if (rejects->unfinished != NULL)
    g_unlink(rejects->unfinished);
  g_free(rejects->unfinished);
  g_free(rejects->path);
  g_free(rejects);
}

static void write_cell(FILE *file, const char *cell, bool first)
{
  if (!first)
    putc(',', file);
  if (*cell != '\0')
    csv_fwrite(file, cell, strlen(cell));
}

static bool begin(Rejects *rejects, GError **error)
{
  g_autofree char *name = g_strconcat(rejects->path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0666);

  if (fd < 0)
    return fail(rejects->path, errno, error);
  rejects->unfinished = g_steal_pointer(&name);
  rejects->file = fdopen(fd, "w");
  if (rejects->file == NULL)
    return fail(rejects->path, errno, error);
  fputs("\xEF\xBB\xBF", rejects->file);
  for (guint i = 0; i < rejects->map->n; i++) {
    if (g_strcmp0(rejects->map->name[i], COLUMNS_REJECT_REASON) != 0)
      write_cell(rejects->file, rejects->map->name[i], i == 0);
  }
  write_cell(rejects->file, COLUMNS_REJECT_REASON, false);
  fputs("\r\n", rejects->file);
  return true;
}

/* «eos: LSP-1: …; serial: …» */
static char *reasons(const ImportRow *row)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; row->problems != NULL && i < row->problems->len; i++) {
    const ImportProblem *problem = g_ptr_array_index(row->problems, i);

    if (problem->warning)
      continue;
    g_string_append_printf(text, "%s%s%s%s%s%s", text->len > 0 ? " / " : "",
                           problem->column != NULL ? problem->column : "",
                           problem->column != NULL ? ": " : "", problem->rule != NULL ? problem->rule : "",
                           problem->rule != NULL ? ": " : "", problem->reason);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

bool rejects_add(Rejects *rejects, const ImportRow *row, GError **error)
{
  g_autofree char *reason = reasons(row);

  if (rejects->file == NULL && !begin(rejects, error))
    return false;
  for (guint i = 0; i < MAX(row->n, rejects->map->n); i++) {
    if (i < rejects->map->n && g_strcmp0(rejects->map->name[i], COLUMNS_REJECT_REASON) == 0)
      continue;
    write_cell(rejects->file, i < row->n ? row->cell[i] : "", i == 0);
  }
  write_cell(rejects->file, reason, false);
  fputs("\r\n", rejects->file);
  return ferror(rejects->file) == 0 || fail(rejects->path, errno, error);
}

bool rejects_flush(Rejects *rejects, GError **error)
{
  if (rejects->file == NULL)
    return true;
  FILE *file = g_steal_pointer(&rejects->file);
  bool written = ferror(file) == 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
  int code = errno;

  if (fclose(file) != 0 || !written)
    return fail(rejects->path, code, error);
  return true;
}

bool rejects_finish(Rejects *rejects, GError **error)
{
  if (rejects->unfinished == NULL)
    return true;
  if (g_rename(rejects->unfinished, rejects->path) != 0)
    return fail(rejects->path, errno, error);
  g_clear_pointer(&rejects->unfinished, g_free);
  return true;
}
