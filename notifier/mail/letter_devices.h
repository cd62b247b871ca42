#ifndef KIGEN_NOTIFIER_MAIL_LETTER_DEVICES_H
#define KIGEN_NOTIFIER_MAIL_LETTER_DEVICES_H

/* devices.csv, the list of devices attached to a letter, from the letter's context alone. */

#include <glib.h>
#include <jansson.h>

/* UTF-8 with BOM, CRLF; a cell that a spreadsheet would take for a formula gets a ' in front (interop.md,
 * Mail). A device that several notices are about is listed once a release. Where the letter lists not all of
 * them, a row says how many more there are. NULL when there is no device. */
GBytes *letter_devices_csv(const json_t *context);

#endif
