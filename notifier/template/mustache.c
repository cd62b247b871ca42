#include "notifier/template/mustache.h"

#include "notifier/template/mustache_lexer.h"
#include "notifier/template/mustache_program.h"

#include <string.h>

G_DEFINE_QUARK(kigen_mustache_error, mustache_error)

static void clear_op(gpointer op)
{
  g_free(((MustacheOp *)op)->path);
}

static Mustache *new_template(const char *name, const char *source, gsize length, MustacheEscape escape)
{
  Mustache *template = g_new0(Mustache, 1);

  template->name = g_strdup(name);
  template->source = g_strndup(source, length);
  template->length = length;
  template->escape = escape;
  template->ops = g_array_new(FALSE, FALSE, sizeof(MustacheOp));
  g_array_set_clear_func(template->ops, clear_op);
  template->words = g_string_chunk_new(256);
  return template;
}

static bool check_encoding(const char *name, const char *source, gsize length, GError **error)
{
  const char *bad;
  MustacheLexer lexer;

  if (g_utf8_validate_len(source, length, &bad))
    return true;
  mustache_lexer_init(&lexer, name, source, length);
  mustache_lexer_fail(&lexer, bad, error, "byte 0x%02X is not UTF-8 text: save the template as UTF-8",
                      (unsigned char)*bad);
  return false;
}

bool mustache_compile(const char *name, const char *source, gssize length, MustacheEscape escape,
                      Mustache **ret_template, GError **error)
{
  gsize size = length >= 0 ? (gsize)length : strlen(source);

  if (!check_encoding(name, source, size, error))
    return false;

  g_autoptr(Mustache) template = new_template(name, source, size, escape);

  if (!mustache_program_compile(template, error))
    return false;
  *ret_template = g_steal_pointer(&template);
  return true;
}

void mustache_free(Mustache *template)
{
  if (template == NULL)
    return;
  g_array_unref(template->ops);
  g_string_chunk_free(template->words);
  g_free(template->source);
  g_free(template->name);
  g_free(template);
}

const char *mustache_name(const Mustache *template)
{
  return template->name;
}

bool mustache_link(Mustache *template, MustacheFinder find, gpointer data, GError **error)
{
  for (gsize i = 0; i < template->ops->len; i++) {
    MustacheOp *op = &g_array_index(template->ops, MustacheOp, i);
    g_autoptr(GError) inner = NULL;
    guint line, column;

    if (op->kind != OP_PARTIAL)
      continue;
    op->partial = find(op->name, data, &inner);
    if (inner != NULL) {
      mustache_lexer_position(template->source, op->at, &line, &column);
      g_propagate_prefixed_error(error, g_steal_pointer(&inner), "%s:%u:%u: ", template->name, line, column);
      return false;
    }
  }
  return true;
}
