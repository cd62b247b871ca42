#ifndef KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_FILES_H
#define KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_FILES_H

/* Where template sources come from: the program itself, or a folder. For template_set.c only. */

#include "notifier/template/template_archive.h"

/* Adds the embedded templates to `files`. */
void template_files_add_embedded(TemplateFiles *files);

/* Adds every *.mustache file below `dir`, instead of one of the same name. Adds the names of those that
 * replaced none to `ret_new` (own strings). Errors: G_FILE_ERROR, TEMPLATE_SET_ERROR_UNUSED. */
bool template_files_add_dir(TemplateFiles *files, const char *dir, GPtrArray *ret_new, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
