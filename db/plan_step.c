#include "db/plan_step.h"

#include "db/plan_payload.h"
#include "db/user_store.h"
#include "planner/role.h"

#include <string.h>

G_DEFINE_QUARK(kigen - plan - step - error, plan_step_error)

void plan_step_clear(PlanStep *step)
{
  g_clear_pointer(&step->row, plan_row_free);
  g_clear_pointer(&step->in_force, plan_row_free);
}

bool plan_step_refuse(const PlanStep *step, GError **error, const char *format, ...)
{
  const PlanRow *row = step->row;
  bool everywhere = g_strcmp0(row->market, "*") == 0;
  g_autofree char *said = NULL;
  va_list arguments;

  va_start(arguments, format);
  said = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_REFUSED, "%s/%s%s%s%s, revision %d, %s", row->product,
              row->name, everywhere ? "" : " (", everywhere ? "" : row->market, everywhere ? "" : ")",
              row->revision, said);
  return false;
}

/* Whether a revision was published before, and the last day on which one of the release was published or
 * withdrawn. */
static bool load_past(Db *db, PlanStep *step, Day *ret_last, GError **error)
{
  static const DbQuery query = {
    "SELECT EXISTS (SELECT 1 FROM support_plan WHERE release = $1 AND market = $2"
    "   AND state IN ('published', 'superseded', 'withdrawn')),"
    " (SELECT max(day) FROM (SELECT published_on AS day FROM support_plan WHERE release = $1"
    "   UNION ALL SELECT withdrawn_on FROM support_plan WHERE release = $1) AS days)"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, step->row->release);
  db_bind_text(statement, 2, step->row->market);
  if (!db_step(statement, &row, error))
    return false;
  step->again = db_int(statement, 0) != 0;
  if (db_is_null(statement, 1) || !day_parse(db_text(statement, 1), ret_last))
    *ret_last = DAY_NONE;
  db_reset(statement);
  return true;
}

static bool refuse_clock(const PlanStep *step, Day today, Day last, GError **error)
{
  char today_text[DAY_TEXT_SIZE], last_text[DAY_TEXT_SIZE];

  g_set_error(
      error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_CLOCK,
      "today is %s, but a revision of %s/%s was published or withdrawn on %s already: the clock was set "
      "back. Set it right and try again; if it was wrong on that day, restore the backup from before it",
      day_format(today, today_text), step->row->product, step->row->name, day_format(last, last_text));
  return false;
}

static bool load(Db *db, const AuditContext *context, gint64 plan, PlanStep *step, GError **error)
{
  Day last = DAY_NONE;

  if (!plan_store_find(db, plan, &step->row, error))
    return false;
  if (step->row == NULL) {
    g_set_error(error, PLAN_STEP_ERROR, PLAN_STEP_ERROR_REFUSED,
                "there is no support plan %" G_GINT64_FORMAT " any more: it was discarded", plan);
    return false;
  }
  if (!plan_store_in_force(db, step->row->release, step->row->market, &step->in_force, error) ||
      !user_store_any(db, &step->two_people, error) || !load_past(db, step, &last, error))
    return false;
  if (last != DAY_NONE && context->today < last)
    return refuse_clock(step, context->today, last, error);
  plan_event_content(step->row->dates, step->content);
  return true;
}

/* What an event did, in the words of a sentence. */
static const char *done_by(const char *event)
{
  static const struct {
    const char *event, *done;
  } words[] = {
    { "set", "written" },
    { "submit", "submitted" },
    { "approve", "approved" },
    { "reject", "rejected" },
    { "publish", "published" },
    { "withdraw", "withdrawn" },
    { "override", "signed past a rule" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(words[i].event, event) == 0)
      return words[i].done;
  return event;
}

/* " (last approved by 鈴木 花子 on 2031-03-31)" by what happened to it last, or "". Own string. */
static bool tell_last(Db *db, gint64 plan, char **ret_text, GError **error)
{
  g_autoptr(GPtrArray) events = NULL;
  char day[DAY_TEXT_SIZE];

  if (!plan_event_store_list(db, plan, &events, error))
    return false;
  if (events->len == 0) {
    *ret_text = g_strdup("");
    return true;
  }
  const PlanEvent *last = events->pdata[events->len - 1];

  *ret_text = g_strdup_printf(" (last %s by %s on %s)", done_by(last->event), plan_event_who(last),
                              day_format(last->day, day));
  return true;
}

static bool refuse_state(Db *db, const PlanStep *step, const char *what, const char *remedy, GError **error)
{
  bool draft = strcmp(step->row->state, revision_state_key(REVISION_DRAFT)) == 0;
  g_autofree char *last = NULL;

  return tell_last(db, step->row->plan, &last, error) &&
         plan_step_refuse(step, error, "is %s%s%s and cannot %s: %s", draft ? "a " : "", step->row->state,
                          last, what, remedy);
}

bool plan_step_begin(Db *db, const AuditContext *context, gint64 plan, RevisionEvent event,
                     PlanStep *ret_step, GError **error)
{
  static const char *const passive[REVISION_EVENT_COUNT] = {
    [REVISION_SET] = "be changed",        [REVISION_SUBMIT] = "be submitted",
    [REVISION_APPROVE] = "be approved",   [REVISION_REJECT] = "be rejected",
    [REVISION_PUBLISH] = "be published",  [REVISION_SUPERSEDE] = "be superseded",
    [REVISION_WITHDRAW] = "be withdrawn", [REVISION_DISCARD] = "be discarded",
  };
  g_auto(PlanStep) step = { 0 };
  RevisionState state, next;

  if (!load(db, context, plan, &step, error))
    return false;
  if (!revision_state_parse(step.row->state, &state)) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "support plan %" G_GINT64_FORMAT ": '%s' is no state",
                plan, step.row->state);
    return false;
  }
  if (!revision_next(state, event, step.two_people, &next))
    return refuse_state(db, &step, passive[event], revision_remedy(state, event), error);
  *ret_step = step;
  step = (PlanStep){ 0 };
  return true;
}

bool plan_step_begin_open(Db *db, const AuditContext *context, gint64 plan, const char *what,
                          PlanStep *ret_step, GError **error)
{
  g_auto(PlanStep) step = { 0 };
  RevisionState state;

  if (!load(db, context, plan, &step, error))
    return false;
  if (!revision_state_parse(step.row->state, &state) || !revision_is_open(state))
    return refuse_state(db, &step, what, "begin the next revision with kigen plan set", error);
  *ret_step = step;
  step = (PlanStep){ 0 };
  return true;
}

/* Of several roles the one that answers for most: planner/role.h has them in that order. */
static const char *highest(guint roles)
{
  const char *key = NULL;

  for (int i = 0; i < ROLE_COUNT; i++)
    if ((roles & ROLE_BIT(i)) != 0)
      key = role_key((Role)i);
  return key;
}

bool plan_step_person(Db *db, const AuditContext *context, const PlanStep *step, guint allowed,
                      const char *what, const char **ret_role, GError **error)
{
  g_autofree char *roles = role_format_set(allowed);
  bool wrote = false;

  if (!step->two_people)
    return plan_step_refuse(
        step, error, "needs a second person to %s, and this store has no users: kigen user add NAME", what);
  if ((context->roles & allowed) == 0)
    return plan_step_refuse(step, error, "%s may not %s: that takes one of the roles %s (kigen user list)",
                            context->actor, what, roles);
  if (!plan_event_store_wrote(db, step->row->plan, context->user, &wrote, error))
    return false;
  if (wrote) {
    g_autofree char *writers = NULL;

    return plan_event_store_writers(db, step->row->plan, &writers, error) &&
           plan_step_refuse(
               step, error,
               "was written by %s, and who wrote it cannot %s too: ask somebody else with one of "
               "the roles %s (kigen user list)",
               writers, what, roles);
  }
  *ret_role = highest(context->roles & allowed);
  return true;
}

bool plan_step_record(Db *db, const AuditContext *context, const PlanStep *step, const PlanEventWords *words,
                      GError **error)
{
  const PlanRow *before =
      step->in_force != NULL && step->in_force->plan != step->row->plan ? step->in_force : NULL;
  g_autofree char *payload = plan_payload_step(step->row, before, words);
  g_autofree char *action = g_strconcat("plan.", words->event, NULL);

  return plan_event_store_add(db, context, step->row->plan, step->content, words, error) &&
         audit_append(db, context, action, payload, error);
}
