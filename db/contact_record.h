#ifndef KIGEN_DB_CONTACT_RECORD_H
#define KIGEN_DB_CONTACT_RECORD_H

/* Everything that the store keeps about a contact besides its row: for a request to see it (個人情報保護法
 * 第33条; GDPR art. 15), and for erasing it. Reads only. */

#include "db/audit_log.h"
#include "db/contact_list.h"
#include "db/outbox_list.h"
#include "db/outbox_store.h"
#include "planner/person.h"

/* A message to them. */
typedef struct {
  OutboxRow *row;
  GPtrArray *events;      /* OutboxEvent */
  OutboxContext *context; /* what it was rendered from; NULL: nothing was rendered yet */
} ContactMessage;

typedef enum {
  CONTACT_ACKNOWLEDGED,
  CONTACT_PRESENTED,
  CONTACT_HANDED,            /* a message, by or to them */
  CONTACT_DECIDED,           /* about a device or a release */
  CONTACT_CORRECTED,         /* a device */
  CONTACT_CORRECTED_CONTACT, /* somebody among the contacts, perhaps themselves */
  CONTACT_DEED_KIND_COUNT
} ContactDeedKind;

/* "acknowledgement", "presentation", "handover", "decision", "correction", "contact-correction". */
const char *contact_deed_key(ContactDeedKind kind);

/* What they confirmed, decided, corrected, passed on, or were handed: their name stands there as who did it,
 * in what was said, or in the note of who of the maker recorded it or handed it over. */
typedef struct {
  ContactDeedKind kind;
  gint64 id;
  char *what;         /* "receipt", "transfer"; "hand-over", "letter" …; "handed", "relayed" … */
  char *organization; /* code */
  char *about;        /* "CT-100/1.0, revision 2" */
  char *by;           /* who confirmed, or who of the maker showed it */
  char *title, *note; /* may be NULL; of a decision its controls, of a contact's correction what it says */
  bool theirs;        /* `by` names them (of a handover: who did it, or into whose hands) */
  bool noted;         /* `note` does */
  char *at;           /* UTC instant */
} ContactDeed;

/* A text of the maker's own that names them and cannot be changed any more. */
typedef struct {
  char *where; /* "support_plan 3, reason" */
  char *text;
} ContactMention;

typedef struct {
  GPtrArray *messages; /* ContactMessage */
  GPtrArray *deeds;    /* ContactDeed */
  GPtrArray *audit;    /* AuditEntry whose payload names them */
  GPtrArray *mentions; /* ContactMention */
} ContactRecord;

/* What `row`'s organization and those below it confirmed by `person`: who inherits a contact lets it confirm.
 * GPtrArray of ContactDeed with free function, oldest first. */
bool contact_record_deeds(Db *db, const ContactRow *row, const Person *person, GPtrArray **ret_deeds,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Texts that name `person` and stay. GPtrArray of ContactMention with free function. */
bool contact_record_mentions(Db *db, const Person *person, GPtrArray **ret_mentions, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

void contact_record_free(ContactRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContactRecord, contact_record_free)

/* All of it. Inside a transaction, so that it is of one state. */
bool contact_record_load(Db *db, const ContactRow *row, ContactRecord **ret_record, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
