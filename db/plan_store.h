#ifndef KIGEN_DB_PLAN_STORE_H
#define KIGEN_DB_PLAN_STORE_H

/* Releases and the revisions of their support plans. */

#include "db/audit.h"
#include "planner/plan.h"
#include "planner/rule.h"

/* A release and what is planned for it. */
typedef struct {
  gint64 release;                          /* row id */
  char *product;                           /* product code */
  char *product_name_ja, *product_name_en; /* the latter may be NULL */
  char *name;                              /* release name */
  char *market;
  gint64 plan; /* row id of the revision loaded, 0: no plan at all */
  int revision;
  char *state; /* "draft", "published" … or NULL */
  char *author, *reason, *published_by;
  Day published_on;  /* DAY_NONE: not published */
  char *approved_by; /* full name; NULL: not approved, or published while the store had no users */
  Day approved_on;
  char *withdrawn_by, *withdrawn_reason;
  Day withdrawn_on;   /* DAY_NONE: not withdrawn */
  SupportPlan *dates; /* of that revision; all unknown when plan is 0 */
} PlanRow;

void plan_row_free(PlanRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanRow, plan_row_free)

typedef enum {
  PLAN_LATEST,   /* the highest revision: a draft if there is one */
  PLAN_IN_FORCE, /* the published one; releases without one are left out */
  PLAN_OPEN      /* the draft (or submitted, approved) one; releases without one are left out */
} PlanWhich;

/* Every release whose "PRODUCT/RELEASE" matches `pattern` (GPatternSpec globs; "PRODUCT" alone means all its
 * releases; NULL: all), sorted by product, general availability, release name. GPtrArray of PlanRow with free
 * function. An empty array is no error. */
bool plan_store_list(Db *db, const char *pattern, PlanWhich which, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The release's id by codes, 0 when there is none. */
bool plan_store_find_release(Db *db, const char *product, const char *release, gint64 *ret_release,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The revision with row id `plan`, or NULL. */
bool plan_store_find(Db *db, gint64 plan, PlanRow **ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The revision in force of (release, market), or NULL. */
bool plan_store_in_force(Db *db, gint64 release, const char *market, PlanRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The revision that one for (release, market) would take the place of: the one in force there, or while that
 * market has none of its own, the one in force for every market; NULL: none. */
bool plan_store_replaced(Db *db, gint64 release, const char *market, PlanRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Every revision of (release, market), in order: GPtrArray of PlanRow with free function. */
bool plan_store_revisions(Db *db, gint64 release, const char *market, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes `plan` the draft of (release, market): changes the open draft, or adds the next revision; does
 * nothing (*ret_changed false) when it equals the draft, or, without a draft, the plan in force. What was
 * submitted or approved is a draft again. Inside the open write transaction. The caller has asked
 * rule_store_gate before. Appends a plan_event, but no audit row. */
bool plan_store_put_draft(Db *db, const AuditContext *context, gint64 release, const char *market,
                          const SupportPlan *plan, const char *reason, bool *ret_changed, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The facts of a revision for rule_check: product data, the revision that it would replace, counts of
 * holdings and contacts (-1 in a store without any installed base). Everything that plan_facts_get's result
 * points to belongs to *ret_facts. Reads several times: inside a transaction where others write. */
typedef struct PlanFacts PlanFacts;
bool plan_store_facts(Db *db, const PlanRow *row, Day today, bool reason_given, PlanFacts **ret_facts,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
const RuleFacts *plan_facts_get(const PlanFacts *facts);
void plan_facts_free(PlanFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanFacts, plan_facts_free)

#endif
