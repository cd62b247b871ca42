#include "db/check_approvals.h"

#include "db/plan_event_store.h"

#include <string.h>

#define LOOK "find out who wrote into the store beside kigen; then kigen plan set and a new approval"
#define RESTORE "restore the last backup: kigen restore FILE --force"

#define PLAN                                                                                                 \
  "'support_plan ' || s.id || coalesce((SELECT ' (' || p.code || '/' || r.name || ', revision ' || "         \
  "s.revision || ')' FROM release r JOIN product p ON p.id = r.product WHERE r.id = s.release), '')"

/* Approved by a user who wrote none of it. */
#define APPROVED                                                                                             \
  "EXISTS (SELECT 1 FROM plan_event e WHERE e.plan = s.id AND e.event = 'approve' AND e.\"user\" IS NOT "    \
  "NULL AND NOT EXISTS (SELECT 1 FROM plan_event w WHERE w.plan = e.plan AND w.event IN ('set', 'submit')"   \
  " AND w.\"user\" = e.\"user\"))"

/* clang-format off */
static const CheckQuery queries[] = {
  { { "SELECT 'plan_event ' || e.id, e.event FROM plan_event e WHERE e.event NOT IN ('set', 'submit', 'approve',"
      " 'reject', 'override', 'publish', 'withdraw') OR (e.rule IS NOT NULL) <> (e.event = 'override')"
      " OR length(e.content) <> 32 OR e.day IS NOT date(e.day, '+0 days')" },
    "an event that is none, or without the content it was about",
    RESTORE },
  { { "SELECT " PLAN ", e.event || ' by ' || e.by FROM plan_event e JOIN support_plan s ON s.id = e.plan"
      " WHERE e.event IN ('approve', 'override') AND e.\"user\" IS NOT NULL AND EXISTS (SELECT 1 FROM plan_event w"
      " WHERE w.plan = e.plan AND w.event IN ('set', 'submit') AND w.\"user\" = e.\"user\" AND w.id < e.id)" },
    "approved or signed for by its own author",
    LOOK },
  { { "SELECT " PLAN ", NULL FROM support_plan s WHERE s.state = 'approved' AND NOT " APPROVED },
    "it says that it is approved, but nobody who did not write it approved it",
    "kigen plan reject, then submit it for approval" },
  /* before the first user one person published alone */
  { { "SELECT " PLAN ", s.published_by FROM support_plan s WHERE s.published_at > (SELECT min(u.created_at)"
      " FROM \"user\" u) AND NOT " APPROVED },
    "published without the approval of a second person",
    "find out who published it beside kigen; have a new revision approved and publish it" },
};
/* clang-format on */

static char *row_name(const PlanRow *row)
{
  return g_strdup_printf("support_plan %" G_GINT64_FORMAT " (%s/%s, revision %d)", row->plan, row->product,
                         row->name, row->revision);
}

/* The newest event, or the newest approval, says what stands there; else it is a finding. */
static void compare(const CheckStep *step, const PlanRow *row, const GPtrArray *events, GPtrArray *findings)
{
  const PlanEvent *approval = NULL, *last = events->pdata[events->len - 1];
  guint8 content[PLAN_EVENT_CONTENT_SIZE];
  bool open = row->published_on == DAY_NONE;

  plan_event_content(row->dates, content);
  for (guint i = 0; i < events->len; i++) {
    const PlanEvent *event = events->pdata[i];

    if (strcmp(event->event, "approve") == 0)
      approval = event;
  }
  if (memcmp(last->content, content, sizeof content) != 0)
    check_add(
        step, findings, row_name(row),
        g_strdup_printf("changed beside kigen since the event %s by %s", last->event, plan_event_who(last)),
        LOOK);
  if (approval != NULL && (!open || strcmp(row->state, "approved") == 0) &&
      memcmp(approval->content, content, sizeof content) != 0)
    check_add(step, findings, row_name(row),
              g_strdup_printf("not what %s approved", plan_event_who(approval)), LOOK);
}

static bool load_ids(Db *db, GArray **ret_ids, GError **error)
{
  static const DbQuery query = { "SELECT DISTINCT plan FROM plan_event ORDER BY plan" };
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    g_array_append_val(ids, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_ids = g_steal_pointer(&ids);
  return true;
}

static bool compare_all(const CheckStep *step, Db *db, GPtrArray *findings, GError **error)
{
  g_autoptr(GArray) ids = NULL;

  if (!load_ids(db, &ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index(ids, gint64, i);
    g_autoptr(PlanRow) row = NULL;
    g_autoptr(GPtrArray) events = NULL;

    if (!plan_store_find(db, id, &row, error) || !plan_event_store_list(db, id, &events, error))
      return false;
    if (row != NULL) /* an event without its plan is a matter of references */
      compare(step, row, events, findings);
  }
  return true;
}

bool check_approvals(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                     GError **error)
{
  return check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error) &&
         compare_all(step, db, findings, error);
}
