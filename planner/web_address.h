#ifndef KIGEN_PLANNER_WEB_ADDRESS_H
#define KIGEN_PLANNER_WEB_ADDRESS_H

/* Which web addresses kigen takes: the check that imports and forms share. What passes can stand in a letter,
 * a calendar and an HTML attribute as it is. Pure. */

#include <glib.h>
#include <stdbool.h>

#define WEB_ADDRESS_ERROR (web_address_error_quark())
typedef enum {
  WEB_ADDRESS_ERROR_FORM /* not http:// or https:// and a host, or a character that cannot stand there */
} WebAddressError;
GQuark web_address_error_quark(void);

#define WEB_ADDRESS_MAX 2000 /* octets: what browsers and mail programs agree on */

/* Checks `address` (NULL counts as empty): http:// or https:// (case ignored), a host (RFC 3986 3.2.2), then
 * any ASCII without spaces, control characters and < > " \ ^ ` { | }, which a mail program would cut a link
 * at. Errors: WEB_ADDRESS_ERROR; the message ends a sentence about the address, and says what to write. */
bool web_address_check(const char *address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
