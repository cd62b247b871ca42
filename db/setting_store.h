#ifndef KIGEN_DB_SETTING_STORE_H
#define KIGEN_DB_SETTING_STORE_H

/* What init fixed for ever, and the change counters. */

#include "db/audit.h"

typedef struct {
  bool simulation;  /* write commands may take --today */
  char *uid_domain; /* right-hand side of event UIDs and Message-IDs */
} Setting;

void setting_clear(Setting *setting);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Setting, setting_clear)

/* Writes the one row of a new store and its audit row, "init", inside the open write transaction. */
bool setting_store_init(Db *db, const AuditContext *context, bool simulation, const char *uid_domain,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: DB_ERROR_NOT_A_STORE when init never came to its end. */
bool setting_store_load(Db *db, Setting *ret_setting, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the counter of `scope` ("plan", "installed-base", "organization", "maker"); what concerns one row
 * alone has a scope of its own (db/change_set.h). */
bool change_bump(Db *db, const char *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sum of all counters. */
bool change_read(Db *db, gint64 *ret_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
