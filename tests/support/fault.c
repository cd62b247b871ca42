/* Faults at a chosen point of a program that runs with this library preloaded:
 * KIGEN_FAULT=ACTION:CALL:END:N[:COUNT] makes the N-th (from 1; and COUNT-1 more) CALL on a file whose name
 * ends in END fail. CALL: write (write, pwrite, pwrite64) or sync (fsync, fdatasync). ACTION: before or after
 * (SIGKILL before or after the call is done), or full (nothing is written, ENOSPC). Each process counts for
 * itself. */

#undef _FILE_OFFSET_BITS /* pwrite is to be pwrite, not another name for pwrite64 */

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static struct {
  char action[8], call[8], end[64];
  long first, count, seen;
} fault;

__attribute__((constructor)) static void read_fault(void)
{
  const char *text = getenv("KIGEN_FAULT");

  fault.count = 1;
  if (text == NULL || sscanf(text, "%7[^:]:%7[^:]:%63[^:]:%ld:%ld", fault.action, fault.call, fault.end,
                             &fault.first, &fault.count) < 4)
    fault.first = 0;
}

/* True when `fd`, used by `call`, is at the chosen point. */
static bool is_at_point(int fd, const char *call)
{
  char link[64], name[4096];
  size_t end = strlen(fault.end);
  ssize_t size;

  if (fault.first == 0 || strcmp(call, fault.call) != 0)
    return false;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink(link, name, sizeof name);
  if (size < (ssize_t)end || memcmp(name + size - end, fault.end, end) != 0)
    return false;
  fault.seen++;
  return fault.seen >= fault.first && fault.seen < fault.first + fault.count;
}

/* The action, before the call is done (`done` false) or after. True: the call is to fail with ENOSPC. */
static bool strike(bool done)
{
  if (strcmp(fault.action, done ? "after" : "before") == 0)
    kill(getpid(), SIGKILL);
  if (done || strcmp(fault.action, "full") != 0)
    return false;
  errno = ENOSPC;
  return true;
}

#define FAULTY(call, result_type, name, fd, arguments, ...)                                                  \
  result_type name(__VA_ARGS__)                                                                              \
  {                                                                                                          \
    static __typeof__(&name) real;                                                                           \
    bool chosen = is_at_point(fd, call);                                                                     \
                                                                                                             \
    if (real == NULL)                                                                                        \
      *(void **)&real = dlsym(RTLD_NEXT, #name);                                                             \
    if (chosen && strike(false))                                                                             \
      return -1;                                                                                             \
                                                                                                             \
    result_type result = real arguments;                                                                     \
                                                                                                             \
    if (chosen)                                                                                              \
      strike(true);                                                                                          \
    return result;                                                                                           \
  }

FAULTY("write", ssize_t, write, fd, (fd, bytes, size), int fd, const void *bytes, size_t size)
FAULTY("write", ssize_t, pwrite, fd, (fd, bytes, size, at), int fd, const void *bytes, size_t size, off_t at)
FAULTY("write", ssize_t, pwrite64, fd, (fd, bytes, size, at), int fd, const void *bytes, size_t size,
       off64_t at)
FAULTY("sync", int, fsync, fd, (fd), int fd)
FAULTY("sync", int, fdatasync, fd, (fd), int fd)
