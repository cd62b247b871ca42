#include "db/check_traffic.h"

#include "db/outbox_urgent.h"

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
#define RELEASE(x)                                                                                           \
  "coalesce((SELECT p.code || '/' || r.name FROM release r JOIN product p ON p.id = r.product WHERE r.id"    \
  " = " x "), '?')"
#define ORGANIZATION(x) "coalesce((SELECT o.code FROM organization o WHERE o.id = " x ".organization), '?')"
#define HOLDING(x)                                                                                           \
  "'holding of ' || " RELEASE(x ".release") " || ' by ' || " ORGANIZATION(x) " || ' (' || " x ".role || ')'"
#define PAIR(x)                                                                                              \
  "'pair of ' || " RELEASE(x ".hardware") " || ' and ' || " RELEASE(                                         \
      x ".software") " || ' by ' || " ORGANIZATION(x) " || ' (' || " x ".role || ')'"

/* The same of units made of two releases. */
#define PAIRS_COUNTED                                                                                        \
  "WITH unit AS (SELECT id, quantity, organization, release AS hardware, software_release AS software"       \
  "   FROM device WHERE software_release <> release AND status NOT IN ('disposed', 'transferred')),"         \
  " held AS (SELECT DISTINCT device, role, organization FROM custody"                                        \
  "   WHERE role <> 'user' AND (until IS NULL OR until >= $1)),"                                             \
  " counted AS (SELECT organization, 'user' AS role, hardware, software, sum(quantity) AS n FROM unit"       \
  "   GROUP BY 1, 3, 4 UNION ALL SELECT h.organization, h.role, u.hardware, u.software, sum(u.quantity)"     \
  "   FROM held h JOIN unit u ON u.id = h.device GROUP BY 1, 2, 3, 4)"
#define SAME_PAIR                                                                                            \
  "p.organization = c.organization AND p.role = c.role AND p.hardware = c.hardware AND p.software = "        \
  "c.software"

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
    { { PAIRS_COUNTED
        " SELECT " PAIR("p") ", 'it says ' || p.count || ', the devices say ' || coalesce(c.n, 0)"
                             " FROM holding_pair p LEFT JOIN counted c ON " SAME_PAIR
                             " WHERE p.count <> coalesce(c.n, 0)" },
      "the count differs",
      "kigen doctor --recount",
      true },
    { { PAIRS_COUNTED " SELECT " PAIR("c") ", 'the devices say ' || c.n FROM counted c WHERE NOT EXISTS"
                                           " (SELECT 1 FROM holding_pair p WHERE " SAME_PAIR ")" },
      "it is missing: events do not say when these units end",
      "kigen doctor --recount",
      true },
    { { "SELECT 'extension ' || x.id, 'it stands for ' || x.units || ', the device for ' || d.n FROM "
        "extension x"
        " JOIN (SELECT e.id, coalesce(sum(u.quantity), 0) AS n FROM extension e JOIN organization o"
        "   ON o.id = e.organization LEFT JOIN device u ON u.id = e.device"
        "   AND e.release IN (u.release, u.software_release) AND u.status NOT IN ('disposed', 'transferred')"
        "   AND ((o.role <> 'lessor' AND u.organization = o.id) OR (o.role = 'lessor' AND EXISTS"
        "    (SELECT 1 FROM custody k WHERE k.device = u.id AND k.organization = o.id AND k.role = 'owner'"
        "     AND (k.until IS NULL OR k.until >= $1)))) GROUP BY e.id) d ON d.id = x.id"
        " WHERE x.device IS NOT NULL AND x.until IS NOT NULL AND x.units <> d.n" },
      "its device is not counted as it is",
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
        "  LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN advisory v ON v.id = n.advisory"
        "  WHERE j.outbox = x.id AND (coalesce(s.state, v.state) = 'published' OR n.kind = 'withdrawal'))" },
      "it waits to be sent, but every notice in it is overtaken",
      "publish the release's plan again (kigen plan publish), which takes it out of the outbox" },
    { { "SELECT " MESSAGE ", NULL FROM outbox x WHERE " OUTBOX_URGENT_UNMARKED("x") },
      "it carries an urgent notice, but is not marked: it waits behind all that is urgent",
      "kigen doctor --recount" },
    { { "SELECT " MESSAGE ", NULL FROM outbox x WHERE " OUTBOX_URGENT_MISMARKED("x") },
      "it is marked urgent, but carries no urgent notice: it goes before others",
      "kigen doctor --recount" },
  };
  g_autofree char *since = minutes_before(terms->now, STUCK_MINUTES);

  return find_stuck(step, db, since, findings, error) &&
         check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error);
}

bool check_traffic_delivery(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                            GError **error)
{
  static const CheckQuery queries[] = {
    { { "SELECT x.channel || ' messages: ' || count(*), 'due since ' || min(x.due_on) FROM outbox x"
        " WHERE x.state = 'pending' AND x.state IN ('pending', 'sending', 'deferred', 'unknown')"
        " AND x.channel IN ('mail', 'relay', 'webhook') AND x.due_on < $1"
        " AND NOT EXISTS (SELECT 1 FROM outbox_event e WHERE e.outbox = x.id AND e.day >= $1) GROUP BY "
        "x.channel" },
      "they wait, and nobody sends them",
      "run kigen deliver, and see what it says: it is meant to run all the time",
      true },
    { { "SELECT 'relay ' || r.url, 'since ' || r.failing_since || ': ' || coalesce(r.reply, '') FROM relay r"
        " WHERE r.failing_since IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM relay k WHERE k.accepted_at > r.failing_since)" },
      "it takes no messages",
      "mend it, or name another one (transport, in [mail] of kigen.conf): what waits goes by itself then" },
  };

  return check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error);
}
