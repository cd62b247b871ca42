#ifndef KIGEN_DB_HELD_SITES_H
#define KIGEN_DB_HELD_SITES_H

/* SQL, the beginning of a query: site(id), the organization $1 and all below it; UNION, not UNION ALL, ends a
 * circle. */
#define HELD_SITES_SQL                                                                                       \
  "WITH RECURSIVE site(id) AS (SELECT id FROM organization WHERE id = $1"                                    \
  " UNION SELECT o.id FROM organization o JOIN site s ON o.parent = s.id)"

#endif
