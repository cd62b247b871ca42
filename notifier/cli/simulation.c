#include "notifier/cli/simulation.h"

#include "notifier/mail/deliver_make.h"

#include <glib/gstdio.h>

struct Simulation {
  char *folder;
  char *path; /* of the copy */
  Db *db;
  const Policy *policy;
  const BusinessCalendar *calendar;
  GPtrArray *rows;   /* of PlanRow: the plans in force */
  GHashTable *plans; /* Day → GPtrArray of those of `rows` that have something due then */
  GArray *days;      /* of Day, rising; the first is always among them, for what waits already */
  guint next;
  Day until;
  bool silent; /* nobody confirms anything */
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
  g_clear_pointer(&simulation->plans, g_hash_table_unref);
  g_clear_pointer(&simulation->rows, g_ptr_array_unref);
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
  return db_copy(db, simulation->path, NULL, error) &&
         db_open(simulation->path, DB_WRITE, &simulation->db, error);
}

/* Notes that `row` has something due on `day`. */
static void add_day(Simulation *simulation, Day day, PlanRow *row)
{
  GPtrArray *plans = g_hash_table_lookup(simulation->plans, GUINT_TO_POINTER(day));

  if (plans == NULL) {
    plans = g_ptr_array_new();
    g_hash_table_insert(simulation->plans, GUINT_TO_POINTER(day), plans);
    g_array_append_val(simulation->days, day);
  }
  if (plans->len == 0 || plans->pdata[plans->len - 1] != row)
    g_ptr_array_add(plans, row);
}

static bool add_plan(Simulation *simulation, PlanRow *row, Day from, Day until, GError **error)
{
  g_autoptr(GArray) open = NULL;

  if (!due_list(simulation->db, row, simulation->policy, simulation->calendar, from, &open, error))
    return false;
  for (guint i = 0; i < open->len; i++) {
    Day due = g_array_index(open, ScheduledNotice, i).due;

    if (due > from && due <= until)
      add_day(simulation, due, row);
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
  if (!plan_store_list(simulation->db, NULL, PLAN_IN_FORCE, &simulation->rows, error))
    return false;
  g_array_append_val(simulation->days, from);
  for (guint i = 0; i < simulation->rows->len; i++)
    if (!add_plan(simulation, simulation->rows->pdata[i], from, until, error))
      return false;
  g_array_sort(simulation->days, compare_days);
  return true;
}

static void plans_free(gpointer plans)
{
  g_ptr_array_unref(plans);
}

bool simulation_new(Db *db, Day from, Day until, const Policy *policy, const BusinessCalendar *calendar,
                    bool silent, Simulation **ret_simulation, GError **error)
{
  g_autoptr(Simulation) simulation = g_new0(Simulation, 1);

  simulation->policy = policy;
  simulation->until = until;
  simulation->silent = silent;
  simulation->calendar = calendar;
  simulation->days = g_array_new(FALSE, FALSE, sizeof(Day));
  simulation->plans = g_hash_table_new_full(NULL, NULL, NULL, plans_free);
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

/* When what went today has been silent for long enough. */
static void add_silence(Simulation *simulation, Day today)
{
  const int waits[] = { policy_escalation_days(simulation->policy, NOTICE_SECURITY_ADVISORY),
                        policy_escalation_days(simulation->policy, NOTICE_PLAN_ANNOUNCEMENT) };

  for (gsize i = 0; i < G_N_ELEMENTS(waits); i++) {
    Day day = today + (Day)waits[i];
    guint at = simulation->next;

    while (at < simulation->days->len && g_array_index(simulation->days, Day, at) < day)
      at++;
    if (day <= simulation->until &&
        (at == simulation->days->len || g_array_index(simulation->days, Day, at) != day))
      g_array_insert_val(simulation->days, at, day);
  }
}

bool simulation_next(Simulation *simulation, Day *ret_day, GPtrArray **ret_tellings, GError **error)
{
  g_assert(simulation->next < simulation->days->len);

  Day day = g_array_index(simulation->days, Day, simulation->next);
  char text[DAY_TEXT_SIZE];
  g_autofree char *now = g_strconcat(day_format(day, text), "T00:00:00Z", NULL);
  AuditContext context = { .actor = "simulation", .today = day, .now = now };
  DeliverMaking making = { .audit = &context,
                           .policy = simulation->policy,
                           .calendar = simulation->calendar,
                           .plans = g_hash_table_lookup(simulation->plans, GUINT_TO_POINTER(day)),
                           .escalate = simulation->silent };

  if (!deliver_make_and_pretend(simulation->db, &making, ret_tellings, error))
    return false;
  simulation->next++;
  if (simulation->silent && (*ret_tellings)->len > 0)
    add_silence(simulation, day);
  *ret_day = day;
  return true;
}
