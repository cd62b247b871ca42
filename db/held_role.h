#ifndef KIGEN_DB_HELD_ROLE_H
#define KIGEN_DB_HELD_ROLE_H

/* SQL, the role of the holdings by which an organization of `role` (an SQL expression) is concerned:
 * hospitals and clinics by what they use, lessors by what they own, distributors by what they sold, repairers
 * by what they repair, regulators by nothing (NULL). Each such holding has its events in the organization's
 * feed. */
#define HELD_ROLE_SQL(role)                                                                                  \
  "CASE " role " WHEN 'hospital' THEN 'user' WHEN 'clinic' THEN 'user' WHEN 'lessor' THEN 'owner'"           \
  " WHEN 'distributor' THEN 'seller' WHEN 'repairer' THEN 'repairer' END"

#endif
