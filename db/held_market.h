#ifndef KIGEN_DB_HELD_MARKET_H
#define KIGEN_DB_HELD_MARKET_H

/* Which revisions concerned an organization, one after the other: those of its own market while that had a
 * plan in force, else those for every market (db/market.h says it for today). Pure; only held_store.c uses
 * it. */

#include "db/held_set.h"

/* Arranges `revisions` (HeldRevision: those for every market, oldest first, then those of the own market,
 * oldest first; owned by the array) to what concerned the organization in turn. Revisions that never did are
 * gone; one for every market that came back when the own plan was withdrawn is there again, as published on
 * that day. `revision` counts on from one market to the other, so that no SEQUENCE falls, and a withdrawal
 * that came when a revision concerned nobody here any more is none. */
void held_market_arrange(GPtrArray *revisions);

#endif
