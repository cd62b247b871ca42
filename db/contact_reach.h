#ifndef KIGEN_DB_CONTACT_REACH_H
#define KIGEN_DB_CONTACT_REACH_H

/* Through whom an organization is reached: its own contact of lowest order that is valid and has an address
 * for its channel, else that of the nearest organization above it. Who is addressed (db/audience.c) and who
 * may be erased (db/contact_duty.c) ask this alike. An erased contact is never reached: its channel is mail,
 * and it has no address (a CHECK of the row says so). */

/* Deeper than any corporation; where parents go in a circle, a walk ends here. */
#define CONTACT_DEPTH_MAX "16"

/* SQL, true where contact `c` can be reached on day `day`; both SQL expressions. */
#define CONTACT_REACHABLE_SQL(c, day)                                                                        \
  "(" c ".valid_from IS NULL OR " c ".valid_from <= " day ") AND (" c ".valid_to IS NULL OR " c              \
  ".valid_to >= " day ") AND (" c ".channel NOT IN ('mail', 'relay') OR " c ".email <> '')"                  \
  " AND (" c ".channel <> 'webhook' OR " c ".webhook <> '')"

/* SQL, true where the last mail to the address of contact `c` of which something is known came back, whoever
 * has that address. What is tried again (kigen outbox retry) tells nothing until it went. */
#define CONTACT_CAME_BACK_SQL(c)                                                                             \
  "(" c ".channel IN ('mail', 'relay') AND 'bounced' = coalesce((SELECT bo.state FROM contact bc"            \
  " JOIN outbox bo ON bo.contact = bc.id WHERE bc.email = " c ".email AND bo.channel IN ('mail', 'relay')"   \
  " AND bo.state IN ('accepted', 'bounced') ORDER BY bo.id DESC LIMIT 1), ''))"

/* SQL, the id of the contact that is written to for contact `k` (its row). Who is reached through a
 * distributor (relay) is asked for of the distributor's own contact with that address, else of the first of
 * all that have it: so that one request names all its customers. Everybody else is written to themselves. */
#define CONTACT_REQUESTED_SQL(k, day)                                                                        \
  "CASE WHEN " k ".channel <> 'relay' OR coalesce(" k ".email, '') = '' THEN " k ".id ELSE coalesce("        \
  "(SELECT d.id FROM contact d JOIN organization dg ON dg.id = d.organization AND dg.role = 'distributor'"   \
  "  WHERE d.email = " k ".email AND " CONTACT_REACHABLE_SQL(                                                \
      "d", day) " ORDER BY d.escalation_order, d.id LIMIT 1),"                                               \
                "(SELECT min(d.id) FROM contact d WHERE d.email = " k                                        \
                ".email AND d.channel = 'relay' AND " CONTACT_REACHABLE_SQL("d", day) "), " k ".id) END"

/* SQL, the id of the contact through whom `organization` itself is reached, NULL for none; `such` is "" or a
 * further condition on contact c, " AND …". */
#define CONTACT_OWN_SQL(organization, day, such)                                                             \
  "(SELECT c.id FROM contact c WHERE c.organization = " organization " AND " CONTACT_REACHABLE_SQL("c", day) \
      such " ORDER BY c.escalation_order, c.id LIMIT 1)"

/* SQL, the same of the nearest organization above it that has one. */
#define CONTACT_ABOVE_SQL(organization, day, such)                                                           \
  "(WITH RECURSIVE above (id, depth) AS ("                                                                   \
  "  SELECT o.parent, 1 FROM organization o WHERE o.id = " organization "   AND o.parent IS NOT NULL"        \
  "  UNION ALL SELECT o.parent, above.depth + 1 FROM above JOIN organization o ON o.id = above.id"           \
  "  WHERE o.parent IS NOT NULL AND above.depth < " CONTACT_DEPTH_MAX ")"                                    \
  " SELECT c.id FROM above JOIN contact c ON c.organization = above.id"                                      \
  " WHERE " CONTACT_REACHABLE_SQL("c", day) such " ORDER BY above.depth, c.escalation_order, c.id LIMIT 1)"

#endif
