#ifndef KIGEN_PLANNER_EMAIL_ADDRESS_H
#define KIGEN_PLANNER_EMAIL_ADDRESS_H

/* Which e-mail addresses kigen takes: the check that imports, forms and envelopes share. It is narrower than
 * RFC 5321 on purpose: what passes can stand in an SMTP command and in a header as it is, without quoting or
 * escaping, and with any relay. Pure. */

#include <glib.h>
#include <stdbool.h>

#define EMAIL_ADDRESS_ERROR (email_address_error_quark())
typedef enum {
  EMAIL_ADDRESS_ERROR_FORM,     /* not local-part@domain, or a dot or hyphen in the wrong place */
  EMAIL_ADDRESS_ERROR_CHARACTER /* a character that cannot stand there: a space, <, >, a control character */
} EmailAddressError;
GQuark email_address_error_quark(void);

#define EMAIL_ADDRESS_MAX 254 /* octets; RFC 5321 4.5.3.1.3, erratum 1690 */

/* Checks `address` (NULL counts as empty): ASCII only, at most 254 octets, a dot-atom of at most 64 octets,
 * @, a domain name (RFC 5321 4.1.2 without quoted strings and address literals). Errors: EMAIL_ADDRESS_ERROR;
 * the message quotes the address with what is not printable escaped, and says what to do. */
bool email_address_check(const char *address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
