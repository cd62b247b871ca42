#include "notifier/cli/simulation.h"

#include "notifier/mail/deliver_make.h"

#include <glib/gstdio.h>

struct Simulation {
  char *folder;
  char *path; /* of the copy */
  Db *db;
  const Policy *policy;
  const BusinessCalendar *calendar;
  GArray *days; /* of Day, rising; the first day is always among them, for what waits already */
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
  g_clear_pointer(&simulation->days, g_array_unref);
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

/* Adds the days on which notices of `row` are due. */
static bool add_plan(Simulation *simulation, const PlanRow *row, Day from, Day until, GHashTable *seen,
                     GError **error)
{
  g_autoptr(GArray) open = NULL;

  if (!due_list(simulation->db, row, simulation->policy, simulation->calendar, &open, error))
    return false;
  for (guint i = 0; i < open->len; i++) {
    Day due = g_array_index(open, ScheduledNotice, i).due;

    if (due > from && due <= until && g_hash_table_add(seen, GUINT_TO_POINTER(due)))
      g_array_append_val(simulation->days, due);
  }
  return true;
}

static gint compare_days(gconstpointer a, gconstpointer b)
{
  Day one = *(const Day *)a, other = *(const Day *)b;

  return (one > other) - (one < other);
}

static bool find_days(Simulation *simulation, Day from, Day until, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  g_autoptr(GPtrArray) rows = NULL;

  if (!plan_store_list(simulation->db, NULL, PLAN_IN_FORCE, &rows, error))
    return false;
  g_array_append_val(simulation->days, from);
  for (guint i = 0; i < rows->len; i++)
    if (!add_plan(simulation, rows->pdata[i], from, until, seen, error))
      return false;
  g_array_sort(simulation->days, compare_days);
  return true;
}

bool simulation_new(Db *db, Day from, Day until, const Policy *policy, const BusinessCalendar *calendar,
                    Simulation **ret_simulation, GError **error)
{
  g_autoptr(Simulation) simulation = g_new0(Simulation, 1);

  simulation->policy = policy;
  simulation->calendar = calendar;
  simulation->days = g_array_new(FALSE, FALSE, sizeof(Day));
  if (!copy_store(simulation, db, error) || !find_days(simulation, from, until, error))
    return false;
  *ret_simulation = g_steal_pointer(&simulation);
  return true;
}

guint simulation_days(const Simulation *simulation)
{
  return simulation->days->len;
}

guint simulation_played(const Simulation *simulation)
{
  return simulation->next;
}

bool simulation_next(Simulation *simulation, Day *ret_day, GPtrArray **ret_tellings, GError **error)
{
  Day day = g_array_index(simulation->days, Day, simulation->next);
  char text[DAY_TEXT_SIZE];
  g_autofree char *now = g_strconcat(day_format(day, text), "T00:00:00Z", NULL);
  AuditContext context = { .actor = "simulation", .today = day, .now = now };
  DeliverMaking making = { .audit = &context,
                           .policy = simulation->policy,
                           .calendar = simulation->calendar };

  g_assert(simulation->next < simulation->days->len);
  if (!deliver_make_and_pretend(simulation->db, &making, ret_tellings, error))
    return false;
  simulation->next++;
  *ret_day = day;
  return true;
}
