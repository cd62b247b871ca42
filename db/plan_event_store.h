#ifndef KIGEN_DB_PLAN_EVENT_STORE_H
#define KIGEN_DB_PLAN_EVENT_STORE_H

/* What happened to the revisions of a plan, by whom (table plan_event): every step appends a row, none ever
 * changes. Each row keeps the digest of what the plan said then, so that an approval or an override holds for
 * nothing else. */

#include "db/audit.h"
#include "db/plan_store.h"

#define PLAN_EVENT_CONTENT_SIZE 32 /* BLAKE2b-256 of plan_payload_plan */

/* The event of a signed override; all others are named by revision_event_key. */
#define PLAN_EVENT_OVERRIDE "override"

/* The digest of what `plan` says. */
void plan_event_content(const SupportPlan *plan, guint8 ret_content[static PLAN_EVENT_CONTENT_SIZE]);

/* What a new event says besides who and when, which the context knows. */
typedef struct {
  const char *event;
  const char *rule;   /* Rule.id of an override, else NULL */
  const char *role;   /* key of the role in which it was given, or NULL */
  const char *reason; /* or NULL */
} PlanEventWords;

/* Appends an event of revision `plan`, about `content`. Inside the open write transaction. */
bool plan_event_store_add(Db *db, const AuditContext *context, gint64 plan,
                          const guint8 content[static PLAN_EVENT_CONTENT_SIZE], const PlanEventWords *words,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An event as it is kept. */
typedef struct {
  gint64 plan; /* row id of the revision */
  char *event, *rule;
  guint8 content[PLAN_EVENT_CONTENT_SIZE];
  char *by;     /* the user's name, or what --by said */
  char *person; /* the user's full name; NULL: the store had no users */
  gint64 user;  /* row id, or 0 */
  char *role, *reason;
  Day day;
  char *at; /* UTC instant */
} PlanEvent;

void plan_event_free(PlanEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanEvent, plan_event_free)

/* Everything that happened to revision `plan`, oldest first: GPtrArray of PlanEvent with free function. */
bool plan_event_store_list(Db *db, gint64 plan, GPtrArray **ret_events, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether user `user` wrote any of revision `plan`: set or submitted it, or is who --by named while the store
 * had no users. */
bool plan_event_store_wrote(Db *db, gint64 plan, gint64 user, bool *ret_wrote, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* "佐藤 一郎, 田中": everybody who wrote any of revision `plan`. Own string. */
bool plan_event_store_writers(Db *db, gint64 plan, char **ret_names, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The overrides that hold for revision `plan` with `content`: PlanEvent, signed by users who wrote nothing of
 * it. GPtrArray with free function. */
bool plan_event_store_overrides(Db *db, gint64 plan, const guint8 content[static PLAN_EVENT_CONTENT_SIZE],
                                GPtrArray **ret_events, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a plan with those `dates`, whose content is looked at only where there is any override. */
bool plan_event_store_overrides_of(Db *db, gint64 plan, const SupportPlan *dates, GPtrArray **ret_events,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The overrides under which the plans were published that message `outbox` tells of: as above. */
bool plan_event_store_overrides_told(Db *db, gint64 outbox, GPtrArray **ret_events, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The person or, without users, the name. Owned by `event`. */
const char *plan_event_who(const PlanEvent *event);

#endif
