#ifndef KIGEN_CLI_ADVISORY_EDIT_H
#define KIGEN_CLI_ADVISORY_EDIT_H

/* What a person says of an advisory by options and files, checked, as its content. */

#include "db/advisory_store.h"
#include "notifier/cli/cli.h"

/* --title-ja TEXT, --body-ja FILE, --release PATTERN … */
extern const ArgOption advisory_edit_options[];

/* Changes `content` by what `args` give: an option with an empty value takes that away, --release (as often
 * as need be) names all releases anew. Errors: CLI_ERROR_REFUSED and CLI_ERROR_USAGE with option or
 * file:line:column and the remedy, CLI_ERROR_ENVIRONMENT for a file that cannot be read, DB_ERROR. */
bool advisory_edit_apply(Db *db, const Args *args, Advisory *content, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The advisory (the revision that counts) that users name by its number, whole or without the maker's series
 * ("A0001"), in upper or lower case; refused with the nearest number where there is none. */
bool advisory_edit_find(Db *db, const char *number, AdvisoryRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same; *ret_row NULL where there is none. */
bool advisory_edit_find_any(Db *db, const char *number, AdvisoryRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
