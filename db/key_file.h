#ifndef KIGEN_DB_KEY_FILE_H
#define KIGEN_DB_KEY_FILE_H

/* A secret of 32 random bytes in a file of its own beside the store: 64 hexadecimal digits and a newline,
 * mode 0600, never in the store. Only the modules of the keys themselves (link_key.c, sign_key.c) use this.
 */

#include <glib.h>
#include <stdbool.h>

#define KEY_FILE_SIZE 32

/* The codes of every key's error domain. */
typedef enum {
  KEY_FILE_ERROR_FAILED,  /* the operating system refused; the message names the file */
  KEY_FILE_ERROR_EXISTS,  /* create: there is one already; it is never overwritten */
  KEY_FILE_ERROR_MISSING, /* load: no such file */
  KEY_FILE_ERROR_OPEN,    /* load: group or others may read or write it */
  KEY_FILE_ERROR_FORM     /* load: not a key file */
} KeyFileError;

/* What the messages say of one kind of key. */
typedef struct {
  GQuark (*domain)(void); /* its errors; the codes are KeyFileError's */
  const char *noun;       /* "link key" */
  const char *exists;     /* why it is not overwritten */
  const char *open;       /* what others could do with it */
  const char *missing;    /* whose key it is, and the remedy */
} KeyFileKind;

/* Makes the file at `path` with new random bytes, mode 0600 whatever the umask, and syncs it and its folder.
 */
bool key_file_create(const KeyFileKind *kind, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads it; refused when it is no regular file or when group or others have any access. Wipe `ret_key` after
 * use. */
bool key_file_load(const KeyFileKind *kind, const char *path, guint8 ret_key[static KEY_FILE_SIZE],
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
