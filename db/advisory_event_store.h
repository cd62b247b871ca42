#ifndef KIGEN_DB_ADVISORY_EVENT_STORE_H
#define KIGEN_DB_ADVISORY_EVENT_STORE_H

/* What happened to the revisions of an advisory, by whom (table advisory_event): every step appends a row,
 * none ever changes. Each row keeps the digest of what the advisory said then, so that an approval holds for
 * nothing else. */

#include "db/advisory_store.h"
#include "planner/advisory_life.h"

#define ADVISORY_CONTENT_SIZE 32 /* BLAKE2b-256 of the content as JSON, keys sorted */

/* The digest of what `content` says. */
void advisory_event_content(const Advisory *content, guint8 ret_content[static ADVISORY_CONTENT_SIZE]);

/* What an event says besides who and when, which the context knows. */
typedef struct {
  AdvisoryEventKind event;
  const char *role;               /* key of the role in which it was given, or NULL */
  const char *reason;             /* or NULL */
  gint64 organizations, messages; /* told by it */
} AdvisoryEventWords;

/* Appends an event of revision `row` (number, revision, content; its id), and the audit row
 * "advisory.<event>" with what it says; of the first draft `before` is NULL, of a change or a correction what
 * was said before. Inside the open write transaction. */
bool advisory_event_add(Db *db, const AuditContext *context, const AdvisoryRow *row, const Advisory *before,
                        const AdvisoryEventWords *words, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An event as it is kept. */
typedef struct {
  char *event;
  guint8 content[ADVISORY_CONTENT_SIZE];
  char *by;     /* the user's name, or what --by said */
  char *person; /* the user's full name; NULL: the store had no users */
  gint64 user;  /* row id, or 0 */
  char *role, *reason;
  Day day;
} AdvisoryEvent;

void advisory_event_free(AdvisoryEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AdvisoryEvent, advisory_event_free)

/* Everything that happened to revision `id`, oldest first: GPtrArray of AdvisoryEvent with free function. */
bool advisory_event_list(Db *db, gint64 id, GPtrArray **ret_events, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Who wrote any of revision `id`, "佐藤 一郎, 田中" (own string), and whether user `user` did: by an event,
 * or as who --by named while the store had no users. */
bool advisory_event_writers(Db *db, gint64 id, gint64 user, bool *ret_wrote, char **ret_names, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
