#include "db/impact_store.h"

#include <stdlib.h>
#include <string.h>

#include "db/contact_reach.h"
#include "db/extension_day.h"
#include "db/held_role.h"
#include "db/market.h"
#include "db/plan_overtaken.h"

static const char *const roles[IMPACT_ROLE_COUNT] = { "hospital", "clinic",   "distributor",
                                                      "lessor",   "repairer", "regulator" };
static const char *const channels[IMPACT_CHANNEL_COUNT] = { "mail",   "webhook", "fax",
                                                            "letter", "hand",    "relay" };

const char *impact_role_key(ImpactRole role)
{
  g_assert(role < IMPACT_ROLE_COUNT);
  return roles[role];
}

const char *impact_channel_key(ImpactChannel channel)
{
  g_assert(channel < IMPACT_CHANNEL_COUNT);
  return channels[channel];
}

static int index_of(const char *const *keys, int n, const char *key)
{
  int i = 0;

  while (i < n - 1 && strcmp(keys[i], key) != 0)
    i++;
  return i;
}

static void name_free(gpointer data)
{
  ImpactName *name = data;

  g_free(name->code);
  g_free(name->name);
  g_free(name);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
  const ImpactName *const *x = a, *const *y = b;

  return strcmp((*x)->code, (*y)->code);
}

/* Counts the organization of the row; keeps its name while it is among the first `max` by code. */
static void add_name(ImpactNames *names, guint max, DbStatement *statement, int code, int name)
{
  GPtrArray *kept = names->names;

  names->count++;
  if (kept->len >= max) {
    const ImpactName *last = max > 0 ? kept->pdata[kept->len - 1] : NULL;

    if (last == NULL || strcmp(db_text(statement, code), last->code) >= 0)
      return;
    g_ptr_array_set_size(kept, (int)kept->len - 1);
  }

  ImpactName *added = g_new0(ImpactName, 1);

  added->code = db_dup_text(statement, code);
  added->name = db_dup_text(statement, name);
  g_ptr_array_add(kept, added);
  if (max != G_MAXUINT)
    g_ptr_array_sort(kept, compare_names);
}

void impact_counts_free(ImpactCounts *counts)
{
  if (counts == NULL)
    return;
  g_ptr_array_unref(counts->unreachable.names);
  g_ptr_array_unref(counts->customers.names);
  g_free(counts);
}

static ImpactCounts *counts_new(void)
{
  ImpactCounts *counts = g_new0(ImpactCounts, 1);

  counts->unreachable.names = g_ptr_array_new_with_free_func(name_free);
  counts->customers.names = g_ptr_array_new_with_free_func(name_free);
  return counts;
}

/* Whom a message goes to over what: a contact's id, or for a letter without one the organization's, negative.
 */
typedef struct {
  gint64 who;
  int channel;
} Addressee;

static int compare_addressees(const void *a, const void *b)
{
  const Addressee *x = a, *y = b;

  if (x->who != y->who)
    return x->who < y->who ? -1 : 1;
  return x->channel - y->channel;
}

/* Sorts and leaves each once. */
static void make_unique(GArray *addressees)
{
  Addressee *all = (Addressee *)(void *)addressees->data;
  guint n = 0;

  qsort(all, addressees->len, sizeof *all, compare_addressees);
  for (guint i = 0; i < addressees->len; i++)
    if (n == 0 || compare_addressees(&all[n - 1], &all[i]) != 0)
      all[n++] = all[i];
  g_array_set_size(addressees, n);
}

/* Each organization concerned once, with what it has of the release (-1: nothing in that role), and its
 * contact. */
/* clang-format off */
#define HAS(role) "max(CASE h.role WHEN '" role "' THEN h.count ELSE -1 END)"
static const DbQuery audience_query = {
  "SELECT a.organization, o.code, o.name_ja, o.role, coalesce(o.budget_month, 0), a.uses,"
  " CASE " HELD_ROLE_SQL("o.role") " WHEN 'user' THEN a.uses WHEN 'owner' THEN a.owns"
  "  WHEN 'seller' THEN a.sells WHEN 'repairer' THEN a.repairs ELSE -1 END,"
  " coalesce(c.id, 0), coalesce(c.channel, 'letter'),"
  " CASE WHEN a.organization IN (" PLAN_OVERTAKEN_TOLD(PLAN_OVERTAKEN_BY_IMAGINED) ") THEN 1 ELSE 0 END"
  ", CASE WHEN $5 IS NULL OR " EXTENSION_DAY_PLAN("$1", "a.organization", "$5") " THEN 1 ELSE 0 END"
  " FROM (SELECT h.organization AS organization, " HAS("user") " AS uses, " HAS("owner") " AS owns,"
  "   " HAS("seller") " AS sells, " HAS("repairer") " AS repairs,"
  "   coalesce(" CONTACT_OWN_SQL("h.organization", "$4", "") ", "
                 CONTACT_ABOVE_SQL("h.organization", "$4", "") ") AS contact"
  "   FROM holding h WHERE h.release = $1 AND h.ended_on IS NULL"
  "   AND " MARKET_CONCERNS_SQL("$1", "$2", "h.organization") " GROUP BY h.organization) a"
  " JOIN organization o ON o.id = a.organization LEFT JOIN contact c ON c.id = a.contact"
};
/* clang-format on */

typedef struct {
  const ImpactTerms *terms;
  ImpactCounts *counts;
  GArray *addressees; /* of Addressee */
} Counting;

static void count_customer(Counting *counting, DbStatement *statement)
{
  bool extended = db_int(statement, 10) == 0;

  counting->counts->extended += extended;
  if (!extended || !counting->terms->but_extended)
    add_name(&counting->counts->customers, counting->terms->names, statement, 1, 2);
}

static void count_organization(Counting *counting, DbStatement *statement)
{
  ImpactCounts *counts = counting->counts;
  ImpactRole role = (ImpactRole)index_of(roles, IMPACT_ROLE_COUNT, db_text(statement, 3));
  gint64 uses = db_int(statement, 5), has = db_int(statement, 6), contact = db_int(statement, 7);
  Addressee addressee = { contact > 0 ? contact : -db_int(statement, 0),
                          index_of(channels, IMPACT_CHANNEL_COUNT, db_text(statement, 8)) };

  counts->organizations++;
  counts->devices += MAX(uses, 0);
  counts->role[role]++;
  counts->role_units[role] += has >= 0 ? has : MAX(uses, 0);
  counts->events += has >= 0;
  counts->budget_month[db_int(statement, 4)]++;
  if (db_int(statement, 9) != 0)
    counts->changed++;
  else
    counts->announced++;
  if (contact == 0)
    add_name(&counts->unreachable, counting->terms->names, statement, 1, 2);
  if (uses >= 0)
    count_customer(counting, statement);
  g_array_append_val(counting->addressees, addressee);
}

static void bind_imagined(DbStatement *statement, const ImpactTerms *terms)
{
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, terms->market);
  db_bind_int(statement, 3, terms->revision);
}

static bool count_audience(Db *db, Counting *counting, GError **error)
{
  const ImpactTerms *terms = counting->terms;
  char today[DAY_TEXT_SIZE], eos[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &audience_query, &statement, error))
    return false;
  bind_imagined(statement, terms);
  db_bind_text(statement, 4, day_format(terms->today, today));
  db_bind_text(statement, 5, terms->eos != DAY_NONE ? day_format(terms->eos, eos) : NULL);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;
    count_organization(counting, statement);
  }
  make_unique(counting->addressees);
  return true;
}

static int compare_ids(const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

/* Messages that wait and carry something overtaken: counts them, and lists those that would not go any more
 * in `gone` (row ids, rising). */
static bool count_overtaken(Db *db, Counting *counting, GArray *gone, GError **error)
{
  static const DbQuery query = {
    "SELECT DISTINCT o.id, CASE WHEN o.state = 'pending' AND o.attempt = 0 THEN 1 ELSE 0 END,"
    " CASE WHEN " PLAN_OVERTAKEN_ALONE(
        PLAN_OVERTAKEN_BY_IMAGINED,
        "o.id") " THEN 1 ELSE 0 END" PLAN_OVERTAKEN_ROWS(PLAN_OVERTAKEN_BY_IMAGINED) " AND o.state IN "
                                                                                     "('pending', 'deferred')"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  bind_imagined(statement, counting->terms);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;

    gint64 id = db_int(statement, 0);

    if (db_int(statement, 2) != 0)
      g_array_append_val(gone, id);
    else
      counting->counts->thinned += db_int(statement, 1);
  }
  counting->counts->superseded = gone->len;
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
    Addressee addressee = { db_int(statement, 1),
                            index_of(channels, IMPACT_CHANNEL_COUNT, db_text(statement, 2)) };

    if (gone->len == 0 || bsearch(&id, gone->data, gone->len, sizeof id, compare_ids) == NULL)
      g_array_append_val(waiting, addressee);
  }
  make_unique(waiting);
  return true;
}

static bool is_among(const GArray *waiting, const Addressee *addressee)
{
  return waiting->len > 0 &&
         bsearch(addressee, waiting->data, waiting->len, sizeof *addressee, compare_addressees) != NULL;
}

/* One message for each addressee, unless one waits that it joins. */
static bool count_messages(Db *db, Counting *counting, GError **error)
{
  g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(Addressee));

  if (!count_overtaken(db, counting, gone, error) || !find_waiting(db, counting->terms, gone, waiting, error))
    return false;
  for (guint i = 0; i < counting->addressees->len; i++) {
    const Addressee *addressee = &g_array_index(counting->addressees, Addressee, i);

    counting->counts->contacts += addressee->who > 0;
    if (is_among(waiting, addressee))
      counting->counts->joined[addressee->channel]++;
    else
      counting->counts->made[addressee->channel]++;
  }
  return true;
}

bool impact_store_count(Db *db, const ImpactTerms *terms, ImpactCounts **ret_counts, GError **error)
{
  g_autoptr(ImpactCounts) counts = counts_new();
  g_autoptr(GArray) addressees = g_array_new(FALSE, FALSE, sizeof(Addressee));
  Counting counting = { terms, counts, addressees };

  if (!count_audience(db, &counting, error) || !count_messages(db, &counting, error))
    return false;
  g_ptr_array_sort(counts->unreachable.names, compare_names);
  g_ptr_array_sort(counts->customers.names, compare_names);
  *ret_counts = g_steal_pointer(&counts);
  return true;
}
