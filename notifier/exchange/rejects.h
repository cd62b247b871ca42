#ifndef KIGEN_NOTIFIER_EXCHANGE_REJECTS_H
#define KIGEN_NOTIFIER_EXCHANGE_REJECTS_H

/* The rejects file: the refused rows as they were, below the header of their file, with the reason in a
 * column more at the end. UTF-8 with a byte order mark, CRLF, so that Excel opens it as it is. It appears
 * under its name only when it is complete. */

#include "notifier/exchange/import_row.h"

typedef struct Rejects Rejects;

/* Refuses `path` when it is the file being read (`source`). Nothing is written yet. Errors:
 * IMPORT_ERROR_REJECTS. */
bool rejects_new(const char *path, const char *source, const ColumnMap *map, Rejects **ret_rejects,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Without rejects_finish, what was written is removed. */
void rejects_free(Rejects *rejects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rejects, rejects_free)

bool rejects_add(Rejects *rejects, const ImportRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes all of it to the disk, under a passing name: after this, rejects_finish hardly fails. Nothing when
 * no row was added. */
bool rejects_flush(Rejects *rejects, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the file its name. */
bool rejects_finish(Rejects *rejects, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
