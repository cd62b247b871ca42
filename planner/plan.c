#include "planner/plan.h"

#include <string.h>

typedef struct {
  const char *key, *ja, *en;
} Word;

static const Word milestones[MILESTONE_COUNT] = {
  [MILESTONE_GENERAL_AVAILABILITY] = { "general_availability", "販売開始", "General availability" },
  [MILESTONE_END_OF_SALE] = { "end_of_sale", "販売終了", "End of sale" },
  [MILESTONE_SECURITY_SUPPORT_END] = { "security_support_end", "セキュリティサポート終了",
                                       "End of security support" },
  [MILESTONE_EOL] = { "eol", "製品寿命終了（EOL）", "End of life (EOL)" },
  [MILESTONE_EOS] = { "eos", "サポート終了（EOS）", "End of support (EOS)" },
  [MILESTONE_PARTS_UNTIL] = { "parts_until", "部品保有期間終了", "End of parts supply" },
  [MILESTONE_REPAIR_UNTIL] = { "repair_until", "修理受付終了", "End of repair" },
};

static const Word stages[] = {
  [STAGE_UNKNOWN] = { "unknown", "不明", "Unknown" },
  [STAGE_DEVELOPMENT] = { "development", "開発", "Development" },
  [STAGE_SUPPORT] = { "support", "サポート", "Support" },
  [STAGE_LIMITED_SUPPORT] = { "limited-support", "限定的サポート", "Limited support" },
  [STAGE_END_OF_SUPPORT] = { "end-of-support", "サポート終了", "End of support" },
};

static const char *word_name(const Word *word, const char *language)
{
  return strcmp(language, "ja") == 0 ? word->ja : word->en;
}

const char *milestone_key(Milestone milestone)
{
  g_assert(milestone < MILESTONE_COUNT);
  return milestones[milestone].key;
}

bool milestone_parse(const char *key, Milestone *ret_milestone)
{
  for (int i = 0; key != NULL && i < MILESTONE_COUNT; i++) {
    if (strcmp(milestones[i].key, key) == 0) {
      *ret_milestone = (Milestone)i;
      return true;
    }
  }
  return false;
}

const char *milestone_name(Milestone milestone, const char *language)
{
  g_assert(milestone < MILESTONE_COUNT);
  return word_name(&milestones[milestone], language);
}

SupportPlan *support_plan_new(void)
{
  return g_new0(SupportPlan, 1);
}

SupportPlan *support_plan_copy(const SupportPlan *plan)
{
  SupportPlan *copy = g_memdup2(plan, sizeof *plan);

  limited_support_copy(&copy->limited_support, &plan->limited_support);
  return copy;
}

void support_plan_free(SupportPlan *plan)
{
  if (plan == NULL)
    return;
  limited_support_clear(&plan->limited_support);
  g_free(plan);
}

bool support_plan_equal(const SupportPlan *a, const SupportPlan *b)
{
  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (!plan_date_equal(a->date[i], b->date[i]))
      return false;
  }
  return plan_date_equal(a->announced_on, b->announced_on) &&
         plan_date_equal(a->presented_on, b->presented_on) &&
         limited_support_equal(&a->limited_support, &b->limited_support);
}

/* True when the last day of `date` is over. */
static bool is_over(PlanDate date, Day today)
{
  return date.state == DATE_KNOWN && today > date.day;
}

/* The stage while neither EOL nor EOS is over: it takes general availability to tell development from
 * support, and a word on EOL (a day, or that none is announced yet) to tell support from limited support. */
static Stage stage_before_eol(const SupportPlan *plan, Day today)
{
  PlanDate available = plan->date[MILESTONE_GENERAL_AVAILABILITY];

  if (available.state == DATE_TBA || (available.state == DATE_KNOWN && today < available.day))
    return STAGE_DEVELOPMENT;
  if (available.state == DATE_UNKNOWN && !is_over(plan->date[MILESTONE_END_OF_SALE], today))
    return STAGE_UNKNOWN;
  return plan->date[MILESTONE_EOL].state == DATE_UNKNOWN ? STAGE_UNKNOWN : STAGE_SUPPORT;
}

Stage support_plan_stage(const SupportPlan *plan, Day today)
{
  if (is_over(plan->date[MILESTONE_EOS], today))
    return STAGE_END_OF_SUPPORT;
  if (!is_over(plan->date[MILESTONE_EOL], today))
    return stage_before_eol(plan, today);
  return plan->date[MILESTONE_EOS].state == DATE_UNKNOWN ? STAGE_UNKNOWN : STAGE_LIMITED_SUPPORT;
}

const char *stage_key(Stage stage)
{
  g_assert(stage < G_N_ELEMENTS(stages));
  return stages[stage].key;
}

const char *stage_name(Stage stage, const char *language)
{
  g_assert(stage < G_N_ELEMENTS(stages));
  return word_name(&stages[stage], language);
}
