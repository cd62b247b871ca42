#ifndef KIGEN_DB_OUTBOX_FILTER_H
#define KIGEN_DB_OUTBOX_FILTER_H

/* Which messages of the outbox are meant. For the stores of db/ and whoever asks them. */

#include "db/db.h"
#include "planner/day.h"
#include "planner/outbox_life.h"

/* NULL, 0 and DAY_NONE: any. */
typedef struct {
  gint64 id;
  const OutboxState *state;
  const char *channel;
  const char *organization; /* code of the addressee's */
  const char *kind;         /* of a notice in it: "eol-reminder" */
  const char
      *release; /* that a notice in it is about: "PRODUCT" or "PRODUCT/RELEASE"; an advisory's number */
  Day due_from, due_to; /* both included */
} OutboxFilter;

#define OUTBOX_FILTER_NONE ((OutboxFilter){ .due_from = DAY_NONE, .due_to = DAY_NONE })

/* A query's condition over outbox x; $1 to $8 are outbox_filter_bind's. */
#define OUTBOX_FILTER_SQL                                                                                    \
  "(($1 = 0 OR x.id = $1) AND ($2 IS NULL OR x.state = $2) AND ($3 IS NULL OR x.channel = $3)"               \
  " AND ($4 IS NULL OR x.organization = (SELECT fo.id FROM organization fo WHERE fo.code = $4))"             \
  " AND ($5 IS NULL OR EXISTS (SELECT 1 FROM outbox_notice fx JOIN notice fn ON fn.id = fx.notice"           \
  "   WHERE fx.outbox = x.id AND fn.kind = $5))"                                                             \
  " AND ($6 IS NULL OR EXISTS (SELECT 1 FROM outbox_notice fx JOIN notice fn ON fn.id = fx.notice"           \
  "   LEFT JOIN support_plan fs ON fs.id = fn.plan LEFT JOIN advisory fa ON fa.id = fn.advisory"             \
  "   LEFT JOIN advisory_release fw ON fw.advisory = fa.id"                                                  \
  "   LEFT JOIN release fr ON fr.id = coalesce(fs.release, fw.release)"                                      \
  "   LEFT JOIN product fp ON fp.id = fr.product WHERE fx.outbox = x.id"                                     \
  "   AND (fp.code = $6 OR fp.code || '/' || fr.name = $6 OR fa.number = $6)))"                              \
  " AND ($7 IS NULL OR x.due_on >= $7) AND ($8 IS NULL OR x.due_on <= $8))"
#define OUTBOX_FILTER_VALUES 8

void outbox_filter_bind(const OutboxFilter *filter, DbStatement *statement);

#endif
