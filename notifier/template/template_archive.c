#include "notifier/template/template_archive.h"

#include "notifier/template/template_set.h"

#include <sodium.h>
#include <string.h>

static const char magic[] = "kigen templates 1\n";

static int compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp(a, b);
}

TemplateFiles *template_archive_files_new(void)
{
  return g_tree_new_full(compare_names, NULL, g_free, (GDestroyNotify)g_bytes_unref);
}

static void put(GByteArray *archive, gconstpointer bytes, gsize length)
{
  guint32 big = GUINT32_TO_BE((guint32)length);

  g_byte_array_append(archive, (const guint8 *)&big, sizeof big);
  g_byte_array_append(archive, bytes, (guint)length);
}

static gboolean pack_file(gpointer name, gpointer source, gpointer archive)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data(source, &length);

  put(archive, name, strlen(name));
  put(archive, bytes, length);
  return FALSE;
}

GBytes *template_archive_pack(TemplateFiles *files)
{
  GByteArray *archive = g_byte_array_new();

  g_byte_array_append(archive, (const guint8 *)magic, sizeof magic - 1);
  g_tree_foreach(files, pack_file, archive);
  return g_byte_array_free_to_bytes(archive);
}

char *template_archive_hash(GBytes *archive)
{
  unsigned char hash[32];
  char text[2 * sizeof hash + 1];
  gsize length;
  const unsigned char *bytes = g_bytes_get_data(archive, &length);

  crypto_generichash(hash, sizeof hash, bytes, length, NULL, 0);
  return g_strdup(sodium_bin2hex(text, sizeof text, hash, sizeof hash));
}

typedef struct {
  GBytes *archive;
  gsize at;
} Reader;

static bool fail(const Reader *reader, GError **error, const char *what)
{
  g_set_error(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ARCHIVE,
              "template archive, byte %" G_GSIZE_FORMAT ": %s; it is damaged, or not an archive of templates",
              reader->at, what);
  return false;
}

/* A length and that many bytes, at most `most`. */
static bool take(Reader *reader, gsize most, GBytes **ret_bytes, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data(reader->archive, &size);
  guint32 length;

  if (size - reader->at < sizeof length)
    return fail(reader, error, "ends within a length");
  memcpy(&length, bytes + reader->at, sizeof length);
  length = GUINT32_FROM_BE(length);
  if (length > most)
    return fail(reader, error, "this length is too great");
  if (size - reader->at - sizeof length < length)
    return fail(reader, error, "ends within a file");
  *ret_bytes = g_bytes_new_from_bytes(reader->archive, reader->at + sizeof length, length);
  reader->at += sizeof length + length;
  return true;
}

/* Ascending, without a NUL and in UTF-8: a name stands in messages, and there is one archive of given files.
 */
static bool name_is_good(GBytes *name, const char *previous, char **ret_name)
{
  gsize length;
  const char *bytes = g_bytes_get_data(name, &length);

  if (length == 0 || !g_utf8_validate_len(bytes, length, NULL))
    return false;

  g_autofree char *copy = g_strndup(bytes, length);

  if (previous != NULL && strcmp(previous, copy) >= 0)
    return false;
  *ret_name = g_steal_pointer(&copy);
  return true;
}

static bool unpack_file(Reader *reader, TemplateFiles *files, const char **last, GError **error)
{
  g_autoptr(GBytes) name_bytes = NULL;
  g_autoptr(GBytes) source = NULL;
  char *name;

  if (!take(reader, 255, &name_bytes, error))
    return false;
  if (!name_is_good(name_bytes, *last, &name))
    return fail(reader, error, "the name before is empty, not UTF-8 or out of order");
  if (!take(reader, TEMPLATE_ARCHIVE_SOURCE_MAX, &source, error)) {
    g_free(name);
    return false;
  }
  *last = name;
  g_tree_insert(files, name, g_steal_pointer(&source));
  return true;
}

bool template_archive_unpack(GBytes *archive, TemplateFiles **ret_files, GError **error)
{
  gsize size;
  const char *bytes = g_bytes_get_data(archive, &size);
  Reader reader = { archive, 0 };
  const char *last = NULL;

  if (size < sizeof magic - 1 || memcmp(bytes, magic, sizeof magic - 1) != 0)
    return fail(&reader, error, "does not begin as one");
  reader.at = sizeof magic - 1;

  g_autoptr(GTree) files = template_archive_files_new();

  while (reader.at < size) {
    if (g_tree_nnodes(files) == TEMPLATE_ARCHIVE_FILES_MAX)
      return fail(&reader, error, "too many files");
    if (!unpack_file(&reader, files, &last, error))
      return false;
  }
  *ret_files = g_steal_pointer(&files);
  return true;
}
