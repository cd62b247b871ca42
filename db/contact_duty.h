#ifndef KIGEN_DB_CONTACT_DUTY_H
#define KIGEN_DB_CONTACT_DUTY_H

/* What keeps a contact from being erased. N70 §9.2.1 asks to collect safety information beyond EOS, and a
 * notice must find somebody as long as a unit is in use: a legal duty, for which GDPR art. 17(3)(b), (c) and
 * 個人情報保護法 第35条 (as far as the request has no ground) let a person be kept. A contact looks after the
 * units of its organization, and of those below it that have no contact of their own. */

#include "db/contact_list.h"

typedef enum {
  CONTACT_FREE,
  CONTACT_ON_DUTY, /* has not ended, and looks after units in use */
  CONTACT_ALONE,   /* has ended, but nobody else is reached for units in use */
  CONTACT_AWAITED  /* a message to them is being delivered, or waits and reaches nobody else */
} ContactDutyKind;

typedef struct {
  ContactDutyKind kind;
  gint64 units;    /* in use, that they look after */
  char *releases;  /* "CT-100/1.0, CT-100/2.0 …", own string; NULL: none */
  gint64 messages; /* that wait or are being delivered */
} ContactDuty;

void contact_duty_clear(ContactDuty *duty);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContactDuty, contact_duty_clear)

/* Who is erased already is free. */
bool contact_duty_load(Db *db, const ContactRow *row, Day today, ContactDuty *ret_duty, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Why `row` may not be erased, and what to do first; own string. NULL when it may. */
char *contact_duty_reason(const ContactDuty *duty, const ContactRow *row);

#endif
