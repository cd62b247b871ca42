#ifndef KIGEN_DB_IMPACT_STORE_H
#define KIGEN_DB_IMPACT_STORE_H

/* How many a plan concerns, and what publishing it today would send to whom: counted as plan_publish
 * does it, without a write. The dates compares planner/impact.h. */

#include "db/db.h"
#include "planner/plan_date.h"

typedef enum {
  IMPACT_HOSPITAL,
  IMPACT_CLINIC,
  IMPACT_DISTRIBUTOR,
  IMPACT_LESSOR,
  IMPACT_REPAIRER,
  IMPACT_REGULATOR,
  IMPACT_ROLE_COUNT
} ImpactRole;

/* "hospital", …: as organization.role. */
const char *impact_role_key(ImpactRole role);

typedef enum {
  IMPACT_MAIL,
  IMPACT_WEBHOOK,
  IMPACT_FAX,
  IMPACT_LETTER,
  IMPACT_HAND,
  IMPACT_RELAY,
  IMPACT_CHANNEL_COUNT
} ImpactChannel;

/* "mail", …: as outbox.channel. */
const char *impact_channel_key(ImpactChannel channel);
ImpactChannel impact_channel_find(const char *key);

/* An organization of a list. */
typedef struct {
  char *code, *name; /* Japanese name */
} ImpactName;

/* Customers and others whose EOS a contract extended. */
typedef struct {
  Day until;
  int budget_month;     /* 0: none */
  gint64 organizations; /* something of theirs ends on that day */
  gint64 asked;         /* of these: have not confirmed the transfer then */
} ImpactExtended;

/* All of them counted, the first by code named. */
typedef struct {
  gint64 count;
  GPtrArray *names; /* of ImpactName */
} ImpactNames;

/* What is asked. */
typedef struct {
  gint64 release;
  const char *market;
  int revision; /* the one that would be published */
  Day today;
  guint names;       /* so many of each list; G_MAXUINT: all */
  PlanDate eos;      /* the plan's */
  PlanDate was_eos;  /* of the one in force */
  bool eol_changes;  /* what those say of EOL is not the same */
  bool but_extended; /* `customers` are only those of whom some unit ends on the plan's EOS */
} ImpactTerms;

/* The numbers. An organization counts once, whatever it does with a unit; a message that waits today takes
 * further notices, as a publication has it. */
typedef struct {
  gint64 organizations;
  gint64 devices;                       /* units, each at its user */
  gint64 role[IMPACT_ROLE_COUNT];       /* organizations */
  gint64 role_units[IMPACT_ROLE_COUNT]; /* units that they use, own, sold or repair */
  gint64 events;                        /* holdings that calendars show: each has the event of every date */
  gint64 still;                         /* of these, whose event of EOS stays on its day by an extension */
  gint64 paired_eol,
      paired_eos;          /* events of other releases that say when units made of both end, and change */
  gint64 budget_month[13]; /* organizations of that month, 1 to 12 */
  gint64 eos_ends;         /* organizations of whom something ends on the plan's EOS */
  gint64 eos_asked[13];    /* of these, who have not confirmed the transfer at it: all, and by budget month */
  GArray *extensions;      /* of ImpactExtended: of whom something ends later */
  gint64 announced, changed;           /* organizations that get the announcement, and the change notice */
  gint64 contacts;                     /* persons addressed */
  gint64 made[IMPACT_CHANNEL_COUNT];   /* new messages */
  gint64 joined[IMPACT_CHANNEL_COUNT]; /* messages that wait and take the notice too */
  gint64 superseded;                   /* messages that wait and would not go any more */
  gint64 thinned;                      /* messages that wait and would go without a notice of theirs */
  ImpactNames unreachable;             /* no contact: a letter to the organization */
  gint64 extended;                     /* customers of whom every unit lasts beyond that day, by contract */
  ImpactNames customers;               /* hospitals and others that use a unit */
} ImpactCounts;

void impact_counts_free(ImpactCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImpactCounts, impact_counts_free)

/* Counts. Inside a read transaction, so that the statements see one state. */
bool impact_store_count(Db *db, const ImpactTerms *terms, ImpactCounts **ret_counts, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
