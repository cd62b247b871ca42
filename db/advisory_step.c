#include "db/advisory_step.h"

#include "db/advisory_event_store.h"
#include "db/user_store.h"

#include <string.h>

G_DEFINE_QUARK(kigen - advisory - step - error, advisory_step_error)

/* A step that is possible. */
typedef struct {
  AdvisoryRow *row; /* as it was before */
  AdvisoryState state, next;
  bool two_people; /* the store has users */
} Step;

static void step_clear(Step *step)
{
  g_clear_pointer(&step->row, advisory_row_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

G_GNUC_PRINTF(3, 4) static bool refuse(const Step *step, GError **error, const char *format, ...)
{
  g_autofree char *said = NULL;
  va_list arguments;

  va_start(arguments, format);
  said = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, ADVISORY_STEP_ERROR, ADVISORY_STEP_ERROR_REFUSED, "%s, revision %d, %s",
              step->row->number, step->row->revision, said);
  return false;
}

static bool begin(Db *db, gint64 advisory, AdvisoryEventKind event, Step *step, GError **error)
{
  static const char *const passive[ADVISORY_EVENT_COUNT] = {
    [ADVISORY_SET] = "be changed",        [ADVISORY_APPROVE] = "be approved",
    [ADVISORY_PUBLISH] = "be published",  [ADVISORY_SUPERSEDE] = "be superseded",
    [ADVISORY_WITHDRAW] = "be withdrawn",
  };

  if (!advisory_store_load(db, advisory, &step->row, error) || !user_store_any(db, &step->two_people, error))
    return false;
  if (step->row == NULL || !advisory_state_parse(step->row->state, &step->state)) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "advisory %" G_GINT64_FORMAT " is gone, or in no state",
                advisory);
    return false;
  }
  if (advisory_life_next(step->state, event, step->two_people, &step->next))
    return true;
  return refuse(step, error, "is %s%s and cannot %s: %s", step->state == ADVISORY_DRAFT ? "a " : "",
                step->row->state, passive[event], advisory_life_remedy(step->state, event));
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

/* Refuses whoever of the context has none of the roles `allowed`, or wrote any of it. */
static bool check_person(Db *db, const AuditContext *context, const Step *step, guint allowed,
                         const char *what, const char **ret_role, GError **error)
{
  g_autofree char *roles = role_format_set(allowed);
  g_autofree char *writers = NULL;
  bool wrote = false;

  if ((context->roles & allowed) == 0)
    return refuse(step, error, "%s may not %s: that takes one of the roles %s (kigen user list)",
                  context->actor, what, roles);
  if (!advisory_event_writers(db, step->row->id, context->user, &wrote, &writers, error))
    return false;
  if (wrote)
    return refuse(step, error,
                  "was written by %s, and who wrote it cannot %s too: ask somebody else with one of the "
                  "roles %s (kigen user list)",
                  writers, what, roles);
  *ret_role = highest(context->roles & allowed);
  return true;
}

static bool write_approved(Db *db, const AuditContext *context, const Step *step, GError **error)
{
  static const DbQuery query = {
    "UPDATE advisory SET state = 'approved', approved_on = $2,"
    " approved_by = (SELECT full_name FROM \"user\" WHERE id = $3) WHERE id = $1"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, step->row->id);
  db_bind_text(statement, 2, day_format(context->today, day));
  db_bind_int(statement, 3, context->user);
  return db_run(statement, error);
}

bool advisory_step_approve(Db *db, const AuditContext *context, gint64 advisory, const Policy *policy,
                           const char *reason, GError **error)
{
  AdvisoryEventWords words = { .event = ADVISORY_APPROVE, .reason = reason };
  g_auto(Step) step = { 0 };

  return begin(db, advisory, ADVISORY_APPROVE, &step, error) &&
         check_person(db, context, &step, policy->approvers[step.row->content->kind], "approve it",
                      &words.role, error) &&
         advisory_event_add(db, context, step.row, NULL, &words, error) &&
         write_approved(db, context, &step, error);
}

/* A state can be written by any program: what counts is what was approved, and by whom. */
static bool check_approval(Db *db, const Step *step, GError **error)
{
  g_autoptr(GPtrArray) events = NULL;
  g_autofree char *writers = NULL;
  const AdvisoryEvent *approval = NULL;
  guint8 content[ADVISORY_CONTENT_SIZE];
  bool wrote = false;

  if (!advisory_event_list(db, step->row->id, &events, error))
    return false;
  for (guint i = 0; i < events->len; i++) {
    const AdvisoryEvent *event = events->pdata[i];

    if (strcmp(event->event, advisory_event_kind_key(ADVISORY_APPROVE)) == 0 && event->user != 0)
      approval = event;
  }
  if (approval == NULL)
    return refuse(step, error,
                  "says that it is approved, but nobody approved it: change it (kigen advisory draft), then "
                  "have it approved");
  if (!advisory_event_writers(db, step->row->id, approval->user, &wrote, &writers, error))
    return false;
  advisory_event_content(step->row->content, content);
  if (!wrote && memcmp(approval->content, content, sizeof content) == 0)
    return true;
  return refuse(step, error,
                "is not what %s approved, or was written by them too: somebody wrote into the store beside "
                "kigen. Look at it (kigen advisory show), change it, and have it approved anew",
                approval->person != NULL ? approval->person : approval->by);
}

static bool retire_before(Db *db, const Step *step, GError **error)
{
  static const DbQuery query = { "UPDATE advisory SET state = 'superseded' WHERE number = $1"
                                 " AND state = 'published'" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, step->row->number);
  return db_run(statement, error);
}

static bool write_published(Db *db, const AuditContext *context, const Step *step, GError **error)
{
  static const DbQuery query = { "UPDATE advisory SET state = 'published', published_by = $2,"
                                 " published_on = $3, published_at = $4 WHERE id = $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, step->row->id);
  db_bind_text(statement, 2, context->actor);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, context->now);
  return db_run(statement, error);
}

bool advisory_step_publish(Db *db, const AuditContext *context, gint64 advisory, const char *reason,
                           AdvisoryTelling *ret_telling, GError **error)
{
  AdvisoryEventWords words = { .event = ADVISORY_PUBLISH, .reason = reason };
  g_autoptr(AdvisoryRow) before = NULL;
  g_auto(Step) step = { 0 };
  AdvisoryTelling telling;

  if (!begin(db, advisory, ADVISORY_PUBLISH, &step, error) ||
      (step.two_people && !check_approval(db, &step, error)) ||
      !advisory_store_before(db, step.row, &before, error) || !retire_before(db, &step, error) ||
      !write_published(db, context, &step, error) ||
      !advisory_telling_make(db, context, advisory, &telling, error))
    return false;
  words.organizations = telling.organizations;
  words.messages = telling.messages;
  if (!advisory_event_add(db, context, step.row, before != NULL ? before->content : NULL, &words, error))
    return false;
  *ret_telling = telling;
  return true;
}

static bool write_withdrawn(Db *db, const AuditContext *context, const Step *step, const char *reason,
                            GError **error)
{
  static const DbQuery query = {
    "UPDATE advisory SET state = 'withdrawn', withdrawn_by = $2,"
    " withdrawn_on = $3, withdrawn_at = $4, withdrawn_reason = $5 WHERE id = $1"
  };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, step->row->id);
  db_bind_text(statement, 2, context->actor);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, context->now);
  db_bind_text(statement, 5, reason);
  return db_run(statement, error);
}

bool advisory_step_withdraw(Db *db, const AuditContext *context, gint64 advisory, const Policy *policy,
                            const char *reason, AdvisoryTelling *ret_telling, GError **error)
{
  AdvisoryEventWords words = { .event = ADVISORY_WITHDRAW, .reason = reason };
  AdvisoryTelling telling = { 0 };
  g_auto(Step) step = { 0 };

  if (!begin(db, advisory, ADVISORY_WITHDRAW, &step, error))
    return false;

  bool told = step.state == ADVISORY_PUBLISHED;

  if ((told && step.two_people &&
       !check_person(db, context, &step, policy->approvers[NOTICE_WITHDRAWAL], "withdraw it", &words.role,
                     error)) ||
      !write_withdrawn(db, context, &step, reason, error) ||
      (told && !advisory_telling_make_withdrawal(db, context, advisory, &telling, error)))
    return false;
  words.organizations = telling.organizations;
  words.messages = telling.messages;
  if (!advisory_event_add(db, context, step.row, NULL, &words, error))
    return false;
  *ret_telling = telling;
  return true;
}
