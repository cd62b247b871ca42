#include "db/impact_outbox.h"

#include <stdlib.h>

#include "db/plan_overtaken.h"

static int compare_addressees(const void *a, const void *b)
{
  const ImpactAddressee *x = a, *y = b;

  if (x->who != y->who)
    return x->who < y->who ? -1 : 1;
  return x->channel - y->channel;
}

/* Sorts and leaves each once. */
static void make_unique(GArray *addressees)
{
  ImpactAddressee *all = (ImpactAddressee *)(void *)addressees->data;
  guint n = 0;

  if (addressees->len == 0)
    return;
  qsort(all, addressees->len, sizeof *all, compare_addressees);
  for (guint i = 0; i < addressees->len; i++)
    if (n == 0 || compare_addressees(&all[n - 1], &all[i]) != 0)
      all[n++] = all[i];
  g_array_set_size(addressees, n);
}

static void bind_imagined(DbStatement *statement, const ImpactTerms *terms)
{
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, terms->market);
  db_bind_int(statement, 3, terms->revision);
}

static int compare_ids(const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

/* Messages that wait and carry something overtaken: counts them, and lists those that would not go any more
 * in `gone` (row ids, rising). */
static bool count_overtaken(Db *db, const ImpactTerms *terms, ImpactCounts *counts, GArray *gone,
                            GError **error)
{
  static const DbQuery query = {
    "SELECT DISTINCT o.id, CASE WHEN o.state = 'pending' AND o.attempt = 0 THEN 1 ELSE 0 END,"
    " CASE WHEN " PLAN_OVERTAKEN_ALONE(
        PLAN_OVERTAKEN_BY_IMAGINED,
        "o.id") " THEN 1 ELSE 0 END" PLAN_OVERTAKEN_ROWS(PLAN_OVERTAKEN_BY_IMAGINED) " AND o.state "
                                                                                     "IN"
                                                                                     " " OUTBOX_HERE_STATES
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  bind_imagined(statement, terms);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;

    gint64 id = db_int(statement, 0);

    if (db_int(statement, 2) != 0)
      g_array_append_val(gone, id);
    else
      counts->thinned += db_int(statement, 1);
  }
  counts->superseded = gone->len;
  if (gone->len > 0)
    qsort(gone->data, gone->len, sizeof(gint64), compare_ids);
  return true;
}

/* Messages that wait to go today, without those that are `gone`. */
static bool find_waiting(Db *db, const ImpactTerms *terms, const GArray *gone, GArray *waiting,
                         GError **error)
{
  static const DbQuery query = { "SELECT id, coalesce(contact, -organization), channel FROM outbox"
                                 " WHERE state = 'pending' AND attempt = 0 AND due_on = $1" };
  char day[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, day_format(terms->today, day));
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;

    gint64 id = db_int(statement, 0);
    ImpactAddressee addressee = { db_int(statement, 1), impact_channel_find(db_text(statement, 2)) };

    if (gone->len == 0 || bsearch(&id, gone->data, gone->len, sizeof id, compare_ids) == NULL)
      g_array_append_val(waiting, addressee);
  }
  make_unique(waiting);
  return true;
}

static bool is_among(const GArray *waiting, const ImpactAddressee *addressee)
{
  return waiting->len > 0 &&
         bsearch(addressee, waiting->data, waiting->len, sizeof *addressee, compare_addressees) != NULL;
}

bool impact_outbox_count(Db *db, const ImpactTerms *terms, GArray *addressees, ImpactCounts *counts,
                         GError **error)
{
  g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(ImpactAddressee));

  if (!count_overtaken(db, terms, counts, gone, error) || !find_waiting(db, terms, gone, waiting, error))
    return false;
  make_unique(addressees);
  for (guint i = 0; i < addressees->len; i++) {
    const ImpactAddressee *addressee = &g_array_index(addressees, ImpactAddressee, i);

    counts->contacts += addressee->who > 0;
    if (is_among(waiting, addressee))
      counts->joined[addressee->channel]++;
    else
      counts->made[addressee->channel]++;
  }
  return true;
}
