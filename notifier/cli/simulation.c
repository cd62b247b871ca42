#include "notifier/cli/simulation.h"

#include "db/notice_store.h"

#include <glib/gstdio.h>

/* A notice to be made, and the plan it belongs to. */
typedef struct {
  Day day; /* on which it goes out: its due day, or the first day when it is overdue */
  gint64 plan;
  ScheduledNotice notice;
} Entry;

struct Simulation {
  char *folder;
  char *path; /* of the copy */
  Db *db;
  Day from;
  bool begun;      /* the first day, on which waiting messages go, is over */
  GArray *entries; /* of Entry, by day */
  guint next;
};

static void remove_copy(Simulation *simulation)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal", ".lock" };

  for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *file = g_strconcat(simulation->path, suffixes[i], NULL);

    g_unlink(file);
  }
  g_rmdir(simulation->folder);
}

void simulation_free(Simulation *simulation)
{
  if (simulation == NULL)
    return;
  db_close(simulation->db);
  if (simulation->folder != NULL)
    remove_copy(simulation);
  g_clear_pointer(&simulation->entries, g_array_unref);
  g_free(simulation->path);
  g_free(simulation->folder);
  g_free(simulation);
}

static bool copy_store(Simulation *simulation, Db *db, GError **error)
{
  simulation->folder = g_dir_make_tmp("kigen-simulate-XXXXXX", error);
  if (simulation->folder == NULL)
    return false;
  simulation->path = g_build_filename(simulation->folder, "kigen.db", NULL);
  return db_copy(db, simulation->path, error) && db_open(simulation->path, DB_WRITE, &simulation->db, error);
}

static void add_entry(Simulation *simulation, Day day, const PlanRow *row, const ScheduledNotice *notice)
{
  Entry entry = { .day = day, .plan = row->plan, .notice = *notice };

  g_array_append_val(simulation->entries, entry);
}

static bool add_plan(Simulation *simulation, const PlanRow *row, Day until, const Policy *policy,
                     const BusinessCalendar *calendar, GError **error)
{
  g_autoptr(GArray) open = NULL;

  if (!due_list(simulation->db, row, policy, calendar, &open, error))
    return false;

  g_autoptr(GArray) first = schedule_due(open, simulation->from);

  for (guint i = 0; i < first->len; i++)
    add_entry(simulation, simulation->from, row, &g_array_index(first, ScheduledNotice, i));
  for (guint i = 0; i < open->len; i++) {
    const ScheduledNotice *notice = &g_array_index(open, ScheduledNotice, i);

    if (notice->due > simulation->from && notice->due <= until)
      add_entry(simulation, notice->due, row, notice);
  }
  return true;
}

static gint by_day(gconstpointer a, gconstpointer b)
{
  const Entry *one = a, *other = b;

  return one->day != other->day ? (one->day < other->day ? -1 : 1)
                                : (one->plan > other->plan) - (one->plan < other->plan);
}

bool simulation_new(Db *db, Day from, Day until, const Policy *policy, const BusinessCalendar *calendar,
                    Simulation **ret_simulation, GError **error)
{
  g_autoptr(Simulation) simulation = g_new0(Simulation, 1);
  g_autoptr(GPtrArray) rows = NULL;

  simulation->from = from;
  simulation->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  if (!copy_store(simulation, db, error) ||
      !plan_store_list(simulation->db, NULL, PLAN_IN_FORCE, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++)
    if (!add_plan(simulation, rows->pdata[i], until, policy, calendar, error))
      return false;
  g_array_sort(simulation->entries, by_day);
  *ret_simulation = g_steal_pointer(&simulation);
  return true;
}

/* The messages that wait on `context`'s day; they count as sent from then on. */
static bool take_waiting(Db *db, const AuditContext *context, OutboxState state, GPtrArray *messages,
                         GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!outbox_list_rows(db, &state, NULL, 0, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    OutboxRow *row = rows->pdata[i];

    if (row->due_on > context->today)
      continue;
    if (!outbox_store_record(db, context, row->id, OUTBOX_ACCEPTED, NULL, NULL, error))
      return false;
    g_ptr_array_add(messages, g_steal_pointer(&rows->pdata[i]));
  }
  return true;
}

static bool make_notices(Simulation *simulation, const AuditContext *context, GError **error)
{
  gint64 messages = 0, addressed = 0;

  for (; simulation->next < simulation->entries->len; simulation->next++) {
    const Entry *entry = &g_array_index(simulation->entries, Entry, simulation->next);

    if (entry->day != context->today)
      break;
    if (!notice_store_make(simulation->db, context, &entry->notice, entry->plan, &messages, &addressed,
                           error))
      return false;
  }
  return true;
}

static void message_free(gpointer row)
{
  outbox_row_free(row);
}

static bool play(Simulation *simulation, Day day, GPtrArray **ret_messages, GError **error)
{
  char text[DAY_TEXT_SIZE];
  g_autofree char *now = g_strconcat(day_format(day, text), "T00:00:00Z", NULL);
  AuditContext context = { .actor = "simulation", .today = day, .now = now };
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(message_free);

  if (!db_begin(simulation->db, error) || !make_notices(simulation, &context, error))
    return false;
  if (!take_waiting(simulation->db, &context, OUTBOX_DEFERRED, messages, error) ||
      !take_waiting(simulation->db, &context, OUTBOX_PENDING, messages, error))
    return false;
  if (!db_commit(simulation->db, error))
    return false;
  *ret_messages = g_steal_pointer(&messages);
  return true;
}

bool simulation_next(Simulation *simulation, Day *ret_day, GPtrArray **ret_messages, GError **error)
{
  *ret_day = DAY_NONE;
  *ret_messages = NULL;
  while (!simulation->begun || simulation->next < simulation->entries->len) {
    g_autoptr(GPtrArray) messages = NULL;
    Day day = simulation->begun ? g_array_index(simulation->entries, Entry, simulation->next).day
                                : simulation->from;

    simulation->begun = true;
    if (!play(simulation, day, &messages, error))
      return false;
    if (messages->len == 0)
      continue;
    *ret_day = day;
    *ret_messages = g_steal_pointer(&messages);
    return true;
  }
  return true;
}
