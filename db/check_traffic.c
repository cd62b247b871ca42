#include "db/check_traffic.h"

#define STUCK_MINUTES 15 /* a sender is killed long before */

/* Units by (release, organization, role): users from devices, the others from custodies that last on $1. */
#define COUNTED                                                                                              \
  "WITH unit AS (SELECT id, quantity, organization, release FROM device"                                     \
  "   WHERE status NOT IN ('disposed', 'transferred')"                                                       \
  "  UNION ALL SELECT id, quantity, organization, software_release FROM device"                              \
  "   WHERE software_release IS NOT NULL AND status NOT IN ('disposed', 'transferred')),"                    \
  " held AS (SELECT DISTINCT device, role, organization FROM custody"                                        \
  "   WHERE role <> 'user' AND (until IS NULL OR until >= $1)),"                                             \
  " counted AS (SELECT release, organization, 'user' AS role, sum(quantity) AS n FROM unit GROUP BY 1, 2"    \
  "  UNION ALL SELECT u.release, h.organization, h.role, sum(u.quantity) FROM held h"                        \
  "   JOIN unit u ON u.id = h.device GROUP BY 1, 2, 3)"
#define HOLDING(x)                                                                                           \
  "'holding of ' || coalesce((SELECT p.code || '/' || r.name FROM release r JOIN product p ON p.id = "       \
  "r.product WHERE r.id = " x ".release), '?') || ' by ' || coalesce((SELECT o.code FROM organization o "    \
  "WHERE o.id = " x ".organization), '?') || ' (' || " x ".role || ')'"

bool check_traffic_holdings(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                            GError **error)
{
  static const CheckQuery queries[] = {
    { { COUNTED " SELECT " HOLDING("h") ", 'it says ' || h.count || ', the devices say ' || coalesce(c.n, 0)"
                                        " FROM holding h LEFT JOIN counted c ON c.release = h.release AND "
                                        "c.organization = h.organization AND c.role = h.role"
                                        " WHERE h.count <> coalesce(c.n, 0)" },
      "the count differs",
      "kigen doctor --recount",
      true },
    { { COUNTED
        " SELECT " HOLDING("c") ", 'the devices say ' || c.n FROM counted c"
                                " WHERE NOT EXISTS (SELECT 1 FROM holding h WHERE h.release = c.release"
                                " AND h.organization = c.organization AND h.role = c.role)" },
      "it is missing: this organization gets neither notices nor events",
      "kigen doctor --recount",
      true },
  };

  return check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error);
}

#define MESSAGE "'outbox ' || x.id || ' (' || x.state || ', due ' || x.due_on || ')'"

/* Messages leased before `since` and never heard of again. */
static bool find_stuck(const CheckStep *step, Db *db, const char *since, GPtrArray *findings, GError **error)
{
  static const DbQuery query = { "SELECT " MESSAGE
                                 ", coalesce(e.at, 'never') FROM outbox x LEFT JOIN outbox_event e ON e.id ="
                                 " (SELECT max(l.id) FROM outbox_event l WHERE l.outbox = x.id)"
                                 " WHERE x.state = 'sending' AND (e.at IS NULL OR e.at < $1) ORDER BY x.id" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, since);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    check_add(step, findings, db_dup_text(statement, 0),
              g_strdup_printf("stuck in sending since %s", db_text(statement, 1)),
              "no kigen deliver is at work on it: run kigen deliver --once, which takes it up again");
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

static char *minutes_before(const char *now, int minutes)
{
  g_autoptr(GDateTime) instant = g_date_time_new_from_iso8601(now, NULL);
  g_autoptr(GDateTime) before = instant != NULL ? g_date_time_add_minutes(instant, -minutes) : NULL;

  return before != NULL ? g_date_time_format(before, "%Y-%m-%dT%H:%M:%SZ") : g_strdup(now);
}

bool check_traffic_outbox(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                          GError **error)
{
  static const CheckQuery queries[] = {
    { { "SELECT " MESSAGE
        ", NULL FROM outbox x WHERE x.state IN ('pending', 'sending', 'deferred', 'unknown')"
        " AND NOT EXISTS (SELECT 1 FROM outbox_notice n WHERE n.outbox = x.id)" },
      "it waits to be sent, but carries no notice",
      "find out who removed its notices; restore the last backup" },
    { { "SELECT " MESSAGE ", NULL FROM outbox x WHERE x.state = 'pending' AND x.attempt = 0"
        " AND EXISTS (SELECT 1 FROM outbox_notice n WHERE n.outbox = x.id)"
        " AND NOT EXISTS (SELECT 1 FROM outbox_notice j JOIN notice n ON n.id = j.notice"
        "  JOIN support_plan s ON s.id = n.plan WHERE j.outbox = x.id"
        "  AND (s.state = 'published' OR n.kind = 'withdrawal'))" },
      "it waits to be sent, but every notice in it is overtaken",
      "publish the release's plan again (kigen plan publish), which takes it out of the outbox" },
  };
  g_autofree char *since = minutes_before(terms->now, STUCK_MINUTES);

  return find_stuck(step, db, since, findings, error) &&
         check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error);
}
