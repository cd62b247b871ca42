#ifndef KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_H
#define KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_H

/* A Mustache engine (mustache.github.io, all required modules of its specification). A template is compiled
 * once, linked once to its partials, and then rendered many times, from several threads if need be: rendering
 * reads the template and the context and copies neither. Template bytes may come from anywhere: they can be
 * refused, but not crash, loop or eat the memory.
 *
 * False are: absent, null, false, "", 0 and an empty list. A list or an object interpolates as nothing. */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#define MUSTACHE_ERROR (mustache_error_quark())
typedef enum {
  MUSTACHE_ERROR_SYNTAX, /* the template is wrong; the message names template, line, column and remedy */
  MUSTACHE_ERROR_LIMIT   /* nested too deep, or too much output or work: a partial that includes itself */
} MustacheError;
GQuark mustache_error_quark(void);

typedef enum {
  MUSTACHE_HTML, /* {{name}} escapes & < > " ' */
  MUSTACHE_TEXT  /* {{name}} is as it is: text, CSV, headers */
} MustacheEscape;

#define MUSTACHE_NESTING_MAX 64 /* sections within sections, in one template */
#define MUSTACHE_DEPTH_MAX 256  /* sections and partials entered at one time, while rendering */
#define MUSTACHE_OUTPUT_MAX (64 * 1024 * 1024) /* bytes that one rendering may append */
#define MUSTACHE_STEPS_MAX (50 * 1000 * 1000)  /* tags and texts that one rendering may pass */

typedef struct Mustache Mustache;

/* Compiles `length` bytes of `source` (-1: up to its NUL; copied). `name` stands in messages. Errors:
 * MUSTACHE_ERROR_SYNTAX, bytes that are not UTF-8 included. */
bool mustache_compile(const char *name, const char *source, gssize length, MustacheEscape escape,
                      Mustache **ret_template, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mustache_free(Mustache *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mustache, mustache_free)

/* The name given to mustache_compile(). */
const char *mustache_name(const Mustache *template);

/* Finds the template that {{> partial}} means. It stays the finder's own and must live as long as the
 * template that is linked to it. NULL: it renders as nothing (specification, partials, "Failed Lookup"),
 * unless *error is set too: then linking fails. */
typedef const Mustache *(*MustacheFinder)(const char *partial, gpointer data, GError **error);

/* Resolves the partials of `template`, once, before the first rendering (a template that is not linked
 * renders its partials as nothing). Errors: the finder's, with the tag's position in front. */
bool mustache_link(Mustache *template, MustacheFinder find, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Appends the rendering of `template` with `context` (any JSON value, or NULL) to `out`; after an error `out`
 * is as before. Errors: MUSTACHE_ERROR_LIMIT. */
bool mustache_render(const Mustache *template, const json_t *context, GString *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
