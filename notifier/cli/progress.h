#ifndef KIGEN_CLI_PROGRESS_H
#define KIGEN_CLI_PROGRESS_H

/* A progress bar on standard error, with rate and time left. On anything but a terminal it prints nothing. */

#include "db/db.h"

typedef struct Progress Progress;

/* `what` names the unit ("rows", "plans"); static storage. */
Progress *progress_new(const char *what);
/* Takes the bar off the screen. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

/* Takes the bar off the screen for something else to be printed; the next update draws it again. */
void progress_hide(Progress *progress);

/* `done` of `total` (0: not known) at the monotonic time `now` in microseconds; draws at most ten times a
 * second. */
void progress_update(Progress *progress, gint64 done, gint64 total, gint64 now);

/* What a long work of db/ calls: progress_update with the present time. Good as long as `progress`. */
DbProgress progress_for_db(Progress *progress);

/* The line that progress_update draws, `seconds` after the start, in `columns` columns. Own string. */
char *progress_line(const char *what, gint64 done, gint64 total, double seconds, int columns);

#endif
