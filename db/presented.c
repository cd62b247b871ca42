#include "db/presented.h"

#include "db/acknowledgement_store.h"
#include "db/holding_units.h"
#include "db/market.h"
#include "db/notice_store.h"
#include "db/plan_revisions.h"

#include <string.h>

#define NAMES_SHOWN 5

void presented_row_free(PresentedRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free(row->organization);
  g_free(row->name);
  g_free(row->how);
  g_free(row->by);
  g_free(row->note);
  g_free(row);
}

/* The revisions of release $1 and market $2 that declare a plan; $3 lists their ids, ",4,7,". */
#define DECLARED " s.release = $1 AND s.market = $2 AND $3 LIKE '%,' || s.id || ',%'"
/* Their notices that tell the plan: the last one, of EOS, tells what is over. */
#define TELLING                                                                                              \
  " FROM support_plan s JOIN notice n ON n.plan = s.id AND n.kind IN " NOTICE_TELLING_KINDS                  \
  " AND n.kind <> 'eos-reached'"

/* What shows the plan, narrowed by `where`; its day is e.day, ACKNOWLEDGED or p.day. An earlier try that was
 * accepted came back. What was withdrawn before the message went out was left out of it. */
#define MESSAGES(where)                                                                                      \
  TELLING " JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox AND o.state IN "        \
          "('accepted', 'sent', 'handed') AND o.channel <> 'relay' JOIN outbox_event e ON e.outbox = o.id"   \
          " AND e.state = o.state AND e.attempt = o.attempt"                                                 \
          " AND (s.withdrawn_on IS NULL OR e.day < s.withdrawn_on) WHERE" DECLARED where
/* What a distributor passed on, and reported back. */
#define RELAYED(where)                                                                                       \
  TELLING " JOIN outbox_notice x ON x.notice = n.id JOIN handover e ON e.outbox = x.outbox"                  \
          " AND e.organization = x.organization AND (s.withdrawn_on IS NULL OR e.day < s.withdrawn_on)"      \
          " WHERE" DECLARED where
#define ACKNOWLEDGEMENTS(where) TELLING " JOIN acknowledgement a ON a.notice = n.id WHERE" DECLARED where
#define RECORDS(where) " FROM support_plan s JOIN presentation p ON p.plan = s.id WHERE" DECLARED where

#define TO_HOLDER(alias) " AND " alias ".organization = h.organization"
#define ACKNOWLEDGED ACKNOWLEDGEMENT_DAY_SQL("a")
#define WITH_REASON " AND length(trim(p.note)) > 0"

/* Since when the holder has a unit, where its holding says that this may be later than EOL ($late: the last
 * day on which it cannot): a holding begins when the store learned of it, a unit may have been there long
 * before. A unit of which no day is known was there before: nobody is given days that way. The + keep SQLite
 * from walking through a release. */
#define UNKNOWN_DAY "0001-01-01"
#define SINCE(late)                                                                                          \
  "CASE WHEN h.since <= " late " THEN h.since ELSE coalesce((SELECT min(coalesce("                           \
  "nullif((SELECT min(c.since) FROM custody c WHERE c.device = d.id AND c.role = 'user'"                     \
  "  AND c.organization = h.organization), ''), d.installed_on, d.shipped_on, '" UNKNOWN_DAY "'))"           \
  " FROM device d WHERE d.organization = h.organization AND (+d.release = h.release"                         \
  "  OR +d.software_release = h.release) AND" HOLDING_UNITS_COUNT "), h.since) END"

#define HOSPITALS                                                                                            \
  " FROM holding h JOIN organization u ON u.id = h.organization"                                             \
  " WHERE h.release = $1 AND h.role = 'user' AND h.ended_on IS NULL AND u.role IN ('hospital', 'clinic')"    \
  " AND " MARKET_CONCERNS_SQL("$1", "$2", "h.organization")

static Day day_or_none(DbStatement *statement, int column)
{
  const char *text = db_text(statement, column);
  Day day;

  return text != NULL && strcmp(text, UNKNOWN_DAY) != 0 && day_parse(text, &day) ? day : DAY_NONE;
}

/* Binds, as `parameter`, the last day on which a holding begins that has no more days than until EOL. */
static void bind_late(DbStatement *statement, int parameter, PlanDate eol)
{
  char day[DAY_TEXT_SIZE];

  db_bind_text(statement, parameter,
               eol.state == DATE_KNOWN ? day_format(eol.day - PRESENTATION_LATE_HOLDER_DAYS, day)
                                       : "9999-12-31");
}

/* The ids of the revisions that declare a plan, ",4,7,"; "," when none does. */
static bool load_declared(Db *db, const PlanRow *row, char **ret_declared, GError **error)
{
  g_autoptr(GPtrArray) revisions = NULL;
  g_autoptr(GString) declared = g_string_new(",");

  if (!plan_revisions_published(db, row->release, row->market, &revisions, error)) {
    return false;
  }
  for (guint i = 0; i < revisions->len; i++) {
    const PlanRow *revision = revisions->pdata[i];

    if (limited_support_is_declared(&revision->dates->limited_support)) {
      g_string_append_printf(declared, "%" G_GINT64_FORMAT ",", revision->plan);
    }
  }
  *ret_declared = g_string_free(g_steal_pointer(&declared), FALSE);
  return true;
}

/* `query` with $1 to $3. */
static bool prepare(Db *db, const DbQuery *query, const PlanRow *row, const char *declared,
                    DbStatement **ret_statement, GError **error)
{
  if (!db_prepare(db, query, ret_statement, error)) {
    return false;
  }
  db_bind_int(*ret_statement, 1, row->release);
  db_bind_text(*ret_statement, 2, row->market);
  db_bind_text(*ret_statement, 3, declared);
  return true;
}

/* Whether a hospital that was shown nothing by EOL was shown it all the same: later, but within its days, or
 * with a reason. Columns 1 since, 2 to 5 the first days, 6 the first one with a reason. */
static bool is_saved(DbStatement *statement, PlanDate eol)
{
  Day since = day_or_none(statement, 1);

  for (int column = 2; column <= 6; column++) {
    if (presentation_judge(eol, since, day_or_none(statement, column), column == 6) >= PRESENTATION_CURED) {
      return true;
    }
  }
  return false;
}

/* Who was shown nothing by EOL ($4; $5: no revision declares a plan, so that nobody was). What came later is
 * asked for after EOL ($6), and of those who came late ($7) only: before, it can save nobody. */
/* clang-format off */
#define LATER(day, shown) " CASE WHEN $6 = 1 OR h.since > $7 THEN (SELECT min(" day ")" shown ") END"
#define BY_EOL(day) " AND " day " <= $4"

static const DbQuery missing_query = {
  "SELECT u.name_ja, " SINCE("$7") ","
  LATER("e.day", MESSAGES(TO_HOLDER("x"))) ","
  LATER("e.day", RELAYED(TO_HOLDER("x"))) ","
  LATER(ACKNOWLEDGED, ACKNOWLEDGEMENTS(TO_HOLDER("a"))) ","
  LATER("p.day", RECORDS(TO_HOLDER("p"))) ","
  LATER("p.day", RECORDS(TO_HOLDER("p") WITH_REASON))
  HOSPITALS
  " AND ($5 = 1 OR (NOT EXISTS (SELECT 1" MESSAGES(TO_HOLDER("x") BY_EOL("e.day")) ")"
  " AND NOT EXISTS (SELECT 1" RELAYED(TO_HOLDER("x") BY_EOL("e.day")) ")"
  " AND NOT EXISTS (SELECT 1" ACKNOWLEDGEMENTS(TO_HOLDER("a") BY_EOL(ACKNOWLEDGED)) ")"
  " AND NOT EXISTS (SELECT 1" RECORDS(TO_HOLDER("p") BY_EOL("p.day")) ")))"
  " ORDER BY h.organization"
};
/* clang-format on */

static bool prepare_missing(Db *db, const PlanRow *row, Day today, const char *declared,
                            DbStatement **ret_statement, GError **error)
{
  PlanDate eol = row->dates->date[MILESTONE_EOL];
  bool known = eol.state == DATE_KNOWN;
  char day[DAY_TEXT_SIZE];

  if (!prepare(db, &missing_query, row, declared, ret_statement, error)) {
    return false;
  }
  db_bind_text(*ret_statement, 4, known ? day_format(eol.day, day) : "9999-12-31");
  db_bind_int(*ret_statement, 5, g_str_equal(declared, ","));
  db_bind_int(*ret_statement, 6, known && today > eol.day);
  bind_late(*ret_statement, 7, eol);
  return true;
}

/* One that is missing. */
static void count_missing(DbStatement *statement, PlanDate eol, Day today, PresentedCount *count,
                          GString *names)
{
  Day due = presentation_due(eol, day_or_none(statement, 1));

  count->missing++;
  count->pending += eol.state == DATE_KNOWN && due > eol.day && due > today;
  if (count->missing <= NAMES_SHOWN) {
    g_string_append_printf(names, "%s%s", count->missing > 1 ? ", " : "", db_text(statement, 0));
  } else if (count->missing == NAMES_SHOWN + 1) {
    g_string_append(names, " …");
  }
}

bool presented_count(Db *db, const PlanRow *row, Day today, PresentedCount *ret_count, GError **error)
{
  PlanDate eol = row->dates->date[MILESTONE_EOL];
  g_autoptr(GString) names = g_string_new(NULL);
  g_autofree char *declared = NULL;
  PresentedCount count = { 0 };
  DbStatement *statement;
  bool more;

  if (!load_declared(db, row, &declared, error) ||
      !prepare_missing(db, row, today, declared, &statement, error) || !db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    if (!is_saved(statement, eol)) {
      count_missing(statement, eol, today, &count, names);
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  if (count.missing > 0) {
    count.names = g_string_free(g_steal_pointer(&names), FALSE);
  }
  *ret_count = count;
  return true;
}

/* Hospitals by code, and `by_id`, their organization → PresentedRow. */
static bool list_hospitals(Db *db, const PlanRow *row, GPtrArray *rows, GHashTable *by_id, GError **error)
{
  static const DbQuery query = { "SELECT h.organization, u.code, u.name_ja, h.count, " SINCE("$3") HOSPITALS
                                 " ORDER BY u.code" };
  DbStatement *statement;
  bool more;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->release);
  db_bind_text(statement, 2, row->market);
  bind_late(statement, 3, row->dates->date[MILESTONE_EOL]);
  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    PresentedRow *hospital = g_new0(PresentedRow, 1);

    hospital->organization = db_dup_text(statement, 1);
    hospital->name = db_dup_text(statement, 2);
    hospital->count = db_int(statement, 3);
    hospital->since = day_or_none(statement, 4);
    hospital->due = presentation_due(row->dates->date[MILESTONE_EOL], hospital->since);
    g_ptr_array_add(rows, hospital);
    g_hash_table_insert(by_id, g_memdup2(&(gint64){ db_int(statement, 0) }, sizeof(gint64)), hospital);
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

/* One presentation: better than what there is? They come by day, so that of equals the first stays. */
static void consider(PresentedRow *hospital, const PlanRow *row, Day day, const char *how, const char *by,
                     const char *note, bool reason)
{
  PresentationState state = presentation_judge(row->dates->date[MILESTONE_EOL], hospital->since, day, reason);

  if (state <= hospital->state) {
    return;
  }
  hospital->state = state;
  hospital->day = day;
  g_free(hospital->how);
  g_free(hospital->by);
  g_free(hospital->note);
  hospital->how = g_strdup(how);
  hospital->by = g_strdup(by);
  hospital->note = g_strdup(note);
}

static bool says_something(const char *note)
{
  g_autofree char *trimmed = g_strstrip(g_strdup(note != NULL ? note : ""));

  return trimmed[0] != '\0';
}

static bool consider_all(Db *db, const PlanRow *row, GHashTable *by_id, GError **error)
{
  static const DbQuery query = { "SELECT x.organization AS organization, e.day AS day, o.channel, NULL, "
                                 "NULL" MESSAGES("") " UNION ALL SELECT x.organization, e.day, 'relay', "
                                                     "e.by, NULL" RELAYED(
                                                         "") " UNION ALL SELECT a.organization, " ACKNOWLEDGED
                                                             ", 'acknowledgement', a.by, "
                                                             "NULL" ACKNOWLEDGEMENTS(
                                                                 "") " UNION ALL SELECT p.organization, "
                                                                     "p.day, "
                                                                     "p.how, p.by, p.note" RECORDS(
                                                                         "") " ORDER BY day, organization" };
  g_autofree char *declared = NULL;
  DbStatement *statement;
  bool more;

  if (!load_declared(db, row, &declared, error) || !prepare(db, &query, row, declared, &statement, error) ||
      !db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    gint64 organization = db_int(statement, 0);
    PresentedRow *hospital = g_hash_table_lookup(by_id, &organization);

    if (hospital != NULL) {
      consider(hospital, row, day_or_none(statement, 1), db_text(statement, 2), db_text(statement, 3),
               db_text(statement, 4), says_something(db_text(statement, 4)));
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

/* What the plan itself says of the time before kigen holds for all, whenever they got their units. */
static void consider_history(const GPtrArray *rows, const PlanRow *row, Day today)
{
  PlanDate presented = row->dates->presented_on;

  if (presented.state != DATE_KNOWN || presented.day > today) {
    return;
  }
  for (guint i = 0; i < rows->len; i++) {
    consider(rows->pdata[i], row, presented.day, "presented_on", NULL, NULL, says_something(row->reason));
  }
}

bool presented_list(Db *db, const PlanRow *row, Day today, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)presented_row_free);
  g_autoptr(GHashTable) by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

  if (!list_hospitals(db, row, rows, by_id, error) || !consider_all(db, row, by_id, error)) {
    return false;
  }
  consider_history(rows, row, today);
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool presented_use(Db *db, gint64 release, gint64 organization, PlanDate eol, bool *ret_uses, Day *ret_due,
                   GError **error)
{
  static const DbQuery query = { "SELECT " SINCE(
      "$3") " FROM holding h WHERE h.release = $1"
            " AND h.organization = $2 AND h.role = 'user' AND h.ended_on IS NULL" };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, release);
  db_bind_int(statement, 2, organization);
  bind_late(statement, 3, eol);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  *ret_uses = found;
  *ret_due = presentation_due(eol, found ? day_or_none(statement, 0) : DAY_NONE);
  db_reset(statement);
  return true;
}
