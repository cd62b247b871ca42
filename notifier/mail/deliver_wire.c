#include "notifier/mail/deliver_wire.h"

#include <string.h>

G_DEFINE_QUARK(kigen - deliver - wire - error - quark, deliver_wire_error)

/* A body being read: what does not fit makes it bad, and is nothing. */
typedef struct {
  const guint8 *bytes;
  gsize size, position;
  bool is_bad;
} Cursor;

static void put_number(GByteArray *frame, guint64 value, guint octets)
{
  for (guint i = 0; i < octets; i++) {
    guint8 octet = (guint8)(value >> (8 * (octets - 1 - i)));

    g_byte_array_append(frame, &octet, 1);
  }
}

/* Its size, then its characters and a NUL; NULL is told from "". */
static void put_text(GByteArray *frame, const char *text)
{
  gsize size = text != NULL ? strlen(text) + 1 : 0;

  put_number(frame, size, 4);
  if (text != NULL)
    g_byte_array_append(frame, (const guint8 *)text, (guint)size);
}

static guint64 get_number(Cursor *cursor, guint octets)
{
  guint64 value = 0;

  if (cursor->is_bad || cursor->size - cursor->position < octets) {
    cursor->is_bad = true;
    return 0;
  }
  for (guint i = 0; i < octets; i++)
    value = value << 8 | cursor->bytes[cursor->position++];
  return value;
}

static const char *get_text(Cursor *cursor)
{
  gsize size = get_number(cursor, 4);
  const guint8 *text = cursor->bytes + cursor->position;

  if (size == 0)
    return NULL;
  cursor->is_bad =
      cursor->is_bad || cursor->size - cursor->position < size || memchr(text, '\0', size) != text + size - 1;
  if (cursor->is_bad)
    return NULL;
  cursor->position += size;
  return (const char *)text;
}

/* A text that must be there. */
static const char *need_text(Cursor *cursor)
{
  const char *text = get_text(cursor);

  cursor->is_bad = cursor->is_bad || text == NULL;
  return text;
}

static bool refuse(const char *what, GError **error)
{
  g_set_error(error, DELIVER_WIRE_ERROR, DELIVER_WIRE_ERROR_FORM,
              "between the queue manager and a sender: no %s of ours", what);
  return false;
}

/* True when all of the body was read, and it was good. */
static bool ended(const Cursor *cursor, const char *what, GError **error)
{
  return (!cursor->is_bad && cursor->position == cursor->size) || refuse(what, error);
}

static GByteArray *frame_new(void)
{
  GByteArray *frame = g_byte_array_new();

  put_number(frame, 0, DELIVER_WIRE_HEAD);
  return frame;
}

/* Fills the head in; `more` octets of the body follow the frame. Takes `frame`. */
static GBytes *frame_end(GByteArray *frame, WireKind kind, gsize more)
{
  gsize size = frame->len - DELIVER_WIRE_HEAD + more;

  g_assert(size <= DELIVER_WIRE_BODY_MAX);
  for (guint i = 0; i < 4; i++)
    frame->data[i] = (guint8)(size >> (8 * (3 - i)));
  frame->data[4] = (guint8)kind;
  return g_byte_array_free_to_bytes(frame);
}

bool deliver_wire_read_head(const guint8 head[static DELIVER_WIRE_HEAD], gsize *ret_size, WireKind *ret_kind,
                            GError **error)
{
  static const char kinds[] = { WIRE_SETUP, WIRE_MAIL, WIRE_RESULT, WIRE_FAULT };
  Cursor cursor = { head, DELIVER_WIRE_HEAD, 0, false };
  gsize size = get_number(&cursor, 4);
  int kind = (int)get_number(&cursor, 1);

  if (size > DELIVER_WIRE_BODY_MAX || memchr(kinds, kind, sizeof kinds) == NULL)
    return refuse("frame", error);
  *ret_size = size;
  *ret_kind = (WireKind)kind;
  return true;
}

GBytes *deliver_wire_setup(const WireSetup *setup)
{
  GByteArray *frame = frame_new();

  put_text(frame, setup->url);
  put_text(frame, setup->options.ca_file);
  put_text(frame, setup->options.user);
  put_text(frame, setup->options.password);
  put_text(frame, setup->options.secret);
  put_number(frame, setup->options.require_tls, 1);
  put_number(frame, setup->options.private_addresses, 1);
  put_number(frame, (guint)setup->options.deadline_seconds, 4);
  put_number(frame, (guint)setup->options.session_mails, 4);
  return frame_end(frame, WIRE_SETUP, 0);
}

bool deliver_wire_read_setup(const guint8 *body, gsize size, WireSetup *ret_setup, GError **error)
{
  Cursor cursor = { body, size, 0, false };
  WireSetup setup = { .url = need_text(&cursor) };

  setup.options.ca_file = get_text(&cursor);
  setup.options.user = get_text(&cursor);
  setup.options.password = get_text(&cursor);
  setup.options.secret = get_text(&cursor);
  setup.options.require_tls = get_number(&cursor, 1) != 0;
  setup.options.private_addresses = get_number(&cursor, 1) != 0;
  setup.options.deadline_seconds = (int)get_number(&cursor, 4);
  setup.options.session_mails = (int)get_number(&cursor, 4);
  cursor.is_bad |= setup.options.deadline_seconds < 0 || setup.options.session_mails < 0;
  if (!ended(&cursor, "set-up", error))
    return false;
  *ret_setup = setup;
  return true;
}

GBytes *deliver_wire_mail(const WireMail *mail, gsize size)
{
  GByteArray *frame = frame_new();

  put_number(frame, mail->slot, 4);
  put_number(frame, (guint64)mail->id, 8);
  put_number(frame, mail->attempt, 4);
  put_text(frame, mail->sender);
  put_text(frame, mail->recipient);
  put_text(frame, mail->message_id);
  return frame_end(frame, WIRE_MAIL, size);
}

bool deliver_wire_read_mail(const guint8 *body, gsize size, WireMail *ret_mail, GError **error)
{
  Cursor cursor = { body, size, 0, false };
  WireMail mail = { .slot = (guint32)get_number(&cursor, 4) };

  mail.id = (gint64)get_number(&cursor, 8);
  mail.attempt = (guint32)get_number(&cursor, 4);
  mail.sender = need_text(&cursor);
  mail.recipient = need_text(&cursor);
  mail.message_id = need_text(&cursor);
  mail.begin = cursor.position;
  mail.size = size - cursor.position;
  cursor.position = size;
  if (!ended(&cursor, "mail", error))
    return false;
  *ret_mail = mail;
  return true;
}

GBytes *deliver_wire_result(const WireResult *result)
{
  GByteArray *frame = frame_new();

  put_number(frame, result->slot, 4);
  put_number(frame, result->outcome, 1);
  put_number(frame, result->relay_failed, 1);
  put_number(frame, (guint64)result->wait_seconds, 4);
  put_text(frame, result->reply);
  return frame_end(frame, WIRE_RESULT, 0);
}

bool deliver_wire_read_result(const guint8 *body, gsize size, WireResult *ret_result, GError **error)
{
  Cursor cursor = { body, size, 0, false };
  WireResult result = { .slot = (guint32)get_number(&cursor, 4) };
  guint64 outcome = get_number(&cursor, 1);

  cursor.is_bad |= outcome > DELIVERY_RETURNED;
  result.outcome = (DeliveryOutcome)outcome;
  result.relay_failed = get_number(&cursor, 1) != 0;
  result.wait_seconds = (gint64)get_number(&cursor, 4);
  result.reply = need_text(&cursor);
  cursor.is_bad = cursor.is_bad || !g_utf8_validate(result.reply, -1, NULL);
  if (!ended(&cursor, "result", error))
    return false;
  *ret_result = result;
  return true;
}

GBytes *deliver_wire_fault(const WireFault *fault)
{
  GByteArray *frame = frame_new();

  put_number(frame, fault->code, 1);
  put_text(frame, fault->message);
  return frame_end(frame, WIRE_FAULT, 0);
}

bool deliver_wire_read_fault(const guint8 *body, gsize size, WireFault *ret_fault, GError **error)
{
  Cursor cursor = { body, size, 0, false };
  guint64 code = get_number(&cursor, 1);
  WireFault fault = { .code = (TransportError)code, .message = need_text(&cursor) };

  cursor.is_bad = cursor.is_bad || code > TRANSPORT_ERROR_FILE || !g_utf8_validate(fault.message, -1, NULL);
  if (!ended(&cursor, "fault", error))
    return false;
  *ret_fault = fault;
  return true;
}
