#ifndef KIGEN_NOTIFIER_MAIL_LETTER_RELAY_H
#define KIGEN_NOTIFIER_MAIL_LETTER_RELAY_H

/* The request to a distributor to pass something on (channel relay): which customers, and the file to report
 * back with. */

#include "db/outbox_letter.h"

#include <jansson.h>

/* { customers [ { code, name } ], count }, each once, or NULL where `letter` is no such request. A new
 * reference. */
json_t *letter_relay_json(const OutboxLetter *letter);

/* The file to fill in, a row for each customer of `context`, as `kigen import relay-reports` takes it; NULL
 * where it is no request. */
GBytes *letter_relay_csv(const json_t *context);

#endif
