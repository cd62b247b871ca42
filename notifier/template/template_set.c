#include "notifier/template/template_set.h"

#include "notifier/template/mustache.h"
#include "notifier/template/template_archive.h"
#include "notifier/template/template_files.h"

#include <string.h>

G_DEFINE_QUARK(kigen_template_set_error, template_set_error)

struct TemplateSet {
  GHashTable *templates[2]; /* by MustacheEscape: name → Mustache; a name without a type is in both */
  GPtrArray *names;         /* sorted, own */
  GBytes *bytes;
  char *hash;
};

void template_set_free(TemplateSet *set)
{
  if (set == NULL)
    return;
  g_hash_table_unref(set->templates[MUSTACHE_HTML]);
  g_hash_table_unref(set->templates[MUSTACHE_TEXT]);
  g_ptr_array_unref(set->names);
  g_bytes_unref(set->bytes);
  g_free(set->hash);
  g_free(set);
}

/* ".html" of "mail/ja/letter.html"; "" of "calendar/ja/summary". */
static const char *type_of(const char *name)
{
  const char *file = strrchr(name, '/');
  const char *type = strrchr(file != NULL ? file : name, '.');

  return type != NULL ? type : "";
}

static bool escapes(const char *name, MustacheEscape escape)
{
  const char *type = type_of(name);

  return *type == '\0' || (strcmp(type, ".html") == 0) == (escape == MUSTACHE_HTML);
}

typedef struct {
  TemplateSet *set;
  GError **error;
  bool ok;
} Compilation;

static bool compile_one(const Compilation *compilation, const char *name, GBytes *source,
                        MustacheEscape escape)
{
  gsize length;
  const char *text = g_bytes_get_data(source, &length);
  Mustache *template;

  if (!mustache_compile(name, text != NULL ? text : "", (gssize)length, escape, &template,
                        compilation->error))
    return false;
  g_hash_table_insert(compilation->set->templates[escape], g_strdup(name), template);
  return true;
}

static gboolean compile_file(gpointer name, gpointer source, gpointer data)
{
  Compilation *compilation = data;

  g_ptr_array_add(compilation->set->names, g_strdup(name));
  for (MustacheEscape escape = MUSTACHE_HTML; escape <= MUSTACHE_TEXT; escape++) {
    if (escapes(name, escape) && !compile_one(compilation, name, source, escape))
      compilation->ok = false;
    if (!compilation->ok)
      break;
  }
  return !compilation->ok;
}

typedef struct {
  GHashTable *templates; /* of the same escaping */
  const char *folder;    /* of the template that includes, */
  const char *parent;    /* the one above, */
  const char *type;      /* and its type */
  GHashTable *used;      /* names of the partials found */
} Linker;

static const Mustache *find_in(const Linker *linker, const char *folder, const char *partial,
                               const char *type)
{
  g_autofree char *name = g_strconcat(folder, "/", partial, type, NULL);

  return g_hash_table_lookup(linker->templates, name);
}

static const Mustache *find_partial(const char *partial, gpointer data, GError **error)
{
  const Linker *linker = data;
  const char *const folders[] = { linker->folder, linker->folder, linker->parent, linker->parent };
  const char *const types[] = { linker->type, "", linker->type, "" };
  const Mustache *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(folders) && found == NULL; i++)
    found = find_in(linker, folders[i], partial, types[i]);
  if (found != NULL)
    g_hash_table_add(linker->used, g_strdup(mustache_name(found)));
  else
    g_set_error(
        error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ABSENT,
        "no partial %s: neither %s nor %s has %s%s.mustache or %s.mustache; correct the name or add the file",
        partial, linker->folder, linker->parent, partial, linker->type, partial);
  return found;
}

static bool link_one(TemplateSet *set, MustacheEscape escape, Mustache *template, GHashTable *used,
                     GError **error)
{
  const char *name = mustache_name(template);
  g_autofree char *folder = g_path_get_dirname(name);
  g_autofree char *parent = g_path_get_dirname(folder);
  const char *type = type_of(name);

  /* Words without a type include what has the type of the letter they stand in. */
  if (*type == '\0')
    type = escape == MUSTACHE_HTML ? ".html" : ".txt";

  Linker linker = { set->templates[escape], folder, parent, type, used };

  return mustache_link(template, find_partial, &linker, error);
}

/* In the order of the names, so that the first error is always the same. */
static bool link_templates(TemplateSet *set, GHashTable *used, GError **error)
{
  for (guint i = 0; i < set->names->len; i++) {
    for (MustacheEscape escape = MUSTACHE_HTML; escape <= MUSTACHE_TEXT; escape++) {
      Mustache *template = g_hash_table_lookup(set->templates[escape], g_ptr_array_index(set->names, i));

      if (template != NULL && !link_one(set, escape, template, used, error))
        return false;
    }
  }
  return true;
}

static bool check_used(GPtrArray *new_names, GHashTable *used, GError **error)
{
  for (guint i = 0; i < new_names->len; i++) {
    const char *name = g_ptr_array_index(new_names, i);

    if (g_hash_table_contains(used, name))
      continue;
    g_set_error(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_UNUSED,
                "%s.mustache replaces no template and none includes it: correct its name or remove it", name);
    return false;
  }
  return true;
}

/* `new_names`: those that some other template must include. */
static bool make_set(TemplateFiles *files, GPtrArray *new_names, TemplateSet **ret_set, GError **error)
{
  g_autoptr(TemplateSet) set = g_new0(TemplateSet, 1);
  g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Compilation compilation = { set, error, true };

  for (MustacheEscape escape = MUSTACHE_HTML; escape <= MUSTACHE_TEXT; escape++)
    set->templates[escape] =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mustache_free);
  set->names = g_ptr_array_new_with_free_func(g_free);
  set->bytes = template_archive_pack(files);
  set->hash = template_archive_hash(set->bytes);
  g_tree_foreach(files, compile_file, &compilation);
  if (!compilation.ok || !link_templates(set, used, error) || !check_used(new_names, used, error))
    return false;
  g_ptr_array_add(set->names, NULL);
  *ret_set = g_steal_pointer(&set);
  return true;
}

bool template_set_load(TemplateSet **ret_set, GError **error)
{
  g_autoptr(GTree) files = template_archive_files_new();
  g_autoptr(GPtrArray) none = g_ptr_array_new();

  template_files_add_embedded(files);
  return make_set(files, none, ret_set, error);
}

bool template_set_load_dir(const char *dir, TemplateSet **ret_set, GError **error)
{
  g_autoptr(GTree) files = template_archive_files_new();
  g_autoptr(GPtrArray) new_names = g_ptr_array_new_with_free_func(g_free);

  template_files_add_embedded(files);
  if (!template_files_add_dir(files, dir, new_names, error))
    return false;
  return make_set(files, new_names, ret_set, error);
}

bool template_set_from_bytes(GBytes *bytes, TemplateSet **ret_set, GError **error)
{
  g_autoptr(GTree) files = NULL;
  g_autoptr(GPtrArray) none = g_ptr_array_new();

  return template_archive_unpack(bytes, &files, error) && make_set(files, none, ret_set, error);
}

GBytes *template_set_bytes(const TemplateSet *set)
{
  return set->bytes;
}

const char *template_set_hash(const TemplateSet *set)
{
  return set->hash;
}

const char *const *template_set_names(const TemplateSet *set)
{
  return (const char *const *)set->names->pdata;
}

static const Mustache *find_template(const TemplateSet *set, const char *name)
{
  const Mustache *text = g_hash_table_lookup(set->templates[MUSTACHE_TEXT], name);

  return text != NULL ? text : g_hash_table_lookup(set->templates[MUSTACHE_HTML], name);
}

static bool is_one_value(const char *name)
{
  return strcmp(type_of(name), ".txt") != 0 && strcmp(type_of(name), ".html") != 0;
}

bool template_set_render(const TemplateSet *set, const char *name, const json_t *context, GString *out,
                         GError **error)
{
  const Mustache *template = find_template(set, name);
  gsize before = out->len;

  if (template == NULL) {
    g_set_error(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ABSENT, "no template %s", name);
    return false;
  }
  if (!mustache_render(template, context, out, error))
    return false;
  if (is_one_value(name)) {
    while (out->len > before && strchr("\r\n", out->str[out->len - 1]) != NULL)
      g_string_truncate(out, out->len - 1);
  }
  return true;
}
