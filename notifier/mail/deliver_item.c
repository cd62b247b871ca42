#include "notifier/mail/deliver_item.h"

DeliverItem *deliver_item_new(OutboxLease *lease)
{
  DeliverItem *item = g_new0(DeliverItem, 1);

  item->lease = lease;
  return item;
}

void deliver_item_free(DeliverItem *item)
{
  if (item == NULL)
    return;
  outbox_lease_free(item->lease);
  outbox_context_free(item->context);
  g_clear_pointer(&item->bytes, g_bytes_unref);
  g_free(item->sender);
  g_free(item->recipient);
  g_free(item->reply);
  g_free(item);
}

void deliver_item_settle(DeliverItem *item, OutboxInput input, char *reply)
{
  item->has_outcome = true;
  item->input = input;
  g_free(item->reply);
  item->reply = reply;
}
