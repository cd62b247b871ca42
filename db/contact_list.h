#ifndef KIGEN_DB_CONTACT_LIST_H
#define KIGEN_DB_CONTACT_LIST_H

/* Contacts as people look at them: one by its organization and name, an organization's, everybody's, those
 * whose time is over. Reads only. */

#include "db/db.h"
#include "planner/day.h"

#define CONTACT_ERROR (contact_error_quark())
typedef enum {
  CONTACT_ERROR_ORGANIZATION, /* no organization of that code */
  CONTACT_ERROR_NAME,         /* none of its contacts has that name */
  CONTACT_ERROR_DUTY,         /* still needed: db/contact_duty.h */
  CONTACT_ERROR_REASON        /* a reason that names the person */
} ContactError;
GQuark contact_error_quark(void);

/* A row of `contact`. Texts may be NULL where the column may, days are DAY_NONE then. */
typedef struct {
  gint64 id;
  gint64 organization;                         /* row id */
  char *organization_code, *organization_name; /* the Japanese one */
  char *name, *kana, *department, *title, *email, *phone, *webhook;
  char *role, *language, *channel;
  int order;
  Day valid_from, valid_to;
  Day erased_on;
  Day kept_until; /* contact_list_expired: the last day that there was a reason to keep it; else DAY_NONE */
} ContactRow;

void contact_row_free(ContactRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactRow, contact_row_free)

/* Contacts of the organization with code `organization` (NULL: of all), erased ones included, by
 * organization, order and name: GPtrArray of ContactRow with free function. Errors:
 * CONTACT_ERROR_ORGANIZATION, DB_ERROR. */
bool contact_list_all(Db *db, const char *organization, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The contact `name` of the organization with code `organization`; blanks and widths in a name make no
 * difference where only one can be meant. Errors: CONTACT_ERROR_ORGANIZATION, CONTACT_ERROR_NAME, DB_ERROR.
 */
bool contact_list_find(Db *db, const char *organization, const char *name, ContactRow **ret_row,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same person elsewhere: contacts of other organizations with the e-mail address of `row` (GPtrArray of
 * ContactRow with free function, by organization; empty without an address). */
bool contact_list_same(Db *db, const ContactRow *row, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Who is on `today` kept for longer than `months` without need (個人情報保護法 第22条: to be deleted without
 * delay; GDPR art. 5(1)(e)): who ended before, or whose organization has, with all below it, had no unit
 * since before; one that never had a unit has no day to count from. Who is still needed (db/contact_duty.h)
 * is among them. GPtrArray of ContactRow with free function, by organization. */
bool contact_list_expired(Db *db, Day today, int months, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
