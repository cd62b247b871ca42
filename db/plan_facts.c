#include "db/plan_facts.h"

#include "db/audience.h"
#include "db/document_store.h"
#include "db/market.h"
#include "db/plan_event_store.h"

#define LATE_HOLDER_DAYS 30 /* LSP-4: a unit acquired later is told of within 30 days */

struct PlanFacts {
  RuleFacts facts; /* points into what follows */
  SupportPlan *plan;
  PlanRow *in_force;
  char *security_contact;
  char *update_policy_doc;
  char *unreachable_names;
  GPtrArray *events; /* of PlanEvent: the overrides that hold */
  RuleOverride *overrides;
};

void plan_facts_free(PlanFacts *facts)
{
  if (facts == NULL) {
    return;
  }
  support_plan_free(facts->plan);
  plan_row_free(facts->in_force);
  g_free(facts->security_contact);
  g_free(facts->update_policy_doc);
  g_free(facts->unreachable_names);
  g_clear_pointer(&facts->events, g_ptr_array_unref);
  g_free(facts->overrides);
  g_free(facts);
}

const RuleFacts *plan_facts_get(const PlanFacts *facts)
{
  return &facts->facts;
}

/* The statement of `query` with the release as $1, on its first row (there is always one). */
static bool first_row(Db *db, const DbQuery *query, const PlanRow *row, DbStatement **ret_statement,
                      GError **error)
{
  bool found;

  if (!db_prepare(db, query, ret_statement, error)) {
    return false;
  }
  db_bind_int(*ret_statement, 1, row->release);
  if (!db_step(*ret_statement, &found, error)) {
    return false;
  }
  g_assert(found);
  return true;
}

static Day day_or_none(DbStatement *statement, int column)
{
  const char *text = db_text(statement, column);
  Day day;

  return text != NULL && day_parse(text, &day) ? day : DAY_NONE;
}

static bool load_product(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  static const DbQuery query = {
    "SELECT p.security_contact, p.update_policy_doc, coalesce(p.useful_life_years, -1), p.transition,"
    " CASE p.art12_3 WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 0 END, EXISTS (SELECT 1 FROM holding)"
    " FROM release r JOIN product p ON p.id = r.product WHERE r.id = $1"
  };
  static const Scope12_3 scopes[] = { SCOPE_UNKNOWN, SCOPE_YES, SCOPE_NO };
  DbStatement *statement;

  if (!first_row(db, &query, row, &statement, error)) {
    return false;
  }
  facts->security_contact = db_dup_text(statement, 0);
  facts->update_policy_doc = db_dup_text(statement, 1);
  facts->facts.useful_life_years = (int)db_int(statement, 2);
  facts->facts.transition = db_int(statement, 3) != 0;
  facts->facts.art12_3 = scopes[db_int(statement, 4)];
  /* A store without an installed base knows nothing of who is concerned: that is not "nobody". */
  facts->facts.affected_organizations = db_int(statement, 5) != 0 ? 0 : -1;
  db_reset(statement);
  facts->facts.security_contact = facts->security_contact;
  facts->facts.update_policy_doc = facts->update_policy_doc;
  return true;
}

/* When the EOL and EOS in force were told first: to a market with a plan of its own also by that for every
 * market, as long as it had none. */
static bool load_history(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  static const DbQuery query = {
    "SELECT (SELECT min(old.published_on) FROM support_plan now JOIN support_plan old"
    "   ON old.release = now.release AND coalesce(old.eol, '') = coalesce(now.eol, '')"
    "   AND coalesce(old.eos, '') = coalesce(now.eos, '') AND (old.market = now.market OR (old.market = '*'"
    "     AND NOT EXISTS (SELECT 1 FROM support_plan own WHERE own.release = old.release"
    "       AND own.market = now.market AND own.published_on < old.published_on)))"
    "   WHERE now.release = $1 AND now.market = $2 AND now.state = 'published'),"
    " EXISTS (SELECT 1 FROM support_plan s JOIN notice n ON n.plan = s.id AND n.kind = 'eos-reminder'"
    "   JOIN outbox_notice x ON x.notice = n.id WHERE s.release = $1 AND s.market = $2)"
  };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, facts->in_force != NULL ? facts->in_force->market : row->market);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  facts->facts.first_announced = day_or_none(statement, 0);
  /* What was announced before kigen may have been transferred before kigen too. */
  facts->facts.transfer = db_int(statement, 1) != 0                      ? TRANSFER_BEGUN
                          : row->dates->announced_on.state == DATE_KNOWN ? TRANSFER_UNKNOWN
                                                                         : TRANSFER_NOT_BEGUN;
  db_reset(statement);
  return true;
}

#define CONCERNED(organization) MARKET_CONCERNS_SQL("$1", "$2", organization)

/* The latest end of a maintenance contract (device) or a lease (custody) of a unit that is not gone, of whose
 * user the plan concerns. Each
 * part reads an index from its end; leases are looked through only where a holding says that somebody else
 * owns a unit. */
static bool load_contract_end(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  static const DbQuery query = {
    "SELECT max(day) FROM ("
    "SELECT * FROM (SELECT contract_until AS day FROM device WHERE release = $1 AND contract_until > ''"
    "  AND status NOT IN ('disposed', 'transferred') AND " CONCERNED(
        "organization") "  ORDER BY contract_until DESC LIMIT 1) AS hardware"
                        " UNION ALL SELECT * FROM (SELECT contract_until AS day FROM device WHERE "
                        "software_release = $1"
                        "  AND software_release IS NOT NULL AND contract_until > '' AND status NOT IN "
                        "('disposed', 'transferred')"
                        "  AND " CONCERNED(
                            "organization") " ORDER BY contract_until DESC LIMIT 1) AS software"
                                            " UNION ALL SELECT * FROM (SELECT c.lease_end AS day FROM "
                                            "custody c JOIN device d ON d.id = c.device"
                                            "  WHERE c.lease_end IS NOT NULL AND (+d.release = $1 OR "
                                            "+d.software_release = $1)"
                                            "  AND d.status NOT IN ('disposed', 'transferred') AND EXISTS "
                                            "(SELECT 1 FROM holding h WHERE h.release = "
                                            "$1"
                                            "    AND h.role = 'owner' AND h.ended_on IS NULL) AND " CONCERNED(
                                                "d.organization") "  ORDER BY c.lease_end DESC LIMIT 1) AS "
                                                                  "lease) AS ends"
  };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  facts->facts.latest_contract_end = day_or_none(statement, 0);
  db_reset(statement);
  return true;
}

/* A message of the release's notices that says the limited-support plan, accepted and not bounced since; or
 * an acknowledgement of one. `day` is its day's name in SQL. */
#define PRESENTATIONS(columns, day_test)                                                                     \
  "SELECT " columns " FROM support_plan s JOIN notice n ON n.plan = s.id"                                    \
  " JOIN outbox_notice x ON x.notice = n.id AND x.organization = h.organization"                             \
  " JOIN outbox o ON o.id = x.outbox AND o.state = 'accepted'"                                               \
  " JOIN outbox_event e ON e.outbox = o.id AND e.state = 'accepted'"                                         \
  " WHERE s.release = $1 AND s.market = $2 AND s.limited_support_doc IS NOT NULL" day_test
#define ACKNOWLEDGEMENTS(columns, day_test)                                                                  \
  "SELECT " columns " FROM support_plan s JOIN notice n ON n.plan = s.id"                                    \
  " JOIN acknowledgement a ON a.notice = n.id AND a.organization = h.organization"                           \
  " WHERE s.release = $1 AND s.market = $2 AND s.limited_support_doc IS NOT NULL" day_test

#define HOSPITALS                                                                                            \
  " FROM holding h JOIN organization u ON u.id = h.organization"                                             \
  " WHERE h.release = $1 AND h.role = 'user' AND h.ended_on IS NULL AND u.role IN ('hospital', 'clinic')"    \
  " AND " CONCERNED("h.organization")
#define NOT_PRESENTED_BY_EOL                                                                                 \
  " AND ($4 = 0 OR (NOT EXISTS (" PRESENTATIONS(                                                             \
      "1", " AND e.day <= $3") ")"                                                                           \
                               " AND NOT EXISTS (" ACKNOWLEDGEMENTS("1",                                     \
                                                                    " AND substr(a.at, 1, 10) <= $3") ")))"

/* Whether any notice of the release and market was made: else nobody needs to be looked for. */
static bool load_any_notice(Db *db, const PlanRow *row, bool *ret_any, GError **error)
{
  static const DbQuery query = { "SELECT EXISTS (SELECT 1 FROM support_plan s JOIN notice n ON n.plan = s.id"
                                 " WHERE s.release = $1 AND s.market = $2)" };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  *ret_any = db_int(statement, 0) != 0;
  db_reset(statement);
  return true;
}

/* $1 to $4 of the queries below. */
static bool prepare_hospitals(Db *db, const DbQuery *query, const PlanRow *row, bool any,
                              DbStatement **ret_statement, GError **error)
{
  PlanDate eol = row->dates->date[MILESTONE_EOL];
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, query, ret_statement, error)) {
    return false;
  }
  db_bind_int(*ret_statement, 1, row->release);
  db_bind_text(*ret_statement, 2, row->market);
  db_bind_text(*ret_statement, 3, eol.state == DATE_KNOWN ? day_format(eol.day, day) : "9999-12-31");
  db_bind_int(*ret_statement, 4, any);
  return true;
}

/* Hospitals and clinics that saw nothing by EOL. */
static bool count_not_presented(Db *db, const PlanRow *row, bool any, gint64 *ret_n, GError **error)
{
  static const DbQuery query = { "SELECT count(*)" HOSPITALS NOT_PRESENTED_BY_EOL };
  DbStatement *statement;
  bool found;

  if (!prepare_hospitals(db, &query, row, any, &statement, error) || !db_step(statement, &found, error)) {
    return false;
  }
  *ret_n = db_int(statement, 0);
  db_reset(statement);
  return true;
}

/* Of those, the ones told within the days that a late holder has; few, if any. The days are added here,
 * because date arithmetic is another one in every engine. */
static bool count_late_but_in_time(Db *db, const PlanRow *row, gint64 *ret_n, GError **error)
{
  static const DbQuery query = { "SELECT h.since, (" PRESENTATIONS("min(e.day)", "") "), (" ACKNOWLEDGEMENTS(
      "min(substr(a.at, 1, 10))", "") ")" HOSPITALS " AND h.since > $5" NOT_PRESENTED_BY_EOL };
  Day eol = row->dates->date[MILESTONE_EOL].day;
  char first_late[DAY_TEXT_SIZE];
  DbStatement *statement;
  gint64 n = 0;
  bool more;

  if (!prepare_hospitals(db, &query, row, true, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 5, day_format(eol - LATE_HOLDER_DAYS, first_late));
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    Day since = day_or_none(statement, 0), mail = day_or_none(statement, 1),
        acknowledged = day_or_none(statement, 2);
    Day last = since + LATE_HOLDER_DAYS;

    n += (mail != DAY_NONE && mail <= last) || (acknowledged != DAY_NONE && acknowledged <= last);
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  *ret_n = n;
  return true;
}

static bool load_not_presented(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  PlanDate eol = row->dates->date[MILESTONE_EOL];
  gint64 nothing_by_eol, in_time = 0;
  bool any;

  if (!load_any_notice(db, row, &any, error) || !count_not_presented(db, row, any, &nothing_by_eol, error) ||
      (any && eol.state == DATE_KNOWN && !count_late_but_in_time(db, row, &in_time, error))) {
    return false;
  }
  facts->facts.not_presented = nothing_by_eol - in_time;
  return true;
}

/* Who is concerned, and who of them was not and cannot be told. */
static bool load_people(Db *db, const PlanRow *row, Day today, PlanFacts *facts, GError **error)
{
  if (facts->facts.affected_organizations < 0) {
    facts->facts.unreachable_organizations = -1;
    facts->facts.not_presented = -1;
    return true;
  }
  if (!audience_reach(db, row->release, row->market, today, &facts->facts.affected_organizations,
                      &facts->facts.unreachable_organizations, &facts->unreachable_names, error)) {
    return false;
  }
  facts->facts.unreachable_names = facts->unreachable_names;
  return load_not_presented(db, row, facts, error);
}

/* What was signed for this plan, as it is. */
static bool load_overrides(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  guint8 content[PLAN_EVENT_CONTENT_SIZE];

  plan_event_content(row->dates, content);
  if (!plan_event_store_overrides(db, row->plan, content, &facts->events, error)) {
    return false;
  }
  facts->overrides = g_new0(RuleOverride, facts->events->len);
  for (guint i = 0; i < facts->events->len; i++) {
    const PlanEvent *event = facts->events->pdata[i];

    facts->overrides[i] =
        (RuleOverride){ event->rule, plan_event_who(event), event->role, event->reason, event->day };
  }
  facts->facts.overrides = facts->overrides;
  facts->facts.n_overrides = facts->events->len;
  return true;
}

bool plan_facts_load(Db *db, const PlanRow *row, PlanRow *in_force, Day today, bool reason_given,
                     PlanFacts **ret_facts, GError **error)
{
  g_autoptr(PlanFacts) facts = g_new0(PlanFacts, 1);

  facts->plan = support_plan_copy(row->dates);
  facts->in_force = in_force;
  facts->facts.today = today;
  facts->facts.reason_given = reason_given;
  facts->facts.plan = facts->plan;
  facts->facts.in_force = in_force != NULL ? in_force->dates : NULL;
  facts->facts.published = g_strcmp0(row->state, "published") == 0;
  if (!load_product(db, row, facts, error) || !load_history(db, row, facts, error) ||
      !load_contract_end(db, row, facts, error) || !load_overrides(db, row, facts, error) ||
      !load_people(db, row, today, facts, error) ||
      !document_store_named(db, row->release, &facts->facts.documents, error)) {
    return false;
  }
  *ret_facts = g_steal_pointer(&facts);
  return true;
}
