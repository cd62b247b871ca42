#include "notifier/template/template_files.h"

#include "notifier/template/template_set.h"
#include "templates/templates.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX "/kigen/templates/"
#define SUFFIX ".mustache"
#define FOLDERS_MAX 8 /* folders within each other: more are a loop of symbolic links */

static char *without_suffix(const char *path)
{
  return g_strndup(path, strlen(path) - strlen(SUFFIX));
}

/* `path` is a folder below PREFIX, with a slash at its end, or "". */
static void add_embedded(TemplateFiles *files, GResource *resource, const char *path)
{
  g_autofree char *full = g_strconcat(PREFIX, path, NULL);
  g_auto(GStrv) children = g_resource_enumerate_children(resource, full, 0, NULL);

  for (char **child = children; child != NULL && *child != NULL; child++) {
    g_autofree char *below = g_strconcat(path, *child, NULL);
    g_autofree char *name = g_strconcat(PREFIX, below, NULL);

    if (g_str_has_suffix(*child, "/"))
      add_embedded(files, resource, below);
    else
      g_tree_replace(files, without_suffix(below), g_resource_lookup_data(resource, name, 0, NULL));
  }
}

/* Registered by hand: a constructor in a static library would be left out by the linker. */
static gpointer register_embedded(gpointer unused)
{
  kigen_templates_register_resource();
  return NULL;
}

void template_files_add_embedded(TemplateFiles *files)
{
  static GOnce once = G_ONCE_INIT;

  g_once(&once, register_embedded, NULL);
  add_embedded(files, kigen_templates_get_resource(), "");
}

typedef struct {
  TemplateFiles *files;
  GPtrArray *ret_new;
} Target;

static bool add_file(const Target *target, const char *path, const char *below, GError **error)
{
  g_autofree char *name = without_suffix(below);
  char *text;
  gsize length;

  if (!g_file_get_contents(path, &text, &length, error))
    return false;

  g_autoptr(GBytes) source = g_bytes_new_take(text, length);

  if (length > TEMPLATE_ARCHIVE_SOURCE_MAX) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s: %" G_GSIZE_FORMAT " bytes are too many for a template: %d at most", path, length,
                TEMPLATE_ARCHIVE_SOURCE_MAX);
    return false;
  }
  if (g_tree_lookup(target->files, name) == NULL)
    g_ptr_array_add(target->ret_new, g_strdup(name));
  g_tree_replace(target->files, g_steal_pointer(&name), g_steal_pointer(&source));
  return true;
}

static bool add_folder(const Target *target, const char *path, const char *below, guint depth,
                       GError **error);

static bool add_entry(const Target *target, const char *path, const char *below, guint depth, GError **error)
{
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return add_folder(target, path, below, depth + 1, error);
  return !g_str_has_suffix(path, SUFFIX) || add_file(target, path, below, error);
}

static bool add_folder(const Target *target, const char *path, const char *below, guint depth, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, error);
  const char *entry;

  if (dir == NULL)
    return false;
  if (depth > FOLDERS_MAX) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_LOOP,
                "%s: more than %d folders within each other: is a link among them?", path, FOLDERS_MAX);
    return false;
  }
  while ((entry = g_dir_read_name(dir)) != NULL) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);
    g_autofree char *inner_below = *below != '\0' ? g_strconcat(below, "/", entry, NULL) : g_strdup(entry);

    if (!add_entry(target, inner, inner_below, depth, error))
      return false;
  }
  return true;
}

bool template_files_add_dir(TemplateFiles *files, const char *dir, GPtrArray *ret_new, GError **error)
{
  Target target = { files, ret_new };

  return add_folder(&target, dir, "", 0, error);
}
