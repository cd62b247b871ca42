#ifndef KIGEN_DB_EXTENSION_DAY_H
#define KIGEN_DB_EXTENSION_DAY_H

/* On which day the units of a release end at an organization, in SQL: on the plan's EOS, or later where an
 * extension says so. planner/effective.h says the same of one unit; notices of EOS go to whom they concern by
 * this. Arguments are SQL expressions: row ids of the release and the organization, the plan's EOS, a day. */

/* Units that have extensions of their own, which last beyond the plan. */
#define EXTENSION_DAY_OWN(release_id, organization_id, plan_eos)                                             \
  "(SELECT coalesce(sum(own.units), 0) FROM extension own WHERE own.organization = " organization_id         \
  " AND own.release = " release_id " AND own.device IS NOT NULL AND own.until > " plan_eos ")"

/* True where some unit has none of its own. */
#define EXTENSION_DAY_OTHERS(release_id, organization_id, plan_eos)                                          \
  "coalesce((SELECT u.count > " EXTENSION_DAY_OWN(                                                           \
      release_id, organization_id,                                                                           \
      plan_eos) " FROM holding u JOIN organization c ON c.id = u.organization"                               \
                " WHERE u.release = " release_id " AND u.organization = " organization_id                    \
                " AND u.ended_on IS NULL AND u.role = CASE c.role WHEN 'lessor'"                             \
                " THEN 'owner' ELSE 'user' END), true)"

/* Something of the organization's is extended beyond the plan, all of it (`scope` IS NULL) or a device
 * (IS NOT NULL); `more` is one more condition on x. */
#define EXTENSION_DAY_ANY(release_id, organization_id, plan_eos, scope, more)                                \
  "EXISTS (SELECT 1 FROM extension x WHERE x.organization = " organization_id " AND x.release = " release_id \
  " AND x.until > " plan_eos " AND x.device " scope more ")"

/* True where some unit ends on the plan's EOS. The first question is asked once a statement: a release
 * without extensions costs nothing. */
#define EXTENSION_DAY_PLAN(release_id, organization_id, plan_eos)                                            \
  "(NOT EXISTS (SELECT 1 FROM extension e WHERE e.release = " release_id " AND e.until > " plan_eos          \
  ") OR (NOT " EXTENSION_DAY_ANY(                                                                            \
      release_id, organization_id, plan_eos, "IS NULL",                                                      \
      "") " AND "                                                                                            \
          "(NOT " EXTENSION_DAY_ANY(                                                                         \
              release_id, organization_id, plan_eos, "IS NOT NULL",                                          \
              " AND x.units > 0") " OR " EXTENSION_DAY_OTHERS(release_id, organization_id, plan_eos) ")))"

/* True where some unit ends on `day`, by an extension. */
#define EXTENSION_DAY_EXTENDED(release_id, organization_id, plan_eos, day)                                                                      \
  "(" EXTENSION_DAY_ANY(release_id, organization_id, plan_eos, "IS NOT NULL", " AND x.units > 0 AND x.until = " day) " OR (" EXTENSION_DAY_ANY( \
      release_id, organization_id, plan_eos, "IS NULL",                                                                                         \
      " AND x.until = " day) " AND " EXTENSION_DAY_OTHERS(release_id, organization_id, plan_eos) "))"

#endif
