#ifndef KIGEN_CLI_PUBLISH_H
#define KIGEN_CLI_PUBLISH_H

/* Publishing many plans at once: what was asked of the rules, what went out, what was refused.
 * cmd_plan_publish.c works it, publish_report.c prints it. */

#include "db/plan_publish.h"
#include "notifier/cli/cli.h"

/* One open plan and what became of it. */
typedef struct {
  PlanRow *row;
  GPtrArray *findings;  /* of RuleFinding; NULL: its state is in the way already */
  const char *problem;  /* what has to happen before it can be published at all, or NULL; static */
  bool reason_given;    /* here, or when it was submitted */
  bool refused;         /* a problem, an error of the publish gate stands, or a warning without a reason */
  gint64 organizations; /* concerned */
  PlanTelling telling;  /* what was made */
} PublishItem;

typedef struct {
  GPtrArray *items; /* of PublishItem */
  guint refused;
  guint published;
  guint left; /* that a pattern means, but are not approved */
  gint64 messages;
  bool dry_run;
} Publish;

void publish_clear(Publish *publish);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Publish, publish_clear)

/* Appends an item for `row` (taken over). */
PublishItem *publish_add(Publish *publish, PlanRow *row);

/* Prints what was done. */
void publish_print(const Publish *publish);
Json *publish_json(const Publish *publish);

#endif
