#ifndef KIGEN_DB_RELAY_STORE_H
#define KIGEN_DB_RELAY_STORE_H

/* How the relays are doing, as the queue manager finds them: for people and monitoring. */

#include "db/db.h"

typedef struct {
  char *url;
  char *accepted_at;   /* UTC instant at which it last took a message; NULL: never */
  char *failing_since; /* NULL: it was reached when it was last tried */
  char *reply;         /* its last words while it is failing, or NULL */
} Relay;

void relay_free(Relay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Relay, relay_free)

/* `url` took messages, the last one at `now`: it is not failing. Inside the open write transaction. */
bool relay_store_accepted(Db *db, const char *url, const char *now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `url` cannot be reached at `now`, for `reply`. Inside the open write transaction. */
bool relay_store_failing(Db *db, const char *url, const char *now, const char *reply, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Every relay that was ever tried, by URL: GPtrArray of Relay with free function. */
bool relay_store_list(Db *db, GPtrArray **ret_relays, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
