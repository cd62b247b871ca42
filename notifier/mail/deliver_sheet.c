#include "notifier/mail/deliver_sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(kigen - deliver - sheet - error - quark, deliver_sheet_error)

#define SLOT_SIZE 1024 /* a note never crosses a page: it is written whole or not at all */
#define WORD_SIZE 64
#define MAGIC "kigen-sheet-1"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define PAUSE_MICROSECONDS 20000

/* The first SLOT_SIZE octets. */
typedef struct {
  char magic[16];
  char boot[WORD_SIZE]; /* "" where the system tells none: then nobody relies on the notes */
  char owner[WORD_SIZE];
  gint64 pid; /* of the manager */
  guint32 slots;
} Head;

G_STATIC_ASSERT(sizeof(Head) <= SLOT_SIZE && sizeof(SheetNote) <= SLOT_SIZE);

struct DeliverSheet {
  int fd;
  char *path;
  Head head;
};

static bool fail(const DeliverSheet *sheet, const char *what, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name(sheet->path);

  g_set_error(error, DELIVER_SHEET_ERROR, DELIVER_SHEET_ERROR_FILE, "cannot %s %s: %s", what, shown,
              g_strerror(code));
  return false;
}

static bool write_at(int fd, gsize slot, const void *data, gsize size)
{
  ssize_t n;

  do
    n = pwrite(fd, data, size, (off_t)(slot * SLOT_SIZE));
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)size;
}

static bool read_at(int fd, gsize slot, void *ret_data, gsize size)
{
  ssize_t n;

  do
    n = pread(fd, ret_data, size, (off_t)(slot * SLOT_SIZE));
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)size;
}

static void read_boot(char ret_boot[static WORD_SIZE])
{
  g_autofree char *text = NULL;

  memset(ret_boot, 0, WORD_SIZE);
  if (g_file_get_contents(BOOT_ID, &text, NULL, NULL))
    g_strlcpy(ret_boot, g_strstrip(text), WORD_SIZE);
}

/* What the file says, or nothing. */
static void read_head(DeliverSheet *sheet)
{
  Head *head = &sheet->head;

  if (!read_at(sheet->fd, 0, head, sizeof *head) || strncmp(head->magic, MAGIC, sizeof head->magic) != 0)
    memset(head, 0, sizeof *head);
  head->boot[WORD_SIZE - 1] = '\0';
  head->owner[WORD_SIZE - 1] = '\0';
}

static bool open_file(DeliverSheet *sheet, GError **error)
{
  sheet->fd = g_open(sheet->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  return sheet->fd >= 0 || fail(sheet, "open", errno, error);
}

/* False when somebody removed or replaced the file since it was opened. */
static bool is_current(const DeliverSheet *sheet)
{
  struct stat ours, named;

  return fstat(sheet->fd, &ours) == 0 && stat(sheet->path, &named) == 0 && ours.st_dev == named.st_dev &&
         ours.st_ino == named.st_ino;
}

/* True while the manager whose notes these are lives. */
static bool is_managed(DeliverSheet *sheet)
{
  read_head(sheet);
  return sheet->head.pid <= 0 || kill((pid_t)sheet->head.pid, 0) == 0 || errno != ESRCH;
}

static bool fail_busy(const DeliverSheet *sheet, GError **error)
{
  g_autofree char *shown = g_filename_display_name(sheet->path);

  g_set_error(error, DELIVER_SHEET_ERROR, DELIVER_SHEET_ERROR_BUSY,
              "another kigen deliver (process %" G_GINT64_FORMAT
              ") is at work on this store: let it send, or "
              "stop it ('fuser -v %s' shows who holds it)",
              sheet->head.pid, shown);
  return false;
}

/* Takes the lock; senders that outlived their manager get `patience_seconds` to end. */
static bool take_lock(DeliverSheet *sheet, int patience_seconds, GError **error)
{
  gint64 deadline = g_get_monotonic_time() + patience_seconds * G_TIME_SPAN_SECOND;

  while (flock(sheet->fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return fail(sheet, "lock", errno, error);
    if (is_managed(sheet) || g_get_monotonic_time() >= deadline)
      return fail_busy(sheet, error);
    g_usleep(PAUSE_MICROSECONDS);
  }
  return true;
}

bool deliver_sheet_open(const char *store_path, int patience_seconds, DeliverSheet **ret_sheet,
                        GError **error)
{
  g_autoptr(DeliverSheet) sheet = g_new0(DeliverSheet, 1);

  sheet->path = g_strconcat(store_path, ".deliver", NULL);
  sheet->fd = -1;
  do {
    if (sheet->fd >= 0)
      close(sheet->fd);
    if (!open_file(sheet, error) || !take_lock(sheet, patience_seconds, error))
      return false;
  } while (!is_current(sheet));
  read_head(sheet);
  *ret_sheet = g_steal_pointer(&sheet);
  return true;
}

void deliver_sheet_close(DeliverSheet *sheet)
{
  if (sheet == NULL)
    return;
  if (sheet->fd >= 0)
    close(sheet->fd);
  g_free(sheet->path);
  g_free(sheet);
}

const char *deliver_sheet_owner(const DeliverSheet *sheet)
{
  char boot[WORD_SIZE];

  read_boot(boot);
  return boot[0] != '\0' && strcmp(boot, sheet->head.boot) == 0 && sheet->head.owner[0] != '\0'
             ? sheet->head.owner
             : NULL;
}

SheetNote deliver_sheet_read(const DeliverSheet *sheet, guint slot, gint64 id, guint32 attempt)
{
  SheetNote note;

  if (slot >= sheet->head.slots || !read_at(sheet->fd, slot + 1, &note, sizeof note) || note.id != id ||
      note.attempt != attempt || (note.mark != SHEET_BEGUN && note.mark != SHEET_DONE))
    return (SheetNote){ .id = id, .attempt = attempt, .mark = SHEET_NOTHING };
  note.reply[DELIVER_SHEET_REPLY_MAX] = '\0';
  if (note.outcome > DELIVERY_RETURNED || !g_utf8_validate(note.reply, -1, NULL))
    note.mark = SHEET_BEGUN;
  return note;
}

/* How much a note tells: that it went back to wait for another sender tells least. */
static int weight(const SheetNote *note)
{
  if (note->mark == SHEET_DONE)
    return note->outcome == DELIVERY_RETURNED ? 1 : 3;
  return note->mark == SHEET_BEGUN ? 2 : 0;
}

SheetNote deliver_sheet_find(const DeliverSheet *sheet, gint64 id, guint32 attempt)
{
  SheetNote best = { .id = id, .attempt = attempt, .mark = SHEET_NOTHING };

  for (guint slot = 0; slot < sheet->head.slots; slot++) {
    SheetNote note = deliver_sheet_read(sheet, slot, id, attempt);

    if (weight(&note) > weight(&best))
      best = note;
  }
  return best;
}

bool deliver_sheet_begin(DeliverSheet *sheet, const char *owner, guint slots, GError **error)
{
  Head head = { .magic = MAGIC, .pid = getpid(), .slots = slots };
  off_t size = (off_t)(slots + 1) * SLOT_SIZE;
  int code;

  read_boot(head.boot);
  g_strlcpy(head.owner, owner, sizeof head.owner);
  if (ftruncate(sheet->fd, 0) != 0)
    return fail(sheet, "empty", errno, error);
  do
    code = posix_fallocate(sheet->fd, 0, size); /* a note must never find the disk full */
  while (code == EINTR);
  if (code != 0)
    return fail(sheet, "make room in", code, error);
  if (!write_at(sheet->fd, 0, &head, sizeof head))
    return fail(sheet, "write", errno, error);
  sheet->head = head;
  return true;
}

int deliver_sheet_descriptor(const DeliverSheet *sheet)
{
  return sheet->fd;
}

bool deliver_sheet_note(int descriptor, guint slot, const SheetNote *note)
{
  return write_at(descriptor, (gsize)slot + 1, note, sizeof *note);
}
