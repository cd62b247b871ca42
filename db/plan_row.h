#ifndef KIGEN_DB_PLAN_ROW_H
#define KIGEN_DB_PLAN_ROW_H

/* A row of support_plan and its service lines, as a PlanRow or a SupportPlan and back. Only db/ uses this. */

#include "db/plan_store.h"

/* What plan_row_read reads, in this order: from release r, product p, support_plan s. */
#define PLAN_ROW_COLUMNS                                                                                     \
  "r.id, p.code, p.name_ja, p.name_en, r.name, s.market, s.id, s.revision, s.state, s.author, s.reason,"     \
  " s.published_by, s.published_on, s.approved_by, s.approved_on, s.withdrawn_by, s.withdrawn_reason,"       \
  " s.withdrawn_on, s.general_availability, s.end_of_sale, s.security_support_end, s.eol,"                   \
  " s.eos, s.parts_until, s.repair_until, s.announced_on, s.presented_on, s.limited_support_doc,"            \
  " s.limited_support_duties, s.limited_support_duties_en, s.successor, s.limited_support_rationale,"        \
  " s.limited_support_url"

/* The successor that support_plan `s` of product `p` names (aliases in SQL): its own, else the product's.
 * Where that is a product code of the store, PLAN_ROW_SUCCESSOR finds it as `x`, and the two columns are its
 * name in Japanese and in English; else they are the text as it stands; NULL when none is named. */
#define PLAN_ROW_SUCCESSOR_TEXT(s, p) "coalesce(" s ".successor, " p ".successor)"
#define PLAN_ROW_SUCCESSOR(s, p, x) " LEFT JOIN product " x " ON " x ".code = " PLAN_ROW_SUCCESSOR_TEXT(s, p)
#define PLAN_ROW_SUCCESSOR_COLUMNS(s, p, x)                                                                  \
  "coalesce(" x ".name_ja, " PLAN_ROW_SUCCESSOR_TEXT(s, p) "), coalesce(" x ".name_en, " x                   \
                                                           ".name_ja, " PLAN_ROW_SUCCESSOR_TEXT(s, p) ")"

/* The present row of `statement` (its columns begin with PLAN_ROW_COLUMNS), with its service lines. A release
 * without a plan has an s of NULLs. Errors: DB_ERROR_CORRUPT for a date that is none. */
bool plan_row_read(Db *db, DbStatement *statement, PlanRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The first row of `statement`, which is then reset, or NULL when there is none. */
bool plan_row_read_one(Db *db, DbStatement *statement, PlanRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Parameters that plan_row_bind_plan sets. */
#define PLAN_ROW_PLAN_PARAMETERS (MILESTONE_COUNT + 8)

/* Binds from $first on: the dates in Milestone order, announced_on, presented_on, limited_support_doc,
 * limited_support_duties, limited_support_duties_en, successor, limited_support_rationale,
 * limited_support_url. */
void plan_row_bind_plan(DbStatement *statement, int first, const SupportPlan *plan);

/* Replaces the service lines of revision `plan`. */
bool plan_row_write_lines(Db *db, gint64 plan, const LimitedSupport *support, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
