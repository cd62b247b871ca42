#include "notifier/cli/cmd.h"
#include "notifier/mail/deliver_sender.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SHEET 3 /* deliver_crew.c puts it there */

static volatile sig_atomic_t stop;

/* The mail at hand gets its time; then the alarm ends the process. */
static void on_stop(int number)
{
  stop = 1;
  alarm(DELIVER_SENDER_GRACE_SECONDS);
}

/* Ctrl-C in a terminal reaches the whole group: it is the manager's to stop us. */
static void watch_signals(void)
{
  struct sigaction action = { .sa_handler = on_stop, .sa_flags = SA_RESTART };

  sigemptyset(&action.sa_mask);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGINT, SIG_IGN);
}

/* When the manager dies we are told; when it has died already, nobody would. */
static bool follow(const char *word, GError **error)
{
  guint64 manager = 0;

  if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT, &manager, error))
    return false;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if ((guint64)getppid() != manager)
    on_stop(SIGTERM);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  watch_signals();
  return follow(args_word(args, 0), error) && deliver_sender_run(STDIN_FILENO, SHEET, &stop, error);
}

const Command cmd_deliver_sender = {
  .name = "deliver-sender",
  .summary = "A sender: kigen deliver starts it",
  .words = "MANAGER",
  .min_words = 1,
  .max_words = 1,
  .run = run,
  .hidden = true,
};
