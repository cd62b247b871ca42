#ifndef KIGEN_DB_AUDIENCE_H
#define KIGEN_DB_AUDIENCE_H

/* Whom a notice of a release's plan for a market goes to: the organizations with an open holding of it that
 * the plan concerns (db/market.h), and through which contact each is reached. Worked out in one statement
 * over holdings, never row by row. Only notice_store.c and plan_facts.c use this.
 */

#include "db/audit.h"

/* Fills the connection's temporary table `audience` (organization, contact, through, channel) for `notice`:
 * one row for each organization with an open holding of `release` that a plan for `market` concerns
 * (`budget_month` 1 to 12: only those of that month) and that the notice does not concern yet. contact: the
 * one of lowest escalation_order valid on `today` that can be reached, else the nearest parent's, else 0;
 * through: whose contact that is, the organization itself without one; channel: the contact's, else letter.
 * *ret_organizations = rows. Inside the write transaction. */
bool audience_fill(Db *db, gint64 notice, gint64 release, const char *market, int budget_month, Day today,
                   gint64 *ret_organizations, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many organizations these are (0: of every budget month). */
bool audience_count(Db *db, gint64 release, const char *market, int budget_month, gint64 *ret_organizations,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and how many of them have no contact that can be reached on `today`, with the names of the first
 * few ("A病院, B医院 …", own string; NULL when there is none). */
bool audience_reach(Db *db, gint64 release, const char *market, Day today, gint64 *ret_organizations,
                    gint64 *ret_unreachable, char **ret_names, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
