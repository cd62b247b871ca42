#ifndef KIGEN_CLI_PASSWORD_H
#define KIGEN_CLI_PASSWORD_H

/* Where a password comes from: a file that its owner alone can read, a line of standard input, or the
 * keyboard, without echo. Never the command line itself or the environment: others see those. */

#include <glib.h>
#include <stdbool.h>

/* A password, wiped when it goes out of scope. */
typedef struct {
  char text[1024]; /* longer than any that the store takes (db/user_password.h) */
} Password;

void password_clear(Password *password);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Password, password_clear)

/* The one line in the file at `path`; "-" is the next line of standard input, of which nothing more is read.
 * Errors: CLI_ERROR_ENVIRONMENT for a file that cannot be read or that group or others have access to;
 * CLI_ERROR_REFUSED for one that is no line of UTF-8 text. */
bool password_read(const char *path, Password *ret_password, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when somebody can be asked: standard input and standard error are a terminal. */
bool password_can_ask(void);

/* Asks on the terminal, as "`question`: ". Enter alone gives an empty one. Errors: CLI_ERROR_ENVIRONMENT. A
 * signal that ends the program gives the terminal its echo back first. */
bool password_ask(const char *question, Password *ret_password, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new one: asks twice, until both are the same. */
bool password_ask_new(const char *question, Password *ret_password, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
