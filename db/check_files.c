#include "db/check_files.h"

#include "db/audit_key.h"
#include "db/link_key.h"

#include <string.h>
#include <sys/stat.h>

#define LOG_MAX (256 * 1024 * 1024) /* bytes; db/sqlite.c gives space back beyond 64 MB */
#define RANDOM_LENGTH 6             /* of backup_file_make's names */

static void check_link_key(const CheckStep *step, Db *db, GPtrArray *findings)
{
  g_autofree char *path = link_key_path(db_path(db));
  g_autoptr(LinkKey) key = NULL;
  g_autoptr(GError) error = NULL;

  if (!link_key_load(path, &key, &error))
    check_add(step, findings, g_filename_display_name(path), g_strdup(error->message),
              "links that are out still work, but none can be shown or rebuilt without it");
}

/* The key beside the store must be the one that the trail tells. */
static bool check_sign_key(const CheckStep *step, Db *db, GPtrArray *findings, GError **error)
{
  g_autofree char *path = sign_key_path(db_path(db));
  g_autoptr(SignKey) key = NULL;
  g_autoptr(GError) cause = NULL;
  SignKeyPublic told;
  gint64 row;

  if (!audit_key_find(db, &row, &told, error))
    return false;
  if (!sign_key_load(path, &key, &cause)) {
    check_add(step, findings, g_filename_display_name(path), g_strdup(cause->message),
              "heads of the audit trail cannot be signed without it");
    return true;
  }

  SignKeyPublic found = sign_key_public(key);

  if (row == 0 || memcmp(&found, &told, sizeof found) != 0)
    check_add(step, findings, g_filename_display_name(path),
              row == 0
                  ? g_strdup("the audit trail does not tell this key")
                  : g_strdup_printf("row %" G_GINT64_FORMAT " of the audit trail tells another key", row),
              "put the store's own key back from your backup, or move this one away and run kigen audit head "
              "--make-key");
  return true;
}

static void check_store_file(const CheckStep *step, Db *db, GPtrArray *findings)
{
  struct stat info;

  if (stat(db_path(db), &info) == 0 && (info.st_mode & 07) != 0)
    check_add(
        step, findings, g_filename_display_name(db_path(db)),
        g_strdup_printf("its mode is %04o: everybody on this machine can read customers' names, or more",
                        (unsigned)(info.st_mode & 07777)),
        "chmod o-rwx the file");
}

static void check_log(const CheckStep *step, Db *db, GPtrArray *findings)
{
  g_autofree char *path = g_strconcat(db_path(db), "-wal", NULL);
  struct stat info;

  if (stat(path, &info) == 0 && info.st_size > LOG_MAX)
    check_add(
        step, findings, g_filename_display_name(path),
        g_strdup_printf("the write-ahead log has grown to %" G_GINT64_FORMAT " MB",
                        (gint64)info.st_size / 1024 / 1024),
        "some program holds an old state of the store open: find it with fuser, end it, and let kigen write");
}

/* What a restore that was killed left: a copy of a backup under a hidden name. */
static void check_leftovers(const CheckStep *step, Db *db, GPtrArray *findings)
{
  g_autofree char *folder = g_path_get_dirname(db_path(db));
  g_autofree char *name = g_path_get_basename(db_path(db));
  g_autofree char *prefix = g_strdup_printf(".%s.", name);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL)
    if (g_str_has_prefix(entry, prefix) && strlen(entry) == strlen(prefix) + RANDOM_LENGTH)
      check_add(step, findings, g_build_filename(folder, entry, NULL),
                g_strdup("a copy of a backup, left by a restore that was killed"),
                "when no kigen restore is at work, remove it");
}

bool check_files(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
{
  check_store_file(step, db, findings);
  check_link_key(step, db, findings);
  check_log(step, db, findings);
  check_leftovers(step, db, findings);
  return check_sign_key(step, db, findings, error);
}
