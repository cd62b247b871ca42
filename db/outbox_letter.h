#ifndef KIGEN_DB_OUTBOX_LETTER_H
#define KIGEN_DB_OUTBOX_LETTER_H

/* Everything a message says, read from the store: the recipient, and of each notice the plan, the product,
 * that organization's own devices and its holding with all revisions, as its feed knows it. Reads only. */

#include "db/advisory_store.h"
#include "db/held_end.h"
#include "db/held_plans.h"
#include "db/outbox_store.h"
#include "db/plan_event_store.h"
#include "planner/acknowledgement.h"
#include "planner/schedule.h"

#define OUTBOX_LETTER_DEVICES_MAX 200 /* listed a notice; the others are counted */

/* One installed unit, or lot. Texts may be NULL. */
typedef struct {
  char *model;    /* hardware release */
  char *software; /* software release */
  char *serial, *lot;
  gint64 quantity;
  char *department, *location, *asset_no;
  Day installed_on;                           /* DAY_NONE: unknown */
  gint64 hardware_release, software_release;  /* row ids; the latter 0: none */
  Day hardware_extension, software_extension; /* last day of the device's own extension; DAY_NONE: none */
  EffectiveEnd end;                           /* when this one ends, by both releases and every extension */
} OutboxDevice;

void outbox_device_free(OutboxDevice *device);

/* One notice of the message: what it is about, and whom it concerns. One of an advisory has no plan but
 * `parts`: for each release that the advisory is about and the organization has, an OutboxNotice that says
 * product, release (in a plan without dates) and devices. */
typedef struct OutboxNotice OutboxNotice;
struct OutboxNotice {
  gint64 id;
  NoticeKind kind;
  int lead_months;  /* as in ScheduledNotice */
  int budget_month; /* as in ScheduledNotice */
  Day extended_eos; /* as in ScheduledNotice */
  gint64 organization;
  char *organization_name_ja, *organization_name_en; /* the latter may be NULL */
  char *organization_code;
  AdvisoryRow *advisory;        /* what it tells, or NULL: of a plan */
  AdvisoryRow *advisory_before; /* of a correction the last older revision that the organization was told of,
                                   else NULL */
  GPtrArray *parts;             /* of an advisory: OutboxNotice, by product and release; else NULL */
  PlanRow *plan;                /* the revision it tells of; NULL: of an advisory */
  PlanRow *before; /* plan change: the plan that the organization was last told of, else the one before; NULL
                      otherwise */
  GPtrArray *overrides; /* of PlanEvent: rules that a second person let the plan past */
  char *release_kind;   /* "hardware" or "software" */
  char *generic_name, *jmdn, *device_class, *approval_no, *security_contact,
      *package_insert_url;           /* the product's; each may be NULL */
  char *successor_ja, *successor_en; /* the plan's, else the product's own: the name of the product whose code
                                        it is, else as it stands; NULL: none is named */
  char *holding_role;     /* "user", "owner", "seller", "repairer": how the organization is concerned */
  const Holding *holding; /* what it holds of the release, in the letter's `held`; NULL: none (any more) */
  GPtrArray *devices;     /* OutboxDevice, by department and serial, at most OUTBOX_LETTER_DEVICES_MAX */
  gint64 device_rows;     /* all of them */
  gint64 device_units;    /* their quantities together */
  bool acknowledged[ACKNOWLEDGEMENT_KIND_COUNT]; /* by that organization; a transfer: of the EOS it tells */
  bool escalated; /* another contact of that organization got it before (db/escalation_store.h) */
};

void outbox_notice_free(OutboxNotice *notice);

/* A message and its recipient. Texts may be NULL where the column may. */
typedef struct {
  gint64 id;
  char *message_id;
  char *channel;
  OutboxState state;
  Day due_on;
  gint64 organization;
  char *organization_name_ja, *organization_name_en;
  char *organization_role; /* "hospital" … */
  char *postal_code, *address;
  char *name, *department, *title, *email; /* the contact's; name NULL: nobody in particular */
  char *webhook;                           /* https:// address of the contact's program, or NULL */
  char *contact_role;                      /* "device-safety-manager" …, or NULL */
  char *language;                          /* "ja" or "en": the contact's, else the organization's */
  GPtrArray *notices; /* OutboxNotice, live ones only: advisories, urgent ones first, then by product,
                         release, kind (plans first), organization */
  HeldSet *held;      /* what the recipient's feed is made of: the holdings of its own and of its sites */
  gint64 overtaken;   /* notices left out, for their revision is no longer in force */
} OutboxLetter;

void outbox_letter_free(OutboxLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxLetter, outbox_letter_free)

/* Loads message `id`; NULL when there is none. `plans` remembers those of what is held for other letters;
 * NULL: nothing is remembered. A notice whose plan or advisory is superseded or withdrawn is overtaken and
 * left out, a withdrawal excepted. Inside a read or the write transaction, so that all is of one state.
 * Errors: DB_ERROR. */
bool outbox_letter_load(Db *db, gint64 id, HeldPlans *plans, OutboxLetter **ret_letter, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The letter by which `organization` (row ids) would be told of stored advisory `advisory` if it were
 * published on `today`: to nobody's number (id 0), through the contact who is reached then. Nothing is
 * written. Inside a read transaction. */
bool outbox_letter_imagine(Db *db, gint64 advisory, gint64 organization, Day today, OutboxLetter **ret_letter,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
