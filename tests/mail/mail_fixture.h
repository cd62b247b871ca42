#ifndef KIGEN_TESTS_MAIL_FIXTURE_H
#define KIGEN_TESTS_MAIL_FIXTURE_H

/* What the mail tests share: a Japanese letter as a MailMessage, a scratch folder, Python's view of a mail.
 */

#include <jansson.h>

#include "notifier/mail/compose.h"

/* A letter with a long Japanese subject and name, both bodies, a CSV and an ICS attachment. Static storage.
 */
MailMessage fixture_letter(void);

/* A new empty folder below the system's temporary one. Own string; fixture_remove takes it away with all it
 * holds. */
char *fixture_folder(void);
void fixture_remove(const char *folder);

/* What tests/mail/parse_mail.py says of `bytes`; json_decref it. */
json_t *fixture_parse(GBytes *bytes);

/* Runs tests/mail/`script` with `argument` and gives its standard output; fails the test when it fails. */
char *fixture_script(const char *script, const char *argument);

#endif
