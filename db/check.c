#include "db/check.h"

#include "db/check_advisories.h"
#include "db/check_approvals.h"
#include "db/check_base.h"
#include "db/check_files.h"
#include "db/check_parts.h"
#include "db/check_plans.h"
#include "db/check_rows.h"
#include "db/check_traffic.h"
#include "db/check_users.h"

#define NAMED_MAX 20 /* rows named for one message */

static const CheckStep steps[] = {
  { "integrity", "the database file's own structure", check_base_integrity },
  { "references", "rows that refer to rows that do not exist", check_base_references },
  { "schema", "tables, triggers and indexes as this kigen made them", check_base_schema },
  { "audit", "the audit trail's chain", check_base_audit },
  { "rows", "every invariant of the schema, row by row", check_rows },
  { "plans", "published plans against the rules", check_plans_rules },
  { "promises", "published plans against what the audit trail says was published", check_plans_promises },
  { "approvals", "who approved and signed what, and whether it is still that", check_approvals },
  { "advisories", "who approved advisories, whether they are still that, and were told", check_advisories },
  { "users", "who may act, and that somebody can add others", check_users },
  { "holdings", "who holds what, counted anew from the devices", check_traffic_holdings },
  { "outbox", "messages that got stuck, lost their notice or are marked wrongly", check_traffic_outbox },
  { "parts", "what many messages say in the same words, against its hash", check_parts },
  { "delivery", "messages that nobody sends, relays that take none", check_traffic_delivery },
  { "files", "key files, and what else lies beside the store", check_files },
};

const CheckStep *check_steps(gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS(steps);
  return steps;
}

static void check_finding_free(CheckFinding *finding)
{
  g_free(finding->row);
  g_free(finding->message);
  g_free(finding->remedy);
  g_free(finding);
}

GPtrArray *check_findings_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)check_finding_free);
}

void check_add(const CheckStep *step, GPtrArray *findings, char *row, char *message, const char *remedy)
{
  CheckFinding *finding = g_new0(CheckFinding, 1);

  finding->check = step->key;
  finding->row = row;
  finding->message = message;
  finding->remedy = g_strdup(remedy);
  g_ptr_array_add(findings, finding);
}

/* Findings of one query: the first ones by name, the others by number. */
static bool collect(const CheckStep *step, DbStatement *statement, const CheckQuery *query,
                    GPtrArray *findings, GError **error)
{
  gint64 n = 0;
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  for (; row; n++) {
    const char *value = n < NAMED_MAX ? db_text(statement, 1) : NULL;

    if (n < NAMED_MAX)
      check_add(step, findings, db_dup_text(statement, 0),
                value != NULL ? g_strdup_printf("%s: %s", query->message, value) : g_strdup(query->message),
                query->remedy);
    if (!db_step(statement, &row, error))
      return false;
  }
  if (n > NAMED_MAX)
    check_add(step, findings, g_strdup_printf("%" G_GINT64_FORMAT " rows more", n - NAMED_MAX),
              g_strdup(query->message), query->remedy);
  return true;
}

bool check_queries(const CheckStep *step, Db *db, const CheckTerms *terms, const CheckQuery *queries, gsize n,
                   GPtrArray *findings, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    DbStatement *statement;
    char today[DAY_TEXT_SIZE];

    if (!db_prepare(db, &queries[i].query, &statement, error))
      return false;
    if (queries[i].today)
      db_bind_text(statement, 1, day_format(terms->today, today));
    if (!collect(step, statement, &queries[i], findings, error))
      return false;
  }
  return true;
}

bool check_run(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (step->run(step, db, terms, findings, &cause))
    return true;
  if (cause->domain != DB_ERROR || cause->code == DB_ERROR_INTERRUPTED || cause->code == DB_ERROR_BUSY) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
  }
  check_add(step, findings, g_strdup("the store"),
            g_strdup_printf("this could not be asked: %s", cause->message),
            "restore the last backup: kigen restore FILE --force");
  return true;
}
