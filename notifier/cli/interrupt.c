#include "notifier/cli/interrupt.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t interrupted, hung_up;
static bool watches_hangup, watches_children;

static void on_signal(int number)
{
  interrupted = number;
}

static void on_hangup(int number)
{
  hung_up = number;
}

const volatile sig_atomic_t *interrupt_watch(void)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  return &interrupted;
}

static void on_child(int number)
{
}

void interrupt_watch_children(void)
{
  struct sigaction action = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP };

  sigemptyset(&action.sa_mask);
  sigaction(SIGCHLD, &action, NULL);
  watches_children = true;
}

void interrupt_watch_hangup(void)
{
  struct sigaction action = { .sa_handler = on_hangup };

  sigemptyset(&action.sa_mask);
  sigaction(SIGHUP, &action, NULL);
  watches_hangup = true;
}

bool interrupt_take_hangup(void)
{
  bool came = hung_up != 0;

  hung_up = 0;
  return came;
}

static void fill_set(sigset_t *ret_set)
{
  sigemptyset(ret_set);
  sigaddset(ret_set, SIGINT);
  sigaddset(ret_set, SIGTERM);
  if (watches_hangup)
    sigaddset(ret_set, SIGHUP);
  if (watches_children)
    sigaddset(ret_set, SIGCHLD);
}

void interrupt_hold(void)
{
  sigset_t set;

  fill_set(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void interrupt_release(void)
{
  sigset_t set;

  fill_set(&set);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* Held while the flag is looked at, let in only by ppoll: a signal in between is not lost. */
void interrupt_wait(int seconds)
{
  struct timespec timeout = { .tv_sec = seconds };
  sigset_t set, before, during;

  fill_set(&set);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  during = before;
  sigdelset(&during, SIGINT);
  sigdelset(&during, SIGTERM);
  if (watches_hangup)
    sigdelset(&during, SIGHUP);
  if (watches_children)
    sigdelset(&during, SIGCHLD);
  if (interrupted == 0 && hung_up == 0)
    ppoll(NULL, 0, seconds >= 0 ? &timeout : NULL, &during);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}
