#ifndef KIGEN_PLANNER_CORRECTION_H
#define KIGEN_PLANNER_CORRECTION_H

/* What a customer says is wrong in the installed base or among its contacts. It waits until the maker's
 * people have approved it: who has a page's address is not proven to speak for the hospital, and a device
 * that is taken out of the books is told nothing any more. Pure. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  CORRECTION_REMOVED,         /* a device is gone: disposed of */
  CORRECTION_MOVED,           /* to another place of the same organization */
  CORRECTION_HANDED_ON,       /* to another organization, which the maker finds out */
  CORRECTION_NUMBER,          /* its serial or asset number */
  CORRECTION_CONTACT_NEW,     /* somebody new */
  CORRECTION_CONTACT_LEFT,    /* somebody is not there any more */
  CORRECTION_CONTACT_CHANGED, /* somebody's department, function, addresses */
  CORRECTION_KIND_COUNT
} CorrectionKind;

/* The word in store, form and command line: "removed", "contact-new" … */
const char *correction_kind_key(CorrectionKind kind);
bool correction_kind_parse(const char *key, CorrectionKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;

/* True when it is of a contact, false of a device. */
bool correction_is_of_contact(CorrectionKind kind);

/* The fields that it can say something of, by their names in the import files (and, for CORRECTION_HANDED_ON,
 * "organization": whose name as the customer writes it). NULL-terminated. */
const char *const *correction_fields(CorrectionKind kind);

typedef enum {
  CORRECTION_WAITING,
  CORRECTION_APPROVED,
  CORRECTION_REJECTED,
  CORRECTION_STATE_COUNT
} CorrectionState;

/* "waiting", "approved", "rejected". */
const char *correction_state_key(CorrectionState state);
bool correction_state_parse(const char *key, CorrectionState *ret_state) G_GNUC_WARN_UNUSED_RESULT;

#endif
