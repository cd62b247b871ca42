#include "db/impact_store.h"

#include <string.h>

#include "db/acknowledgement_store.h"
#include "db/contact_reach.h"
#include "db/extension_day.h"
#include "db/held_role.h"
#include "db/impact_outbox.h"
#include "db/market.h"
#include "db/plan_overtaken.h"
#include "planner/calendar_event.h"

static const char *const roles[IMPACT_ROLE_COUNT] = { "hospital", "clinic",   "distributor",
                                                      "lessor",   "repairer", "regulator" };
static const char *const channels[IMPACT_CHANNEL_COUNT] = { "mail",   "webhook", "fax",
                                                            "letter", "hand",    "relay" };

const char *impact_role_key(ImpactRole role)
{
  g_assert(role < IMPACT_ROLE_COUNT);
  return roles[role];
}

static int index_of(const char *const *keys, int n, const char *key)
{
  int i = 0;

  while (i < n - 1 && strcmp(keys[i], key) != 0)
    i++;
  return i;
}

ImpactChannel impact_channel_find(const char *key)
{
  return (ImpactChannel)index_of(channels, IMPACT_CHANNEL_COUNT, key);
}

const char *impact_channel_key(ImpactChannel channel)
{
  g_assert(channel < IMPACT_CHANNEL_COUNT);
  return channels[channel];
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
  g_array_unref(counts->extensions);
  g_ptr_array_unref(counts->unreachable.names);
  g_ptr_array_unref(counts->customers.names);
  g_free(counts);
}

static ImpactCounts *counts_new(void)
{
  ImpactCounts *counts = g_new0(ImpactCounts, 1);

  counts->extensions = g_array_new(FALSE, FALSE, sizeof(ImpactExtended));
  counts->unreachable.names = g_ptr_array_new_with_free_func(name_free);
  counts->customers.names = g_ptr_array_new_with_free_func(name_free);
  return counts;
}

/* Each organization concerned once, with what it has of the release (-1: nothing in that role), and its
 * contact. */
/* clang-format off */
#define HAS(role) "max(CASE h.role WHEN '" role "' THEN h.count ELSE -1 END)"
static const DbQuery audience_query = {
  "SELECT a.organization, o.code, o.name_ja, o.role, coalesce(o.budget_month, 0), a.uses,"
  " CASE " HELD_ROLE_SQL("o.role") " WHEN 'user' THEN a.uses WHEN 'owner' THEN a.owns"
  "  WHEN 'seller' THEN a.sells WHEN 'repairer' THEN a.repairs ELSE -1 END,"
  " coalesce(" CONTACT_REQUESTED_SQL("c", "$4") ", 0), coalesce(c.channel, 'letter'),"
  " CASE WHEN a.organization IN (" PLAN_OVERTAKEN_TOLD(PLAN_OVERTAKEN_BY_IMAGINED) ") THEN 1 ELSE 0 END"
  ", CASE WHEN $5 IS NULL OR " EXTENSION_DAY_PLAN("$1", "a.organization", "$5") " THEN 1 ELSE 0 END,"
  " CASE WHEN EXISTS (SELECT 1 FROM extension e WHERE e.release = $1 AND e.until IS NOT NULL) THEN"
  "  (SELECT e.until FROM extension e WHERE e.organization = a.organization AND e.release = $1"
  "   AND e.device IS NULL AND e.until IS NOT NULL) END,"
  " CASE WHEN a.organization IN (SELECT done.organization"
     ACKNOWLEDGEMENT_TRANSFERS_SQL("$1", "$2", "$5") ") THEN 1 ELSE 0 END"
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
  GArray *addressees; /* of ImpactAddressee */
} Counting;

static void count_customer(Counting *counting, DbStatement *statement)
{
  bool extended = db_int(statement, 10) == 0;

  counting->counts->extended += extended;
  if (!extended || !counting->terms->but_extended)
    add_name(&counting->counts->customers, counting->terms->names, statement, 1, 2);
}

/* Whether its event of EOS stays where it is, by an extension for all that it has. */
static bool stays(const ImpactTerms *terms, const char *until)
{
  Day extended;

  return until != NULL && day_parse(until, &extended) && terms->was_eos.state == DATE_KNOWN &&
         terms->eos.state == DATE_KNOWN && !plan_date_equal(terms->was_eos, terms->eos) &&
         calendar_event_day(terms->was_eos, MILESTONE_EOS, extended) ==
             calendar_event_day(terms->eos, MILESTONE_EOS, extended);
}

/* Whom notices of the plan's EOS concern. */
static void count_eos(Counting *counting, DbStatement *statement)
{
  ImpactCounts *counts = counting->counts;
  int month = (int)db_int(statement, 4);
  bool ends = db_int(statement, 10) != 0, confirmed = db_int(statement, 12) != 0;

  counts->eos_ends += ends;
  counts->eos_asked[0] += ends && !confirmed;
  if (month != 0)
    counts->eos_asked[month] += ends && !confirmed;
}

static void count_organization(Counting *counting, DbStatement *statement)
{
  ImpactCounts *counts = counting->counts;
  ImpactRole role = (ImpactRole)index_of(roles, IMPACT_ROLE_COUNT, db_text(statement, 3));
  gint64 uses = db_int(statement, 5), has = db_int(statement, 6), contact = db_int(statement, 7);
  ImpactAddressee addressee = { contact > 0 ? contact : -db_int(statement, 0),
                                impact_channel_find(db_text(statement, 8)) };

  counts->organizations++;
  counts->devices += MAX(uses, 0);
  counts->role[role]++;
  counts->role_units[role] += has >= 0 ? has : MAX(uses, 0);
  counts->events += has >= 0;
  counts->still += has >= 0 && stays(counting->terms, db_text(statement, 11));
  counts->budget_month[db_int(statement, 4)]++;
  if (db_int(statement, 9) != 0)
    counts->changed++;
  else
    counts->announced++;
  count_eos(counting, statement);
  if (contact == 0)
    add_name(&counts->unreachable, counting->terms->names, statement, 1, 2);
  if (uses >= 0)
    count_customer(counting, statement);
  g_array_append_val(counting->addressees, addressee);
}

static bool count_audience(Db *db, Counting *counting, GError **error)
{
  const ImpactTerms *terms = counting->terms;
  char today[DAY_TEXT_SIZE], eos[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &audience_query, &statement, error))
    return false;
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, terms->market);
  db_bind_int(statement, 3, terms->revision);
  db_bind_text(statement, 4, day_format(terms->today, today));
  db_bind_text(statement, 5, terms->eos.state == DATE_KNOWN ? day_format(terms->eos.day, eos) : NULL);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      break;
    count_organization(counting, statement);
  }
  return true;
}

/* Whom notices of an EOS concern that contracts extended. */
static bool list_extensions(Db *db, Counting *counting, GError **error)
{
  static const DbQuery query = {
    "SELECT ended.until, coalesce(o.budget_month, 0), count(*), sum(CASE "
    "WHEN " ACKNOWLEDGEMENT_TRANSFERRED_SQL(
        "$1", "$2", "ended.until",
        "ended.organization") " THEN 0 ELSE 1 END)"
                              " FROM (SELECT DISTINCT until, organization FROM extension WHERE release = $1 "
                              "AND until > $3) ended"
                              " JOIN organization o ON o.id = ended.organization WHERE " MARKET_CONCERNS_SQL(
                                  "$1", "$2",
                                  "ended.organization") " AND EXISTS (SELECT 1 FROM holding h WHERE "
                                                        "h.release = $1 AND h.organization = "
                                                        "ended.organization"
                                                        "   AND h.ended_on IS NULL) "
                                                        "AND " EXTENSION_DAY_EXTENDED(
                                                            "$1", "ended.organization", "$3",
                                                            "ended.until") " GROUP BY ended.until, "
                                                                           "coalesce(o.budget_month, 0)"
  };
  const ImpactTerms *terms = counting->terms;
  char eos[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (terms->eos.state != DATE_KNOWN)
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, terms->market);
  db_bind_text(statement, 3, day_format(terms->eos.day, eos));
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;

    ImpactExtended extended = { .budget_month = (int)db_int(statement, 1),
                                .organizations = db_int(statement, 2),
                                .asked = db_int(statement, 3) };

    if (day_parse(db_text(statement, 0), &extended.until))
      g_array_append_val(counting->counts->extensions, extended);
  }
}

/* Days of which a calendar can show an event (calendar_event_day_fits). */
#define FITS "'1583-01-01' AND '3000-12-30'"

/* Events of other releases that say when units made of both end: of those in force, the ones of EOL and of
 * EOS.
 */
static bool count_paired(Db *db, Counting *counting, GError **error)
{
  static const DbQuery query = {
    "SELECT coalesce(sum(CASE WHEN eol BETWEEN " FITS " THEN 1 END), 0),"
    " coalesce(sum(CASE WHEN eos BETWEEN " FITS
    " THEN 1 END), 0) FROM (SELECT DISTINCT p.organization, s.release,"
    "   s.eol AS eol, s.eos AS eos FROM (SELECT hp.organization AS organization,"
    "     CASE hp.hardware WHEN $1 THEN hp.software ELSE hp.hardware END AS other"
    "     FROM holding h CROSS JOIN organization o CROSS JOIN holding_pair hp WHERE h.release = $1"
    "     AND h.ended_on IS NULL AND o.id = h.organization AND h.role = " HELD_ROLE_SQL(
        "o.role") "     AND hp.organization = h.organization AND hp.role = h.role AND hp.count > 0"
                  "     AND (hp.hardware = $1 OR hp.software = $1) AND " MARKET_CONCERNS_SQL(
                      "$1", "$2",
                      "h.organization") ") p"
                                        "   JOIN support_plan s ON s.release = p.other AND s.state = "
                                        "'published'"
                                        "   AND " MARKET_CONCERNS_SQL("s.release", "s.market",
                                                                      "p.organization") ") AS there"
  };
  const ImpactTerms *terms = counting->terms;
  bool eos_changes = !plan_date_equal(terms->was_eos, terms->eos);
  DbStatement *statement;
  bool row;

  if (!terms->eol_changes && !eos_changes)
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, terms->release);
  db_bind_text(statement, 2, terms->market);
  if (!db_step(statement, &row, error))
    return false;
  counting->counts->paired_eol = terms->eol_changes ? db_int(statement, 0) : 0;
  counting->counts->paired_eos = eos_changes ? db_int(statement, 1) : 0;
  db_reset(statement);
  return true;
}

bool impact_store_count(Db *db, const ImpactTerms *terms, ImpactCounts **ret_counts, GError **error)
{
  g_autoptr(ImpactCounts) counts = counts_new();
  g_autoptr(GArray) addressees = g_array_new(FALSE, FALSE, sizeof(ImpactAddressee));
  Counting counting = { terms, counts, addressees };

  if (!count_audience(db, &counting, error) || !list_extensions(db, &counting, error) ||
      !count_paired(db, &counting, error) || !impact_outbox_count(db, terms, addressees, counts, error))
    return false;
  g_ptr_array_sort(counts->unreachable.names, compare_names);
  g_ptr_array_sort(counts->customers.names, compare_names);
  *ret_counts = g_steal_pointer(&counts);
  return true;
}
