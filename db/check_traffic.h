#ifndef KIGEN_DB_CHECK_TRAFFIC_H
#define KIGEN_DB_CHECK_TRAFFIC_H

/* Steps of db/check.h about holdings, messages and their delivery. Only check.c uses this. */

#include "db/check.h"

/* Counts devices and custodies anew, by a query of its own: not that of holding_store.c. */
bool check_traffic_holdings(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool check_traffic_outbox(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Messages that should have gone by today, and relays that take none: nobody sees that delivery stands still.
 */
bool check_traffic_delivery(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
