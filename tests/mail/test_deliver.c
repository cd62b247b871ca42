#include "notifier/mail/deliver.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/audit_head.h"
#include "db/notice_store.h"
#include "db/outbox_list.h"
#include "notifier/mail/deliver_identity.h"
#include "notifier/mail/deliver_ledger.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/verp.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/mail/mail_fixture.h"
#include "tests/mail/relay_fixture.h"
#include "tests/support/run.h"

static Db *db;
static TemplateSet *templates;
static BusinessCalendar *calendar;
static AuditContext audit;

static void setup(void)
{
  signal(SIGPIPE, SIG_IGN);
  scratch_setup();
  db = outbox_base_store();
  audit = base_context;
  calendar = calendar_new(NULL, 0);
  assert_done(template_set_load(&templates, ERR));
}

static void teardown(void)
{
  template_set_free(templates);
  calendar_free(calendar);
  db_close(db);
  scratch_teardown();
}

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static Day today(gpointer data)
{
  return audit.today;
}

static const BusinessCalendar *business_days(Day day, gpointer data)
{
  return calendar;
}

static char *now(gpointer data)
{
  return g_strdup(audit.now);
}

/* In the middle: a wait is what it says. */
static guint32 chance(gpointer data)
{
  return G_MAXUINT32 / 2 + 1;
}

static DeliverOptions options_for(const char *url)
{
  return (DeliverOptions){ .program = g_getenv("KIGEN_BINARY"),
                           .actor = audit,
                           .policy = policy_for(PROFILE_JP),
                           .calendar = business_days,
                           .templates = templates,
                           .channel = "mail",
                           .transport = url,
                           .relay = { .deadline_seconds = 30 },
                           .connections = 2,
                           .from_address = "notice@maker.example",
                           .reply_to = "support@maker.example",
                           .once = true,
                           .today = today,
                           .now = now,
                           .chance = chance };
}

static char *maildir_url(void)
{
  g_autofree char *path = scratch_path("mail");

  return g_strconcat("maildir:", path, NULL);
}

static DeliverReport delivered(const char *url)
{
  DeliverOptions options = options_for(url);
  DeliverReport report = { 0 };

  assert_done(deliver_run(db, &options, &report, ERR));
  return report;
}

static DeliverReport delivered_to_maildir(void)
{
  g_autofree char *url = maildir_url();

  return delivered(url);
}

static DeliverReport delivered_to(const Relay *relay)
{
  g_autofree char *url = relay_url(relay, "127.0.0.1");

  return delivered(url);
}

static void assert_text(const char *query, const char *expected)
{
  g_autofree char *text = scratch_text(db, query);

  ck_assert_msg(g_strcmp0(text, expected) == 0, "%s: %s", query, text != NULL ? text : "NULL");
}

/* What read_maildir.py lists, or "" without a maildir. */
static char *listed(void)
{
  g_autofree char *path = scratch_path("mail");

  return g_file_test(path, G_FILE_TEST_IS_DIR) ? fixture_script("read_maildir.py", path) : g_strdup("");
}

/* On 30 September 2030: the messages 1 and 2 wait; the EOS reminder of 36 months is overdue, and the lessor
 * has not been told of the change. All that joins the waiting messages: two mails go. */
START_TEST(test_once)
{
  g_auto(DeliverReport) first = delivered_to_maildir();
  g_autofree char *mails = listed();
  g_auto(DeliverReport) second = delivered_to_maildir();
  g_autofree char *same = listed();

  ck_assert_int_eq(first.notices_made, 2);
  ck_assert_int_eq(first.messages_made, 0);
  ck_assert_int_eq(first.counts.accepted, 2);
  ck_assert_int_eq(first.counts.deferred + first.counts.failed + first.counts.unknown +
                       first.counts.superseded + first.recovered,
                   0);
  ck_assert_str_eq(mails, "<kigen.1@maker.example> 6 parts, new\n<kigen.2@maker.example> 6 parts, new\n");
  ck_assert_int_eq(
      second.notices_made + second.messages_made + second.counts.accepted + second.counts.superseded, 0);
  ck_assert_str_eq(same, mails);
  assert_text("SELECT group_concat(state) FROM outbox", "accepted,accepted,pending,pending");
  assert_text("SELECT group_concat(state) FROM (SELECT state FROM outbox_event WHERE outbox = 1 ORDER BY id)",
              "sending,accepted");
}
END_TEST

/* A run signs the trail's end once: its mails carry the same head, which the trail holds. */
START_TEST(test_head_of_the_trail)
{
  g_autofree char *url = maildir_url();
  g_autofree char *path = scratch_path("kigen.sign-key");
  DeliverOptions options = options_for(url);
  g_auto(DeliverReport) report = { 0 };
  g_autoptr(SignKey) key = NULL;
  AuditPoint end;
  AuditHead head;

  assert_done(sign_key_create(path, ERR));
  assert_done(sign_key_load(path, &key, ERR));
  options.sign_key = key;
  assert_done(audit_load_end(db, &end, ERR));
  assert_done(deliver_run(db, &options, &report, ERR));
  ck_assert_int_eq(report.counts.accepted, 2);

  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *of_first =
      scratch_text(db, "SELECT context ->> 'audit_head' FROM message_context WHERE outbox = 1");
  g_autofree char *of_second =
      scratch_text(db, "SELECT context ->> 'audit_head' FROM message_context WHERE outbox = 2");

  ck_assert_str_eq(of_first, of_second);
  assert_done(audit_head_parse(of_first, &head, ERR));
  assert_done(audit_head_verify(&head, &public_key, ERR));
  ck_assert_int_eq(head.point.id, end.id);
  ck_assert_mem_eq(head.point.hash, end.hash, AUDIT_HASH_SIZE);
  ck_assert_str_eq(head.at, audit.now);
}
END_TEST

/* Several notices for one contact on one day are one mail, and its context holds them all. */
START_TEST(test_digest)
{
  g_auto(DeliverReport) report = delivered_to_maildir();

  ck_assert_int_eq(report.counts.accepted, 2);

  g_autofree char *context = scratch_text(db, "SELECT context FROM message_context WHERE outbox = 2");
  g_autoptr(json_t) object = json_loads(context, 0, NULL);

  ck_assert_int_eq(json_array_size(json_object_get(object, "notices")), 3);
  ck_assert(json_is_true(json_object_get(object, "digest")));
}
END_TEST

static const struct {
  const char *mode;
  DeliverCounts counts;
  const char *state, *detail;
  bool again; /* due again five minutes later */
} relays[] = {
  { "accept", { .accepted = 2 }, "accepted", "250 2.0.0 queued as 4711", false },
  { "mail-451", { .deferred = 2 }, "deferred", "451 4.3.0 later", true },
  { "rcpt-550", { .failed = 2 }, "failed", "550 5.1.1 no such user", false },
  { "end-452", { .deferred = 2 }, "deferred", "452 4.3.1 disk full", true },
  { "end-554", { .failed = 2 }, "failed", "554 5.7.1 refused by content", false },
  { "end-close", { .unknown = 2 }, "unknown", "the connection broke after the data began", true },
  { "data-stall", { .unknown = 2 }, "unknown", "no answer within 4 seconds after the data began", true },
};

START_TEST(test_relay)
{
  g_auto(Relay) relay = relay_script(relays[_i].mode, FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  DeliverOptions options = options_for(url);
  g_auto(DeliverReport) report = { 0 };

  if (strcmp(relays[_i].mode, "data-stall") == 0)
    options.relay.deadline_seconds = 4;
  assert_done(deliver_run(db, &options, &report, ERR));

  g_autofree char *detail =
      scratch_text(db, "SELECT detail FROM outbox_event WHERE outbox = 1 ORDER BY id DESC");
  g_autofree char *state = scratch_text(db, "SELECT state FROM outbox WHERE id = 1");
  g_autofree char *not_before = scratch_text(db, "SELECT not_before FROM outbox WHERE id = 1");

  ck_assert_int_eq(report.counts.accepted, relays[_i].counts.accepted);
  ck_assert_int_eq(report.counts.deferred, relays[_i].counts.deferred);
  ck_assert_int_eq(report.counts.failed, relays[_i].counts.failed);
  ck_assert_int_eq(report.counts.unknown, relays[_i].counts.unknown);
  ck_assert_str_eq(state, relays[_i].state);
  ck_assert_msg(g_str_has_prefix(detail, relays[_i].detail), "%s: %s", relays[_i].mode, detail);
  ck_assert_pstr_eq(not_before, relays[_i].again ? "2030-09-29T22:20:00Z" : NULL);

  g_auto(DeliverReport) at_once = delivered_to_maildir();

  ck_assert_int_eq(at_once.counts.accepted, 0);
  audit.now = "2030-09-29T22:20:00Z";

  g_auto(DeliverReport) later = delivered_to_maildir();

  ck_assert_int_eq(later.counts.accepted, relays[_i].again ? 2 : 0);
  ck_assert_int_eq(scratch_number(db, "SELECT attempt FROM outbox WHERE id = 1"), relays[_i].again ? 2 : 1);
}
END_TEST

/* Leaves only message 1, and nobody else to be told. */
static void only_first(void)
{
  sql("UPDATE outbox SET state = 'accepted' WHERE id <> 1");
  sql("UPDATE holding SET ended_on = '2030-01-01' WHERE organization <> 1");
}

/* What may have arrived goes again, the very same bytes, audited, a bounded number of times: then it has
 * failed, for everybody to see. */
START_TEST(test_unknown_bounded)
{
  g_auto(Relay) relay = relay_script("end-close", FALSE);
  g_autofree char *first = NULL;

  only_first();
  for (int i = 0; i < OUTBOX_UNKNOWN_MAX + 2; i++) {
    g_autofree char *instant = g_strdup_printf("2030-09-30T0%d:00:00Z", i);
    g_autofree char *data = NULL;

    audit.now = instant;

    g_auto(DeliverReport) report = delivered_to(&relay);

    ck_assert_int_eq(report.counts.unknown, i < OUTBOX_UNKNOWN_MAX - 1);
    ck_assert_int_eq(report.counts.failed, i == OUTBOX_UNKNOWN_MAX - 1);
    data = relay_read(&relay, "data");
    if (first == NULL)
      first = g_steal_pointer(&data);
    else
      ck_assert_str_eq(first, data);
  }
  assert_text("SELECT state FROM outbox WHERE id = 1", "failed");
  ck_assert_int_eq(scratch_number(db, "SELECT attempt FROM outbox WHERE id = 1"), OUTBOX_UNKNOWN_MAX);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.resend'"),
                   OUTBOX_UNKNOWN_MAX - 1);
  ck_assert_int_eq(scratch_number(db,
                                  "SELECT count(*) FROM outbox_event WHERE outbox = 1 AND state = 'failed'"
                                  " AND detail LIKE 'given up after 5 times that it may have arrived:%'"),
                   1);
  audit.now = base_context.now;
}
END_TEST

/* Five days of a relay that says "later": then it has failed. */
START_TEST(test_lifetime)
{
  g_auto(Relay) relay = relay_script("rcpt-452", FALSE);

  only_first();
  sql("UPDATE outbox SET state = 'deferred', attempt = 99, deferrals = 99,"
      " tried_since = '2030-09-24T22:15:01Z' WHERE id = 1");

  g_auto(DeliverReport) before = delivered_to(&relay);

  assert_text("SELECT state || deferrals FROM outbox WHERE id = 1", "deferred100");
  audit.now = "2030-09-29T23:30:00Z";

  g_auto(DeliverReport) after = delivered_to(&relay);

  ck_assert_int_eq(after.counts.failed, 1);
  assert_text("SELECT state || deferrals FROM outbox WHERE id = 1", "failed101");
  ck_assert_int_eq(scratch_number(db, "SELECT detail LIKE 'given up after 101 tries in 5 days: 452 4.2.2%'"
                                      " FROM outbox_event WHERE outbox = 1 ORDER BY id DESC"),
                   1);
}
END_TEST

/* No relay for an hour of virtual time: nothing is lost, few are tried, and then all go, each once. */
START_TEST(test_no_relay_for_an_hour)
{
  g_auto(Relay) gone = relay_script("accept", FALSE);
  g_auto(Relay) good = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&gone, "127.0.0.1");

  relay_stop(&gone);
  sql("WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
      " INSERT INTO contact (id, organization, name, email) SELECT i, 1, 'n' || i, 'n' || i || "
      "'@kita.example'"
      " FROM n");
  sql("INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at)"
      " SELECT id, 1, id, 'mail', '2030-09-30', 'kigen.' || id || '@maker.example', '' FROM contact"
      " WHERE id > 100");
  sql("INSERT INTO outbox_notice SELECT 3, 1, id FROM outbox WHERE id > 100");
  for (int minute = 0; minute < 60; minute += 5) {
    g_autofree char *instant = g_strdup_printf("2030-09-30T00:%02d:00Z", minute);

    audit.now = instant;

    g_auto(DeliverReport) report = delivered(url);

    ck_assert_ptr_nonnull(report.relay_failure);
    ck_assert_int_eq(report.counts.deferred, 3);
    ck_assert_int_eq(report.counts.failed + report.counts.unknown + report.counts.accepted, 0);
  }
  ck_assert_int_eq(scratch_number(db, "SELECT failing_since = '2030-09-30T00:00:00Z' AND reply LIKE"
                                      " 'no connection%' FROM relay"),
                   1);
  audit.now = "2030-09-30T02:00:00Z";

  g_auto(DeliverReport) report = delivered_to(&good);
  g_autofree char *commands = relay_read(&good, "commands");
  g_auto(GStrv) mails = g_strsplit(commands, "(whole mail)", -1);

  ck_assert_int_eq(report.counts.accepted, 52);
  ck_assert_uint_eq(g_strv_length(mails) - 1, 52);
  audit.now = base_context.now;
}
END_TEST

/* A clock that was set back, or ahead, ends no message's life, and none waits for years. */
START_TEST(test_clock_jumps)
{
  g_auto(Relay) late = relay_script("mail-451", FALSE);
  g_auto(Relay) good = relay_script("accept", FALSE);

  only_first();
  audit.now = "2038-01-19T03:14:07Z";

  g_auto(DeliverReport) ahead = delivered_to(&late);

  ck_assert_int_eq(ahead.counts.deferred, 1);
  audit.now = base_context.now;

  g_auto(DeliverReport) back = delivered_to(&late);

  ck_assert_int_eq(back.counts.deferred, 1);
  sql("UPDATE outbox SET tried_since = '1999-01-01T00:00:00Z', not_before = NULL WHERE id = 1");

  g_auto(DeliverReport) old = delivered_to(&late);

  ck_assert_int_eq(old.counts.deferred, 1);
  audit.now = "2030-09-30T02:00:00Z";

  g_auto(DeliverReport) report = delivered_to(&good);

  ck_assert_int_eq(report.counts.accepted, 1);
  audit.now = base_context.now;
}
END_TEST

/* Put off because of its address: when that was mended it goes to the new one. */
START_TEST(test_deferred_again)
{
  g_auto(Relay) late = relay_script("rcpt-452", FALSE);
  g_auto(Relay) good = relay_script("accept", FALSE);

  only_first();

  g_auto(DeliverReport) report = delivered_to(&late);

  ck_assert_int_eq(report.counts.deferred, 1);
  sql("UPDATE contact SET email = 'new@kita.example' WHERE id = 1");
  audit.now = "2030-09-29T22:20:00Z";

  g_auto(DeliverReport) later = delivered_to(&good);
  g_autofree char *commands = relay_read(&good, "commands");
  g_autofree char *data = relay_read(&good, "data");

  ck_assert_int_eq(later.counts.accepted, 1);
  ck_assert_ptr_nonnull(strstr(commands, "RCPT TO:<new@kita.example>"));
  ck_assert_ptr_nonnull(strstr(data, "<new@kita.example>"));
}
END_TEST

/* A child process that delivers to `url`. */
static pid_t start_delivery(const char *path, const char *url)
{
  pid_t child = fork();

  if (child == 0) {
    DeliverReport report = { 0 };
    DeliverOptions options = options_for(url);

    options.relay.deadline_seconds = 60;
    _exit(db_open(path, DB_WRITE, &db, NULL) && deliver_run(db, &options, &report, NULL) ? 1 : 2);
  }
  ck_assert_int_gt(child, 0);
  return child;
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

/* Kills process `manager`, and its senders first where `all`. */
static void kill_delivery(pid_t manager, bool all)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)manager, (int)manager);
  g_autofree char *text = NULL;

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));

  g_auto(GStrv) senders = g_strsplit(g_strstrip(text), " ", -1);

  kill(manager, SIGSTOP); /* so that it starts no other */
  for (guint i = 0; all && senders[i] != NULL; i++)
    kill((pid_t)g_ascii_strtoll(senders[i], NULL, 10), SIGKILL);
  kill(manager, SIGKILL);
  waitpid(manager, NULL, 0);
}

/* Manager and senders are killed, or the manager alone, when the relay has got as far as `seen`. A sender
 * that lives on hears that its connection breaks, as the relay ends too, and notes that down. */
static const struct {
  const char *mode, *file, *seen;
  bool all;
  const char *events; /* of message 1 in the end, with what the next run does */
} crashes[] = {
  { "greeting-stall", "connected", "1", true, "sending1,pending1,sending2,accepted2" },
  { "rcpt-stall", "commands", "RCPT TO", true, "sending1,pending1,sending2,accepted2" },
  { "data-stall", "commands", "(in data)", true, "sending1,unknown1,sending2,accepted2" },
  { "end-stall", "commands", "(whole mail)", true, "sending1,unknown1,sending2,accepted2" },
  { "greeting-stall", "connected", "1", false, "sending1,deferred1" },
  { "rcpt-stall", "commands", "RCPT TO", false, "sending1,deferred1" },
  { "end-stall", "commands", "(whole mail)", false, "sending1,unknown1" },
};

START_TEST(test_crash)
{
  g_auto(Relay) relay = relay_script(crashes[_i].mode, FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autofree char *path = g_strdup(db_path(db));

  only_first();
  g_clear_pointer(&db, db_close);

  pid_t child = start_delivery(path, url);

  wait_for(&relay, crashes[_i].file, crashes[_i].seen);
  kill_delivery(child, crashes[_i].all);

  g_autofree char *lost = relay_read(&relay, "data");

  relay_stop(&relay);
  assert_done(db_open(path, DB_WRITE, &db, ERR));
  assert_text("SELECT state FROM outbox WHERE id = 1", "sending");

  g_auto(DeliverReport) report = delivered_to_maildir();

  ck_assert_int_eq(report.recovered, 1);
  assert_text(
      "SELECT group_concat(state || attempt) FROM (SELECT * FROM outbox_event WHERE outbox = 1 ORDER BY id)",
      crashes[_i].events);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.recover'"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.resend'"),
                   strstr(crashes[_i].events, "unknown1,sending") != NULL);
  if (strcmp(crashes[_i].mode, "end-stall") == 0 && crashes[_i].all) {
    g_autofree char *folder = scratch_path("mail/new");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autofree char *file = g_build_filename(folder, g_dir_read_name(dir), NULL);
    g_autofree char *again = NULL;

    ck_assert(g_file_get_contents(file, &again, NULL, NULL));
    ck_assert_str_eq(again, lost);
  }
}
END_TEST

/* Waits until the sheet has `text` in it. */
static void wait_for_note(const char *store, const char *text)
{
  g_autofree char *path = g_strconcat(store, ".deliver", NULL);

  for (int i = 0; i < 4500; i++) {
    g_autofree char *found = NULL;
    gsize size = 0;

    if (g_file_get_contents(path, &found, &size, NULL) && memmem(found, size, text, strlen(text)) != NULL)
      return;
    g_usleep(10000);
  }
  ck_abort_msg("nobody noted down: %s", text);
}

/* The manager is killed between the relay's answer and the commit: the sender has noted it down, and nothing
 * goes twice. */
START_TEST(test_crash_before_commit)
{
  g_auto(Relay) relay = relay_script("end-slow", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autofree char *path = g_strdup(db_path(db));

  only_first();

  pid_t child = start_delivery(path, url);

  wait_for(&relay, "commands", "(whole mail)");
  assert_done(db_begin(db, ERR)); /* its commit has to wait for us */
  wait_for_note(path, "queued as 4711");
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  db_rollback(db);
  assert_text("SELECT state FROM outbox WHERE id = 1", "sending");

  g_auto(DeliverReport) report = delivered_to_maildir();

  ck_assert_int_eq(report.recovered, 1);
  ck_assert_int_eq(report.counts.accepted, 0);
  assert_text("SELECT state || attempt FROM outbox WHERE id = 1", "accepted1");
  assert_text("SELECT detail FROM outbox_event WHERE outbox = 1 ORDER BY id DESC",
              "250 2.0.0 queued as 4711");
}
END_TEST

/* Notes of another boot, or of another store's manager, are no notes. */
START_TEST(test_notes_not_trusted)
{
  only_first();
  sql("UPDATE outbox SET state = 'sending', attempt = 1, lease = 'somebody', leased_from = 'pending'"
      " WHERE id = 1");

  g_auto(DeliverReport) report = delivered_to_maildir();

  ck_assert_int_eq(report.recovered, 1);
  assert_text(
      "SELECT group_concat(state || attempt) FROM (SELECT * FROM outbox_event WHERE outbox = 1 ORDER BY id)",
      "unknown1,sending2,accepted2");
}
END_TEST

/* A revision that was overtaken since the message was made is not told any more. */
START_TEST(test_superseded)
{
  sql("UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-09-01',"
      " withdrawn_at = '2030-09-01T00:00:00Z' WHERE id = 2");

  g_auto(DeliverReport) report = delivered_to_maildir();
  g_autofree char *mails = listed();

  ck_assert_int_eq(report.counts.superseded, 2);
  ck_assert_int_eq(report.counts.accepted, 0);
  ck_assert_str_eq(mails, "");
  assert_text("SELECT group_concat(state) FROM outbox", "superseded,superseded,pending,pending");
}
END_TEST

/* Somebody withdraws the revision on another connection after the message was rendered ahead and before that
 * is written down: what goes is looked at once more. */
START_TEST(test_overtaken_when_rendered)
{
  DeliverOptions options = options_for("maildir:unused");
  GQueue settled = G_QUEUE_INIT, rendered = G_QUEUE_INIT;
  DeliverEntry entry = { .audit = &audit,
                         .owner = "manager",
                         .channel = "mail",
                         .set_bytes = template_set_bytes(templates),
                         .set_hash = template_set_hash(templates),
                         .settled = &settled,
                         .rendered = &rendered,
                         .lease_limit = 1,
                         .chance = chance };
  g_autoptr(DeliverStyle) style = NULL;
  g_autoptr(GPtrArray) leases = NULL;
  g_autoptr(GPtrArray) none = NULL;
  DeliverCounts counts = { 0 };
  Db *other = NULL;
  bool again = false;

  assert_done(deliver_identity_style(db, &options, &audit, &style, ERR));
  assert_done(deliver_ledger_write(db, &entry, &counts, &leases, &again, ERR));
  ck_assert_uint_eq(leases->len, 1);
  g_ptr_array_set_free_func(leases, NULL);

  g_autoptr(DeliverItem) item = deliver_item_new(leases->pdata[0]);

  assert_done(db_data_version(db, &entry.version, ERR));
  assert_done(db_begin(db, ERR));
  assert_done(deliver_render(db, style, NULL, audit.now, item, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_ptr_nonnull(item->bytes);
  assert_done(db_open(db_path(db), DB_WRITE, &other, ERR));
  assert_done(db_begin(other, ERR));
  scratch_sql(other, "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-09-01',"
                     " withdrawn_at = '2030-09-01T00:00:00Z' WHERE id = 2");
  assert_done(db_commit(other, ERR));
  db_close(other);
  g_queue_push_tail(&rendered, item);
  entry.style = style;
  entry.lease_limit = 0;
  assert_done(deliver_ledger_write(db, &entry, &counts, &none, &again, ERR));
  ck_assert_int_eq(counts.superseded, 1);
  ck_assert(item->has_outcome);
  assert_text("SELECT state FROM outbox WHERE id = 1", "superseded");
  assert_text("SELECT count(*) FROM message_context", "0");
  g_queue_clear(&rendered);
}
END_TEST

/* What is done to what was kept of two messages, after the relay said `mode`. */
static const struct {
  const char *mode, *harm;
  DeliverCounts counts;
} harms[] = {
  { "mail-451", "UPDATE context_part SET json = replace(json, '2030', '2031')", { .accepted = 2 } },
  { "mail-451", "DELETE FROM message_part", { .accepted = 2 } },
  { "end-452", "UPDATE context_part SET json = '{'", { .accepted = 2 } },
  { "mail-451", "UPDATE message_context SET context = '[]'", { .accepted = 2 } },
  { "mail-451",
    "UPDATE message_context SET context = json_remove(context, '$.envelope.to')",
    { .accepted = 2 } },
  { "end-close", "UPDATE context_part SET json = replace(json, '2030', '2031')", { .failed = 2 } },
  { "end-close", "DELETE FROM message_part", { .failed = 2 } },
  { "end-close", "UPDATE message_context SET context = '[]'", { .failed = 2 } },
};

/* What was kept is damaged: where nobody can have got it, it is rendered anew, and what is kept then is
 * whole. Where it may have arrived, other words must not go under the same number. */
START_TEST(test_damaged_context)
{
  static const char whole[] = "SELECT group_concat(hash || json) FROM (SELECT hash, json FROM context_part"
                              " ORDER BY hash)";
  g_auto(Relay) relay = relay_script(harms[_i].mode, FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  DeliverOptions options = options_for(url);
  g_auto(DeliverReport) first = { 0 };
  bool goes = harms[_i].counts.accepted > 0;

  assert_done(deliver_run(db, &options, &first, ERR));

  g_autofree char *parts = scratch_text(db, whole);

  sql(harms[_i].harm);
  audit.now = "2030-09-29T22:20:00Z";

  g_auto(DeliverReport) later = delivered_to_maildir();
  g_autofree char *detail =
      scratch_text(db, "SELECT detail FROM outbox_event WHERE outbox = 1 ORDER BY id DESC");
  g_autoptr(OutboxContext) kept = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(json_t) said = NULL;

  ck_assert_int_eq(later.counts.accepted, harms[_i].counts.accepted);
  ck_assert_int_eq(later.counts.failed, harms[_i].counts.failed);
  assert_done(outbox_store_load_context(db, 1, &kept, ERR));
  said = letter_parse(kept, &error);
  ck_assert_msg(goes == (said != NULL), "%s", error != NULL ? error->message : detail);
  if (goes)
    assert_text(whole, parts);
  else
    ck_assert_ptr_nonnull(strstr(detail, "stored context"));
}
END_TEST

static const struct {
  const char *email, *detail;
} bad_addresses[] = {
  { "'佐藤@kita.example'", "outside ASCII" },
  { "'a@x.example' || char(13, 10) || 'Bcc: b@y.example'", "line break" },
  { "'<a@x.example>'", "bare address" },
  { "NULL", "has no e-mail address" },
};

/* One letter that cannot go fails with its reason; the others go. */
START_TEST(test_bad_address)
{
  g_autofree char *update =
      g_strdup_printf("UPDATE contact SET email = %s WHERE id = 1", bad_addresses[_i].email);

  sql(update);

  g_auto(DeliverReport) report = delivered_to_maildir();
  g_autofree char *detail =
      scratch_text(db, "SELECT detail FROM outbox_event WHERE outbox = 1 AND state = 'failed'");

  ck_assert_int_eq(report.counts.failed, 1);
  ck_assert_int_eq(report.counts.accepted, 1);
  ck_assert_msg(detail != NULL && strstr(detail, bad_addresses[_i].detail) != NULL, "%s",
                detail != NULL ? detail : "no event");
}
END_TEST

/* Three failures of the relay in a row end the run: the rest waits rather than being tried one by one. */
START_TEST(test_relay_gone)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");

  relay_stop(&relay);
  sql("INSERT INTO contact (id, organization, name, email) VALUES (9, 1, '予備', 'spare@kita.example')");
  sql("INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at)"
      " VALUES (9, 1, 9, 'mail', '2030-10-01', 'kigen.9@maker.example', '')");
  sql("INSERT INTO outbox_notice VALUES (3, 1, 9)");
  audit.today += 1;

  g_auto(DeliverReport) report = delivered(url);

  ck_assert_ptr_nonnull(report.relay_failure);
  ck_assert_ptr_nonnull(strstr(report.relay_failure, "no connection"));
  ck_assert_int_eq(report.counts.deferred, 3);
  assert_text("SELECT state || attempt FROM outbox WHERE id = 9", "pending0");
}
END_TEST

/* This machine's failure is an error, and the messages wait as before. */
START_TEST(test_maildir_gone)
{
  g_autofree char *path = scratch_path("mail");
  g_autofree char *url = maildir_url();
  g_autoptr(GError) error = NULL;
  DeliverOptions options = options_for(url);
  DeliverReport report = { 0 };

  ck_assert(g_file_set_contents(path, "no folder", -1, NULL));
  ck_assert(!deliver_run(db, &options, &report, &error));
  ck_assert(g_error_matches(error, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_FAULT));
  ck_assert_msg(strstr(error->message, path) != NULL, "%s", error->message);
  assert_text("SELECT group_concat(state) FROM outbox", "pending,pending,pending,pending");
}
END_TEST

/* A program that is none, and one that knows nothing of senders. */
START_TEST(test_no_sender)
{
  static const char *const programs[] = { "/nonexistent/kigen", "/bin/false" };
  g_autofree char *url = maildir_url();
  g_autoptr(GError) error = NULL;
  DeliverOptions options = options_for(url);
  DeliverReport report = { 0 };

  options.program = programs[_i];
  ck_assert(!deliver_run(db, &options, &report, &error));
  ck_assert(g_error_matches(error, DELIVER_CREW_ERROR, DELIVER_CREW_ERROR_START));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'sending'"), 0);
}
END_TEST

START_TEST(test_busy)
{
  g_autofree char *url = maildir_url();
  g_autofree char *path = g_strconcat(db_path(db), ".deliver", NULL);
  g_autoptr(GError) error = NULL;
  DeliverOptions options = options_for(url);
  DeliverReport report = { 0 };
  int fd = open(path, O_RDWR | O_CREAT, 0600);

  ck_assert_int_eq(flock(fd, LOCK_EX), 0);
  ck_assert(!deliver_run(db, &options, &report, &error));
  ck_assert(g_error_matches(error, DELIVER_SHEET_ERROR, DELIVER_SHEET_ERROR_BUSY));
  close(fd);
  g_clear_error(&error);
  options.from_address = "a b@x";
  ck_assert(!deliver_run(db, &options, &report, &error));
  ck_assert(g_error_matches(error, DELIVER_ERROR, DELIVER_ERROR_SENDER));
  ck_assert_ptr_nonnull(strstr(error->message, "mail.from"));
  assert_text("SELECT group_concat(state) FROM outbox", "pending,pending,pending,pending");
}
END_TEST

/* What the callbacks of a run saw. */
typedef struct {
  gint64 done, total;
  volatile sig_atomic_t interrupt;
} Seen;

static void note_progress(gint64 done, gint64 total, gpointer data)
{
  Seen *seen = data;

  seen->done = done;
  seen->total = total;
  seen->interrupt = done > 0;
}

/* Stopped after the first outcome: what is under way ends, the rest waits as if nothing had been. */
START_TEST(test_interrupt)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  DeliverOptions options = options_for(url);
  Seen seen = { 0 };
  g_auto(DeliverReport) report = { 0 };

  options.progress = note_progress;
  options.data = &seen;
  options.interrupt = &seen.interrupt;
  options.from_address = NULL;
  options.connections = 1;
  assert_done(deliver_run(db, &options, &report, ERR));
  ck_assert(report.interrupted);
  ck_assert_int_ge(report.counts.accepted, 1);
  ck_assert_int_eq(report.counts.accepted + scratch_number(db, "SELECT count(*) FROM outbox WHERE"
                                                               " state = 'pending' AND channel = 'mail'"),
                   3);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'sending'"), 0);
  ck_assert_int_eq(seen.total, 2);
  assert_text("SELECT context LIKE '%\"from\":\"kigen@kigen.example\"%' FROM message_context", "1");
}
END_TEST

/* Every mail has its own return path; without a mailbox for it they share the sender. */
START_TEST(test_return_path)
{
  g_auto(Relay) relay = relay_script("accept", FALSE);
  g_autofree char *url = relay_url(&relay, "127.0.0.1");
  g_autofree char *path = scratch_path("kigen.db.key");
  g_autoptr(LinkKey) key = NULL;
  DeliverOptions options = options_for(url);
  g_auto(DeliverReport) report = { 0 };

  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &key, ERR));
  options.bounce_address = "bounces@maker.example";
  options.key = key;
  assert_done(deliver_run(db, &options, &report, ERR));
  ck_assert_int_eq(report.counts.accepted, 2);

  g_autofree char *commands = relay_read(&relay, "commands");
  g_autofree char *first =
      verp_address("bounces@maker.example", key, 1, "kigen.1@maker.example", "sato@kita.example");
  g_autofree char *second =
      verp_address("bounces@maker.example", key, 2, "kigen.2@maker.example", "smith@lease.example");

  ck_assert_msg(strstr(commands, first) != NULL && strstr(commands, second) != NULL, "%s", commands);
}
END_TEST

/* The relay says enough to each session: the mails go all the same, none waits for another day. */
START_TEST(test_session_ends)
{
  g_auto(Relay) relay = relay_script("mail-421-second", FALSE);
  g_auto(DeliverReport) report = delivered_to(&relay);

  ck_assert_int_eq(report.counts.accepted, 2);
  ck_assert_int_eq(report.counts.deferred, 0);
}
END_TEST

static gint64 made_on(Day today, gint64 *ret_messages)
{
  DeliverMaking making = { &audit, policy_for(PROFILE_JP), calendar };
  gint64 notices = -1;

  audit.today = today;
  assert_done(deliver_make_due(db, &making, &notices, ret_messages, ERR));
  return notices;
}

/* After a long downtime only the latest of several overdue reminders is made, then and ever after. */
START_TEST(test_make_due_overdue)
{
  gint64 messages = 0;

  sql("DELETE FROM outbox_notice");
  sql("DELETE FROM outbox");
  sql("DELETE FROM notice");
  ck_assert_int_eq(made_on(day_from_ymd(2031, 2, 28), &messages), 2);
  assert_text("SELECT group_concat(kind || lead_months) FROM (SELECT * FROM notice ORDER BY id)",
              "eos-reminder36,eol-reminder1");
  ck_assert_int_eq(made_on(day_from_ymd(2031, 2, 28), &messages), 0);
  ck_assert_int_eq(messages, 0);
  ck_assert_int_eq(made_on(day_from_ymd(2031, 3, 1), &messages), 0);
}
END_TEST

/* Who came to hold the release after the announcement gets it; nobody gets it twice. */
START_TEST(test_make_due_newcomer)
{
  gint64 messages = 0;

  made_on(audit.today, &messages);
  sql("INSERT INTO organization (id, code, name_ja, role) VALUES (5, 'NEW', '新病院', 'hospital')");
  sql("INSERT INTO contact (id, organization, name, email) VALUES (5, 5, '鈴木', 'suzuki@new.example')");
  sql("INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
      " VALUES (1, 5, 'user', 1, 1, 'uid-new', '2030-10-02', '2030-10-02T00:00:00Z')");
  ck_assert_int_eq(made_on(day_from_ymd(2030, 10, 2), &messages), 1);
  ck_assert_int_eq(messages, 1);
  assert_text(
      "SELECT group_concat(n.kind || x.due_on) FROM outbox x JOIN outbox_notice xn ON xn.outbox = x.id"
      " JOIN notice n ON n.id = xn.notice WHERE x.contact = 5",
      "plan-announcement2030-10-02");
  ck_assert_int_eq(made_on(day_from_ymd(2030, 10, 3), &messages), 0);
}
END_TEST

/* A simulated day lists what would go to whom, and the next does not list it again. */
START_TEST(test_make_and_pretend)
{
  DeliverMaking making = { &audit, policy_for(PROFILE_JP), calendar };
  g_autoptr(GPtrArray) today = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GPtrArray) tomorrow = NULL;

  assert_done(deliver_make_and_pretend(db, &making, &today, ERR));
  assert_done(deliver_make_and_pretend(db, &making, &again, ERR));
  audit.today += 1;
  assert_done(deliver_make_and_pretend(db, &making, &tomorrow, ERR));
  ck_assert_uint_eq(today->len, 3 + 3 + 1);
  ck_assert_uint_eq(again->len, 0);
  ck_assert_uint_eq(tomorrow->len, 1);

  const OutboxTelling *first = today->pdata[0];
  const OutboxTelling *site = tomorrow->pdata[0];

  ck_assert_str_eq(first->kind, "eol-reminder");
  ck_assert_int_eq(first->lead_months, 6);
  ck_assert_str_eq(first->product, "PUMP");
  ck_assert_str_eq(first->release, "1.0");
  ck_assert_str_eq(first->organization, "KITA");
  ck_assert_str_eq(first->email, "sato@kita.example");
  ck_assert_str_eq(first->channel, "mail");
  ck_assert_str_eq(site->organization, "SITE");
  ck_assert_str_eq(site->through, "CORP");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("deliver");
  TCase *tcase = tcase_create("deliver");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_once);
  tcase_add_test(tcase, test_head_of_the_trail);
  tcase_add_test(tcase, test_digest);
  tcase_add_loop_test(tcase, test_relay, 0, G_N_ELEMENTS(relays));
  tcase_add_test(tcase, test_unknown_bounded);
  tcase_add_test(tcase, test_deferred_again);
  tcase_add_test(tcase, test_lifetime);
  tcase_add_test(tcase, test_no_relay_for_an_hour);
  tcase_add_test(tcase, test_clock_jumps);
  tcase_add_loop_test(tcase, test_crash, 0, G_N_ELEMENTS(crashes));
  tcase_add_test(tcase, test_crash_before_commit);
  tcase_add_test(tcase, test_notes_not_trusted);
  tcase_add_test(tcase, test_superseded);
  tcase_add_test(tcase, test_overtaken_when_rendered);
  tcase_add_loop_test(tcase, test_damaged_context, 0, G_N_ELEMENTS(harms));
  tcase_add_loop_test(tcase, test_bad_address, 0, G_N_ELEMENTS(bad_addresses));
  tcase_add_test(tcase, test_relay_gone);
  tcase_add_test(tcase, test_maildir_gone);
  tcase_add_loop_test(tcase, test_no_sender, 0, 2);
  tcase_add_test(tcase, test_busy);
  tcase_add_test(tcase, test_return_path);
  tcase_add_test(tcase, test_session_ends);
  tcase_add_test(tcase, test_interrupt);
  tcase_add_test(tcase, test_make_due_overdue);
  tcase_add_test(tcase, test_make_due_newcomer);
  tcase_add_test(tcase, test_make_and_pretend);
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
