#include "notifier/mail/deliver_wire.h"

#include <string.h>

#include "tests/support/run.h"

/* The body of `frame`, which must be whole and of `kind`; own copy, so that its end is guarded by tools. */
static guint8 *body_of(GBytes *frame, WireKind kind, gsize more, gsize *ret_size)
{
  gsize whole = 0, size = 0;
  const guint8 *bytes = g_bytes_get_data(frame, &whole);
  WireKind found = WIRE_FAULT;

  ck_assert(deliver_wire_read_head(bytes, &size, &found, NULL));
  ck_assert_int_eq(found, kind);
  ck_assert_uint_eq(whole + more, DELIVER_WIRE_HEAD + size);
  *ret_size = whole - DELIVER_WIRE_HEAD;
  return g_memdup2(bytes + DELIVER_WIRE_HEAD, *ret_size);
}

START_TEST(test_setup)
{
  WireSetup setup = { "smtp://relay.example:25",
                      { .ca_file = "",
                        .require_tls = true,
                        .deadline_seconds = 600,
                        .session_mails = 100,
                        .user = "kigen",
                        .password = "秘密" } };
  g_autoptr(GBytes) frame = deliver_wire_setup(&setup);
  gsize size = 0;
  g_autofree guint8 *body = body_of(frame, WIRE_SETUP, 0, &size);
  WireSetup read = { 0 };

  ck_assert(deliver_wire_read_setup(body, size, &read, NULL));
  ck_assert_str_eq(read.url, setup.url);
  ck_assert_str_eq(read.options.ca_file, "");
  ck_assert_str_eq(read.options.user, "kigen");
  ck_assert_str_eq(read.options.password, "秘密");
  ck_assert(read.options.require_tls);
  ck_assert_int_eq(read.options.deadline_seconds, 600);
  ck_assert_int_eq(read.options.session_mails, 100);
}
END_TEST

START_TEST(test_setup_without)
{
  WireSetup setup = { .url = "maildir:mail" };
  g_autoptr(GBytes) frame = deliver_wire_setup(&setup);
  gsize size = 0;
  g_autofree guint8 *body = body_of(frame, WIRE_SETUP, 0, &size);
  WireSetup read = { 0 };

  ck_assert(deliver_wire_read_setup(body, size, &read, NULL));
  ck_assert_ptr_null(read.options.ca_file);
  ck_assert_ptr_null(read.options.user);
  ck_assert_ptr_null(read.options.password);
}
END_TEST

START_TEST(test_mail)
{
  WireMail mail = { .slot = 7,
                    .id = G_MAXINT64 - 1,
                    .attempt = 3,
                    .sender = "a@x.example",
                    .recipient = "b@x.example",
                    .message_id = "m@x.example" };
  g_autoptr(GBytes) frame = deliver_wire_mail(&mail, 4);
  gsize size = 0;
  g_autofree guint8 *head = body_of(frame, WIRE_MAIL, 4, &size);
  g_autofree guint8 *body = g_malloc(size + 4);
  WireMail read = { 0 };

  memcpy(body, head, size);
  memcpy(body + size, "x\0\r\n", 4);
  ck_assert(deliver_wire_read_mail(body, size + 4, &read, NULL));
  ck_assert_uint_eq(read.slot, 7);
  ck_assert_int_eq(read.id, G_MAXINT64 - 1);
  ck_assert_uint_eq(read.attempt, 3);
  ck_assert_str_eq(read.sender, "a@x.example");
  ck_assert_str_eq(read.recipient, "b@x.example");
  ck_assert_str_eq(read.message_id, "m@x.example");
  ck_assert_uint_eq(read.size, 4);
  ck_assert_mem_eq(body + read.begin, "x\0\r\n", 4);
}
END_TEST

START_TEST(test_result_and_fault)
{
  WireResult result = { 9, DELIVERY_RETURNED, true, 1800, "421 佐藤" };
  WireFault fault = { TRANSPORT_ERROR_FILE, "maildir: full" };
  g_autoptr(GBytes) result_frame = deliver_wire_result(&result);
  g_autoptr(GBytes) fault_frame = deliver_wire_fault(&fault);
  gsize result_size = 0, fault_size = 0;
  g_autofree guint8 *result_body = body_of(result_frame, WIRE_RESULT, 0, &result_size);
  g_autofree guint8 *fault_body = body_of(fault_frame, WIRE_FAULT, 0, &fault_size);
  WireResult read = { 0 };
  WireFault read_fault = { 0 };

  ck_assert(deliver_wire_read_result(result_body, result_size, &read, NULL));
  ck_assert_uint_eq(read.slot, 9);
  ck_assert_int_eq(read.outcome, DELIVERY_RETURNED);
  ck_assert(read.relay_failed);
  ck_assert_int_eq(read.wait_seconds, 1800);
  ck_assert_str_eq(read.reply, "421 佐藤");
  ck_assert(deliver_wire_read_fault(fault_body, fault_size, &read_fault, NULL));
  ck_assert_int_eq(read_fault.code, TRANSPORT_ERROR_FILE);
  ck_assert_str_eq(read_fault.message, "maildir: full");
}
END_TEST

/* Any cut, and any octet too much, is refused; nothing is read beyond the end. */
START_TEST(test_cut)
{
  WireSetup setup = { .url = "maildir:mail", .options = { .user = "u", .password = "p" } };
  WireResult result = { 1, DELIVERY_ACCEPTED, false, 0, "250 ok" };
  g_autoptr(GBytes) setup_frame = deliver_wire_setup(&setup);
  g_autoptr(GBytes) result_frame = deliver_wire_result(&result);
  gsize setup_size = 0, result_size = 0;
  g_autofree guint8 *setup_body = body_of(setup_frame, WIRE_SETUP, 0, &setup_size);
  g_autofree guint8 *result_body = body_of(result_frame, WIRE_RESULT, 0, &result_size);

  for (gsize size = 0; size < setup_size; size++) {
    g_autofree guint8 *cut = g_memdup2(setup_body, size);
    WireSetup read = { 0 };
    g_autoptr(GError) error = NULL;

    ck_assert(!deliver_wire_read_setup(cut, size, &read, &error));
    ck_assert(g_error_matches(error, DELIVER_WIRE_ERROR, DELIVER_WIRE_ERROR_FORM));
    ck_assert_ptr_null(read.url);
  }
  for (gsize size = 0; size <= result_size + 1; size++) {
    g_autofree guint8 *cut = g_malloc0(size + 1);
    WireResult read = { 0 };

    memcpy(cut, result_body, MIN(size, result_size));
    ck_assert_int_eq(deliver_wire_read_result(cut, size, &read, NULL), size == result_size);
  }
}
END_TEST

static const struct {
  guint8 head[DELIVER_WIRE_HEAD];
  bool good;
} heads[] = {
  { { 0, 0, 0, 0, 'R' }, true },  { { 0, 0, 1, 0, 'M' }, true },          { { 4, 0, 0, 0, 'M' }, true },
  { { 4, 0, 0, 1, 'M' }, false }, { { 255, 255, 255, 255, 'M' }, false }, { { 0, 0, 0, 0, 'X' }, false },
  { { 0, 0, 0, 0, 0 }, false },
};

START_TEST(test_head)
{
  gsize size = 0;
  WireKind kind = WIRE_MAIL;

  ck_assert_int_eq(deliver_wire_read_head(heads[_i].head, &size, &kind, NULL), heads[_i].good);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("deliver_wire");
  TCase *tcase = tcase_create("wire");

  tcase_add_test(tcase, test_setup);
  tcase_add_test(tcase, test_setup_without);
  tcase_add_test(tcase, test_mail);
  tcase_add_test(tcase, test_result_and_fault);
  tcase_add_test(tcase, test_cut);
  tcase_add_loop_test(tcase, test_head, 0, G_N_ELEMENTS(heads));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
