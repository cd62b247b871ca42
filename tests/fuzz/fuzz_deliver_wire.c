/* Any bytes as what comes over the socket between the queue manager and a sender, which talks to the network:
 * a frame that is read is written again as the same bytes. */

#include "notifier/mail/deliver_wire.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `frame`, with `mail` (or NULL) behind it, has the same body as what was read. */
static void check_same(GBytes *frame, const guint8 *mail, gsize mail_size, const guint8 *body, gsize size)
{
  gsize whole = 0;
  const guint8 *bytes = g_bytes_get_data(frame, &whole);

  g_assert(whole - DELIVER_WIRE_HEAD + mail_size == size);
  g_assert(memcmp(bytes + DELIVER_WIRE_HEAD, body, size - mail_size) == 0);
  g_assert(mail_size == 0 || memcmp(body + size - mail_size, mail, mail_size) == 0);
  g_bytes_unref(frame);
}

static void read_result(const guint8 *body, gsize size)
{
  WireResult result;

  if (deliver_wire_read_result(body, size, &result, NULL) && body[5] <= 1)
    check_same(deliver_wire_result(&result), NULL, 0, body, size);
}

static void read_mail(const guint8 *body, gsize size)
{
  WireMail mail;

  if (deliver_wire_read_mail(body, size, &mail, NULL))
    check_same(deliver_wire_mail(&mail, mail.size), body + mail.begin, mail.size, body, size);
}

static void read_setup(const guint8 *body, gsize size)
{
  WireSetup setup;

  if (deliver_wire_read_setup(body, size, &setup, NULL))
    g_bytes_unref(deliver_wire_setup(&setup));
}

static void read_fault(const guint8 *body, gsize size)
{
  WireFault fault;

  if (deliver_wire_read_fault(body, size, &fault, NULL))
    check_same(deliver_wire_fault(&fault), NULL, 0, body, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  gsize announced = 0;
  WireKind kind = WIRE_RESULT;

  if (size < DELIVER_WIRE_HEAD || !deliver_wire_read_head(data, &announced, &kind, NULL))
    return 0;

  guint8 *body = g_memdup2(data + DELIVER_WIRE_HEAD, size - DELIVER_WIRE_HEAD); /* its end is guarded */

  size -= DELIVER_WIRE_HEAD;
  if (body != NULL) {
    read_result(body, size);
    read_mail(body, size);
    read_setup(body, size);
    read_fault(body, size);
  }
  g_free(body);
  return 0;
}
