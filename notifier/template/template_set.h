#ifndef KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_SET_H
#define KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_SET_H

/* All templates, compiled and linked once: the embedded ones, a maker's own folder over them, or the very set
 * that an old message was rendered with. A set never changes once made and may be used from several threads.
 *
 * A name is the path below templates/ without its suffix .mustache. Its type decides the escaping:
 * "mail/ja/letter.html" escapes, "mail/ja/letter.txt", "mail/ja/letter.subject" and "calendar/ja/summary" do
 * not. {{> x}} in "mail/ja/letter.html" is the first that exists of "mail/ja/x.html", "mail/ja/x",
 * "mail/x.html" and "mail/x"; one without a type is escaped as the template that includes it. A partial that
 * is in none of these places is an error when the set is made. */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#define TEMPLATE_SET_ERROR (template_set_error_quark())
typedef enum {
  TEMPLATE_SET_ERROR_ABSENT, /* no template, or no partial, of that name */
  TEMPLATE_SET_ERROR_UNUSED, /* a file of a maker's folder that stands for nothing: most likely a misspelt
                                name */
  TEMPLATE_SET_ERROR_ARCHIVE /* bytes that template_set_bytes() did not make */
} TemplateSetError;
GQuark template_set_error_quark(void);

typedef struct TemplateSet TemplateSet;

void template_set_free(TemplateSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateSet, template_set_free)

/* The templates that are part of the program. Fails only when one of them is wrong, which a test prevents. */
bool template_set_load(TemplateSet **ret_set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As template_set_load(), with the *.mustache files below `dir` instead of, or besides, the embedded ones of
 * the same name. Every file must replace an embedded one or be a partial of another. Errors: G_FILE_ERROR,
 * MUSTACHE_ERROR_SYNTAX, TEMPLATE_SET_ERROR. */
bool template_set_load_dir(const char *dir, TemplateSet **ret_set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The set that template_set_bytes() was taken from: same bytes, same hash. Errors:
 * TEMPLATE_SET_ERROR_ARCHIVE, and those of template_set_load_dir(). */
bool template_set_from_bytes(GBytes *bytes, TemplateSet **ret_set, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All names and sources as one archive, to be kept with what was rendered. Owned by the set. */
GBytes *template_set_bytes(const TemplateSet *set);

/* Lower-case hexadecimal BLAKE2b-256 of template_set_bytes(), 64 characters. Owned by the set. */
const char *template_set_hash(const TemplateSet *set);

/* All names, sorted, NULL at the end. Owned by the set. */
const char *const *template_set_names(const TemplateSet *set);

/* Appends template `name` rendered with `context` to `out`; after an error `out` is as before. What is
 * neither .txt nor .html is one value (a subject, a summary) and loses the line breaks at its end. Errors:
 * TEMPLATE_SET_ERROR_ABSENT, MUSTACHE_ERROR_LIMIT. */
bool template_set_render(const TemplateSet *set, const char *name, const json_t *context, GString *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
