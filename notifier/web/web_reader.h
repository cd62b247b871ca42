#ifndef KIGEN_NOTIFIER_WEB_WEB_READER_H
#define KIGEN_NOTIFIER_WEB_WEB_READER_H

/* What a thread knows of the store: a read connection of its own, and what it saw when it looked last. It
 * looks at most every WEB_READER_LOOK: in between nothing here touches a disk. */

#include "db/change_set.h"
#include "notifier/feed/feed.h"
#include "notifier/web/web_server.h"

#define WEB_READER_LOOK (50 * 1000) /* µs */

/* Which store file is served. Another file under the same name, or one whose counters fell, is another store:
 * what was made from the one before says nothing about it. Shared by the threads of a service. */
typedef struct {
  GMutex mutex;
  guint64 device, inode;
  guint generation; /* rises with every other store */
} WebStore;

typedef struct {
  Db *db;
  ChangeSet *changes;
  guint generation; /* of the store that db reads */
  Day today;
  FeedBlockMemo *blocks; /* what this thread remembers of calendars */
} WebReader;

/* This thread's reader; belongs to the thread. After an error the connection is given up (unless the store is
 * only locked), and the store is opened anew at the next look, perhaps one that was mended or put in place
 * meanwhile; until then the error is the same. *ret_today is set in any case. Errors: DB_ERROR. */
bool web_reader_get(const WebConfig *config, WebStore *store, WebReader **ret_reader, Day *ret_today,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The connection failed with `cause`, which the next calls repeat until the next look. */
void web_reader_fail(const GError *cause);

/* The day to render for, and the seconds since 1970, by the service's clock. */
Day web_reader_today(const WebConfig *config);
gint64 web_reader_now(const WebConfig *config);

#endif
