#include "notifier/cli/progress.h"

#include "notifier/cli/term.h"

#include <math.h>

#define REDRAW_AFTER (G_USEC_PER_SEC / 10)
#define BAR_MAX 40

struct Progress {
  const char *what;
  gint64 started; /* monotonic microseconds; 0: not yet */
  gint64 drawn;
};

Progress *progress_new(const char *what)
{
  Progress *progress = g_new0(Progress, 1);

  progress->what = what;
  return progress;
}

void progress_hide(Progress *progress)
{
  if (progress->drawn == 0)
    return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  progress->drawn = 0;
}

void progress_free(Progress *progress)
{
  if (progress == NULL)
    return;
  progress_hide(progress);
  g_free(progress);
}

static void append_bar(GString *line, double share, int columns)
{
  int width = CLAMP(columns - 50, 0, BAR_MAX);
  int filled = (int)lround(share * width);

  if (width < 5)
    return;
  g_string_append_c(line, '[');
  for (int i = 0; i < width; i++)
    g_string_append_c(line, i < filled ? '#' : '.');
  g_string_append(line, "] ");
}

static void append_time_left(GString *line, double seconds)
{
  gint64 left = (gint64)ceil(seconds);

  g_string_append_printf(line, ", %" G_GINT64_FORMAT ":%02d left", left / 60, (int)(left % 60));
}

char *progress_line(const char *what, gint64 done, gint64 total, double seconds, int columns)
{
  g_autoptr(GString) line = g_string_new("");
  double rate = seconds > 0 ? (double)done / seconds : 0;
  double share = total > 0 ? MIN((double)done / (double)total, 1.0) : 0;

  if (total > 0) {
    append_bar(line, share, columns);
    g_string_append_printf(line, "%3d%% ", (int)(share * 100));
  }
  g_string_append_printf(line, "%" G_GINT64_FORMAT " %s", done, what);
  if (rate > 0)
    g_string_append_printf(line, ", %.0f/s", rate);
  if (rate > 0 && total > done && seconds >= 1)
    append_time_left(line, (double)(total - done) / rate);
  return term_clip(line->str, columns - 1);
}

void progress_update(Progress *progress, gint64 done, gint64 total, gint64 now)
{
  if (!term_is_terminal(stderr))
    return;
  if (progress->started == 0)
    progress->started = now;
  if (progress->drawn != 0 ? now - progress->drawn < REDRAW_AFTER : now - progress->started < REDRAW_AFTER)
    return;
  progress->drawn = now;

  double seconds = (double)(now - progress->started) / G_USEC_PER_SEC;
  g_autofree char *line = progress_line(progress->what, done, total, seconds, term_columns(stderr, 80));

  fprintf(stderr, "\r%s\033[K", line);
  fflush(stderr);
}

static void tick(gpointer data, gint64 done, gint64 total)
{
  progress_update(data, done, total, g_get_monotonic_time());
}

DbProgress progress_for_db(Progress *progress)
{
  return (DbProgress){ tick, progress };
}
