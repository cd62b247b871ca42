#include "notifier/mail/deliver_crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

G_DEFINE_QUARK(kigen - deliver - crew - error - quark, deliver_crew_error)

#define SHEET_TARGET 3 /* its descriptor in a sender */
#define IDLE_MICROSECONDS (5 * G_TIME_SPAN_SECOND)
#define OVERDUE_SECONDS 30 /* beyond a mail's deadline, which the sender keeps itself */
#define LOST_MAX 3         /* senders that may end with a mail before it has to wait */
#define DEATHS_MAX 5       /* senders in a row that ended without a word */
#define LEAVE_MICROSECONDS G_TIME_SPAN_SECOND
#define READ_SIZE 16384

/* A process. */
typedef struct {
  GPid pid;
  int fd;
  GByteArray *in;
  GQueue out;   /* GBytes */
  gsize sent;   /* of the first */
  GQueue items; /* DeliverItem: what it has, in the order given */
  gint64
      since; /* monotonic microseconds: of its last sign of life with mails at hand, or since it has none */
  bool has_spoken, is_closing, is_overdue;
} Sender;

struct DeliverCrew {
  DeliverCrewOptions options;
  char *program;
  GBytes *setup;
  int deadline_seconds;
  GPtrArray *senders;
  GQueue free_slots; /* GUINT_TO_POINTER */
  GQueue done;       /* DeliverItem, for deliver_crew_take */
  guint deaths;
  gint64 now;
  GError *problem; /* told by the next deliver_crew_work */
};

static void sender_free(gpointer data)
{
  Sender *sender = data;

  if (sender->fd >= 0)
    close(sender->fd);
  if (sender->pid > 0) {
    kill(sender->pid, SIGKILL);
    waitpid(sender->pid, NULL, 0);
  }
  g_byte_array_unref(sender->in);
  g_queue_clear_full(&sender->out, (GDestroyNotify)g_bytes_unref);
  g_queue_clear_full(&sender->items, (GDestroyNotify)deliver_item_free);
  g_free(sender);
}

DeliverCrew *deliver_crew_new(const DeliverCrewOptions *options)
{
  DeliverCrew *crew = g_new0(DeliverCrew, 1);
  int deadline = options->setup.options.deadline_seconds;

  g_assert(options->senders > 0 && options->senders <= DELIVER_CREW_MAX);
  crew->options = *options;
  crew->program = g_strdup(options->program);
  crew->setup = deliver_wire_setup(&options->setup);
  crew->deadline_seconds = deadline > 0 ? deadline : TRANSPORT_DEADLINE_SECONDS;
  crew->senders = g_ptr_array_new_with_free_func(sender_free);
  for (guint slot = 0; slot < DELIVER_CREW_SLOTS(options->senders); slot++)
    g_queue_push_tail(&crew->free_slots, GUINT_TO_POINTER(slot));
  crew->now = g_get_monotonic_time();
  return crew;
}

void deliver_crew_free(DeliverCrew *crew)
{
  if (crew == NULL)
    return;
  g_ptr_array_unref(crew->senders);
  g_queue_clear(&crew->free_slots);
  g_queue_clear_full(&crew->done, (GDestroyNotify)deliver_item_free);
  g_bytes_unref(crew->setup);
  g_clear_error(&crew->problem);
  g_free(crew->program);
  g_free(crew);
}

static bool fail(GError **error, const char *what, const char *why)
{
  g_set_error(error, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_START, "cannot start a sender: %s: %s", what,
              why);
  return false;
}

/* Starts kigen itself, with one end of the socket as its standard input, and the sheet. */
static bool spawn(const DeliverCrew *crew, int socket, GPid *ret_pid, GError **error)
{
  g_autofree char *manager = g_strdup_printf("%d", (int)getpid());
  const char *const argv[] = { crew->program, "deliver-sender", manager, NULL };
  int sheet = deliver_sheet_descriptor(crew->options.sheet);
  int target = SHEET_TARGET;
  g_autoptr(GError) cause = NULL;

  return g_spawn_async_with_pipes_and_fds(
             NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, socket, -1,
             -1, &sheet, &target, 1, ret_pid, NULL, NULL, NULL, &cause) ||
         fail(error, crew->program, cause->message);
}

static bool start_sender(DeliverCrew *crew, Sender **ret_sender, GError **error)
{
  int ends[2];
  GPid pid = 0;

  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(error, "socket", g_strerror(errno));

  bool started = fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 && spawn(crew, ends[1], &pid, error);

  close(ends[1]);
  if (!started) {
    close(ends[0]);
    return false;
  }

  Sender *sender = g_new0(Sender, 1);

  *sender = (Sender){ .pid = pid, .fd = ends[0], .in = g_byte_array_new(), .since = crew->now };
  g_queue_push_tail(&sender->out, g_bytes_ref(crew->setup));
  g_ptr_array_add(crew->senders, sender);
  *ret_sender = sender;
  return true;
}

/* The sender with the fewest mails at hand that takes another one, or NULL. */
static Sender *least_busy(const DeliverCrew *crew)
{
  Sender *best = NULL;

  for (guint i = 0; i < crew->senders->len; i++) {
    Sender *sender = crew->senders->pdata[i];

    if (!sender->is_closing && sender->items.length < DELIVER_CREW_AHEAD &&
        (best == NULL || sender->items.length < best->items.length))
      best = sender;
  }
  return best;
}

bool deliver_crew_has_room(const DeliverCrew *crew)
{
  return crew->free_slots.length > 0 &&
         (crew->senders->len < crew->options.senders || least_busy(crew) != NULL);
}

static void queue_mail(Sender *sender, const DeliverItem *item)
{
  WireMail mail = { .slot = item->slot,
                    .id = item->lease->id,
                    .attempt = (guint32)item->lease->attempt,
                    .sender = item->sender,
                    .recipient = item->recipient,
                    .message_id = item->lease->message_id };

  g_queue_push_tail(&sender->out, deliver_wire_mail(&mail, g_bytes_get_size(item->bytes)));
  g_queue_push_tail(&sender->out, g_bytes_ref(item->bytes));
}

/* Sends what the socket takes. A sender that is gone is heard of by reading. */
static void write_out(Sender *sender)
{
  while (sender->out.length > 0) {
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data(sender->out.head->data, &size);
    ssize_t n = send(sender->fd, bytes + sender->sent, size - sender->sent, MSG_NOSIGNAL);

    if (n < 0)
      return;
    sender->sent += (gsize)n;
    if (sender->sent < size)
      continue;
    g_bytes_unref(g_queue_pop_head(&sender->out));
    sender->sent = 0;
  }
}

bool deliver_crew_give(DeliverCrew *crew, DeliverItem *item, GError **error)
{
  Sender *sender = least_busy(crew);
  bool may_start = crew->senders->len < crew->options.senders;

  g_assert(item->bytes != NULL && !item->has_outcome && deliver_crew_has_room(crew));
  if ((sender == NULL || (sender->items.length > 0 && may_start)) && !start_sender(crew, &sender, error))
    return false;
  if (sender->items.length == 0)
    sender->since = g_get_monotonic_time();
  item->slot = GPOINTER_TO_UINT(g_queue_pop_head(&crew->free_slots));
  item->has_slot = true;
  g_queue_push_tail(&sender->items, item);
  queue_mail(sender, item);
  write_out(sender);
  return true;
}

void deliver_crew_watch(const DeliverCrew *crew, GArray *fds)
{
  for (guint i = 0; i < crew->senders->len; i++) {
    const Sender *sender = crew->senders->pdata[i];
    struct pollfd fd = { .fd = sender->fd,
                         .events = (short)(POLLIN | (sender->out.length > 0 ? POLLOUT : 0)) };

    g_array_append_val(fds, fd);
  }
}

static void free_slot(DeliverCrew *crew, DeliverItem *item)
{
  if (item->has_slot)
    g_queue_push_tail(&crew->free_slots, GUINT_TO_POINTER(item->slot));
  item->has_slot = false;
}

/* What a sender has told of `item`, whether it said so or only noted it down. */
static void settle(DeliverCrew *crew, DeliverItem *item, DeliveryOutcome outcome, const char *reply,
                   bool relay_failed)
{
  static const OutboxInput inputs[] = { [DELIVERY_ACCEPTED] = OUTBOX_INPUT_ACCEPT,
                                        [DELIVERY_DEFERRED] = OUTBOX_INPUT_DEFER,
                                        [DELIVERY_FAILED] = OUTBOX_INPUT_REFUSE,
                                        [DELIVERY_UNKNOWN] = OUTBOX_INPUT_UNSURE };

  if (outcome == DELIVERY_RETURNED) {
    free_slot(crew, item);
  } else {
    deliver_item_settle(item, inputs[outcome], g_strdup(reply));
    item->relay_failed = relay_failed;
  }
  g_queue_push_tail(&crew->done, item);
}

static DeliverItem *take_item(Sender *sender, guint slot)
{
  for (GList *link = sender->items.head; link != NULL; link = link->next) {
    DeliverItem *item = link->data;

    if (item->slot == slot) {
      g_queue_delete_link(&sender->items, link);
      return item;
    }
  }
  return NULL;
}

static bool take_result(DeliverCrew *crew, Sender *sender, const guint8 *body, gsize size, GError **error)
{
  WireResult result = { 0 };

  if (!deliver_wire_read_result(body, size, &result, error))
    return false;

  DeliverItem *item = take_item(sender, result.slot);

  if (item == NULL) {
    g_set_error(error, DELIVER_WIRE_ERROR, DELIVER_WIRE_ERROR_FORM, "a sender tells of a mail it has not");
    return false;
  }
  crew->deaths = 0;
  sender->since = g_get_monotonic_time();
  sender->is_closing |= result.relay_failed; /* it ends */
  item->wait_seconds = result.wait_seconds;
  settle(crew, item, result.outcome, result.reply, result.relay_failed);
  return true;
}

static bool take_fault(DeliverCrew *crew, const guint8 *body, gsize size, GError **error)
{
  WireFault fault = { 0 };

  if (!deliver_wire_read_fault(body, size, &fault, error))
    return false;
  if (crew->problem == NULL)
    g_set_error(&crew->problem, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_FAULT, "%s", fault.message);
  return true;
}

/* Whole frames of what was read. */
static bool take_frames(DeliverCrew *crew, Sender *sender, GError **error)
{
  WireKind kind = WIRE_RESULT;
  gsize size = 0;

  while (sender->in->len >= DELIVER_WIRE_HEAD) {
    const guint8 *body = sender->in->data + DELIVER_WIRE_HEAD;

    if (!deliver_wire_read_head(sender->in->data, &size, &kind, error))
      return false;
    if (sender->in->len < DELIVER_WIRE_HEAD + size)
      return true;
    sender->has_spoken = true;
    if (!(kind == WIRE_FAULT ? take_fault(crew, body, size, error)
                             : take_result(crew, sender, body, size, error)))
      return false;
    g_byte_array_remove_range(sender->in, 0, (guint)(DELIVER_WIRE_HEAD + size));
  }
  return true;
}

/* Reads what there is. False: the sender has ended, or says what it should not. */
static bool read_in(DeliverCrew *crew, Sender *sender)
{
  guint8 bytes[READ_SIZE];
  g_autoptr(GError) nonsense = NULL;

  while (true) {
    ssize_t n = read(sender->fd, bytes, sizeof bytes);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN)
      return true;
    if (n <= 0)
      return false;
    g_byte_array_append(sender->in, bytes, (guint)n);
    if (!take_frames(crew, sender, &nonsense)) {
      if (crew->problem == NULL)
        crew->problem = g_steal_pointer(&nonsense);
      return false;
    }
  }
}

/* A sender ended with `item`: what the sheet says of it holds. `is_first`: it was this one's turn. */
static void settle_left(DeliverCrew *crew, const Sender *sender, DeliverItem *item, bool is_first, bool died)
{
  SheetNote note =
      deliver_sheet_read(crew->options.sheet, item->slot, item->lease->id, (guint32)item->lease->attempt);

  if (note.mark == SHEET_DONE) {
    settle(crew, item, note.outcome, note.reply, false);
    return;
  }
  item->lost += died && is_first;
  if (note.mark == SHEET_BEGUN)
    deliver_item_settle(item, sender->is_overdue ? OUTBOX_INPUT_OVERDUE_IN_DATA : OUTBOX_INPUT_LOST_IN_DATA,
                        g_strdup_printf("the sender %s after the data began: the mail may have arrived",
                                        sender->is_overdue ? "overstayed and was stopped" : "ended"));
  else if (is_first && sender->is_overdue)
    deliver_item_settle(item, OUTBOX_INPUT_OVERDUE, g_strdup("the sender overstayed and was stopped"));
  else if (item->lost >= LOST_MAX)
    deliver_item_settle(item, OUTBOX_INPUT_DEFER, g_strdup("several senders ended when it was its turn"));
  else
    free_slot(crew, item);
  g_queue_push_tail(&crew->done, item);
}

/* Senders that end without a word, one after the other, will go on doing so. */
static void count_death(DeliverCrew *crew, int status)
{
  if (++crew->deaths < DEATHS_MAX || crew->problem != NULL)
    return;
  if (WIFSIGNALED(status))
    g_set_error(&crew->problem, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_START,
                "senders end at once: killed by signal %d", WTERMSIG(status));
  else
    g_set_error(&crew->problem, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_START,
                "senders end at once: exit status %d", WEXITSTATUS(status));
}

/* Sender `i` is gone, or goes now. */
static void bury(DeliverCrew *crew, guint i)
{
  Sender *sender = crew->senders->pdata[i];
  bool is_first = true;
  int status = 0;

  if (sender->out.length > 0 || sender->items.length > 0)
    kill(sender->pid, SIGKILL); /* one that shut its end and lives on */
  waitpid(sender->pid, &status, 0);
  sender->pid = 0;

  bool died = status != 0 && !sender->is_closing;

  if (died && !sender->has_spoken)
    count_death(crew, status);
  for (DeliverItem *item; (item = g_queue_pop_head(&sender->items)) != NULL; is_first = false)
    settle_left(crew, sender, item, is_first, died);
  g_ptr_array_remove_index_fast(crew->senders, i);
}

static void close_sender(Sender *sender)
{
  sender->is_closing = true;
  shutdown(sender->fd, SHUT_WR);
}

/* Ends who has had nothing to do for a while, kills who takes too long. */
static void look_at_clock(const DeliverCrew *crew, Sender *sender)
{
  gint64 since = crew->now - sender->since;

  if (sender->items.length == 0 && !sender->is_closing && since > IDLE_MICROSECONDS)
    close_sender(sender);
  if (sender->items.length > 0 && !sender->is_overdue &&
      since > (crew->deadline_seconds + OVERDUE_SECONDS) * G_TIME_SPAN_SECOND) {
    sender->is_overdue = true;
    kill(sender->pid, SIGKILL);
  }
}

bool deliver_crew_work(DeliverCrew *crew, gint64 now, GError **error)
{
  crew->now = now;
  for (guint i = crew->senders->len; i-- > 0;) {
    Sender *sender = crew->senders->pdata[i];

    write_out(sender);
    if (read_in(crew, sender))
      look_at_clock(crew, sender);
    else
      bury(crew, i);
  }
  if (crew->problem == NULL)
    return true;
  g_propagate_error(error, g_steal_pointer(&crew->problem));
  crew->deaths = 0;
  return false;
}

DeliverItem *deliver_crew_take(DeliverCrew *crew)
{
  return g_queue_pop_head(&crew->done);
}

void deliver_crew_forget(DeliverCrew *crew, DeliverItem *item)
{
  free_slot(crew, item);
}

guint deliver_crew_busy(const DeliverCrew *crew)
{
  guint busy = 0;

  for (guint i = 0; i < crew->senders->len; i++)
    busy += ((const Sender *)crew->senders->pdata[i])->items.length;
  return busy;
}

guint deliver_crew_size(const DeliverCrew *crew)
{
  return crew->senders->len;
}

static void signal_all(DeliverCrew *crew, int number)
{
  for (guint i = 0; i < crew->senders->len; i++) {
    Sender *sender = crew->senders->pdata[i];

    g_queue_clear_full(&sender->out, (GDestroyNotify)g_bytes_unref);
    close_sender(sender);
    kill(sender->pid, number);
  }
}

void deliver_crew_stop(DeliverCrew *crew)
{
  signal_all(crew, SIGTERM);
}

void deliver_crew_end(DeliverCrew *crew)
{
  gint64 deadline = g_get_monotonic_time() + LEAVE_MICROSECONDS;

  for (guint i = 0; i < crew->senders->len; i++)
    close_sender(crew->senders->pdata[i]);
  while (crew->senders->len > 0 && g_get_monotonic_time() < deadline) {
    g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    g_autoptr(GError) late = NULL;

    deliver_crew_watch(crew, fds);
    poll((struct pollfd *)(void *)fds->data, fds->len, LEAVE_MICROSECONDS / 1000);
    if (!deliver_crew_work(crew, g_get_monotonic_time(), &late))
      return;
  }
}

void deliver_crew_kill(DeliverCrew *crew)
{
  signal_all(crew, SIGKILL);
}
