#include "notifier/mail/deliver_sheet.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

static char *folder, *store;

static void setup(void)
{
  folder = fixture_folder();
  store = g_build_filename(folder, "kigen.db", NULL);
}

static void teardown(void)
{
  fixture_remove(folder);
  g_free(store);
  g_free(folder);
}

static DeliverSheet *opened(void)
{
  g_autoptr(GError) error = NULL;
  DeliverSheet *sheet = NULL;

  ck_assert_msg(deliver_sheet_open(store, 2, &sheet, &error), "%s", error != NULL ? error->message : "");
  return sheet;
}

static DeliverSheet *begun(const char *owner, guint slots)
{
  DeliverSheet *sheet = opened();

  ck_assert(deliver_sheet_begin(sheet, owner, slots, NULL));
  return sheet;
}

static void note(const DeliverSheet *sheet, guint slot, gint64 id, guint32 attempt, SheetMark mark,
                 DeliveryOutcome outcome)
{
  SheetNote on_sheet = { .id = id, .attempt = attempt, .mark = mark, .outcome = outcome, .reply = "250 ok" };

  ck_assert(deliver_sheet_note(deliver_sheet_descriptor(sheet), slot, &on_sheet));
}

START_TEST(test_notes)
{
  DeliverSheet *sheet = begun("m1", 4);
  SheetNote found;

  note(sheet, 0, 11, 1, SHEET_BEGUN, 0);
  note(sheet, 3, 12, 2, SHEET_DONE, DELIVERY_ACCEPTED);
  deliver_sheet_close(sheet);
  sheet = opened();
  ck_assert_str_eq(deliver_sheet_owner(sheet), "m1");
  ck_assert_int_eq(deliver_sheet_find(sheet, 11, 1).mark, SHEET_BEGUN);
  ck_assert_int_eq(deliver_sheet_find(sheet, 11, 2).mark, SHEET_NOTHING); /* an old try */
  ck_assert_int_eq(deliver_sheet_find(sheet, 13, 1).mark, SHEET_NOTHING);
  found = deliver_sheet_find(sheet, 12, 2);
  ck_assert_int_eq(found.mark, SHEET_DONE);
  ck_assert_int_eq(found.outcome, DELIVERY_ACCEPTED);
  ck_assert_str_eq(found.reply, "250 ok");
  ck_assert_int_eq(deliver_sheet_read(sheet, 3, 12, 2).mark, SHEET_DONE);
  ck_assert_int_eq(deliver_sheet_read(sheet, 2, 12, 2).mark, SHEET_NOTHING);
  ck_assert_int_eq(deliver_sheet_read(sheet, 99, 12, 2).mark, SHEET_NOTHING);
  ck_assert(deliver_sheet_begin(sheet, "m2", 4, NULL));
  ck_assert_str_eq(deliver_sheet_owner(sheet), "m2");
  ck_assert_int_eq(deliver_sheet_find(sheet, 12, 2).mark, SHEET_NOTHING);
  deliver_sheet_close(sheet);
}
END_TEST

/* A mail went from one sender to another: the most that is known counts. */
START_TEST(test_most_is_known)
{
  static const struct {
    SheetMark first, second;
    DeliveryOutcome first_outcome, second_outcome;
    SheetMark mark;
    DeliveryOutcome outcome;
  } cases[] = {
    { SHEET_DONE, SHEET_BEGUN, DELIVERY_RETURNED, 0, SHEET_BEGUN, 0 },
    { SHEET_BEGUN, SHEET_DONE, 0, DELIVERY_RETURNED, SHEET_BEGUN, 0 },
    { SHEET_DONE, SHEET_DONE, DELIVERY_RETURNED, DELIVERY_FAILED, SHEET_DONE, DELIVERY_FAILED },
    { SHEET_NOTHING, SHEET_DONE, 0, DELIVERY_RETURNED, SHEET_DONE, DELIVERY_RETURNED },
    { SHEET_DONE, SHEET_BEGUN, DELIVERY_ACCEPTED, 0, SHEET_DONE, DELIVERY_ACCEPTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(DeliverSheet) sheet = begun("m", 2);
    SheetNote found;

    note(sheet, 0, 1, 1, cases[i].first, cases[i].first_outcome);
    note(sheet, 1, 1, 1, cases[i].second, cases[i].second_outcome);
    found = deliver_sheet_find(sheet, 1, 1);
    ck_assert_msg(found.mark == cases[i].mark, "case %d", (int)i);
    ck_assert_msg(found.mark != SHEET_DONE || found.outcome == cases[i].outcome, "case %d", (int)i);
  }
}
END_TEST

/* Damage is not trusted: a note that makes no sense is one of a mail that may have gone. */
START_TEST(test_damage)
{
  g_autoptr(DeliverSheet) sheet = begun("m", 2);
  SheetNote wrong = { .id = 1, .attempt = 1, .mark = SHEET_DONE, .outcome = (DeliveryOutcome)99 };
  SheetNote bytes = { .id = 2, .attempt = 1, .mark = SHEET_DONE };

  memset(bytes.reply, 0xff, sizeof bytes.reply);
  ck_assert(deliver_sheet_note(deliver_sheet_descriptor(sheet), 0, &wrong));
  ck_assert(deliver_sheet_note(deliver_sheet_descriptor(sheet), 1, &bytes));
  ck_assert_int_eq(deliver_sheet_find(sheet, 1, 1).mark, SHEET_BEGUN);
  ck_assert_int_eq(deliver_sheet_find(sheet, 2, 1).mark, SHEET_BEGUN);
}
END_TEST

/* Notes of another boot, and a file that is none of ours, are nobody's. */
START_TEST(test_owner_not_trusted)
{
  g_autofree char *path = g_strconcat(store, ".deliver", NULL);
  g_autofree char *text = NULL;
  gsize size = 0;

  deliver_sheet_close(begun("m", 2));
  ck_assert(g_file_get_contents(path, &text, &size, NULL));
  text[20] ^= 1; /* in the boot's id */
  ck_assert(g_file_set_contents(path, text, (gssize)size, NULL));

  DeliverSheet *other_boot = opened();

  ck_assert_ptr_null(deliver_sheet_owner(other_boot));
  deliver_sheet_close(other_boot);
  ck_assert(g_file_set_contents(path, "", 0, NULL));

  DeliverSheet *empty = opened();

  ck_assert_ptr_null(deliver_sheet_owner(empty));
  ck_assert_int_eq(deliver_sheet_find(empty, 1, 1).mark, SHEET_NOTHING);
  deliver_sheet_close(empty);
}
END_TEST

/* Two managers: the second is refused at once. */
START_TEST(test_busy)
{
  g_autoptr(DeliverSheet) first = begun("m1", 2);
  g_autoptr(GError) error = NULL;
  DeliverSheet *second = NULL;
  gint64 start = g_get_monotonic_time();

  ck_assert(!deliver_sheet_open(store, 30, &second, &error));
  ck_assert(g_error_matches(error, DELIVER_SHEET_ERROR, DELIVER_SHEET_ERROR_BUSY));
  ck_assert_int_lt(g_get_monotonic_time() - start, 5 * G_TIME_SPAN_SECOND);
}
END_TEST

/* A child has the descriptor, as a sender does, while its manager is gone: it is waited for. */
START_TEST(test_orphan)
{
  pid_t manager = fork();

  if (manager == 0) {
    (void)!begun("m1", 2);
    if (fork() == 0)
      g_usleep(700000);
    _exit(0);
  }
  waitpid(manager, NULL, 0);

  gint64 start = g_get_monotonic_time();
  g_autoptr(DeliverSheet) sheet = opened();

  ck_assert_str_eq(deliver_sheet_owner(sheet), "m1");
  ck_assert_int_gt(g_get_monotonic_time() - start, G_TIME_SPAN_SECOND / 10);
}
END_TEST

START_TEST(test_orphan_that_stays)
{
  g_autoptr(GError) error = NULL;
  DeliverSheet *sheet = NULL;
  pid_t manager = fork();

  if (manager == 0) {
    (void)!begun("m1", 2);
    if (fork() == 0)
      g_usleep(4000000);
    _exit(0);
  }
  waitpid(manager, NULL, 0);
  ck_assert(!deliver_sheet_open(store, 1, &sheet, &error));
  ck_assert(g_error_matches(error, DELIVER_SHEET_ERROR, DELIVER_SHEET_ERROR_BUSY));
}
END_TEST

START_TEST(test_removed)
{
  g_autofree char *path = g_strconcat(store, ".deliver", NULL);
  g_autoptr(DeliverSheet) first = begun("m1", 2);

  ck_assert_int_eq(g_unlink(path), 0); /* whoever does that has two managers; their leases still differ */
  g_autoptr(DeliverSheet) second = opened();

  ck_assert_ptr_null(deliver_sheet_owner(second));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("deliver_sheet");
  TCase *tcase = tcase_create("sheet");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_notes);
  tcase_add_test(tcase, test_most_is_known);
  tcase_add_test(tcase, test_damage);
  tcase_add_test(tcase, test_owner_not_trusted);
  tcase_add_test(tcase, test_busy);
  tcase_add_test(tcase, test_orphan);
  tcase_add_test(tcase, test_orphan_that_stays);
  tcase_add_test(tcase, test_removed);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
