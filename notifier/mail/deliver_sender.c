#include "notifier/mail/deliver_sender.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "notifier/mail/deliver_sheet.h"
#include "notifier/mail/deliver_wire.h"

typedef struct {
  int socket, sheet;
  const volatile sig_atomic_t *stop;
  GPtrArray *taken; /* Taken: mails at hand */
  bool has_ended;   /* no mail any more */
  int note_error;   /* errno: it could not note down that a mail begins, so it did not begin it */
  GError *problem;  /* what the manager says is no frame; then it has ended */
} Sender;

/* A mail at hand. */
typedef struct {
  GBytes *body; /* of its frame: the texts lie in it */
  GBytes *bytes;
  WireMail wire;
} Taken;

static void taken_free(gpointer data)
{
  Taken *taken = data;

  g_clear_pointer(&taken->bytes, g_bytes_unref);
  g_clear_pointer(&taken->body, g_bytes_unref);
  g_free(taken);
}

/* Reads `size` octets. False: the manager has nothing more to say. */
static bool read_whole(int socket, guint8 *ret_bytes, gsize size)
{
  while (size > 0) {
    ssize_t n = read(socket, ret_bytes, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    ret_bytes += n;
    size -= (gsize)n;
  }
  return true;
}

/* A manager that is gone does not hear it: what matters is on the sheet. */
static void say(const Sender *sender, GBytes *frame)
{
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data(frame, &size);

  while (size > 0) {
    ssize_t n = write(sender->socket, bytes, size);

    if (n < 0 && errno != EINTR)
      return;
    if (n > 0) {
      bytes += n;
      size -= (gsize)n;
    }
  }
}

/* True when a frame begins to come, or the end; without `wait` only when it is there. */
static bool is_there(const Sender *sender, bool wait)
{
  struct pollfd poll_fd = { .fd = sender->socket, .events = POLLIN };

  while (*sender->stop == 0) {
    int n = poll(&poll_fd, 1, wait ? -1 : 0);

    if (n >= 0 || errno != EINTR)
      return n > 0;
  }
  return false;
}

/* The next frame, of `kind`. False: there is none any more. */
static bool read_frame(Sender *sender, WireKind kind, GBytes **ret_body)
{
  guint8 head[DELIVER_WIRE_HEAD];
  WireKind found = kind;
  gsize size = 0;

  if (!read_whole(sender->socket, head, sizeof head) ||
      !deliver_wire_read_head(head, &size, &found, &sender->problem))
    return false;
  if (found != kind) {
    g_set_error(&sender->problem, DELIVER_WIRE_ERROR, DELIVER_WIRE_ERROR_FORM,
                "the queue manager said %c, where %c was expected", found, kind);
    return false;
  }

  guint8 *body = g_malloc(size + 1);

  if (!read_whole(sender->socket, body, size)) {
    g_free(body);
    return false;
  }
  *ret_body = g_bytes_new_take(body, size);
  return true;
}

static bool take_mail(Sender *sender, Taken **ret_taken)
{
  g_autoptr(GBytes) whole = NULL;
  Taken *taken = NULL;
  gsize size = 0;

  if (!read_frame(sender, WIRE_MAIL, &whole))
    return false;
  taken = g_new0(Taken, 1);
  taken->body = g_steal_pointer(&whole);
  g_ptr_array_add(sender->taken, taken);

  const guint8 *body = g_bytes_get_data(taken->body, &size);

  if (!deliver_wire_read_mail(body, size, &taken->wire, &sender->problem))
    return false;
  taken->bytes = g_bytes_new_from_bytes(taken->body, taken->wire.begin, taken->wire.size);
  *ret_taken = taken;
  return true;
}

static bool next_mail(gpointer data, bool wait, TransportMail *ret_mail)
{
  Sender *sender = data;
  Taken *taken = NULL;

  if (sender->has_ended || !is_there(sender, wait)) {
    sender->has_ended |= wait;
    return false;
  }
  sender->has_ended = !take_mail(sender, &taken);
  if (sender->has_ended)
    return false;
  *ret_mail = (TransportMail){ .sender = taken->wire.sender,
                               .recipient = taken->wire.recipient,
                               .message_id = taken->wire.message_id,
                               .bytes = taken->bytes,
                               .tag = taken };
  return true;
}

static bool note(const Sender *sender, const Taken *taken, SheetMark mark, const TransportResult *result)
{
  SheetNote on_sheet = { .id = taken->wire.id, .attempt = taken->wire.attempt, .mark = mark };

  if (result != NULL) {
    on_sheet.outcome = result->outcome;
    g_strlcpy(on_sheet.reply, result->reply, sizeof on_sheet.reply);
  }
  return deliver_sheet_note(sender->sheet, taken->wire.slot, &on_sheet);
}

static bool begin_mail(gpointer data, gpointer tag)
{
  Sender *sender = data;

  if (note(sender, tag, SHEET_BEGUN, NULL))
    return true;
  sender->note_error = errno;
  sender->has_ended = true;
  return false;
}

/* A note that fails here changes nothing: the manager hears of the outcome, or takes it for unknown. */
static void done_mail(gpointer data, gpointer tag, const TransportResult *result)
{
  Sender *sender = data;
  Taken *taken = tag;
  WireResult wire = { .slot = taken->wire.slot,
                      .outcome = result->outcome,
                      .relay_failed = result->relay_failed,
                      .wait_seconds = result->wait_seconds,
                      .reply = result->reply };
  g_autoptr(GBytes) frame = deliver_wire_result(&wire);

  (void)!note(sender, taken, SHEET_DONE, result);
  sender->has_ended |= result->relay_failed;
  say(sender, frame);
  g_ptr_array_remove_fast(sender->taken, taken);
}

static void say_fault(const Sender *sender, const GError *problem)
{
  g_autofree char *message = g_utf8_make_valid(problem->message, -1);
  WireFault fault = { .code = problem->domain == TRANSPORT_ERROR ? (TransportError)problem->code
                                                                 : TRANSPORT_ERROR_FILE,
                      .message = message };
  g_autoptr(GBytes) frame = deliver_wire_fault(&fault);

  say(sender, frame);
}

static bool set_up(Sender *sender, Transport **ret_transport, GError **error)
{
  g_autoptr(GBytes) body = NULL;
  WireSetup setup = { 0 };
  gsize size = 0;

  sender->has_ended = !read_frame(sender, WIRE_SETUP, &body);
  if (sender->has_ended)
    return true; /* a manager that died at once, or `problem` */

  const guint8 *bytes = g_bytes_get_data(body, &size);

  return deliver_wire_read_setup(bytes, size, &setup, error) &&
         transport_open(setup.url, &setup.options, ret_transport, error);
}

static bool work(Sender *sender, GError **error)
{
  g_autoptr(Transport) transport = NULL;
  TransportFeed feed = { next_mail, begin_mail, done_mail, sender };

  if (!set_up(sender, &transport, error))
    return false;
  while (!sender->has_ended)
    if (!transport_session(transport, &feed, error))
      return false;
  if (sender->note_error != 0)
    g_set_error(error, TRANSPORT_ERROR, TRANSPORT_ERROR_FILE, "cannot write the sheet of deliveries: %s",
                g_strerror(sender->note_error));
  return sender->note_error == 0;
}

bool deliver_sender_run(int socket, int sheet, const volatile sig_atomic_t *stop, GError **error)
{
  g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(taken_free);
  Sender sender = { .socket = socket, .sheet = sheet, .stop = stop, .taken = taken };
  g_autoptr(GError) problem = NULL;

  if (!work(&sender, &problem))
    say_fault(&sender, problem);
  if (sender.problem == NULL)
    return true;
  g_propagate_error(error, sender.problem);
  return false;
}
