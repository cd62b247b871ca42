/* Senders that hang, on a clock of the test's own, and senders that end without a word. */

#include "notifier/mail/deliver_crew.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "notifier/mail/compose.h"
#include "tests/mail/mail_fixture.h"
#include "tests/mail/relay_fixture.h"
#include "tests/support/run.h"

#define DEADLINE 60 /* seconds that a sender gives a mail itself */
#define BEYOND 31   /* and the crew on top */

static char *folder;
static DeliverSheet *sheet;

static void setup(void)
{
  g_autofree char *store = NULL;

  folder = fixture_folder();
  store = g_build_filename(folder, "kigen.db", NULL);
  ck_assert(deliver_sheet_open(store, 2, &sheet, NULL));
  ck_assert(deliver_sheet_begin(sheet, "manager", DELIVER_CREW_SLOTS(1), NULL));
}

static void teardown(void)
{
  deliver_sheet_close(sheet);
  fixture_remove(folder);
  g_free(folder);
}

static DeliverCrew *crew_to(const Relay *relay)
{
  g_autofree char *url = relay_url(relay, "127.0.0.1");
  DeliverCrewOptions options = { .program = g_getenv("KIGEN_BINARY"),
                                 .setup = { .url = url, .options = { .deadline_seconds = DEADLINE } },
                                 .senders = 1,
                                 .sheet = sheet };

  return deliver_crew_new(&options);
}

static DeliverItem *mail(gint64 id)
{
  OutboxLease *lease = g_new0(OutboxLease, 1);
  MailMessage letter = fixture_letter();
  DeliverItem *item;

  lease->id = id;
  lease->attempt = 1;
  lease->message_id = g_strdup_printf("%d@maker.example", (int)id);
  item = deliver_item_new(lease);
  item->sender = g_strdup("notice@maker.example");
  item->recipient = g_strdup("sato@kita.example");
  ck_assert(compose_message(&letter, &item->bytes, NULL));
  return item;
}

static void give(DeliverCrew *crew, gint64 id)
{
  ck_assert(deliver_crew_give(crew, mail(id), NULL));
}

/* Waits until the relay's file `name` has `text` in it. */
static void wait_for(const Relay *relay, const char *name, const char *text)
{
  for (int i = 0; i < 4500; i++) {
    g_autofree char *found = relay_read(relay, name);

    if (strstr(found, text) != NULL)
      return;
    g_usleep(10000);
  }
  ck_abort_msg("%s: %s never came", name, text);
}

/* Our only child but the relay stops where it is: it keeps no deadline of its own any more. Returns its id.
 */
static pid_t stop_sender(const Relay *relay)
{
  g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
  g_autofree char *text = NULL;

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));

  g_auto(GStrv) children = g_strsplit(g_strstrip(text), " ", -1);

  for (guint i = 0; children[i] != NULL; i++) {
    pid_t child = (pid_t)g_ascii_strtoll(children[i], NULL, 10);

    if (child != relay->pid) {
      ck_assert_int_eq(kill(child, SIGSTOP), 0);
      return child;
    }
  }
  ck_abort_msg("there is no sender");
}

/* True when it ends within the time that a kill takes. */
static bool ends(pid_t child)
{
  siginfo_t info = { 0 };

  for (int i = 0; info.si_pid == 0 && i < 20; i++) {
    ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT), 0);
    g_usleep(10000);
  }
  return info.si_pid == child;
}

/* The next item at `now`; NULL: there is none. */
static DeliverItem *taken(DeliverCrew *crew, gint64 now)
{
  ck_assert(deliver_crew_work(crew, now, NULL));
  return deliver_crew_take(crew);
}

/* Where the sender hangs, and what becomes of the mail whose turn it is. */
static const struct {
  const char *mode, *file, *seen;
  OutboxInput input;
  const char *reply;
} hangs[] = {
  { "greeting-stall", "connected", "1", OUTBOX_INPUT_OVERDUE, "the sender overstayed and was stopped" },
  { "rcpt-stall", "commands", "RCPT TO", OUTBOX_INPUT_OVERDUE, "the sender overstayed and was stopped" },
  { "end-stall", "commands", "(whole mail)", OUTBOX_INPUT_OVERDUE_IN_DATA,
    "the sender overstayed and was stopped after the data began: the mail may have arrived" },
};

/* A sender that does not move is killed when its time and more is over, not before; the mail behind goes to
 * another one. */
START_TEST(test_overdue)
{
  g_auto(Relay) relay = relay_script(hangs[_i].mode, FALSE);
  g_autoptr(DeliverCrew) crew = crew_to(&relay);
  gint64 begun = g_get_monotonic_time(), late;
  g_autoptr(DeliverItem) first = NULL;
  g_autoptr(DeliverItem) second = NULL;
  pid_t sender;

  give(crew, 1);
  give(crew, 2);
  wait_for(&relay, hangs[_i].file, hangs[_i].seen);
  sender = stop_sender(&relay);
  ck_assert_ptr_null(taken(crew, begun + (DEADLINE + BEYOND - 2) * G_TIME_SPAN_SECOND));
  ck_assert(!ends(sender));
  late = g_get_monotonic_time() + (DEADLINE + BEYOND) * G_TIME_SPAN_SECOND;
  for (int i = 0; first == NULL && i < 3000; i++) { /* until the kernel has closed its end */
    first = taken(crew, late);
    g_usleep(10000);
  }
  ck_assert_ptr_nonnull(first);
  second = taken(crew, late);
  ck_assert_int_eq(first->lease->id, 1);
  ck_assert(first->has_outcome);
  ck_assert_int_eq(first->input, hangs[_i].input);
  ck_assert_str_eq(first->reply, hangs[_i].reply);
  ck_assert_ptr_nonnull(second);
  ck_assert_int_eq(second->lease->id, 2);
  ck_assert(!second->has_outcome);
  ck_assert_uint_eq(deliver_crew_size(crew) + deliver_crew_busy(crew), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("deliver_crew");
  TCase *tcase = tcase_create("crew");

  signal(SIGPIPE, SIG_IGN);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_overdue, 0, G_N_ELEMENTS(hangs));
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
