#include "db/plan_facts.h"

#include "db/audience.h"
#include "db/day_column.h"
#include "db/document_store.h"
#include "db/market.h"
#include "db/plan_event_store.h"
#include "db/plan_told.h"
#include "db/plan_transfer.h"
#include "db/presented.h"

#include <string.h>

struct PlanFacts {
  RuleFacts facts; /* points into what follows */
  SupportPlan *plan;
  PlanRow *in_force;
  char *security_contact;
  char *update_policy_doc;
  char *art12_3_reason;
  char *unreachable_names;
  char *not_presented_names;
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
  g_free(facts->art12_3_reason);
  g_free(facts->unreachable_names);
  g_free(facts->not_presented_names);
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

static bool load_product(Db *db, const PlanRow *row, PlanFacts *facts, GError **error)
{
  static const DbQuery query = {
    "SELECT p.security_contact, p.update_policy_doc, coalesce(p.useful_life_years, -1), p.transition,"
    " CASE p.art12_3 WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 0 END, EXISTS (SELECT 1 FROM holding),"
    " p.art12_3_reason, CASE p.serious_harm WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 0 END"
    " FROM release r JOIN product p ON p.id = r.product WHERE r.id = $1"
  };
  static const Scope12_3 scopes[] = { SCOPE_UNKNOWN, SCOPE_YES, SCOPE_NO };
  static const SeriousHarm harms[] = { HARM_UNKNOWN, HARM_YES, HARM_NO };
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
  facts->art12_3_reason = db_dup_text(statement, 6);
  facts->facts.serious_harm = harms[db_int(statement, 7)];
  db_reset(statement);
  facts->facts.security_contact = facts->security_contact;
  facts->facts.update_policy_doc = facts->update_policy_doc;
  facts->facts.art12_3_reason = facts->art12_3_reason;
  return true;
}

/* STALE-1: the latest assessment; whoever publishes has assessed. `in_force` is the plan that customers rely
 * on, or NULL. */
static bool load_assessment(Db *db, const PlanRow *in_force, PlanFacts *facts, GError **error)
{
  static const DbQuery query = { "SELECT max(day) FROM assessment WHERE release = $1" };
  DbStatement *statement;

  if (in_force == NULL) {
    return true;
  }
  if (!first_row(db, &query, in_force, &statement, error)) {
    return false;
  }
  facts->facts.assessed_on = MAX(day_column_read(statement, 0), in_force->published_on);
  db_reset(statement);
  return true;
}

#define CONCERNED(organization) MARKET_CONCERNS_SQL("$1", "$2", organization)

/* The latest end of a maintenance contract (device) or a lease (custody) of a unit that is not gone, of whose
 * user the plan concerns; `bare`: what else must be true of device d, whose contract ends on `day`. Each part
 * reads an index from its end; leases are looked through only where a holding says that somebody else owns a
 * unit. A lease whose custody is over counts no more. */
/* clang-format off */
#define STANDS " AND d.status NOT IN ('disposed', 'transferred') AND " CONCERNED("d.organization")
#define CONTRACT_END(bare) \
  "(SELECT max(day) FROM (" \
  "SELECT * FROM (SELECT d.contract_until AS day FROM device d WHERE d.release = $1 AND d.contract_until > ''" STANDS \
  bare("d.contract_until") " ORDER BY d.contract_until DESC LIMIT 1) AS hardware" \
  " UNION ALL SELECT * FROM (SELECT d.contract_until AS day FROM device d WHERE d.software_release = $1" \
  " AND d.software_release IS NOT NULL AND d.contract_until > ''" STANDS bare("d.contract_until") \
  " ORDER BY d.contract_until DESC LIMIT 1) AS software" \
  " UNION ALL SELECT * FROM (SELECT c.lease_end AS day FROM custody c JOIN device d ON d.id = c.device" \
  " WHERE c.lease_end IS NOT NULL AND (c.until IS NULL OR c.until >= $3)" \
  " AND (+d.release = $1 OR +d.software_release = $1)" STANDS bare("c.lease_end") \
  " AND EXISTS (SELECT 1 FROM holding h WHERE h.release = $1 AND h.role = 'owner' AND h.ended_on IS NULL)" \
  " ORDER BY c.lease_end DESC LIMIT 1) AS lease) AS ends)"
#define ALL(day) ""
/* No extension of the release keeps the unit as long as its contract. */
#define BARE(day) \
  " AND NOT EXISTS (SELECT 1 FROM extension e WHERE e.organization = d.organization AND +e.release = $1" \
  " AND (e.device IS NULL OR e.device = d.id) AND e.until >= " day ")"
/* clang-format on */

static bool load_contract_end(Db *db, const PlanRow *row, Day today, PlanFacts *facts, GError **error)
{
  static const DbQuery query = { "SELECT " CONTRACT_END(ALL) ", " CONTRACT_END(BARE) };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market);
  db_bind_text(statement, 3, day_format(today, day));
  if (!db_step(statement, &found, error)) {
    return false;
  }
  facts->facts.latest_contract_end = day_column_read(statement, 0);
  facts->facts.bare_contract_end = day_column_read(statement, 1);
  db_reset(statement);
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
  PresentedCount count;

  if (!presented_count(db, row, today, &count, error)) {
    return false;
  }
  facts->not_presented_names = count.names;
  facts->facts.not_presented_names = count.names;
  facts->facts.not_presented = count.missing;
  facts->facts.presentation_pending = count.pending;
  return true;
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

static bool is_published(const PlanRow *row)
{
  return g_strcmp0(row->state, "published") == 0;
}

bool plan_facts_load(Db *db, const PlanRow *row, PlanRow *in_force, Day today, bool reason_given,
                     PlanFacts **ret_facts, GError **error)
{
  g_autoptr(PlanFacts) facts = g_new0(PlanFacts, 1);

  facts->plan = support_plan_copy(row->dates);
  facts->in_force = in_force;
  facts->facts.today = today;
  /* What is in force was published with the reason that stands in it, or with none. */
  facts->facts.reason_given = is_published(row)
                                  ? row->reason != NULL && row->reason[strspn(row->reason, " \t\n")] != '\0'
                                  : reason_given;
  facts->facts.plan = facts->plan;
  facts->facts.in_force = in_force != NULL ? in_force->dates : NULL;
  facts->facts.published = is_published(row);

  const PlanRow *relied_on = facts->facts.published ? row : in_force;

  if (!load_product(db, row, facts, error) || !plan_told_load(db, row, today, facts->facts.told, error) ||
      !plan_transfer_load(db, row, relied_on, &facts->facts, error) ||
      !load_assessment(db, relied_on, facts, error) || !load_contract_end(db, row, today, facts, error) ||
      !load_overrides(db, row, facts, error) || !load_people(db, row, today, facts, error) ||
      !document_store_named(db, row->release, &facts->facts.documents, error)) {
    return false;
  }
  *ret_facts = g_steal_pointer(&facts);
  return true;
}
