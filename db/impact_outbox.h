#ifndef KIGEN_DB_IMPACT_OUTBOX_H
#define KIGEN_DB_IMPACT_OUTBOX_H

/* What publishing a plan would do to the outbox. Only impact_store.c uses this. */

#include "db/impact_store.h"

/* Whom a message goes to over what: a contact's row id, or for a letter without one the organization's,
 * negative. */
typedef struct {
  gint64 who;
  ImpactChannel channel;
} ImpactAddressee;

/* Counts contacts and messages, new ones and those that wait and take the notice too, for `addressees`
 * (ImpactAddressee; sorted, and each left once), and what is overtaken. */
bool impact_outbox_count(Db *db, const ImpactTerms *terms, GArray *addressees, ImpactCounts *counts,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
