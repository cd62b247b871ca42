#ifndef KIGEN_DB_MARKET_H
#define KIGEN_DB_MARKET_H

/* Which plan of a release concerns an organization: the one in force in the market of its country, or where
 * there is none, the one for every market. Notices, counts and reports all ask this; db/held_store.c reads
 * feeds by the same rule. */

/* SQL, true where a plan of `release_id` for `plan_market` is one for every market and no market has one of
 * its own: it concerns everybody, and no organization needs to be looked up. Each is an SQL expression. */
#define MARKET_UNDIVIDED_SQL(release_id, plan_market)                                                        \
  "(" plan_market " = '*' AND NOT EXISTS (SELECT 1 FROM support_plan own_plan"                               \
  " WHERE own_plan.release = " release_id " AND own_plan.market <> '*' AND own_plan.state = 'published'))"

/* SQL, true where that plan concerns `organization_id`. The plan itself need not be in force: it is asked of
 * a draft too. */
#define MARKET_CONCERNS_SQL(release_id, plan_market, organization_id)                                        \
  "(" MARKET_UNDIVIDED_SQL(                                                                                  \
      release_id,                                                                                            \
      plan_market) " OR EXISTS (SELECT 1 FROM organization market_of WHERE market_of.id = " organization_id  \
                   " AND CASE " plan_market " WHEN '*' THEN NOT EXISTS (SELECT 1 FROM support_plan own_plan" \
                   "  WHERE own_plan.release = " release_id                                                  \
                   "  AND own_plan.market = market_of.country AND own_plan.state = 'published')"             \
                   " ELSE market_of.country = " plan_market " END))"

#endif
