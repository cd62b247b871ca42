#include "notifier/cli/supervisor.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "notifier/cli/cli.h"
#include "notifier/cli/interrupt.h"

G_DEFINE_QUARK(kigen - supervisor - error - quark, supervisor_error)

#define AT_ONCE (10 * G_TIME_SPAN_SECOND)   /* who ends by itself within this could not start */
#define HEALTHY G_TIME_SPAN_MINUTE          /* who lived for this is started again at once */
#define LONGEST_PAUSE 60                    /* seconds */
#define PATIENCE (40 * G_TIME_SPAN_SECOND)  /* until who was told to stop is killed */
#define LOOK (20 * G_TIME_SPAN_MILLISECOND) /* how often it is looked at meanwhile */

/* The same program, even when it was upgraded meanwhile. */
static char itself[] = "/proc/self/exe";

typedef struct {
  const SupervisorProgram *program;
  GPid pid;            /* 0: it does not run */
  gint64 since;        /* monotonic microseconds: of its start */
  gint64 due;          /* when to start it (again) */
  guint deaths;        /* in a row */
  bool started_before; /* this is not its first life */
} Child;

typedef struct {
  Child *children;
  gsize n;
  int exit; /* of the one that cannot work here, or 0 */
} Supervisor;

/* In the child, before it becomes the program. A terminal's Ctrl-C is for the supervisor, who passes it on:
 * a second one would end a delivery in the middle. */
static void become_child(gpointer data)
{
  const GPid *supervisor = data;

  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != *supervisor)
    _exit(1);
  interrupt_release();
}

static bool start(Child *child, GError **error)
{
  GPid supervisor = getpid();
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GError) cause = NULL;

  g_ptr_array_add(argv, itself);
  for (char *const *word = child->program->argv; *word != NULL; word++)
    g_ptr_array_add(argv, *word);
  g_ptr_array_add(argv, NULL);
  if (!g_spawn_async(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_FILE_AND_ARGV_ZERO,
                     become_child, &supervisor, &child->pid, &cause)) {
    g_set_error(error, SUPERVISOR_ERROR, SUPERVISOR_ERROR_START, "cannot start %s: %s", child->program->name,
                cause->message);
    return false;
  }
  child->since = g_get_monotonic_time();
  return true;
}

static guint pause_after(guint deaths)
{
  return deaths <= 1 ? 0 : MIN(1u << MIN(deaths - 2, 6), LONGEST_PAUSE);
}

/* It ended with `status`, and nobody told it to. */
static void bury(Supervisor *supervisor, Child *child, int status)
{
  gint64 now = g_get_monotonic_time();
  bool by_itself = WIFEXITED(status) && WEXITSTATUS(status) != 0;
  g_autofree char *how = WIFSIGNALED(status)
                             ? g_strdup_printf("was killed by signal %d", WTERMSIG(status))
                             : g_strdup_printf("ended with exit code %d", WEXITSTATUS(status));

  child->pid = 0;
  if (by_itself && !child->started_before && now - child->since < AT_ONCE) {
    supervisor->exit = WEXITSTATUS(status);
    return;
  }
  child->started_before = true;
  child->deaths = now - child->since >= HEALTHY ? 1 : child->deaths + 1;

  guint pause = pause_after(child->deaths);

  child->due = now + pause * G_TIME_SPAN_SECOND;
  if (pause == 0)
    cli_warn("%s %s: it is started again", child->program->name, how);
  else
    cli_warn("%s %s: it is started again in %u s", child->program->name, how, pause);
}

static void bury_dead(Supervisor *supervisor)
{
  for (gsize i = 0; i < supervisor->n; i++) {
    Child *child = &supervisor->children[i];
    int status = 0;

    if (child->pid != 0 && waitpid(child->pid, &status, WNOHANG) == child->pid)
      bury(supervisor, child, status);
  }
}

/* Starts who is due. *ret_wait: seconds until the next one is, or -1. */
static bool start_due(Supervisor *supervisor, int *ret_wait, GError **error)
{
  gint64 now = g_get_monotonic_time();
  int wait = -1;

  for (gsize i = 0; i < supervisor->n; i++) {
    Child *child = &supervisor->children[i];

    if (child->pid == 0 && child->due <= now && !start(child, error))
      return false;
    if (child->pid == 0) {
      int seconds = (int)((child->due - now) / G_TIME_SPAN_SECOND) + 1;

      wait = wait < 0 ? seconds : MIN(wait, seconds);
    }
  }
  *ret_wait = wait;
  return true;
}

static void pass_hangup(const Supervisor *supervisor)
{
  for (gsize i = 0; i < supervisor->n; i++)
    if (supervisor->children[i].pid != 0)
      kill(supervisor->children[i].pid, supervisor->children[i].program->reload_signal);
}

static bool watch(Supervisor *supervisor, const volatile sig_atomic_t *interrupted, GError **error)
{
  while (*interrupted == 0) {
    int wait = -1;

    bury_dead(supervisor);
    if (supervisor->exit != 0)
      return true;
    if (!start_due(supervisor, &wait, error))
      return false;
    if (interrupt_take_hangup())
      pass_hangup(supervisor);
    interrupt_wait(wait);
  }
  return true;
}

/* Waits for who was told to stop; kills it when it takes too long. True when it ended in order. */
static bool wait_for_end(Child *child, gint64 deadline)
{
  int status = 0;

  while (waitpid(child->pid, &status, WNOHANG) == 0) {
    if (g_get_monotonic_time() > deadline)
      kill(child->pid, SIGKILL);
    g_usleep(LOOK);
  }
  child->pid = 0;
  return WIFSIGNALED(status) ? WTERMSIG(status) == SIGTERM /* it was only starting */
                             : WEXITSTATUS(status) == 0;
}

static bool stop(const Supervisor *supervisor, GError **error)
{
  gint64 deadline = g_get_monotonic_time() + PATIENCE;
  g_autofree char *problem = NULL;

  interrupt_release();
  for (gsize i = 0; i < supervisor->n; i++)
    if (supervisor->children[i].pid != 0)
      kill(supervisor->children[i].pid, SIGTERM);
  for (gsize i = 0; i < supervisor->n; i++) {
    Child *child = &supervisor->children[i];

    if (child->pid != 0 && !wait_for_end(child, deadline) && problem == NULL)
      problem = g_strdup_printf("%s did not end in order", child->program->name);
  }
  if (problem == NULL)
    return true;
  g_set_error_literal(error, SUPERVISOR_ERROR, SUPERVISOR_ERROR_STOP, problem);
  return false;
}

bool supervisor_run(const SupervisorProgram *programs, gsize n, int *ret_exit, GError **error)
{
  g_autofree Child *children = g_new0(Child, n);
  Supervisor supervisor = { .children = children, .n = n };
  const volatile sig_atomic_t *interrupted = interrupt_watch();

  for (gsize i = 0; i < n; i++)
    children[i].program = &programs[i];
  interrupt_watch_hangup();
  interrupt_watch_children();
  interrupt_hold();

  bool watched = watch(&supervisor, interrupted, error);
  bool stopped = stop(&supervisor, watched ? error : NULL);

  if (!watched || !stopped)
    return false;
  *ret_exit = supervisor.exit;
  return true;
}
