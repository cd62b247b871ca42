#ifndef KIGEN_DB_DOCUMENT_STORE_H
#define KIGEN_DB_DOCUMENT_STORE_H

/* Internal documents named for the requirements of planner/conformity.h: for a product, or for one release of
 * it, whose own goes before the product's. */

#include "db/audit.h"

/* What a document is named for: a product, or one of its releases. */
typedef struct {
  gint64 product; /* row ids */
  gint64 release; /* 0: the product as a whole */
  char *product_code;
  char *release_name; /* NULL: the product as a whole */
} DocumentTarget;

void document_target_free(DocumentTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DocumentTarget, document_target_free)

/* What `pattern` means: a product, one of its releases ("PRODUCT/RELEASE"), or by wildcards several products
 * (with a slash in it: several releases). Sorted; GPtrArray of DocumentTarget with free function; empty when
 * nothing matches. */
bool document_store_targets(Db *db, const char *pattern, GPtrArray **ret_targets, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* A document named for a requirement. */
typedef struct {
  DocumentTarget *target;
  char *item;     /* ConformityItem.id */
  char *document; /* number */
  char *title;    /* or NULL */
  char *changed_by;
  Day changed_on;
} DocumentRow;

void document_row_free(DocumentRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DocumentRow, document_row_free)

/* Names `document` (the caller has checked that it counts; NULL: none any more) for `item` of `target`, and
 * appends an audit row, inside the open write transaction. `title` NULL keeps the title of the same number.
 * *ret_changed is false when all was so before: then there is no audit row. */
bool document_store_set(Db *db, const AuditContext *context, const DocumentTarget *target, const char *item,
                        const char *document, const char *title, const char *reason, bool *ret_changed,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Everything named for what `pattern` matches (NULL: all; "PRODUCT": its releases' own too), by product,
 * release (the product's own first), item. GPtrArray of DocumentRow with free function. */
bool document_store_list(Db *db, const char *pattern, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The items that a document is named for in `release` (row id), its own or its product's, as bits of
 * planner/conformity.h. A number that declares nothing does not count, nor does the product's where each
 * version needs its own. */
bool document_store_named(Db *db, gint64 release, guint32 *ret_items, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
