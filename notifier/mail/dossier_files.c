#include "notifier/mail/dossier_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "db/backup_file.h"
#include "notifier/mail/dossier.h"
#include "notifier/mail/letter_json.h"

#define BLOCK (64 * 1024)
#define NAME_MAX_LENGTH 100

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;
static void writer_free(Archive *archive)
{
  archive_write_free(archive);
}
typedef Archive ArchiveWriter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveWriter, writer_free)
static void reader_free(Archive *archive)
{
  archive_read_free(archive);
}
typedef struct archive ArchiveReader;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveReader, reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveEntry, archive_entry_free)

G_GNUC_PRINTF(3, 4) static bool refuse(GError **error, DossierError code, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, DOSSIER_ERROR, (gint)code, message);
  return false;
}

static bool fail(const char *path, GError **error)
{
  return refuse(error, DOSSIER_ERROR_FILE, "%s: %s", path, g_strerror(errno));
}

bool dossier_files_is_name(const char *name)
{
  gsize length = strlen(name);

  if (length == 0 || length > NAME_MAX_LENGTH || name[0] == '.')
    return false;
  return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == length;
}

/* Adds the names in `folder`/`below` ("": itself) to `names`, as seen from `folder`. */
static bool add_names(const char *folder, const char *below, GPtrArray *names, GError **error)
{
  g_autofree char *path = g_build_filename(folder, below, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    if (!dossier_files_is_name(name))
      return refuse(error, DOSSIER_ERROR_FORM, "%s: a dossier has no such file", name);
    if (below[0] != '\0' || strcmp(name, DOSSIER_SETS) != 0)
      g_ptr_array_add(names, below[0] != '\0' ? g_build_filename(below, name, NULL) : g_strdup(name));
  }
  return dir != NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_files(const char *folder, GPtrArray **ret_names, GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  if (!add_names(folder, "", names, error) || !add_names(folder, DOSSIER_SETS, names, error))
    return false;
  g_ptr_array_sort(names, by_name);
  *ret_names = g_steal_pointer(&names);
  return true;
}

bool dossier_files_digest(const char *folder, json_t **ret_files, GError **error)
{
  g_autoptr(GPtrArray) names = NULL;
  g_autoptr(json_t) files = json_object();

  if (!list_files(folder, &names, error))
    return false;
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *digest = NULL;
    gint64 size = 0;

    if (strcmp(name, DOSSIER_INDEX) == 0 || strcmp(name, DOSSIER_SIGNATURE) == 0)
      continue;
    if (!backup_file_digest(path, &digest, &size, error))
      return false;
    json_object_set_new(files, name, json_pack("{s:I, s:s}", "size", (json_int_t)size, "sha256", digest));
  }
  *ret_files = g_steal_pointer(&files);
  return true;
}

/* "kigen-dossier 1 SHA256 KEY", of the index in `folder`. */
static bool signed_text(const char *folder, const SignKeyPublic *public_key, char **ret_text, GError **error)
{
  g_autofree char *path = g_build_filename(folder, DOSSIER_INDEX, NULL);
  g_autofree char *digest = NULL;
  g_autofree char *key = sign_key_public_id(public_key);
  gint64 size = 0;

  if (!backup_file_digest(path, &digest, &size, error))
    return false;
  *ret_text = g_strdup_printf("kigen-dossier %d %s %s", DOSSIER_VERSION, digest, key);
  return true;
}

bool dossier_files_sign(const char *folder, const SignKey *key, GError **error)
{
  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *path = g_build_filename(folder, DOSSIER_SIGNATURE, NULL);
  g_autofree char *text = NULL;
  guint8 signature[SIGN_KEY_SIGNATURE_SIZE];
  char encoded[SIGN_KEY_SIGNATURE_SIZE * 2];

  if (!signed_text(folder, &public_key, &text, error))
    return false;
  sign_key_sign(key, text, signature);
  sodium_bin2base64(encoded, sizeof encoded, signature, sizeof signature,
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);

  g_autofree char *line = g_strdup_printf("%s %s\n", text, encoded);

  return g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_NONE, 0644, error);
}

bool dossier_files_verify(const char *folder, const SignKeyPublic *public_key, GError **error)
{
  g_autofree char *path = g_build_filename(folder, DOSSIER_SIGNATURE, NULL);
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  guint8 signature[SIGN_KEY_SIGNATURE_SIZE];
  gsize size = 0;

  if (!g_file_get_contents(path, &line, NULL, error) || !signed_text(folder, public_key, &text, error))
    return false;
  g_strchomp(line);
  if (g_str_has_prefix(line, text) && line[strlen(text)] == ' ' &&
      sodium_base642bin(signature, sizeof signature, line + strlen(text) + 1, strlen(line) - strlen(text) - 1,
                        NULL, &size, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
      size == sizeof signature && sign_key_verify(public_key, text, signature))
    return true;
  return refuse(error, DOSSIER_ERROR_FORM, "%s: not the signature of %s", DOSSIER_SIGNATURE, DOSSIER_INDEX);
}

static bool archive_fail(Archive *archive, const char *path, DossierError code, GError **error)
{
  return refuse(error, code, "%s: %s", path, archive_error_string(archive));
}

static bool pack_data(Archive *archive, const char *path, GError **error)
{
  g_autofree char *block = g_malloc(BLOCK);
  FILE *file = g_fopen(path, "re");
  bool done = file != NULL;
  gsize size;

  while (done && (size = fread(block, 1, BLOCK, file)) > 0)
    done = archive_write_data(archive, block, size) == (la_ssize_t)size;
  done = done && ferror(file) == 0;
  if (file != NULL)
    fclose(file);
  return done || fail(path, error);
}

static bool pack_file(Archive *archive, const char *folder, const char *name, gint64 seconds, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(ArchiveEntry) entry = archive_entry_new();
  GStatBuf status;

  if (g_stat(path, &status) != 0)
    return fail(path, error);
  archive_entry_set_pathname(entry, name);
  archive_entry_set_size(entry, status.st_size);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_mtime(entry, seconds, 0);
  if (archive_write_header(archive, entry) != ARCHIVE_OK)
    return archive_fail(archive, name, DOSSIER_ERROR_FILE, error);
  return pack_data(archive, path, error);
}

static bool pack_all(Archive *archive, const char *folder, const GPtrArray *names, gint64 seconds,
                     GError **error)
{
  for (guint i = 0; i < names->len; i++)
    if (!pack_file(archive, folder, names->pdata[i], seconds, error))
      return false;
  return true;
}

/* Writes the tar file to `descriptor`, which stays open. */
static bool write_tar(int descriptor, const char *folder, const GPtrArray *names, gint64 seconds,
                      GError **error)
{
  g_autoptr(ArchiveWriter) archive = archive_write_new();

  if (archive_write_set_format_pax_restricted(archive) != ARCHIVE_OK ||
      archive_write_open_fd(archive, descriptor) != ARCHIVE_OK)
    return archive_fail(archive, folder, DOSSIER_ERROR_FILE, error);
  if (!pack_all(archive, folder, names, seconds, error))
    return false;
  return archive_write_close(archive) == ARCHIVE_OK ||
         archive_fail(archive, folder, DOSSIER_ERROR_FILE, error);
}

bool dossier_files_pack(const char *folder, const char *as_of, const char *path, GError **error)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(as_of, NULL);
  gint64 seconds = at != NULL ? g_date_time_to_unix(at) : 0;
  g_autoptr(GPtrArray) names = NULL;
  int descriptor;

  if (!list_files(folder, &names, error))
    return false;
  descriptor = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(path, error);

  bool done =
      write_tar(descriptor, folder, names, seconds, error) && (fsync(descriptor) == 0 || fail(path, error));

  return g_close(descriptor, done ? error : NULL) && done;
}

/* A file of a dossier, by its name in the tar file: "index.json", "template-sets/…". */
static bool is_entry(ArchiveEntry *entry, const char *name)
{
  const char *below =
      name != NULL && g_str_has_prefix(name, DOSSIER_SETS "/") ? name + strlen(DOSSIER_SETS "/") : name;

  return archive_entry_filetype(entry) == AE_IFREG && below != NULL && dossier_files_is_name(below) &&
         strcmp(below, DOSSIER_SETS) != 0;
}

static bool unpack_file(Archive *archive, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *block = g_malloc(BLOCK);
  FILE *file = g_fopen(path, "wxe");
  la_ssize_t size = 0;
  bool done = file != NULL;

  while (done && (size = archive_read_data(archive, block, BLOCK)) > 0)
    done = fwrite(block, 1, (gsize)size, file) == (gsize)size;
  done = (file == NULL || fclose(file) == 0) && done;
  if (!done)
    return fail(name, error);
  return size == 0 || archive_fail(archive, name, DOSSIER_ERROR_FORM, error);
}

bool dossier_files_unpack(const char *path, const char *folder, GError **error)
{
  g_autoptr(ArchiveReader) archive = archive_read_new();
  g_autofree char *sets = g_build_filename(folder, DOSSIER_SETS, NULL);
  ArchiveEntry *entry = NULL; /* the archive's */
  int result;

  if (g_mkdir(sets, 0755) != 0)
    return fail(sets, error);
  archive_read_support_format_tar(archive);
  if (archive_read_open_filename(archive, path, BLOCK) != ARCHIVE_OK)
    return archive_fail(archive, path, DOSSIER_ERROR_FORM, error);
  while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
    const char *name = archive_entry_pathname(entry);

    if (!is_entry(entry, name))
      return refuse(error, DOSSIER_ERROR_FORM, "%s: a dossier has no such file: %s", path,
                    name != NULL ? name : "?");
    if (!unpack_file(archive, folder, name, error))
      return false;
  }
  return result == ARCHIVE_EOF || archive_fail(archive, path, DOSSIER_ERROR_FORM, error);
}

/* Unlinks what is in `folder`, which it closes; -1: nothing. */
static void remove_files(int folder)
{
  DIR *dir = folder >= 0 ? fdopendir(folder) : NULL;
  const struct dirent *entry;

  if (dir == NULL) {
    if (folder >= 0)
      close(folder);
    return;
  }
  while ((entry = readdir(dir)) != NULL)
    (void)unlinkat(folder, entry->d_name, 0);
  closedir(dir);
}

static int open_below(int folder, const char *name)
{
  return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void dossier_files_remove(int folder)
{
  remove_files(open_below(folder, DOSSIER_SETS));
  (void)unlinkat(folder, DOSSIER_SETS, AT_REMOVEDIR);
  remove_files(open_below(folder, "."));
}
