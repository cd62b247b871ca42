#include "notifier/cli/password.h"

#include "notifier/cli/cli_error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
}

#define AUTO_FD __attribute__((cleanup(close_fd))) int

void password_clear(Password *password)
{
  sodium_memzero(password, sizeof *password);
}

/* ---- a line of a descriptor ---- */

/* Reads up to the end of a line, byte by byte: what follows it belongs to somebody else. Returns errno. */
static int read_line(int fd, Password *password)
{
  gsize size = 0;
  char byte = '\0';

  for (;;) {
    gssize n = read(fd, &byte, 1);

    if (n < 0)
      return errno;
    if (n == 0 || byte == '\n')
      break;
    if (size == sizeof password->text - 1 || byte == '\0')
      return EMSGSIZE;
    password->text[size++] = byte;
  }
  if (size > 0 && password->text[size - 1] == '\r')
    size--;
  password->text[size] = '\0';
  return 0;
}

/* The line that `what` (for messages) holds. */
static bool take_line(int fd, const char *what, Password *ret_password, GError **error)
{
  g_auto(Password) password = { 0 };
  int code = read_line(fd, &password);

  if (code != 0 && code != EMSGSIZE) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: cannot read the password: %s", what,
                g_strerror(code));
    return false;
  }
  if (code == EMSGSIZE || password.text[0] == '\0' || !g_utf8_validate(password.text, -1, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: expected the password, one line of UTF-8 text, and nothing else", what);
    return false;
  }
  *ret_password = password;
  return true;
}

/* ---- a file ---- */

static bool check_access(int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
                "%s is not a regular file: to hand a password over by a pipe, name - and standard input",
                path);
    return false;
  }
  if ((info.st_mode & 077) != 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
                "%s has mode %04o: others than its owner can read the password in it; run `chmod 600 %s`, "
                "and think of the password as known",
                path, (unsigned)(info.st_mode & 07777), path);
    return false;
  }
  return true;
}

static bool check_end(int fd, const char *path, GError **error)
{
  char byte;

  if (read(fd, &byte, 1) == 0)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "%s: more than one line, where the password alone should be", path);
  return false;
}

bool password_read(const char *path, Password *ret_password, GError **error)
{
  if (strcmp(path, "-") == 0)
    return take_line(STDIN_FILENO, "standard input", ret_password, error);

  g_auto(Password) password = { 0 };
  /* O_NONBLOCK: a FIFO must not hang us; it is refused a line further down. */
  AUTO_FD fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0) {
    int saved = errno;

    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: cannot open the password file: %s", path,
                g_strerror(saved));
    return false;
  }
  if (!check_access(fd, path, error) || !take_line(fd, path, &password, error) || !check_end(fd, path, error))
    return false;
  *ret_password = password;
  return true;
}

/* ---- the terminal ---- */

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
  caught = number;
}

bool password_can_ask(void)
{
  return isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
}

/* Waits until a line is there, letting in what `mask` does not block; a signal just before is not lost, as it
 * would be to read(). Returns errno. */
static int wait_for_line(const sigset_t *mask)
{
  struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };

  return ppoll(&terminal, 1, NULL, mask) < 0 ? errno : 0;
}

static void catch_ending(struct sigaction before[G_N_ELEMENTS(ending)], sigset_t *ret_mask)
{
  struct sigaction action = { .sa_handler = on_signal };
  sigset_t blocked;

  caught = 0;
  sigemptyset(&blocked);
  for (gsize i = 0; i < G_N_ELEMENTS(ending); i++)
    sigaddset(&blocked, ending[i]);
  sigprocmask(SIG_BLOCK, &blocked, ret_mask);
  sigemptyset(&action.sa_mask);
  for (gsize i = 0; i < G_N_ELEMENTS(ending); i++)
    sigaction(ending[i], &action, &before[i]);
}

/* Reads a line without echo; signals that end the program end the reading first. Returns errno. */
static int read_hidden(Password *password)
{
  struct sigaction before[G_N_ELEMENTS(ending)];
  struct termios normal, hidden;
  sigset_t mask;

  if (tcgetattr(STDIN_FILENO, &normal) < 0)
    return errno;
  hidden = normal;
  hidden.c_lflag = (hidden.c_lflag & ~(tcflag_t)ECHO) | ECHONL | ICANON;
  catch_ending(before, &mask);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);

  int code = wait_for_line(&mask);

  if (code == 0)
    code = read_line(STDIN_FILENO, password);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &normal);
  for (gsize i = 0; i < G_N_ELEMENTS(ending); i++)
    sigaction(ending[i], &before[i], NULL);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  if (caught != 0)
    raise(caught);
  return code;
}

bool password_ask(const char *question, Password *ret_password, GError **error)
{
  g_auto(Password) password = { 0 };

  fprintf(stderr, "%s: ", question);
  fflush(stderr);

  int code = read_hidden(&password);

  if (code != 0 || !g_utf8_validate(password.text, -1, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "cannot read the password: %s",
                code == 0 ? "it is not valid UTF-8" : g_strerror(code));
    return false;
  }
  *ret_password = password;
  return true;
}

bool password_ask_new(const char *question, Password *ret_password, GError **error)
{
  for (;;) {
    g_auto(Password) first = { 0 };
    g_auto(Password) second = { 0 };

    if (!password_ask(question, &first, error) ||
        (first.text[0] != '\0' && !password_ask("The same again", &second, error)))
      return false;
    if (strcmp(first.text, second.text) == 0) {
      *ret_password = first;
      return true;
    }
    fprintf(stderr, "They differ; once more.\n");
  }
}
