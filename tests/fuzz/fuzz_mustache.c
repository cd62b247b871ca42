/* Template bytes that nobody checked. An input has up to three parts with a line "%%%" between them: the
 * template, a partial that every name of a partial finds, and a context as JSON. */

#include "notifier/template/mustache.h"

#include <stdint.h>
#include <string.h>

#define SEPARATOR "\n%%%\n"
#define CONTEXT                                                                                              \
  "{\"a\":{\"b\":[1,2.5,\"<x>\",{\"c\":true}]},\"l\":[{\"a\":null},{\"a\":\"&\"}],\"t\":true,\"f\":false}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cuts the part up to the next separator off the front of [*rest, end). */
static GBytes *next_part(const char **rest, const char *end)
{
  const char *cut = memmem(*rest, (gsize)(end - *rest), SEPARATOR, strlen(SEPARATOR));
  GBytes *part = g_bytes_new(*rest, (gsize)((cut != NULL ? cut : end) - *rest));

  *rest = cut != NULL ? cut + strlen(SEPARATOR) : end;
  return part;
}

static Mustache *compile(const char *name, GBytes *source, MustacheEscape escape)
{
  gsize length;
  const char *text = g_bytes_get_data(source, &length);
  Mustache *template = NULL;
  g_autoptr(GError) error = NULL;

  if (!mustache_compile(name, text != NULL ? text : "", (gssize)length, escape, &template, &error))
    g_assert(g_error_matches(error, MUSTACHE_ERROR, MUSTACHE_ERROR_SYNTAX));
  return template;
}

static const Mustache *find_partial(const char *partial, gpointer data, GError **error)
{
  return data;
}

static void render(Mustache *template, Mustache *partial, const json_t *context)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  g_assert(mustache_link(template, find_partial, partial, &error));
  g_assert(partial == NULL || mustache_link(partial, find_partial, partial, &error));
  if (!mustache_render(template, context, out, &error)) {
    g_assert(g_error_matches(error, MUSTACHE_ERROR, MUSTACHE_ERROR_LIMIT));
    g_assert(out->len == 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *rest = (const char *)data, *end = rest + size;
  g_autoptr(GBytes) source = next_part(&rest, end);
  g_autoptr(GBytes) partial_source = next_part(&rest, end);
  json_t *context = json_loadb(rest, (size_t)(end - rest), JSON_DECODE_ANY, NULL);
  g_autoptr(Mustache) template = compile("fuzz", source, MUSTACHE_HTML);
  g_autoptr(Mustache) partial = compile("partial", partial_source, MUSTACHE_TEXT);

  if (context == NULL)
    context = json_loads(CONTEXT, 0, NULL);
  if (template != NULL)
    render(template, partial, context);
  json_decref(context);
  return 0;
}
