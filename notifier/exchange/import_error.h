#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_ERROR_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_ERROR_H

/* The errors of reading a file to import, one domain for the modules of this folder. Every message names the
 * file, the line where there is one, and the remedy. */

#include <glib.h>

#define IMPORT_ERROR (import_error_quark())
typedef enum {
  IMPORT_ERROR_FILE,       /* missing, a directory, unreadable, or changed while it was read */
  IMPORT_ERROR_TEXT,       /* broken text: NUL byte, UTF-16, neither UTF-8 nor CP932 */
  IMPORT_ERROR_SYNTAX,     /* no CSV: a stray or unclosed quote, an endless field */
  IMPORT_ERROR_HEADER,     /* an unknown, missing or doubled column; an empty file */
  IMPORT_ERROR_REJECTS,    /* the rejects file cannot be written */
  IMPORT_ERROR_INTERRUPTED /* *interrupted was set */
} ImportError;
GQuark import_error_quark(void);

#endif
