#ifndef KIGEN_NOTIFIER_MAIL_VERP_H
#define KIGEN_NOTIFIER_MAIL_VERP_H

/* The return path of each mail names the message (VERP), so that whatever comes back tells what it is about,
 * and a code that only this store can make, so that nobody else makes bounces up: bounces@maker.example
 * becomes bounces+123-k7qdabcdefghij234567@maker.example. The code tells whom the mail went to: a message
 * whose address was mended has another return path from then on, and what still comes back from the old one
 * says nothing of the new. Which try it was is not told: what bounces is an address. Pure. */

#include "db/link_key.h"

/* Checks that `mailbox` leaves room for a message's number and code. Errors: EMAIL_ADDRESS_ERROR. */
bool verp_check_mailbox(const char *mailbox, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The return path of message row `message` with `message_id`, as it goes to `recipient`. Own string. */
char *verp_address(const char *mailbox, const LinkKey *key, gint64 message, const char *message_id,
                   const char *recipient);

/* Takes `address`, as a report names it and in whatever case, apart; *ret_code own string. False: it is none
 * of `mailbox`'s. Nothing is proved until verp_is_ours. */
bool verp_parse(const char *address, const char *mailbox, gint64 *ret_message, char **ret_code)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when `code` is one of the message's, whomever it went to. */
bool verp_is_ours(const LinkKey *key, gint64 message, const char *message_id, const char *code);

/* True when the message's `code`, which is ours, is of a mail to `recipient`. */
bool verp_is_to(const LinkKey *key, gint64 message, const char *recipient, const char *code);

#endif
