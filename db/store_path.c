#include "db/store_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool store_path_parse(const char *url, const char **ret_path, GError **error)
{
  const char *path = g_str_has_prefix(url, "sqlite:") ? url + strlen("sqlite:") : url;
  g_autofree char *shown = g_filename_display_name(url);

  if (g_str_has_prefix(url, "postgresql:") || g_str_has_prefix(url, "postgres:")) {
    g_set_error(error, DB_ERROR, DB_ERROR_URL,
                "store %s: this kigen has no PostgreSQL yet; use sqlite:PATH, for example sqlite:./kigen.db",
                shown);
    return false;
  }
  if (*path == '\0' || (path == url && strstr(url, "://") != NULL)) {
    g_set_error(error, DB_ERROR, DB_ERROR_URL,
                "store '%s' is no store URL: write sqlite:PATH, for example sqlite:./kigen.db", shown);
    return false;
  }
  *ret_path = path;
  return true;
}

static bool fail_path(const char *path, const char *verb, int code, GError **error)
{
  static const struct {
    int code;
    DbError error;
  } rows[] = { { EEXIST, DB_ERROR_EXISTS },    { ENOENT, DB_ERROR_MISSING },  { ENOTDIR, DB_ERROR_MISSING },
               { EACCES, DB_ERROR_READ_ONLY }, { EPERM, DB_ERROR_READ_ONLY }, { EROFS, DB_ERROR_READ_ONLY },
               { ENOSPC, DB_ERROR_FULL },      { EDQUOT, DB_ERROR_FULL } };
  g_autofree char *shown = g_filename_display_name(path);
  DbError kind = DB_ERROR_FAILED;

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    kind = rows[i].code == code ? rows[i].error : kind;
  }
  g_set_error(error, DB_ERROR, kind, "cannot %s the store %s: %s", verb, shown, g_strerror(code));
  return false;
}

bool store_path_resolve(const char *path, char **ret_resolved, GError **error)
{
  struct stat info;
  char *found = realpath(path, NULL);
  int code = found != NULL && stat(found, &info) == 0 ? 0 : errno;
  g_autofree char *resolved = g_strdup(found);
  g_autofree char *shown = g_filename_display_name(path);

  free(found);
  if (code == ENOENT || code == ENOTDIR) {
    g_set_error(
        error, DB_ERROR, DB_ERROR_MISSING,
        "there is no store at %s: make one with 'kigen init', or name yours with --store or KIGEN_STORE",
        shown);
    return false;
  }
  if (code != 0) {
    return fail_path(path, "open", code, error);
  }
  if (!S_ISREG(info.st_mode)) {
    g_set_error(error, DB_ERROR, DB_ERROR_NOT_A_STORE,
                "%s is %s, not a store: name the file that 'kigen init' made", shown,
                S_ISDIR(info.st_mode) ? "a directory" : "no regular file");
    return false;
  }
  *ret_resolved = g_steal_pointer(&resolved);
  return true;
}

void store_path_remove(const char *path)
{
  static const char *const endings[] = { "-wal", "-shm", "-journal", ".lock", "" };

  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *name = g_strconcat(path, endings[i], NULL);

    (void)unlink(name);
  }
}

/* SQLite never has to make the file: O_EXCL is what tells a new store from somebody's file. */
bool store_path_make(const char *path, char **ret_resolved, GError **error)
{
  int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int code = errno;

  if (descriptor < 0 && code == EEXIST) {
    g_autofree char *shown = g_filename_display_name(path);

    g_set_error(error, DB_ERROR, DB_ERROR_EXISTS,
                "there is a file at %s already: name another one for the new store", shown);
    return false;
  }
  if (descriptor < 0) {
    return fail_path(path, "make", code, error);
  }
  close(descriptor);
  return store_path_resolve(path, ret_resolved, error);
}
