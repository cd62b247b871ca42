#include "db/check_advisories.h"

#include "db/advisory_event_store.h"

#include <string.h>

#define LOOK "find out who wrote into the store beside kigen; then kigen advisory draft and a new approval"
#define RESTORE "restore the last backup: kigen restore FILE --force"
#define ADVISORY "'advisory ' || v.id || ' (' || v.number || ', revision ' || v.revision || ')'"
/* Approved by a user who wrote none of it. */
#define APPROVED                                                                                             \
  "EXISTS (SELECT 1 FROM advisory_event e WHERE e.advisory = v.id AND e.event = 'approve'"                   \
  " AND e.\"user\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM advisory_event w WHERE w.advisory = e.advisory" \
  " AND w.event = 'set' AND w.\"user\" = e.\"user\"))"

/* clang-format off */
static const CheckQuery queries[] = {
  { { "SELECT " ADVISORY ", v.kind || ', ' || v.state FROM advisory v WHERE v.kind NOT IN ('component-notice',"
      " 'security-advisory', 'stop-use-recommendation') OR v.state NOT IN ('draft', 'approved', 'published',"
      " 'superseded', 'withdrawn') OR trim(v.title_ja) = '' OR trim(v.body_ja) = ''"
      " OR (v.kind = 'component-notice' AND v.component IS NULL)"
      " OR (v.state IN ('published', 'superseded') AND v.published_on IS NULL)" },
    "kind, state, title, text, component or day of publication is none",
    RESTORE },
  { { "SELECT 'advisory ' || group_concat(v.id, ', '), v.number FROM advisory v WHERE v.state = 'published'"
      " GROUP BY v.serial HAVING count(*) > 1" },
    "two revisions are in force",
    RESTORE },
  { { "SELECT " ADVISORY ", NULL FROM advisory v WHERE NOT EXISTS (SELECT 1 FROM advisory_release w"
      " WHERE w.advisory = v.id)" },
    "it is about no release",
    RESTORE },
  { { "SELECT " ADVISORY ", NULL FROM advisory v WHERE v.state = 'published' AND NOT EXISTS (SELECT 1 FROM notice n"
      " WHERE n.advisory = v.id AND n.kind = v.kind)" },
    "it is in force, but was never told",
    RESTORE },
  { { "SELECT 'notice ' || n.id, n.kind FROM notice n WHERE (n.plan IS NULL) = (n.advisory IS NULL)"
      " OR (n.kind <> 'withdrawal' AND (n.advisory IS NOT NULL) <> (n.kind IN ('component-notice',"
      " 'security-advisory', 'stop-use-recommendation')))" },
    "it is of a plan and an advisory, of neither, or of another kind than they have",
    RESTORE },
  { { "SELECT 'notice ' || group_concat(n.id, ', '), n.kind FROM notice n WHERE n.advisory IS NOT NULL"
      " GROUP BY n.advisory, n.kind HAVING count(*) > 1" },
    "one notice of an advisory twice",
    RESTORE },
  { { "SELECT " ADVISORY ", NULL FROM advisory v WHERE v.state = 'approved' AND NOT " APPROVED },
    "it says that it is approved, but nobody who did not write it approved it",
    "kigen advisory draft, then kigen advisory approve by somebody else" },
  /* before the first user one person published alone */
  { { "SELECT " ADVISORY ", v.published_by FROM advisory v WHERE v.published_at > (SELECT min(u.created_at)"
      " FROM \"user\" u) AND NOT " APPROVED },
    "published without the approval of a second person",
    "find out who published it beside kigen; have a correction approved and publish it" },
};
/* clang-format on */

/* What stands there is what the last event was about, and the last approval where it still counts. */
static void compare(const CheckStep *step, const AdvisoryRow *row, const GPtrArray *events,
                    GPtrArray *findings)
{
  guint8 content[ADVISORY_CONTENT_SIZE];
  const AdvisoryEvent *last = events->len > 0 ? events->pdata[events->len - 1] : NULL;

  advisory_event_content(row->content, content);
  if (last != NULL && memcmp(last->content, content, sizeof content) == 0)
    return;
  check_add(
      step, findings,
      g_strdup_printf("advisory %" G_GINT64_FORMAT " (%s, revision %d)", row->id, row->number, row->revision),
      last != NULL ? g_strdup_printf("changed beside kigen since the event %s by %s", last->event,
                                     last->person != NULL ? last->person : last->by)
                   : g_strdup("it has no history"),
      LOOK);
}

bool check_advisories(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings,
                      GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!check_queries(step, db, terms, queries, G_N_ELEMENTS(queries), findings, error) ||
      !advisory_store_list(db, ADVISORY_EVERY, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const AdvisoryRow *row = rows->pdata[i];
    g_autoptr(GPtrArray) events = NULL;

    if (!advisory_event_list(db, row->id, &events, error))
      return false;
    compare(step, row, events, findings);
  }
  return true;
}
