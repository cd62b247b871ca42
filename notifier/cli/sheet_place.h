#ifndef KIGEN_CLI_SHEET_PLACE_H
#define KIGEN_CLI_SHEET_PLACE_H

/* Where printed sheets go: one HTML file for all of them, or a folder with one file for each message. What is
 * in it is on the disk when sheet_print.h asks the store to believe it. */

#include "notifier/mail/sheet_print.h"

typedef struct SheetPlace SheetPlace;

/* A folder is what ends with "/" or is one already: it is made where there is none, and no file in it is ever
 * replaced: a sheet whose name is taken gets another. A file must not exist yet. Errors: CLI_ERROR_REFUSED,
 * CLI_ERROR_ENVIRONMENT. */
bool sheet_place_open(const char *path, SheetPlace **ret_place, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes; a file or a folder made here that holds no sheet goes. NULL is allowed. */
void sheet_place_free(SheetPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SheetPlace, sheet_place_free)

bool sheet_place_is_folder(const SheetPlace *place);
/* The name of the file in a folder that `page` was put in, until sheet_place_keep; NULL: in none. Own string.
 * It is that of its document number, or the next free one: "KG-000123-2.html". */
char *sheet_place_name(const SheetPlace *place, const SheetPage *page);
/* The one that it has where no file of that name was there before. Own string. */
char *sheet_place_first_name(const char *document_no);

/* The three of SheetSink. */
bool sheet_place_put(SheetPlace *place, const GPtrArray *pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sheet_place_take_back(SheetPlace *place);
void sheet_place_keep(SheetPlace *place);

#endif
