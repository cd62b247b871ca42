#ifndef KIGEN_PLANNER_PLAN_H
#define KIGEN_PLANNER_PLAN_H

/* A support plan: the dates of one release in one market and its limited-support plan. What is promised,
 * without who said it when: revisions and states are the store's (db/plan_store.h). */

#include "planner/limited_support.h"

typedef enum {
  MILESTONE_GENERAL_AVAILABILITY,
  MILESTONE_END_OF_SALE,
  MILESTONE_SECURITY_SUPPORT_END,
  MILESTONE_EOL,
  MILESTONE_EOS,
  MILESTONE_PARTS_UNTIL,
  MILESTONE_REPAIR_UNTIL,
  MILESTONE_COUNT
} Milestone;

/* Column name in CSV and store: "general_availability", "end_of_sale", "security_support_end", "eol", "eos",
 * "parts_until", "repair_until". */
const char *milestone_key(Milestone milestone);
bool milestone_parse(const char *key, Milestone *ret_milestone) G_GNUC_WARN_UNUSED_RESULT;
/* As letters, feeds and tables name it: 製品寿命終了（EOL） / End of life (EOL). `language` is "ja" or "en".
 */
const char *milestone_name(Milestone milestone, const char *language);

typedef struct {
  PlanDate date[MILESTONE_COUNT];
  LimitedSupport limited_support;
  PlanDate announced_on; /* first told to customers, before kigen (imported history) */
  PlanDate presented_on; /* limited-support plan presented to hospitals, before kigen */
} SupportPlan;

SupportPlan *support_plan_new(void); /* all unknown */
SupportPlan *support_plan_copy(const SupportPlan *plan);
void support_plan_free(SupportPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SupportPlan, support_plan_free)

bool support_plan_equal(const SupportPlan *a, const SupportPlan *b);

typedef enum {
  STAGE_UNKNOWN, /* no date says */
  STAGE_DEVELOPMENT,
  STAGE_SUPPORT,
  STAGE_LIMITED_SUPPORT,
  STAGE_END_OF_SUPPORT
} Stage;

/* The stage on `today` (domain.md, Stages): dates are last days, so EOL itself is still support. UNKNOWN is
 * never shown as OK. */
Stage support_plan_stage(const SupportPlan *plan, Day today);
/* "development", "support", "limited-support", "end-of-support", "unknown". */
const char *stage_key(Stage stage);
const char *stage_name(Stage stage, const char *language);

#endif
