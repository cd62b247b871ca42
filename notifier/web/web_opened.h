#ifndef KIGEN_NOTIFIER_WEB_WEB_OPENED_H
#define KIGEN_NOTIFIER_WEB_WEB_OPENED_H

/* That somebody opened a customer's page is a presentation of the limited-support plans on it (domain.md,
 * LSP-4): it is recorded by the writer, once for each revision and organization, after the page was made.
 * What machines ask for is none: mail scanners follow links, browsers and messengers look ahead. Nobody can
 * tell for sure, so what is in doubt is no presentation; a confirmation given on the page is the better
 * proof. */

#include "notifier/web/web_call.h"

/* What a request says of who asks; each may be NULL. */
typedef struct {
  bool is_head;
  const char *accept;     /* Accept */
  const char *user_agent; /* User-Agent */
  const char *purpose;    /* Sec-Purpose, Purpose, X-Purpose or X-Moz, the first that is there */
  const char *mode;       /* Sec-Fetch-Mode */
  const char *dest;       /* Sec-Fetch-Dest */
} WebOpenedBy;

/* True when it looks like a person who opened the page in a browser. Pure. */
bool web_opened_is_by_hand(const WebOpenedBy *by);

/* Records what was shown to who asks by `call`: GArray of HospitalPageShown. Does not wait; what cannot be
 * written now is written the next time that the page is opened. */
void web_opened_record(const WebCall *call, const GArray *shown);

#endif
