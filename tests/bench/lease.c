/* How long it takes to lease the next 100 messages of a queue, commit and all, in two stores in turn:
 * bench_lease SMALL BIG ROUNDS. Prints both medians in µs and the median of the pairs' ratios.
 * tests/bench/deliver.py makes the stores. */

#include <stdio.h>
#include <stdlib.h>

#include "db/outbox_lease.h"

#define LEASES 100

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double median(const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2(values, n * sizeof *values);

  qsort(sorted, n, sizeof *sorted, compare);
  return sorted[n / 2];
}

/* µs for one transaction that leases; every message it asks for has to be there. */
static double lease(Db *db, const AuditContext *context)
{
  g_autoptr(GPtrArray) leases = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time();

  if (!db_begin(db, &error) || !outbox_lease_take(db, context, "bench", "mail", LEASES, &leases, &error) ||
      !db_commit(db, &error))
    g_error("%s", error->message);
  g_assert(leases->len == LEASES);
  return (double)(g_get_monotonic_time() - start);
}

static Db *open_store(const char *path)
{
  g_autoptr(GError) error = NULL;
  Db *db = NULL;

  if (!db_open(path, DB_WRITE, &db, &error))
    g_error("%s: %s", path, error->message);
  return db;
}

int main(int argc, char **argv)
{
  AuditContext context = { "bench", day_from_ymd(2031, 4, 1), "2031-04-01T00:00:00Z" };
  guint rounds = argc == 4 ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : 0;

  if (rounds == 0) {
    fprintf(stderr, "usage: bench_lease SMALL BIG ROUNDS\n");
    return 2;
  }

  g_autoptr(Db) small = open_store(argv[1]);
  g_autoptr(Db) big = open_store(argv[2]);
  g_autofree double *a = g_new(double, rounds);
  g_autofree double *b = g_new(double, rounds);
  g_autofree double *ratios = g_new(double, rounds);

  lease(small, &context); /* statements are prepared */
  lease(big, &context);
  for (guint i = 0; i < rounds; i++) {
    a[i] = lease(small, &context);
    b[i] = lease(big, &context);
    ratios[i] = b[i] / a[i];
  }
  printf("%.0f %.0f %.3f\n", median(a, rounds), median(b, rounds), median(ratios, rounds));
  return 0;
}
