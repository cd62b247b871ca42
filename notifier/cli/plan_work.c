#include "notifier/cli/plan_work.h"

#include "db/user_store.h"
#include "notifier/cli/plan_edit.h"
#include "notifier/cli/plan_match.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/progress.h"

#include <string.h>

const ArgOption plan_work_options[] = {
  { "all", NULL, "every plan that the step is possible for" },
  { "market", "M", "only plans for that market" },
  { "dry-run", NULL, "show what would happen, change nothing" },
  { NULL },
};

/* One plan and what was said of it. */
typedef struct {
  PlanRow *row;
  PlanRow *after; /* as it is then; NULL: it is gone */
  Json *changes;  /* or NULL */
  PlanWorkSaid said;
} Item;

static void item_free(gpointer data)
{
  Item *item = data;

  plan_row_free(item->row);
  plan_row_free(item->after);
  json_decref(item->changes);
  json_decref(item->said.facts);
  g_free(item->said.line);
  g_free(item);
}

bool plan_work_check_words(const Args *args, guint first, GError **error)
{
  const char *reason = args_text(args, "reason");

  if (args_flag(args, "all") == (args_count(args) > first)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                args_flag(args, "all") ? "--all and a pattern: give one of them"
                                       : "which plans? Give PRODUCT/RELEASE, a pattern, or --all");
    return false;
  }
  if (reason != NULL && reason[strspn(reason, " \t　")] == '\0') {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason: it is empty");
    return false;
  }
  return true;
}

static bool check_reason(const PlanVerb *verb, const Args *args, GError **error)
{
  if (verb->needs_reason == NULL || args_text(args, "reason") != NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason TEXT is missing: %s", verb->needs_reason);
  return false;
}

static bool is_possible(const PlanVerb *verb, const PlanRow *row, bool two_people)
{
  RevisionState state, next;

  return revision_state_parse(row->state, &state) &&
         (verb->changes_state ? revision_next(state, verb->event, two_people, &next)
                              : revision_is_open(state));
}

static bool has_market(const PlanWork *work, const PlanRow *row)
{
  const char *market = args_text(work->args, "market");

  return market == NULL || g_strcmp0(row->market, market) == 0;
}

/* "CT-100/2.1 is draft 2", for a few of the rows. Own string. */
static char *describe(const PlanWork *work, const GPtrArray *rows)
{
  g_autoptr(GString) text = g_string_new(NULL);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];
    g_autofree char *name = plan_view_name(row);
    g_autofree char *revision = plan_view_revision(row);

    if (!has_market(work, row) || n++ >= 3)
      continue;
    g_string_append_printf(text, "%s%s: %s", text->len > 0 ? ", " : "", name, revision);
  }
  if (n > 3)
    g_string_append_printf(text, " and %u more", n - 3);
  return g_strdup(text->str);
}

/* What has to happen first, by the state of the first of `rows` that the market leaves. */
static const char *remedy_of(const PlanWork *work, const GPtrArray *rows)
{
  RevisionState state;

  for (guint i = 0; i < rows->len; i++)
    if (has_market(work, rows->pdata[i]) &&
        revision_state_parse(((const PlanRow *)rows->pdata[i])->state, &state) && revision_is_open(state))
      return revision_remedy(state, work->verb->event);
  return work->verb->which == PLAN_OPEN ? "no such plan is open; kigen plan set begins the next revision"
                                        : "no such plan is in force";
}

/* No plan is in the state that the step asks for: says how those stand that the words mean. */
static bool refuse_nothing(const PlanWork *work, GError **error)
{
  const PlanVerb *verb = work->verb;
  g_autoptr(GPtrArray) rows = NULL;

  if (!plan_match_list_from(work->db, work->args, verb->first, PLAN_LATEST, &rows, error))
    return false;

  g_autofree char *states = describe(work, rows);

  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "nothing to %s%s%s%s: %s", verb->name,
              states[0] != '\0' ? " (" : "", states, states[0] != '\0' ? ")" : "", remedy_of(work, rows));
  return false;
}

static bool take_step(const PlanWork *work, PlanRow *row, GPtrArray *items, GError **error)
{
  Item *item = g_new0(Item, 1);

  item->row = row;
  g_ptr_array_add(items, item);
  if (work->verb->shows_changes) {
    g_autoptr(PlanRow) in_force = NULL;

    if (!plan_store_in_force(work->db, row->release, row->market, &in_force, error))
      return false;
    item->changes = plan_edit_changes(in_force != NULL ? in_force->dates : NULL, row->dates);
  }
  return work->verb->run(work, row, &item->said, error) &&
         plan_store_find(work->db, row->plan, &item->after, error);
}

/* Takes the step for every row that it is possible for, or that is named. *ret_left = rows left alone. */
static bool take_steps(const PlanWork *work, GPtrArray *rows, GPtrArray *items, guint *ret_left,
                       GError **error)
{
  g_autoptr(Progress) progress = progress_new("plans");
  bool two_people = false;
  guint left = 0;

  if (!user_store_any(work->db, &two_people, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PlanRow *row = rows->pdata[i];

    if (!has_market(work, row))
      continue;
    if (!is_possible(work->verb, row, two_people) &&
        !plan_match_is_named(work->args, work->verb->first, row)) {
      left++;
      continue;
    }
    if (!take_step(work, g_steal_pointer(&rows->pdata[i]), items, error))
      return false;
    progress_update(progress, i + 1, rows->len, g_get_monotonic_time());
  }
  *ret_left = left;
  return true;
}

bool plan_work_say_who(const PlanWork *work, const PlanRow *row, PlanWorkSaid *said, GError **error)
{
  g_autoptr(GPtrArray) events = NULL;

  if (!plan_event_store_list(work->db, row->plan, &events, error))
    return false;
  g_assert(events->len > 0); /* the step has left one */
  const PlanEvent *last = events->pdata[events->len - 1];

  said->line = last->role != NULL ? g_strdup_printf("by %s (%s)", plan_event_who(last), last->role)
                                  : g_strdup_printf("by %s", plan_event_who(last));
  said->facts = json_pack("{s:o, s:o, s:o}", "by", cli_json_text(plan_event_who(last)), "role",
                          cli_json_text(last->role), "reason", cli_json_text(last->reason));
  return true;
}

static void print_item(const PlanWork *work, const Item *item)
{
  const PlanVerb *verb = work->verb;
  g_autofree char *name = plan_view_name(item->row);

  printf("%s: revision %d %s%s%s%s\n", name, item->row->revision,
         args_flag(work->args, "dry-run") ? "would be " : "", verb->done, item->said.line != NULL ? ", " : "",
         item->said.line != NULL ? item->said.line : "");
  if (item->changes != NULL)
    plan_edit_print_changes(item->changes);
}

static void print_text(const PlanWork *work, const GPtrArray *items, guint left)
{
  const Item *first = items->pdata[0];
  g_autofree char *name = g_strconcat(first->row->product, "/", first->row->name, NULL);

  for (guint i = 0; i < items->len; i++)
    print_item(work, items->pdata[i]);
  if (items->len > 1)
    printf("%u plans %s%s\n", items->len, args_flag(work->args, "dry-run") ? "would be " : "",
           work->verb->done);
  if (left > 0)
    printf("%u left alone: not in a state to %s (kigen plan show)\n", left, work->verb->name);
  if (work->verb->next != NULL && !args_flag(work->args, "dry-run")) {
    g_auto(GStrv) parts = g_strsplit(work->verb->next, "%s", -1);
    g_autofree char *next = g_strjoinv(items->len == 1 ? name : "--all", parts);

    printf("Next: %s\n", next);
  }
}

static Json *item_json(const Item *item)
{
  const PlanRow *row = item->after != NULL ? item->after : item->row;
  Json *object = json_pack("{s:s, s:s, s:s, s:i, s:s}", "product", row->product, "release", row->name,
                           "market", row->market, "revision", row->revision, "state",
                           item->after != NULL ? row->state : revision_state_key(REVISION_DISCARDED));

  if (item->changes != NULL)
    json_object_set(object, "changes", item->changes);
  if (item->said.facts != NULL)
    json_object_update(object, item->said.facts);
  return object;
}

static void print_json(const PlanWork *work, const GPtrArray *items, guint left)
{
  Json *list = json_array();

  for (guint i = 0; i < items->len; i++)
    json_array_append_new(list, item_json(items->pdata[i]));

  g_autoptr(Json) document = json_pack("{s:b, s:o, s:i}", "dry_run", args_flag(work->args, "dry-run"),
                                       work->verb->done, list, "left_alone", (int)left);

  cli_print_json(document);
}

/* The work inside the open transaction. */
static bool work_open(const PlanWork *work, GError **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
  g_autoptr(GPtrArray) rows = NULL;
  guint left = 0;

  if (!plan_match_list_from(work->db, work->args, work->verb->first, work->verb->which, &rows, error) ||
      !take_steps(work, rows, items, &left, error))
    return false;
  if (items->len == 0)
    return refuse_nothing(work, error);
  if (args_flag(work->args, "dry-run"))
    db_rollback(work->db);
  else if (!db_commit(work->db, error))
    return false;
  (cli_json(work->cli) ? print_json : print_text)(work, items, left);
  return true;
}

bool plan_work_run(Cli *cli, const Args *args, const PlanVerb *verb, GError **error)
{
  PlanWork work = { .verb = verb, .cli = cli, .args = args, .reason = args_text(args, "reason") };

  return plan_work_check_words(args, verb->first, error) && check_reason(verb, args, error) &&
         cli_policy(cli, &work.policy, error) && cli_write(cli, args, &work.db, &work.context, error) &&
         db_begin(work.db, error) && work_open(&work, error);
}
