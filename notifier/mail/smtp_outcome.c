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

DeliveryOutcome smtp_outcome_of(const SmtpReplies *replies)
{
  if (is_refusal(replies->recipient_code))
    return refusal(replies->recipient_code);
  if (is_refusal(replies->sender_code))
    return refusal(replies->sender_code);
  if (replies->chunked && replies->message_code == BAD_SEQUENCE)
    return DELIVERY_DEFERRED;
  if (is_refusal(replies->message_code))
    return refusal(replies->message_code);
  if (replies->message_code >= 200 && replies->message_code < 300 && replies->complete)
    return DELIVERY_ACCEPTED;
  return replies->data_begun || replies->message_code != 0 ? DELIVERY_UNKNOWN : DELIVERY_DEFERRED;
}
