#ifndef KIGEN_PLANNER_USER_NAME_H
#define KIGEN_PLANNER_USER_NAME_H

/* How a user's name is spelled. The audit trail names people by it for ever: one spelling only, nothing in it
 * that does not show, and no name that looks like the program itself. */

#include <glib.h>
#include <stdbool.h>

#define USER_NAME_ERROR (user_name_error_quark())
typedef enum {
  USER_NAME_ERROR_FORM,    /* empty, too long, not UTF-8, or something in it that does not show */
  USER_NAME_ERROR_RESERVED /* "kigen" itself */
} UserNameError;
GQuark user_name_error_quark(void);

/* Who acts when no person does: the delivery, which sends what was published. */
#define USER_NAME_PROGRAM "kigen"

/* `text` in its one spelling, own string: NFKC, no blanks at its ends, one blank for several inside; at most
 * 100 characters, letters as they are (two names that differ in case alone are user_name_is_like).
 * Errors: USER_NAME_ERROR. */
bool user_name_parse(const char *text, char **ret_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the name that letters carry ("早瀬 真理子"), which may be any: USER_NAME_ERROR_FORM. */
bool user_name_parse_full(const char *text, char **ret_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `a` and `b` (as user_name_parse gives them) are one name, or differ in case alone. */
bool user_name_is_like(const char *a, const char *b);

/* True when who acted, with user id `acted` (0: the store had no users) by the name `by`, is user `user` with
 * these names (NULL: there is no such user): by id, or, where there is none, by a name like theirs. */
bool user_name_is_of(gint64 acted, const char *by, gint64 user, const char *name, const char *full_name);

#endif
