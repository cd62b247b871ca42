#ifndef KIGEN_CLI_DOCUMENT_NAME_H
#define KIGEN_CLI_DOCUMENT_NAME_H

/* What a user's words mean for `kigen documents`: products, requirements, document numbers; and how they are
 * shown. */

#include "db/document_store.h"
#include "notifier/cli/cli.h"

/* "PRODUCT" or "PRODUCT/RELEASE". Own string. */
char *document_name_target(const DocumentTarget *target);
/* "1(2)a, 1(2)b": the items of planner/conformity.h that `items` has as bits. Own string. */
char *document_name_items(guint32 items);

/* Reads an item or a number of items. Errors: CLI_ERROR_USAGE. */
bool document_name_read_items(const char *text, guint32 *ret_items, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a document's number: trimmed, on one line, and not a word that declares nothing
 * (limited_support_doc_counts). `title` (or NULL) must be on one line. Errors: CLI_ERROR_REFUSED. */
bool document_name_read_number(const char *text, const char *title, char **ret_number, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What `pattern` means (document_store_targets); refused when it means nothing. */
bool document_name_find(Db *db, const char *pattern, GPtrArray **ret_targets, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The one release that `word`, PRODUCT/RELEASE, means. Errors: CLI_ERROR_USAGE for a product or several, else
 * as above. */
bool document_name_find_release(Db *db, const char *word, gint64 *ret_release, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a product as a whole where one of `items` is named for each version. */
bool document_name_check_scope(const GPtrArray *targets, guint32 items, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
