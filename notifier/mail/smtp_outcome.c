#include "notifier/mail/smtp_outcome.h"

#define BAD_SEQUENCE 503

static bool is_refusal(int code)
{
  return code >= 400 && code < 600;
}

static DeliveryOutcome refusal(int code)
{
  return code < 500 ? DELIVERY_DEFERRED : DELIVERY_FAILED;
}

/* RFC 4954 clause 6, RFC 3207 clause 4: authentication or TLS is wanted. */
static bool wants_authentication(int code)
{
  return code == 530 || code == 534 || code == 535 || code == 538;
}

/* The session ended before this mail had its turn. */
static DeliveryOutcome turned_away(const SmtpReplies *replies, bool *ret_relay_failed)
{
  if (replies->in_turn && !replies->expired)
    return DELIVERY_RETURNED;
  *ret_relay_failed = true;
  return DELIVERY_DEFERRED;
}

static bool is_closing(const SmtpReplies *replies)
{
  return !replies->data_begun &&
         (replies->recipient_code == SMTP_CLOSING || replies->sender_code == SMTP_CLOSING ||
          replies->message_code == SMTP_CLOSING);
}

/* No reply decided. */
static DeliveryOutcome silence(const SmtpReplies *replies, bool *ret_relay_failed)
{
  if (replies->data_begun || replies->message_code != 0)
    return DELIVERY_UNKNOWN;
  return replies->sender_code == 0 ? turned_away(replies, ret_relay_failed) : DELIVERY_DEFERRED;
}

DeliveryOutcome smtp_outcome_of(const SmtpReplies *replies, bool *ret_relay_failed)
{
  *ret_relay_failed = false;
  if (is_closing(replies))
    return turned_away(replies, ret_relay_failed);
  if (is_refusal(replies->recipient_code))
    return refusal(replies->recipient_code);
  if (wants_authentication(replies->sender_code)) {
    *ret_relay_failed = true;
    return DELIVERY_DEFERRED;
  }
  if (is_refusal(replies->sender_code))
    return refusal(replies->sender_code);
  if (replies->chunked && replies->message_code == BAD_SEQUENCE)
    return DELIVERY_DEFERRED;
  if (is_refusal(replies->message_code))
    return refusal(replies->message_code);
  if (replies->message_code >= 200 && replies->message_code < 300 && replies->complete)
    return DELIVERY_ACCEPTED;
  return silence(replies, ret_relay_failed);
}
