#ifndef KIGEN_DB_HELD_SET_H
#define KIGEN_DB_HELD_SET_H

/* What an organization holds, and every revision of the support plans that were ever published for it: the
 * facts of its feed, as plain values. db/held_store.h reads them. */

#include "planner/plan.h"

/* A revision that is or was in force. */
typedef struct {
  gint64 id; /* row id of the plan */
  int revision;
  bool own_market; /* of the organization's country, not of every market */
  bool withdrawn;
  Day published_on;
  char *published_at; /* UTC instant */
  Day withdrawn_on;   /* DAY_NONE: not withdrawn, or not known when */
  char *withdrawn_at; /* or NULL */
  SupportPlan *plan;
  char *successor_ja,
      *successor_en; /* as letters name it: by name where it is a product of the store; or NULL */
} HeldRevision;

/* A release in the country of those who hold it. Of one store's state there is one for all of them: it never
 * changes once it is loaded. Its references are counted, in one thread. */
typedef struct {
  grefcount references;
  gint64 id;
  char *country; /* whose plans these are besides those for every market */
  char *name;
  char *kind; /* "hardware" or "software" */
  char *product, *product_name_ja, *product_name_en;
  char *generic_name, *approval_no, *security_contact, *package_insert_url; /* each may be NULL */
  GPtrArray *revisions; /* HeldRevision, oldest first; may be empty */
} HeldRelease;

/* What of an extension (db/extension_store.h) a customer's events show. */
typedef struct {
  Day until;    /* last day on which it holds; DAY_NONE: there is none */
  bool ended;   /* before the day that was agreed */
  gint64 units; /* of one device's own: for how many it stands */
} HeldExtension;

/* How often that changed, and when last. */
typedef struct {
  gint64 version;   /* 0: never */
  char *changed_at; /* UTC instant, or NULL */
} HeldChanges;

/* One release at one organization, in the role by which it is concerned. */
typedef struct {
  const HeldRelease *release;
  gint64 organization; /* row id: a site's, in a corporation's set */
  char *organization_name_ja, *organization_name_en;
  char *uid; /* the stable part of its events' UIDs */
  gint64 version;
  char *changed_at;        /* UTC instant */
  Day since;               /* DAY_NONE: from the beginning */
  Day ended_on;            /* DAY_NONE: held now */
  gint64 count;            /* units */
  HeldExtension extension; /* for all of it */
  HeldChanges extension_changes;
  GArray *own_extensions; /* HeldExtension of devices' own, by last day; NULL: none */
  HeldChanges own_changes;
  GPtrArray *pairs; /* HeldPair: with which other releases units of it are made; NULL: none */
} Holding;

/* Units that are made of a holding's release and another one's. */
typedef struct {
  const Holding *other; /* of the same organization; NULL: not held any more */
  gint64 count;         /* 0: none any more */
  gint64 version;
  char *changed_at; /* UTC instant */
} HeldPair;

typedef struct {
  gint64 organization;     /* row id */
  char *name_ja, *name_en; /* the latter may be NULL */
  char *language;
  bool is_product; /* not of an organization, but of a product, for everybody: organization is the product's
                      row id, the names are its names, and of each release and market there is one holding
                      without units */
  GPtrArray *releases; /* const HeldRelease of the holdings, by id, then country */
  GPtrArray *holdings; /* Holding, by release, then organization, then country */
} HeldSet;

/* Empty ones, for who fills them: freed with the release they are added to, or with the set. A holding keeps
 * its release. */
HeldRevision *held_revision_new(void);
HeldRevision *held_revision_copy(const HeldRevision *revision);
Holding *holding_new(HeldSet *set, const HeldRelease *release);
HeldPair *held_pair_new(Holding *holding, const Holding *other);

/* An empty one with one reference, which held_release_unref gives back. */
HeldRelease *held_release_new(void);
const HeldRelease *held_release_ref(const HeldRelease *release);
void held_release_unref(const HeldRelease *release);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeldRelease, held_release_unref)

/* Once all holdings are there: puts them in order, and lists their releases. */
void held_set_arrange(HeldSet *set);

/* The holding of release (row id) and organization, which may have ended; NULL: none. */
Holding *held_set_find(const HeldSet *set, gint64 release, gint64 organization);

HeldSet *held_set_new(void);
void held_set_free(HeldSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeldSet, held_set_free)

#endif
