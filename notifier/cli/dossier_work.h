#ifndef KIGEN_NOTIFIER_CLI_DOSSIER_WORK_H
#define KIGEN_NOTIFIER_CLI_DOSSIER_WORK_H

/* The hidden folder that a dossier is in while it is made or looked at. It goes with whoever made it; what a
 * killed one left holds names and links of every recipient, so the next one of the same user
 * removes it. A lock on the folder, which ends with its process, tells the one from the other. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
  char *folder; /* NULL: it was given away */
  int lock;     /* 0: none */
} DossierWork;

/* Removes the folder and what is in it, unless it was given away. */
void dossier_work_clear(DossierWork *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DossierWork, dossier_work_clear)

/* Makes an empty one in the folder of `path` (NULL: the system's temporary one), and removes there what this
 * user's had left; each is named in a warning. One of another user, or one that others can write to, stays.
 * Errors: CLI_ERROR_ENVIRONMENT. */
bool dossier_work_make(const char *path, DossierWork *ret_work, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
