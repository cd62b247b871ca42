#ifndef KIGEN_CLI_PLAN_WORK_H
#define KIGEN_CLI_PLAN_WORK_H

/* One step (submit, approve, reject …) over the plans that a command line means: found, taken in one
 * transaction, all or none, and said. A step is a row, a PlanVerb. */

#include "db/plan_step.h"
#include "notifier/cli/cli.h"
#include "planner/rule.h"

typedef struct PlanVerb PlanVerb;

/* What the steps of one run share. */
typedef struct {
  const PlanVerb *verb;
  Cli *cli;
  const Args *args;
  Db *db;
  AuditContext context;
  const Policy *policy;
  const char *reason; /* or NULL */
} PlanWork;

/* What one step says besides who, what and from which to which: both may stay as they are. */
typedef struct {
  Json *facts; /* members for the JSON document; or NULL */
  char *line;  /* for the text, one line; or NULL */
} PlanWorkSaid;

struct PlanVerb {
  const char *name;         /* "approve" */
  const char *done;         /* "approved": what was done, and the JSON document's list */
  RevisionEvent event;      /* plans for which it is not possible are left out of a pattern */
  bool changes_state;       /* false: any open plan will do */
  PlanWhich which;          /* PLAN_OPEN or PLAN_IN_FORCE */
  guint first;              /* where the plans begin among the words */
  const char *needs_reason; /* why there must be one, or NULL */
  bool shows_changes;       /* was and now, beside the plan in force */
  const char *next;         /* "kigen plan publish %s", or NULL */
  bool (*run)(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error);
};

/* --all, --market and --dry-run, for every step. */
extern const ArgOption plan_work_options[];

/* Runs `verb` with the words of `args`: PRODUCT/RELEASE, patterns, or --all; --reason, --market, --dry-run,
 * --json. A plan named whole for which the step is not possible is refused, with the remedy; one that only
 * fits a pattern is left alone and counted. Errors: those of the step; nothing is changed then. */
bool plan_work_run(Cli *cli, const Args *args, const PlanVerb *verb, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Says who took the step that `row` was last through, and in which role: "by 鈴木 花子 (quality)", and
 * members by, role for JSON. */
bool plan_work_say_who(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Refuses words that mean no plan, --all beside words, and a reason that is empty. */
bool plan_work_check_words(const Args *args, guint first, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
