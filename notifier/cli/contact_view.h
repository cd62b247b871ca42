#ifndef KIGEN_CLI_CONTACT_VIEW_H
#define KIGEN_CLI_CONTACT_VIEW_H

/* How a contact, and what is kept about it, is shown. */

#include "db/contact_duty.h"
#include "db/contact_record.h"
#include "notifier/cli/cli.h"
#include "notifier/cli/table.h"

/* "in charge", "not yet", "ended", "erased" on `today`, and in which colour. */
const char *contact_view_state(const ContactRow *row, Day today, TermStyle *ret_style);

/* The row as JSON, all of it. */
Json *contact_view_json(const ContactRow *row, Day today);
/* The record as members of `document`: "messages", "deeds", "audit", "mentions". */
void contact_view_add_record(Json *document, const ContactRecord *record);
/* {"may_be_erased", "units", "releases", "why_not"} */
Json *contact_view_duty_json(const ContactDuty *duty, const ContactRow *row);

/* The row and a summary of the record, for people. */
void contact_view_print(const ContactRow *row, const ContactRecord *record, Day today);

#endif
