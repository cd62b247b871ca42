#ifndef KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_ARCHIVE_H
#define KIGEN_NOTIFIER_TEMPLATE_TEMPLATE_ARCHIVE_H

/* Template sources by name, and the one blob that a store keeps of them: "kigen templates 1\n", then for
 * every file in the order of the names' bytes: length of the name, name, length of the source, source
 * (lengths: 4 bytes, the highest first). There is exactly one archive of given files. For template_set.c and
 * its tests only. */

#include <glib.h>
#include <stdbool.h>

/* The longest source and the most files that are taken. */
#define TEMPLATE_ARCHIVE_SOURCE_MAX (1024 * 1024)
#define TEMPLATE_ARCHIVE_FILES_MAX 4096

/* Name (own string) → source (GBytes). */
typedef GTree TemplateFiles;

TemplateFiles *template_archive_files_new(void);

GBytes *template_archive_pack(TemplateFiles *files);

/* Errors: TEMPLATE_SET_ERROR_ARCHIVE, with the offset at which the bytes stop being an archive. */
bool template_archive_unpack(GBytes *archive, TemplateFiles **ret_files, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Lower-case hexadecimal BLAKE2b-256 of `archive`. */
char *template_archive_hash(GBytes *archive);

#endif
