#include "notifier/cli/sheet_place.h"

#include "db/backup_file.h"
#include "notifier/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct SheetPlace {
  char *path;      /* absolute; of a folder without "/" at its end */
  int fd;          /* the file's; -1: it is a folder */
  gsize end;       /* of the file's sheets; what ends the document stands there, and is written over */
  gsize kept;      /* of those that stay */
  GHashTable *put; /* a folder's files that may still be taken back: message (gint64) -> path */
  bool made;       /* the folder was made here */
};

static bool fail(const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);

  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", shown, g_strerror(errno));
  return false;
}

static bool refuse_existing(const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s exists already: name another file", shown);
  return false;
}

/* So that a name that was made in `folder` outlives a crash. */
static bool sync_folder(const char *folder, GError **error)
{
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool done = fd >= 0 && fsync(fd) == 0;

  if (!done)
    (void)fail(folder, error);
  if (fd >= 0)
    close(fd);
  return done;
}

static bool open_folder(SheetPlace *place, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(place->path);

  place->put = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  place->made = g_mkdir(place->path, 0700) == 0;
  if (place->made)
    return sync_folder(folder, error);
  return errno == EEXIST || fail(place->path, error);
}

static bool open_file(SheetPlace *place, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(place->path);

  place->fd = open(place->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (place->fd < 0)
    return errno == EEXIST ? refuse_existing(path, error) : fail(path, error);
  return sync_folder(folder, error);
}

bool sheet_place_open(const char *path, SheetPlace **ret_place, GError **error)
{
  g_autoptr(SheetPlace) place = g_new0(SheetPlace, 1);
  bool folder = g_str_has_suffix(path, "/") || g_file_test(path, G_FILE_TEST_IS_DIR);

  place->path = g_canonicalize_filename(path, NULL);
  place->fd = -1;
  if (!(folder ? open_folder(place, error) : open_file(place, path, error)))
    return false;
  *ret_place = g_steal_pointer(&place);
  return true;
}

void sheet_place_free(SheetPlace *place)
{
  if (place == NULL)
    return;
  if (place->fd >= 0 && place->kept == 0)
    g_unlink(place->path);
  if (place->fd >= 0)
    close(place->fd);
  if (place->made)
    g_rmdir(place->path); /* it stays where there is anything in it */
  g_clear_pointer(&place->put, g_hash_table_unref);
  g_free(place->path);
  g_free(place);
}

bool sheet_place_is_folder(const SheetPlace *place)
{
  return place->put != NULL;
}

/* The `n`th name of its page, counted from 1. */
static char *nth_name(const char *document_no, guint n)
{
  g_autofree char *name =
      n == 1 ? g_strconcat(document_no, ".html", NULL) : g_strdup_printf("%s-%u.html", document_no, n);

  return g_strdelimit(g_steal_pointer(&name), "/", '-');
}

char *sheet_place_name(const SheetPlace *place, const SheetPage *page)
{
  const char *path = place->put != NULL ? g_hash_table_lookup(place->put, &page->id) : NULL;

  return path != NULL ? g_path_get_basename(path) : NULL;
}

char *sheet_place_first_name(const char *document_no)
{
  return nth_name(document_no, 1);
}

static bool write_all(int fd, const char *bytes, gsize size)
{
  for (gsize done = 0; done < size;) {
    gssize n = write(fd, bytes + done, size - done);

    if (n < 0 && errno != EINTR)
      return false;
    done += n > 0 ? (gsize)n : 0;
  }
  return true;
}

/* The file's content from `place->end` on is `bytes`, and on the disk. */
static bool write_end(const SheetPlace *place, const char *bytes, gsize size)
{
  return lseek(place->fd, (off_t)place->end, SEEK_SET) >= 0 && write_all(place->fd, bytes, size) &&
         ftruncate(place->fd, (off_t)(place->end + size)) == 0 && fsync(place->fd) == 0;
}

static void back_to_kept(SheetPlace *place)
{
  place->end = place->kept;
  if (!write_end(place, sheet_book_end, place->kept > 0 ? strlen(sheet_book_end) : 0))
    (void)ftruncate(place->fd, (off_t)place->kept); /* a document that does not end is one all the same */
}

static bool put_in_file(SheetPlace *place, const GPtrArray *pages, GError **error)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < pages->len; i++) {
    const SheetPage *page = pages->pdata[i];

    if (page->page != NULL && place->end == 0 && text->len == 0)
      g_string_append(text, page->begin);
    if (page->page != NULL)
      g_string_append(text, page->page);
  }
  if (text->len == 0)
    return true;

  gsize size = text->len;

  g_string_append(text, sheet_book_end);
  if (write_end(place, text->str, text->len)) {
    place->end += size;
    return true;
  }
  (void)fail(place->path, error);
  back_to_kept(place);
  return false;
}

static bool write_page(const char *made, const SheetPage *page, GError **error)
{
  g_autofree char *text = g_strconcat(page->begin, page->page, sheet_book_end, NULL);
  int fd = open(made, O_WRONLY | O_CLOEXEC);
  bool done = fd >= 0 && write_all(fd, text, strlen(text));

  if (!done)
    (void)fail(made, error);
  if (fd >= 0)
    close(fd);
  return done;
}

/* Gives `made` the first name of its page that is free. What is there may be of a run that broke off before
 * the store knew of it, or the letter that came back: it stays, and nothing waits because of it. */
static bool name_page(const SheetPlace *place, const char *made, const SheetPage *page, char **ret_path,
                      GError **error)
{
  for (guint n = 1;; n++) {
    g_autofree char *name = nth_name(page->document_no, n);
    g_autofree char *path = g_build_filename(place->path, name, NULL);
    g_autoptr(GError) inner = NULL;

    if (backup_file_publish(made, path, false, &inner)) {
      *ret_path = g_steal_pointer(&path);
      return true;
    }
    if (!g_error_matches(inner, DB_ERROR, DB_ERROR_EXISTS)) {
      g_propagate_error(error, g_steal_pointer(&inner));
      return false;
    }
  }
}

/* Whole under its name, or not there. */
static bool put_one(SheetPlace *place, const SheetPage *page, GError **error)
{
  g_autofree char *name = nth_name(page->document_no, 1);
  g_autofree char *beside = g_build_filename(place->path, name, NULL);
  g_autofree char *made = NULL;
  char *path = NULL;

  if (!backup_file_make(beside, &made, error))
    return false;
  if (!write_page(made, page, error) || !name_page(place, made, page, &path, error)) {
    g_unlink(made);
    return false;
  }
  g_hash_table_insert(place->put, g_memdup2(&page->id, sizeof page->id), path);
  return true;
}

static bool put_in_folder(SheetPlace *place, const GPtrArray *pages, GError **error)
{
  for (guint i = 0; i < pages->len; i++) {
    const SheetPage *page = pages->pdata[i];

    if (page->page != NULL && !put_one(place, page, error)) {
      sheet_place_take_back(place);
      return false;
    }
  }
  return true;
}

bool sheet_place_put(SheetPlace *place, const GPtrArray *pages, GError **error)
{
  return sheet_place_is_folder(place) ? put_in_folder(place, pages, error) : put_in_file(place, pages, error);
}

void sheet_place_take_back(SheetPlace *place)
{
  GHashTableIter at;
  gpointer path;

  if (!sheet_place_is_folder(place)) {
    back_to_kept(place);
    return;
  }
  g_hash_table_iter_init(&at, place->put);
  while (g_hash_table_iter_next(&at, NULL, &path))
    g_unlink(path);
  g_hash_table_remove_all(place->put);
}

void sheet_place_keep(SheetPlace *place)
{
  place->kept = place->end;
  if (sheet_place_is_folder(place))
    g_hash_table_remove_all(place->put);
}
